package dev.reelbeam.pipelines;

import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.pipelines.cluster.Cluster;
import dev.reelbeam.pipelines.wiring.Installation;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts a cluster on this machine. */
@Command(
    name = "up",
    header = "Starts a cluster on this machine: Kafka, Postgres, S3, Flink, and the jobs.",
    description = {
      "",
      "What runs already is left alone, so `up` is also the way back after a crash: a job that is"
          + " not there goes on from its newest savepoint or checkpoint.",
      ""
    },
    sortOptions = false,
    footerHeading = "%n",
    footer = {
      "Examples:",
      "  reelbeam up",
      "  reelbeam up --set render.encoder=h264_nvenc \\",
      "      --set pools=general:4:1800,gpu:2:2500",
      "  reelbeam up --home /data/reelbeam --port-offset 100",
      "  cp reelbeam.yaml .reelbeam/cluster/providers.yaml    asked from the next up on",
      "  reelbeam status     reelbeam logs taskmanager-gpu     reelbeam down"
    })
final class UpCommand extends Subcommand {
  @Mixin private ClusterFlags flags = new ClusterFlags();

  @Option(names = "--no-job", description = "Starts the services and no job.")
  private boolean noJob;

  UpCommand() {}

  @Override
  public Integer call() throws IOException, StageException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    long beganNs = System.nanoTime();
    Cluster cluster = flags.cluster(Steps.to(err));
    cluster.up(Installation.home(), !noJob);
    out.printf("ready in %d s%n", (System.nanoTime() - beganNs) / 1_000_000_000);
    cluster.addresses().forEach(out::println);
    out.flush();
    return ExitCode.COMPLETED.number();
  }
}
