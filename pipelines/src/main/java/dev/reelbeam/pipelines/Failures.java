package dev.reelbeam.pipelines;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.StoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpTimeoutException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Failures as one line with a remedy; the stack trace only on request. */
final class Failures {
  private Failures() {}

  /** What a failure comes down to. */
  record Verdict(FailureCode code, String message) {
    ExitCode exitCode() {
      return ExitCode.of(code);
    }

    /** For example {@code 5001 STORAGE_FULL: cannot store 12 bytes. Free some disk space, …}. */
    String line() {
      String end = message.isEmpty() || message.endsWith(".") ? "" : ".";
      return code.label() + ": " + message + end + " " + code.remedy();
    }
  }

  /** Finds the failure that is ours under the runner's wrappings. */
  static Verdict of(Throwable failure) {
    Throwable root = failure;
    for (Throwable cause = failure; cause != null; cause = next(cause)) {
      root = cause;
      if (cause instanceof StoreException store) {
        return new Verdict(store.code(), oneLine(store.getMessage()));
      }
      if (cause instanceof StageException stage) {
        return new Verdict(stage.code(), oneLine(stage.getMessage()));
      }
      if (cause instanceof HttpTimeoutException) {
        // Flink's JobManager: whoever asks a provider says so in a failure of its own.
        return new Verdict(
            FailureCode.SERVICE_SLOW, "the JobManager does not answer: " + cause.getMessage());
      }
      if (cause instanceof OutOfMemoryError) {
        return new Verdict(FailureCode.MEMORY_SHORT, oneLine(cause.getMessage()));
      }
    }
    String reason = oneLine(root.getMessage());
    if (root instanceof IOException && reason.toLowerCase(Locale.ROOT).contains("no space left")) {
      return new Verdict(FailureCode.STORAGE_FULL, reason);
    }
    String name = root.getClass().getSimpleName();
    return new Verdict(FailureCode.UNEXPECTED, reason.isEmpty() ? name : name + ": " + reason);
  }

  /** Prints the line, with {@code verbose} the stack trace below; returns the exit code. */
  static int report(Throwable failure, boolean verbose, PrintWriter err) {
    Verdict verdict = of(failure);
    err.println("reelbeam: " + verdict.line());
    if (verbose) {
      failure.printStackTrace(err);
    } else if (verdict.code() == FailureCode.UNEXPECTED) {
      err.println("reelbeam: -v shows more");
    }
    err.flush();
    return verdict.exitCode().number();
  }

  private static @Nullable Throwable next(Throwable cause) {
    Throwable next = cause.getCause();
    return next == cause ? null : next;
  }

  private static String oneLine(@Nullable String message) {
    return message == null ? "" : message.replaceAll("\\s+", " ").strip();
  }
}
