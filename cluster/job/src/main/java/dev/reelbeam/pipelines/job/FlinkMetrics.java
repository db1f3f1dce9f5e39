package dev.reelbeam.pipelines.job;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.sdk.metrics.DistributionResult;
import org.apache.beam.sdk.metrics.GaugeResult;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.LogicalScopeProvider;
import org.apache.flink.metrics.Meter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricGroup;

/**
 * Flink's metrics under names for Prometheus.
 *
 * <p>A metric of ours, which Beam registers as {@code namespace.name}, becomes {@code
 * reelbeam_name} with the namespace as the label {@code stage}; a distribution becomes {@code
 * _sum}, {@code _count}, {@code _min} and {@code _max}. Flink's own become {@code
 * flink_<scope>_<name>}, as its own reporter names them. All are gauges: a task that starts again
 * counts from zero.
 *
 * <p>Operators' metrics of Flink's own are left out: a job has hundreds of operators, and the
 * tasks' say the same.
 */
final class FlinkMetrics implements MultiCollector {
  private static final String OPERATOR_SCOPE = "_operator_";
  private static final int LONGEST_LABEL = 120;

  /** A metric, and what it is called. */
  private record Named(Metric metric, String name, Map<String, String> labels) {}

  private final Map<Metric, Named> all = new ConcurrentHashMap<>();

  void add(Metric metric, String name, MetricGroup group) {
    String scope =
        "flink_" + LogicalScopeProvider.castFrom(group).getLogicalScope(part -> part, '_') + "_";
    Map<String, String> labels = new TreeMap<>();
    group
        .getAllVariables()
        .forEach(
            (key, value) -> {
              String label = key.replaceAll("[<>]", "");
              // Ids of attempts and of tasks would make a new series at every restart.
              if (!label.endsWith("_id") || label.equals("tm_id")) {
                labels.put(
                    label,
                    value.length() > LONGEST_LABEL ? value.substring(0, LONGEST_LABEL) : value);
              }
            });
    int dot = name.indexOf('.');
    boolean inOperator = scope.contains(OPERATOR_SCOPE);
    if (inOperator && dot > 0 && name.indexOf('.', dot + 1) < 0) {
      labels.put("stage", name.substring(0, dot));
      labels.remove("operator_name");
      labels.remove("task_name");
      all.put(metric, new Named(metric, "reelbeam_" + name.substring(dot + 1), labels));
    } else if (!inOperator) {
      all.put(metric, new Named(metric, scope + name, labels));
    }
  }

  void remove(Metric metric) {
    all.remove(metric);
  }

  @Override
  public MetricSnapshots collect() {
    Map<String, Map<Labels, Double>> values = new HashMap<>();
    for (Named named : all.values()) {
      Labels labels = labels(named.labels());
      forEachValue(
          named.metric(),
          (suffix, value) ->
              values
                  .computeIfAbsent(
                      PrometheusNaming.sanitizeMetricName(named.name().replace('-', '_') + suffix),
                      name -> new HashMap<>())
                  // Tasks that one chain runs twice are one series.
                  .merge(labels, value, Double::sum));
    }
    List<MetricSnapshot> snapshots = new ArrayList<>();
    values.forEach(
        (name, points) -> {
          GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name);
          points.forEach(
              (labels, value) ->
                  gauge.dataPoint(
                      GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
          snapshots.add(gauge.build());
        });
    return new MetricSnapshots(snapshots);
  }

  private static Labels labels(Map<String, String> map) {
    String[] names =
        map.keySet().stream().map(PrometheusNaming::sanitizeLabelName).toArray(String[]::new);
    return Labels.of(names, map.values().toArray(String[]::new));
  }

  private interface Values {
    void accept(String suffix, double value);
  }

  private static void forEachValue(Metric metric, Values values) {
    if (metric instanceof Counter counter) {
      values.accept("", (double) counter.getCount());
    } else if (metric instanceof Meter meter) {
      values.accept("", meter.getRate());
    } else if (metric instanceof Histogram histogram) {
      values.accept("_count", (double) histogram.getCount());
      values.accept("_p50", histogram.getStatistics().getQuantile(0.5));
      values.accept("_p99", histogram.getStatistics().getQuantile(0.99));
    } else if (metric instanceof Gauge<?> gauge) {
      Object value;
      try {
        value = gauge.getValue();
      } catch (RuntimeException e) {
        return; // A gauge whose owner is gone.
      }
      if (value instanceof DistributionResult distribution) {
        values.accept("_sum", (double) distribution.getSum());
        values.accept("_count", (double) distribution.getCount());
        values.accept("_min", (double) distribution.getMin());
        values.accept("_max", (double) distribution.getMax());
      } else if (value instanceof GaugeResult result) {
        values.accept("", (double) result.getValue());
      } else if (value instanceof Number number) {
        values.accept("", number.doubleValue());
      } else if (value instanceof Boolean bool) {
        values.accept("", bool ? 1 : 0);
      }
    }
  }
}
