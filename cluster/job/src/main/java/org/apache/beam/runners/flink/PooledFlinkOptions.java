package org.apache.beam.runners.flink;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/** The pools of a cluster. */
public interface PooledFlinkOptions extends PipelineOptions {
  @Description(
      "Pools and how many slots of each the job takes: general:4,gpu:2. Transforms without a mark"
          + " run on general.")
  @Default.String("general:4,gpu:2")
  String getPools();

  void setPools(String pools);

  @Description(
      "File that tells the names of the operators of the job that was submitted last; written anew"
          + " with every submission.")
  @Nullable String getOperatorNames();

  void setOperatorNames(@Nullable String file);

  @Description(
      "Whether nothing is submitted: whether all state of --savepointPath is taken over is told.")
  @Default.Boolean(false)
  boolean isCheckOnly();

  void setCheckOnly(boolean checkOnly);
}
