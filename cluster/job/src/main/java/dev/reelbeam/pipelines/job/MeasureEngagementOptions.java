package dev.reelbeam.pipelines.job;

import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.Validation;

/** Options of the job that measures. They show up in Flink's web UI: none is a secret. */
public interface MeasureEngagementOptions extends FlinkPipelineOptions, RestoreOptions {
  @Description("File with addresses and secrets of Kafka and Postgres, on every worker.")
  @Validation.Required
  String getConnections();

  void setConnections(String connections);

  @Description("How often changed windows are written, in seconds.")
  @Default.Integer(120)
  int getUpdateSeconds();

  void setUpdateSeconds(int seconds);

  @Description("What a quarter of an hour may cost, a site or all, before it is an alert.")
  @Default.Long(10_000_000)
  long getBudgetMicros();

  void setBudgetMicros(long micros);
}
