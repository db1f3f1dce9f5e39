package dev.reelbeam.model.port;

/** What has to be written down although the thread is being interrupted: no database would. */
public final class Uninterrupted {
  private Uninterrupted() {}

  /** Runs it; an interruption before or meanwhile is there again afterwards. */
  public static void run(Runnable action) {
    boolean interrupted = Thread.interrupted();
    try {
      action.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
