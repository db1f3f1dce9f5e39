package dev.reelbeam.pipelines;

import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.pipelines.cluster.Cluster;
import dev.reelbeam.pipelines.cluster.Cluster.ServiceStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what a cluster is doing. */
@Command(
    name = "status",
    header = "Shows the services, their memory, and the jobs.",
    sortOptions = false,
    footerHeading = "%n",
    footer = "Exit code 0 when everything runs, 1 when a service or a job does not.")
final class StatusCommand extends Subcommand {
  @Mixin private ClusterFlags flags = new ClusterFlags();

  StatusCommand() {}

  @Override
  public Integer call() throws IOException, StageException {
    PrintWriter out = spec.commandLine().getOut();
    if (!flags.exists()) {
      out.println("no cluster in '" + flags.home() + "'; `reelbeam up` makes one");
      out.flush();
      return ExitCode.SOME_DEAD.number();
    }
    Cluster cluster = flags.cluster(message -> {});
    List<ServiceStatus> services = cluster.status();
    boolean whole = true;
    long memoryMb = 0;
    for (ServiceStatus service : services) {
      Long pid = service.pid();
      String state = pid == null ? "down" : service.ready() ? "ready" : "starting";
      out.printf(
          "%-24s %-9s %s%n",
          service.name(),
          state,
          pid == null ? "" : "pid %-8d %5d MB".formatted(pid, service.memoryMb()));
      whole &= service.ready();
      memoryMb += service.memoryMb();
    }
    out.printf("%-24s %-9s %13s%5d MB%n", "together", "", "", memoryMb);
    List<String> jobs = cluster.jobLines();
    jobs.forEach(out::println);
    List<String> missing = cluster.missingJobs();
    missing.forEach(job -> out.println(job + "  does not run"));
    out.println();
    cluster.addresses().forEach(out::println);
    out.flush();
    return (whole && missing.isEmpty() ? ExitCode.COMPLETED : ExitCode.SOME_DEAD).number();
  }
}
