package dev.reelbeam.pipelines;

import java.io.PrintWriter;
import java.util.function.Consumer;

/** The steps of a long command, a line each, with the seconds since it began. */
final class Steps {
  private Steps() {}

  static Consumer<String> to(PrintWriter err) {
    long beganNs = System.nanoTime();
    return message -> {
      err.printf("%4d s  %s%n", (System.nanoTime() - beganNs) / 1_000_000_000, message);
      err.flush();
    };
  }
}
