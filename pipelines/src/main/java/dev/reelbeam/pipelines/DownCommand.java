package dev.reelbeam.pipelines;

import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Stops a cluster; its data stays. */
@Command(
    name = "down",
    header = "Stops the cluster: the jobs with a savepoint, then the services. Data stays.",
    mixinStandardHelpOptions = true,
    versionProvider = Reelbeam.Version.class,
    sortOptions = false,
    optionListHeading = "%nOptions:%n")
final class DownCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

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
