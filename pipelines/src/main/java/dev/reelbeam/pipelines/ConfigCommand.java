package dev.reelbeam.pipelines;

import dev.reelbeam.clients.provider.SettingsCheck;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.pipelines.watch.Amounts;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks settings files without calling anybody. */
@Command(
    name = "config",
    header = "Checks a settings file line by line, and shows its JSON schema.",
    mixinStandardHelpOptions = true,
    versionProvider = Reelbeam.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    subcommands = {ConfigCommand.Check.class, ConfigCommand.Schema.class})
final class ConfigCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  ConfigCommand() {}

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** Tells every mistake. */
  @Command(
      name = "check",
      header = "Tells every mistake of a settings file by its line, with what to do about it.",
      description = {
        "",
        "The file is that of `make --settings`, or providers.yaml in the home of a cluster. Nobody"
            + " is called; `reelbeam providers` does that. Keys are looked for and never shown.",
        ""
      },
      abbreviateSynopsis = true,
      sortOptions = false,
      footerHeading = "%n",
      footer = {
        "Examples:",
        "  reelbeam config check",
        "  reelbeam config check .reelbeam/cluster/providers.yaml",
        "  reelbeam config check reelbeam.yaml --without-keys   asks for no secret",
        "",
        "Exit codes: 0 nothing is wrong, 1 something is, 2 the file cannot be read."
      })
  static final class Check extends Subcommand {
    @Parameters(
        paramLabel = "FILE",
        arity = "0..1",
        description = "The settings file (default: ${DEFAULT-VALUE}).",
        defaultValue = "reelbeam.yaml")
    private Path file = Path.of("reelbeam.yaml");

    @Option(names = "--without-keys", description = "Does not ask whether the keys are there.")
    private boolean withoutKeys;

    Check() {}

    @Override
    public Integer call() throws StageException {
      List<SettingsCheck.Fault> faults =
          SettingsCheck.of(file, System.getenv(), /* keys= */ !withoutKeys);
      PrintWriter out = spec.commandLine().getOut();
      for (SettingsCheck.Fault fault : faults) {
        out.println(fault.in(file));
      }
      long mistakes = faults.stream().filter(fault -> !fault.hint()).count();
      out.println(mistakes == 0 ? file + ": nothing is wrong" : Amounts.count(mistakes, "mistake"));
      out.flush();
      return (mistakes == 0 ? ExitCode.COMPLETED : ExitCode.SOME_DEAD).number();
    }
  }

  /** Prints the schema. */
  @Command(
      name = "schema",
      header = "Prints the JSON schema of settings files, for editors.",
      description = {
        "",
        "An editor that knows YAML completes and checks a file that begins with",
        "  # yaml-language-server: $schema=reelbeam.schema.json",
        ""
      },
      abbreviateSynopsis = true)
  static final class Schema extends Subcommand {
    Schema() {}

    @Override
    public Integer call() {
      spec.commandLine().getOut().print(SettingsCheck.schema());
      spec.commandLine().getOut().flush();
      return ExitCode.COMPLETED.number();
    }
  }
}
