package dev.reelbeam.pipelines;

import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.pipelines.cluster.Cluster;
import dev.reelbeam.pipelines.wiring.Installation;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Puts this version of the jobs in the place of the one that runs. */
@Command(
    name = "upgrade",
    header = "Stops the jobs with a savepoint and starts this version of them from it.",
    sortOptions = false)
final class UpgradeCommand extends Subcommand {
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
