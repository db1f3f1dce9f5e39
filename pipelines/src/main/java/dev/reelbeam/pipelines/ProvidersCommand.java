package dev.reelbeam.pipelines;

import dev.reelbeam.clients.provider.ProviderSettings;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.pipelines.watch.TextTable;
import dev.reelbeam.pipelines.watch.TextTable.Column;
import dev.reelbeam.pipelines.wiring.ProviderProbes;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks a settings file and asks the providers that it names. */
@Command(
    name = "providers",
    header = "Checks a settings file, and asks its providers how they are.",
    description = {
      "",
      "Each is asked for something that costs nothing: its models, its voices, a search. Keys are"
          + " named, never shown.",
      ""
    },
    abbreviateSynopsis = true,
    sortOptions = false,
    footerHeading = "%n",
    footer = {
      "Examples:",
      "  reelbeam providers reelbeam.yaml",
      "  reelbeam providers reelbeam.yaml --offline    only whether the file is right"
    })
final class ProvidersCommand extends Subcommand {
  @Parameters(paramLabel = "FILE", description = "The settings file of `reelbeam make`.")
  private Path file = Path.of("reelbeam.yaml");

  @Option(names = "--offline", description = "Checks the file and the keys, and calls nobody.")
  private boolean offline;

  private final TextTable table =
      new TextTable(
          Column.left("PORT"),
          Column.left("PROVIDER"),
          Column.left("KEY"),
          Column.left("STATE"),
          Column.right("MS"),
          Column.left("DETAIL"));
  private int ill;

  ProvidersCommand() {}

  @Override
  public Integer call() throws StageException {
    Map<String, String> environment = System.getenv();
    // A mistake in the file ends here, with its place.
    ProviderSettings settings = ProviderSettings.read(file, environment);
    for (ProviderProbes.Probe probe : ProviderProbes.of(settings, environment)) {
      ask(probe.port(), probe.name(), probe.key(), probe.question());
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(table);
    String date = settings.rates().date();
    out.println(date.isEmpty() ? "no rate card" : "rate card of " + date);
    out.flush();
    return (ill == 0 ? ExitCode.COMPLETED : ExitCode.SOME_DEAD).number();
  }

  private void ask(String port, String name, String key, ProviderProbes.Question probe) {
    String shownKey = key.isEmpty() ? "-" : key;
    if (offline) {
      table.row(port, name, shownKey, "named", "-", "");
      return;
    }
    long startedNs = System.nanoTime();
    String state = "well";
    String detail;
    try {
      detail = probe.ask().text();
    } catch (StageException e) {
      ill++;
      state = String.valueOf(e.code().number());
      detail = e.describe();
    }
    long ms = (System.nanoTime() - startedNs) / 1_000_000;
    table.row(port, name, shownKey, state, String.valueOf(ms), TextTable.shortened(detail, 100));
  }
}
