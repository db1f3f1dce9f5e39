package dev.reelbeam.pipelines;

import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** Says whether this machine is fit. */
@Command(
    name = "check",
    header = "Says whether this machine is fit: Java, native parts, fonts, voices, memory, disk.",
    abbreviateSynopsis = true,
    footerHeading = "%n",
    footer = {"Exit codes: 0 fit (warnings included), 69 a needed part is missing."})
final class CheckCommand extends Subcommand {
  @Option(
      names = {"-o", "--out"},
      paramLabel = "DIR",
      description = "Where videos would be written (default: the current folder).")
  private Path out = Path.of("");

  @Option(names = "-v", description = "Tells everything about a failure.")
  private boolean verbose;

  CheckCommand() {}

  @Override
  public Integer call() {
    Logs.toStandardError(verbose);
    PrintWriter console = spec.commandLine().getOut();
    boolean fit = true;
    for (MachineCheck check : MachineCheck.all(out)) {
      MachineCheck.Finding finding = check.look();
      fit &= finding.grade() != MachineCheck.Grade.FAIL;
      String word =
          switch (finding.grade()) {
            case OK -> "@|green ok  |@";
            case WARN -> "@|yellow warn|@";
            case FAIL -> "@|red fail|@";
          };
      console.println(
          Ansi.AUTO.string(word)
              + "  "
              + check.name()
              + ": "
              + finding.fact()
              + (finding.remedy().isEmpty() ? "" : " -> " + finding.remedy()));
      if (verbose && finding.cause() != null) {
        finding.cause().printStackTrace(console);
      }
      console.flush();
    }
    console.println(fit ? "this machine is fit" : "this machine is not fit yet");
    console.flush();
    return (fit ? ExitCode.COMPLETED : ExitCode.PART_MISSING).number();
  }
}
