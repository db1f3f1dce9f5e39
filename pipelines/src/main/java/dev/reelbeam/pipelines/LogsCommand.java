package dev.reelbeam.pipelines;

import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.pipelines.cluster.Cluster;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints the last lines of a cluster's logs. */
@Command(
    name = "logs",
    header = "Prints the last lines of the logs of one service, or of all.",
    sortOptions = false,
    footerHeading = "%n",
    footer = {
      "Examples:",
      "  reelbeam logs",
      "  reelbeam logs taskmanager-gpu -n 200",
      "  reelbeam logs --grep blog-42    every line about a record, from all services"
    })
final class LogsCommand extends Subcommand {
  @Mixin private ClusterFlags flags = new ClusterFlags();

  @Parameters(
      paramLabel = "SERVICE",
      arity = "0..1",
      description = "A name that `reelbeam status` shows.")
  private @Nullable String service;

  @Option(
      names = "-n",
      paramLabel = "LINES",
      description = "Lines of each file (default: ${DEFAULT-VALUE}).")
  private int lines = 20;

  @Option(names = "--grep", paramLabel = "TEXT", description = "Only lines with this text.")
  private @Nullable String text;

  LogsCommand() {}

  @Override
  public Integer call() throws IOException, StageException {
    PrintWriter out = spec.commandLine().getOut();
    Cluster cluster = flags.cluster(message -> {});
    List<Path> files = cluster.logs(service, /* rolled= */ text != null);
    if (files.isEmpty()) {
      spec.commandLine()
          .getErr()
          .println("reelbeam: no logs" + (service == null ? "" : " of " + service));
      return ExitCode.SOME_DEAD.number();
    }
    for (Path file : files) {
      Deque<String> last = lastLines(file);
      if (!last.isEmpty()) {
        out.println("== " + file);
        last.forEach(out::println);
      }
    }
    out.flush();
    return ExitCode.COMPLETED.number();
  }

  private Deque<String> lastLines(Path file) throws IOException {
    Deque<String> last = new ArrayDeque<>();
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (text == null || line.contains(text)) {
          last.addLast(
              new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
          if (last.size() > lines) {
            last.removeFirst();
          }
        }
      }
    }
    return last;
  }
}
