package org.apache.beam.runners.flink;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** The pools of a cluster. */
public interface PooledFlinkOptions extends PipelineOptions {
  @Description(
      "Pools and how many slots of each the job takes: general:4,gpu:2. Transforms without a mark"
          + " run on general.")
  @Default.String("general:4,gpu:2")
  String getPools();

  void setPools(String pools);
}
