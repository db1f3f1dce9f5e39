package dev.reelbeam.pipelines;

import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the commands that talk to a running cluster have in common. */
final class WorldOptions {
  @Option(
      names = "--connections",
      paramLabel = "FILE",
      description =
          "Where Kafka, Postgres and S3 are (default: what `reelbeam up` wrote, here or above).")
  private @Nullable Path connections;

  @Option(names = "-v", description = "Tells everything about a failure.")
  private boolean verbose;

  WorldSettings settings() throws StageException {
    Logs.toStandardError(verbose);
    return WorldSettings.find(connections);
  }
}
