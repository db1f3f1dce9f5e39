package dev.reelbeam.pipelines;

import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.pipelines.cluster.Cluster;
import dev.reelbeam.pipelines.cluster.ClusterPort;
import dev.reelbeam.pipelines.cluster.ClusterSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags of every command that talks to a cluster. */
final class ClusterFlags {
  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "Folder of the cluster (default: .reelbeam/cluster).")
  private Path home = Cluster.USUAL_HOME;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting of cluster.properties; kept there by `up`.")
  private Map<String, String> set = new LinkedHashMap<>();

  @Option(
      names = "--port-offset",
      paramLabel = "N",
      description = "Moves every port up by N, for a second cluster on this machine.")
  private @Nullable Integer portOffset;

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      description = "How long a service may take to start (default: ${DEFAULT-VALUE}).")
  private int patienceSeconds = 120;

  @SuppressWarnings("UnusedVariable") // The command line asks whether it was given.
  @Option(names = "-v", description = "Tells everything about a failure.")
  private boolean verbose;

  ClusterFlags() {}

  /** The settings: the flags, then the file of the home, then the defaults. */
  ClusterSettings settings() throws StageException {
    Map<String, String> flags = new LinkedHashMap<>();
    if (portOffset != null) {
      for (ClusterPort port : ClusterPort.values()) {
        flags.put(port.key(), String.valueOf(port.usual() + portOffset));
      }
    }
    flags.putAll(set);
    return ClusterSettings.read(home, flags);
  }

  Cluster cluster(Consumer<String> say) throws StageException {
    return new Cluster(settings(), Duration.ofSeconds(patienceSeconds), say);
  }

  boolean exists() {
    return Files.exists(home.resolve(ClusterSettings.FILE));
  }

  Path home() {
    return home;
  }
}
