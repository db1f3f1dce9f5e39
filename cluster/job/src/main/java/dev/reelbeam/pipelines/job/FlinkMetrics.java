package dev.reelbeam.pipelines.job;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
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
import org.jspecify.annotations.Nullable;

/**
 * Flink's metrics under names for Prometheus.
 *
 * <p>A metric of ours, which Beam registers as {@code namespace.name}, becomes {@code
 * reelbeam_name}. The namespace is the label {@code stage}; {@code provider/NAME} and {@code
 * pool/NAME} are labels of those names. Counters end in {@code _total}, distributions are summaries
 * with gauges {@code _min} and {@code _max}, and units are Prometheus': {@code -ms} becomes {@code
 * _seconds}, {@code -micros} {@code _dollars}. Flink's own become gauges {@code
 * flink_<scope>_<name>}, as its own reporter names them. A task that starts again counts from zero.
 *
 * <p>Operators' metrics of Flink's own are left out: a job has hundreds of operators, and the
 * tasks' say the same.
 */
final class FlinkMetrics implements MultiCollector {
  private static final String OPERATOR_SCOPE = "_operator_";
  private static final int LONGEST_LABEL = 120;

  /**
   * A metric, and what it is called.
   *
   * @param perUnit so many of what it counts are one of what it is told in
   */
  private record Named(
      Metric metric, String name, Map<String, String> labels, boolean ours, double perUnit) {}

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
      String owner = name.substring(0, dot);
      int slash = owner.indexOf('/');
      labels.put(slash < 0 ? "stage" : owner.substring(0, slash), owner.substring(slash + 1));
      labels.remove("operator_name");
      labels.remove("task_name");
      all.put(metric, ours(metric, name.substring(dot + 1), labels));
    } else if (!inOperator) {
      all.put(metric, new Named(metric, scope + name, labels, false, 1));
    }
  }

  private static Named ours(Metric metric, String name, Map<String, String> labels) {
    String told = "reelbeam_" + name;
    if (name.endsWith("-ms")) {
      return new Named(metric, unit(told, "-ms", "_seconds"), labels, true, 1e3);
    }
    if (name.endsWith("-micros")) {
      return new Named(metric, unit(told, "-micros", "_dollars"), labels, true, 1e6);
    }
    return new Named(metric, told, labels, true, 1);
  }

  private static String unit(String name, String from, String to) {
    return name.substring(0, name.length() - from.length()) + to;
  }

  void remove(Metric metric) {
    all.remove(metric);
  }

  @Override
  public MetricSnapshots collect() {
    Map<String, Map<Labels, Double>> values = new HashMap<>();
    Map<String, Map<Labels, Double>> counts = new HashMap<>();
    Map<String, Map<Labels, Spread>> spreads = new HashMap<>();
    for (Named named : all.values()) {
      Labels labels = labels(named.labels());
      String name = PrometheusNaming.sanitizeMetricName(named.name().replace('-', '_'));
      // Tasks that one chain runs twice are one series.
      if (named.ours() && named.metric() instanceof Counter counter) {
        of(counts, name).merge(labels, counter.getCount() / named.perUnit(), Double::sum);
      } else if (named.ours()
          && valueOf(named.metric()) instanceof DistributionResult distribution) {
        of(spreads, name).merge(labels, Spread.of(distribution, named.perUnit()), Spread::plus);
      } else {
        forEachValue(
            named.metric(),
            (suffix, value) ->
                of(
                        values,
                        PrometheusNaming.sanitizeMetricName(
                            named.name().replace('-', '_') + suffix))
                    .merge(labels, value / named.perUnit(), Double::sum));
      }
    }
    List<MetricSnapshot> snapshots = new ArrayList<>();
    counts.forEach(
        (name, points) -> {
          CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name);
          points.forEach(
              (labels, value) ->
                  counter.dataPoint(
                      CounterDataPointSnapshot.builder().labels(labels).value(value).build()));
          snapshots.add(counter.build());
        });
    spreads.forEach(
        (name, points) -> {
          SummarySnapshot.Builder summary = SummarySnapshot.builder().name(name);
          points.forEach(
              (labels, spread) -> {
                summary.dataPoint(
                    SummaryDataPointSnapshot.builder()
                        .labels(labels)
                        .count(spread.count())
                        .sum(spread.sum())
                        .build());
                if (spread.count() > 0) {
                  of(values, name + "_min").put(labels, spread.min());
                  of(values, name + "_max").put(labels, spread.max());
                }
              });
          snapshots.add(summary.build());
        });
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

  private static <T> Map<Labels, T> of(Map<String, Map<Labels, T>> all, String name) {
    return all.computeIfAbsent(name, unused -> new HashMap<>());
  }

  /** A distribution in the unit that it is told in. */
  private record Spread(long count, double sum, double min, double max) {
    static Spread of(DistributionResult result, double perUnit) {
      return new Spread(
          result.getCount(),
          result.getSum() / perUnit,
          result.getMin() / perUnit,
          result.getMax() / perUnit);
    }

    Spread plus(Spread other) {
      return new Spread(
          count + other.count, sum + other.sum, Math.min(min, other.min), Math.max(max, other.max));
    }
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
    } else {
      Object value = valueOf(metric);
      if (value instanceof GaugeResult result) {
        values.accept("", (double) result.getValue());
      } else if (value instanceof Number number) {
        values.accept("", number.doubleValue());
      } else if (value instanceof Boolean bool) {
        values.accept("", bool ? 1 : 0);
      }
    }
  }

  private static @Nullable Object valueOf(Metric metric) {
    if (!(metric instanceof Gauge<?> gauge)) {
      return null;
    }
    try {
      return gauge.getValue();
    } catch (RuntimeException e) {
      return null; // A gauge whose owner is gone.
    }
  }
}
