package dev.reelbeam.pipelines;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What all commands have in common; each ends with one of {@link ExitCode}. */
@Command(
    mixinStandardHelpOptions = true,
    versionProvider = Reelbeam.Version.class,
    optionListHeading = "%nOptions:%n")
abstract class Subcommand implements Callable<Integer> {
  /** What was given, and where to write. */
  @Spec CommandSpec spec = CommandSpec.create();
}
