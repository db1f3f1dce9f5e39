package dev.reelbeam.pipelines.job;

import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.jspecify.annotations.Nullable;

/**
 * Flink's metrics, and through them Beam's, as text for Prometheus at {@code /metrics}.
 *
 * <p>Flink's own reporter names a metric after the whole path of its operator. Ours are named after
 * what they count, with the stage as a label, whatever the graph looks like; see {@link
 * FlinkMetrics}. Prometheus' library does the serving and the escaping.
 */
public final class PrometheusReporter implements MetricReporter {
  private static final int USUAL_PORT = 9249;

  private final FlinkMetrics metrics = new FlinkMetrics();
  private @Nullable HTTPServer server;

  /** Called by its factory. */
  PrometheusReporter() {}

  /** Settings: {@code port}, and {@code host}, which is the loopback address unless it is set. */
  @Override
  public void open(MetricConfig config) {
    PrometheusRegistry registry = new PrometheusRegistry();
    registry.register(metrics);
    String host = config.getString("host", "");
    try {
      server =
          HTTPServer.builder()
              .port(config.getInteger("port", USUAL_PORT))
              .inetAddress(
                  host.isEmpty() ? InetAddress.getLoopbackAddress() : InetAddress.getByName(host))
              .registry(registry)
              .buildAndStart();
    } catch (IOException e) {
      throw new UncheckedIOException("the port of /metrics", e);
    }
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }

  @Override
  public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
    metrics.add(metric, name, group);
  }

  @Override
  public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
    metrics.remove(metric);
  }
}
