package dev.reelbeam.pipelines.job;

import org.apache.beam.runners.flink.PooledFlinkOptions;
import org.apache.beam.sdk.options.Description;
import org.jspecify.annotations.Nullable;

/** What a job goes on from. */
public interface RestoreOptions extends PooledFlinkOptions {
  @Description(
      "Folder with savepoints/<job>, checkpoints and runs: the job goes on from the newest of its"
          + " own there, unless --savepointPath names one.")
  @Nullable String getRestoreFolder();

  void setRestoreFolder(@Nullable String folder);
}
