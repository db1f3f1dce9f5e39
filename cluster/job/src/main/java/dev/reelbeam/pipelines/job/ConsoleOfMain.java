package dev.reelbeam.pipelines.job;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.StoreException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What the mains of this module say to the command that started them, and how they end. */
final class ConsoleOfMain {
  private ConsoleOfMain() {}

  static PrintStream out() {
    return new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
  }

  /** Tells why a main ends: one line with number and remedy, or the trace of what is a defect. */
  static void tell(PrintStream out, Exception failure) {
    int depth = 0;
    for (Throwable cause = failure; cause != null && depth < 20; cause = cause.getCause()) {
      if (cause instanceof StageException stage) {
        out.println(line(stage.code(), stage.getMessage()));
        return;
      }
      if (cause instanceof StoreException store) {
        out.println(line(store.code(), store.getMessage()));
        return;
      }
      depth++;
    }
    failure.printStackTrace(out);
    out.println("reelbeam: " + failure.getMessage());
  }

  private static String line(FailureCode code, @Nullable String message) {
    String told = String.valueOf(message).replaceAll("\\s+", " ").strip();
    return "reelbeam: "
        + code.label()
        + ": "
        + told
        + (told.endsWith(".") ? " " : ". ")
        + code.remedy();
  }

  /** Ends this JVM, whatever threads a client left behind, with a status that is not 0. */
  static void fail() {
    Runtime.getRuntime().halt(1);
  }
}
