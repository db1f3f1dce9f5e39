package dev.reelbeam.pipelines;

import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Stops a cluster; its data stays. */
@Command(
    name = "down",
    header = "Stops the cluster: the jobs with a savepoint, then the services. Data stays.",
    sortOptions = false)
final class DownCommand extends Subcommand {
  @Mixin private ClusterFlags flags = new ClusterFlags();

  @Option(
      names = "--now",
      description = "Without a savepoint: `up` goes on from the newest checkpoint.")
  private boolean now;

  DownCommand() {}

  @Override
  public Integer call() throws IOException, StageException {
    PrintWriter out = spec.commandLine().getOut();
    boolean any = flags.cluster(Steps.to(spec.commandLine().getErr())).down(now);
    out.println(any ? "stopped; `reelbeam up` goes on" : "nothing was running");
    out.flush();
    return ExitCode.COMPLETED.number();
  }
}
