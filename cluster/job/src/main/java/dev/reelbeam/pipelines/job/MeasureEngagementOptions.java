package dev.reelbeam.pipelines.job;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;

/** Options of the job that measures. */
public interface MeasureEngagementOptions extends JobOptions {
  @Description("How often changed windows are written, in seconds.")
  @Default.Integer(120)
  int getUpdateSeconds();

  void setUpdateSeconds(int seconds);

  @Description("What a quarter of an hour may cost, a site or all, before it is an alert.")
  @Default.Long(10_000_000)
  long getBudgetMicros();

  void setBudgetMicros(long micros);
}
