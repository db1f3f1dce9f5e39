package dev.reelbeam.pipelines.job;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What the mains of this module say to the command that started them, and how they end. */
final class ConsoleOfMain {
  private ConsoleOfMain() {}

  static PrintStream out() {
    return new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
  }

  /** Ends this JVM, whatever threads a client left behind, with a status that is not 0. */
  static void fail() {
    Runtime.getRuntime().halt(1);
  }
}
