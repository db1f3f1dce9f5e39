package dev.reelbeam.pipelines;

import dev.reelbeam.media.text.HeadlessFonts;
import dev.reelbeam.pipelines.watch.ProcessUsage;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. */
@Command(
    name = "reelbeam",
    header = "Turns articles and listings into platform-ready videos.",
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "",
      "A video of your own article, with no account and no network:",
      "",
      "  reelbeam make article.html",
      "",
      "The videos land in @|bold out/<record>/<preset>/video.mp4|@. The same command again"
          + " renders only what has changed.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Reelbeam.Version.class,
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "`reelbeam COMMAND --help` tells more and gives examples.",
    },
    subcommands = {
      MakeCommand.class,
      VoicesCommand.class,
      ProvidersCommand.class,
      ConfigCommand.class,
      PresetsCommand.class,
      InspectCommand.class,
      CheckCommand.class,
      UpCommand.class,
      StatusCommand.class,
      LogsCommand.class,
      DownCommand.class,
      UpgradeCommand.class,
      SubmitCommand.class,
      WatchCommand.class,
      ReviewCommand.class,
      DeadLettersCommand.class,
      BackfillCommand.class,
      AuditCommand.class,
      EngagementCommand.class,
      MigrateCommand.class
    })
public final class Reelbeam implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  Reelbeam() {}

  /** Runs a command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    ProcessUsage.begin();
    PrintWriter err = writer(System.err);
    int exitCode;
    try {
      TemporaryFolder.removeAtExit();
      HeadlessFonts.prepare();
      boundNativeMemory();
      exitCode = commandLine(writer(System.out), err).execute(args);
    } catch (IllegalStateException e) {
      err.println("reelbeam: " + e.getMessage() + ": is the folder for temporary files full?");
      err.flush();
      exitCode = ExitCode.PART_MISSING.number();
    }
    // Threads of the runner may still be idling.
    System.exit(exitCode);
  }

  /** The whole command line over two writers; a test passes its own. */
  public static CommandLine commandLine(PrintWriter out, PrintWriter err) {
    CommandLine commandLine = new CommandLine(new Reelbeam());
    commandLine.setOut(out);
    commandLine.setErr(err);
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setAbbreviatedOptionsAllowed(false);
    commandLine.setUsageHelpAutoWidth(true);
    commandLine.setUsageHelpLongOptionsMaxWidth(30);
    commandLine.setParameterExceptionHandler(Reelbeam::explainUsage);
    commandLine.setExecutionExceptionHandler(
        (failure, command, parsed) ->
            Failures.report(failure, isVerbose(parsed), command.getErr()));
    return commandLine;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /**
   * JavaCPP would otherwise compare the process's memory, this heap included, with its own limit
   * before each allocation: slow, and wrong for an encoder that lives beside a heap.
   */
  private static void boundNativeMemory() {
    System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
  }

  private static int explainUsage(ParameterException failure, String[] args) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("reelbeam: " + failure.getMessage());
    UnmatchedArgumentException.printSuggestions(failure, err);
    err.println("Try `" + command.getCommandSpec().qualifiedName() + " --help`.");
    err.flush();
    return ExitCode.USAGE.number();
  }

  private static boolean isVerbose(CommandLine.ParseResult parsed) {
    CommandLine.ParseResult deepest = parsed;
    while (deepest.hasSubcommand()) {
      deepest = deepest.subcommand();
    }
    return deepest.hasMatchedOption("-v");
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }

  /** The version in the manifest of the jar; a class folder has none. */
  static final class Version implements IVersionProvider {
    Version() {}

    @Override
    public String[] getVersion() {
      String version = Reelbeam.class.getPackage().getImplementationVersion();
      return new String[] {
        "reelbeam " + (version == null ? "(not packaged)" : version),
        "Java " + System.getProperty("java.version") + ", " + System.getProperty("os.arch")
      };
    }
  }
}
