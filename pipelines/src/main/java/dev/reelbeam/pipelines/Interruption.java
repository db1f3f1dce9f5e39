package dev.reelbeam.pipelines;

import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What happens when a run is stopped from outside: its children end at once, the user is told how
 * to go on.
 *
 * <p>Nothing has to be cleaned up for the next run: the store and the output hold whole files only.
 */
final class Interruption implements AutoCloseable {
  private final AtomicBoolean armed = new AtomicBoolean(true);
  private final Runnable stopDisplay;
  private final PrintWriter out;
  private final Thread hook = new Thread(this::stopped, "interruption");

  private Interruption(Runnable stopDisplay, PrintWriter out) {
    this.stopDisplay = stopDisplay;
    this.out = out;
  }

  /** Watches until it is closed. */
  static Interruption watch(Runnable stopDisplay, PrintWriter out) {
    Interruption interruption = new Interruption(stopDisplay, out);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /** Runs in the JVM's shutdown; exits otherwise than by the run's own end. */
  void stopped() {
    if (!armed.getAndSet(false)) {
      return;
    }
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    stopDisplay.run();
    out.println("stopped; run the same command again to go on");
    out.flush();
  }

  @Override
  public void close() {
    if (armed.getAndSet(false)) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        armed.set(false); // The JVM is going down already.
      }
    }
  }
}
