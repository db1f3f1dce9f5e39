package dev.reelbeam.stages.step;

import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.meter.Work;
import java.io.Serializable;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Gauge;
import org.apache.beam.sdk.metrics.Metrics;

/**
 * The metrics of a stage, of the providers that it calls and of the pool that it runs on: one shape
 * for all of them.
 *
 * <p>A metric's namespace says whose it is: the label of a stage, {@code provider/NAME} or {@code
 * pool/NAME}. Counts are hints: a bundle that runs again counts twice; what became of a delivery,
 * the ledger knows. Used on a task's thread: elsewhere Beam's metrics are nobody's. What happens on
 * other threads comes here as {@link Work}.
 */
public final class StageMetrics implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Elements that came, each once, however often it is tried. */
  public static final String IN = "records-in";

  /** Results that went on. */
  public static final String OUT = "records-out";

  /** Letters about what cannot be made. */
  public static final String DEAD = "dead-letters";

  /** Elements dropped because their epoch is over. */
  public static final String OVER = "epoch-over";

  /** From arrival to result, pauses and attempts that failed included, in ms. */
  public static final String LATENCY = "latency-ms";

  /** Results that were there under their keys. */
  public static final String FOUND = "artifacts-found";

  /** Results that had to be made. */
  public static final String BOUGHT = "artifacts-bought";

  /** Money spent, in millionths of a dollar. */
  public static final String COST = "cost-micros";

  private static final String PROVIDER = "provider/";
  private static final String POOL = "pool/";

  private final Counter in;
  private final Counter out;
  private final Counter dead;
  private final Counter over;
  private final Counter attempts;
  private final Distribution latencyMs;
  private final Counter found;
  private final Counter bought;
  private final Counter costMicros;
  private final Gauge running;
  private final Gauge waiting;

  private StageMetrics(String stage) {
    in = Metrics.counter(stage, IN);
    out = Metrics.counter(stage, OUT);
    dead = Metrics.counter(stage, DEAD);
    over = Metrics.counter(stage, OVER);
    attempts = Metrics.counter(stage, "attempts");
    latencyMs = Metrics.distribution(stage, LATENCY);
    found = Metrics.counter(stage, FOUND);
    bought = Metrics.counter(stage, BOUGHT);
    costMicros = Metrics.counter(stage, COST);
    running = Metrics.gauge(stage, "calls-running");
    waiting = Metrics.gauge(stage, "calls-waiting");
  }

  /** The metrics of a stage. */
  public static StageMetrics of(Stage stage) {
    return new StageMetrics(stage.label());
  }

  /** The metrics of a part of the graph that is no stage of its own, for example a gate. */
  public static StageMetrics of(String part) {
    return new StageMetrics(part);
  }

  /** An element came. */
  public void in() {
    in.inc();
  }

  /** A result goes on. */
  public void out() {
    out.inc();
  }

  /** A letter was written. */
  public void dead() {
    dead.inc();
  }

  /** An element was dropped because its epoch is over. */
  public void over() {
    over.inc();
  }

  /** A call was begun, the first one or another. */
  void attempt() {
    attempts.inc();
  }

  /** A result was there so long after its element. */
  public void latency(long milliseconds) {
    latencyMs.update(milliseconds);
  }

  /** Results of this stage that were there, and such that were made. */
  public void artifacts(long there, long made) {
    if (there > 0) {
      found.inc(there);
    }
    if (made > 0) {
      bought.inc(made);
    }
  }

  /** What an attempt amounted to, the providers' part of it under their names. */
  void work(Work work) {
    artifacts(work.found(), work.bought());
    long micros = work.costMicros();
    if (micros > 0) {
      costMicros.inc(micros);
    }
    work.providers()
        .forEach(
            (name, use) -> {
              String provider = PROVIDER + name.replace('.', '_');
              // Errors are told as nought, too: a rate needs the series before the first one.
              Metrics.counter(provider, "provider-calls").inc(use.calls());
              Metrics.counter(provider, "provider-errors").inc(use.errors());
              Metrics.counter(provider, "provider-waiting-ms").inc(use.waitedMs());
              Metrics.counter(provider, "provider-cost-micros").inc(use.costMicros());
            });
  }

  /** Calls of this task that run, and those that stand in line. */
  void calls(int runningNow, int waitingNow) {
    running.set(runningNow);
    waiting.set(waitingNow);
  }

  /**
   * How many threads of a pool's workers this task keeps busy, and how much waits for them.
   *
   * @param pool its name, empty for no pool
   */
  public static void pool(String pool, int busy, int queue) {
    String owner = POOL + (pool.isEmpty() ? "any" : pool);
    Metrics.gauge(owner, "pool-busy").set(busy);
    Metrics.gauge(owner, "pool-queue").set(queue);
  }
}
