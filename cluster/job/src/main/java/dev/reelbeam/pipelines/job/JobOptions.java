package dev.reelbeam.pipelines.job;

import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.Validation;

/** Options of every job. They show up in Flink's web UI: none is a secret. */
public interface JobOptions extends FlinkPipelineOptions, RestoreOptions {
  @Description("File with addresses and secrets of Kafka, Postgres and S3, on every worker.")
  @Validation.Required
  String getConnections();

  void setConnections(String connections);
}
