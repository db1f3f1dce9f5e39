package dev.reelbeam.pipelines;

import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.pipelines.cluster.Cluster;
import dev.reelbeam.pipelines.wiring.Installation;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Puts this version of the jobs in the place of the one that runs. */
@Command(
    name = "upgrade",
    header = "Stops the jobs with a savepoint and starts this version of them from it.",
    mixinStandardHelpOptions = true,
    versionProvider = Reelbeam.Version.class,
    sortOptions = false,
    optionListHeading = "%nOptions:%n")
final class UpgradeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ClusterFlags flags = new ClusterFlags();

  @Option(
      names = "--forget-state",
      description = {
        "Gives up the state of operators that this version no longer has.",
        "What is under way is sent through again and finds what it made."
      })
  private boolean forgetState;

  UpgradeCommand() {}

  @Override
  public Integer call() throws IOException, StageException {
    PrintWriter out = spec.commandLine().getOut();
    long beganNs = System.nanoTime();
    Cluster cluster = flags.cluster(Steps.to(spec.commandLine().getErr()));
    cluster.upgrade(Installation.home(), forgetState);
    out.printf("upgraded in %d s%n", (System.nanoTime() - beganNs) / 1_000_000_000);
    out.flush();
    return ExitCode.COMPLETED.number();
  }
}
