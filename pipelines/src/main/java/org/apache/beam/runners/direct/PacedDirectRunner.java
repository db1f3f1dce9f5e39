package org.apache.beam.runners.direct;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.PipelineRunner;
import org.apache.beam.sdk.options.PipelineOptions;
import org.joda.time.Instant;

/**
 * The direct runner without its busy wait.
 *
 * <p>While a worker is idle, the direct runner asks again and again whether a timer has fired, and
 * burns a core: about 20 s of a short video's CPU (measured, see {@code bench}). It asks a clock
 * each time, and that is where this runner lets it rest for a moment. The clock can be set from
 * this package only: pinned to the Beam version in the parent pom, to be looked at with every
 * upgrade.
 */
public final class PacedDirectRunner extends PipelineRunner<PipelineResult> {
  private final DirectRunner runner;

  private PacedDirectRunner(DirectRunner runner) {
    this.runner = runner;
    runner.setClockSupplier(PacedClock::new);
  }

  /** Called by Beam. */
  public static PacedDirectRunner fromOptions(PipelineOptions options) {
    return new PacedDirectRunner(DirectRunner.fromOptions(options));
  }

  @Override
  public PipelineResult run(Pipeline pipeline) {
    return runner.run(pipeline);
  }

  /** Runs with real time and makes the one who only waits wait cheaply. */
  private static final class PacedClock implements Clock {
    private static final long REST_NS = TimeUnit.MILLISECONDS.toNanos(8);
    private static final long LOOK_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int FRAMES_TO_THE_DRIVER = 12;
    private static final StackWalker WALKER = StackWalker.getInstance();

    private final long baseMs = System.currentTimeMillis();
    private final long baseNs = System.nanoTime();
    private volatile long restedNs = baseNs;

    @Override
    public Instant now() {
      if (System.nanoTime() - restedNs > LOOK_AGAIN_NS && calledByDriver()) {
        LockSupport.parkNanos(REST_NS);
        restedNs = System.nanoTime();
      }
      return new Instant(baseMs + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - baseNs));
    }

    private static boolean calledByDriver() {
      String driver = QuiescenceDriver.class.getName();
      return WALKER.walk(
          frames ->
              frames
                  .limit(FRAMES_TO_THE_DRIVER)
                  .anyMatch(frame -> frame.getClassName().equals(driver)));
    }
  }
}
