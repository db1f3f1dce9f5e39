package dev.reelbeam.pipelines.job;

import java.util.Properties;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** Named in Flink's configuration: {@code metrics.reporter.prometheus.factory.class}. */
public final class PrometheusReporterFactory implements MetricReporterFactory {
  /** Called by Flink. */
  public PrometheusReporterFactory() {}

  @Override
  public MetricReporter createMetricReporter(Properties properties) {
    return new PrometheusReporter();
  }
}
