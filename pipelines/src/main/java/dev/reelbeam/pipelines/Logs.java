package dev.reelbeam.pipelines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where log lines go: warnings to a file in the store's folder, with {@code -v} more to standard
 * error.
 *
 * <p>The backend reads its settings when the first logger is made: a command calls this before it
 * touches anything that logs. Without a call the backend's own file {@code simplelogger.properties}
 * keeps it quiet.
 */
final class Logs {
  private static final String PREFIX = "org.slf4j.simpleLogger.";
  private static final int KEPT_FILES = 20;

  /** Names of our files; by name they are in the order of their time. */
  private static final Pattern OURS = Pattern.compile("make-\\d{8}-\\d{6}-\\d+\\.log");

  private final @Nullable Path file;

  private Logs(@Nullable Path file) {
    this.file = file;
  }

  /** Warnings go to a new file in the folder; of many such files the eldest go. */
  static Logs toFolder(Path folder) {
    String time =
        LocalDateTime.now(ZoneId.systemDefault())
            .format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT));
    Path file = folder.resolve("make-" + time + "-" + ProcessHandle.current().pid() + ".log");
    try {
      Files.createDirectories(folder);
      removeEldest(folder);
    } catch (IOException | UncheckedIOException e) {
      return toStandardError(false); // The store will tell what is wrong with the folder.
    }
    configure("warn", "warn", file.toString());
    return new Logs(file);
  }

  /** Warnings, or what happens in detail, go to standard error. */
  static Logs toStandardError(boolean verbose) {
    configure("warn", verbose ? "info" : "error", "System.err");
    return new Logs(null);
  }

  /** The file, if anything was written to it; an empty one is removed. */
  @Nullable Path finish() {
    try {
      if (file == null || !Files.exists(file)) {
        return null;
      }
      if (Files.size(file) == 0) {
        Files.delete(file);
        return null;
      }
      return file;
    } catch (IOException e) {
      return null;
    }
  }

  private static void configure(String others, String ours, String target) {
    System.setProperty(PREFIX + "defaultLogLevel", others);
    System.setProperty(PREFIX + "log.dev.reelbeam", ours);
    System.setProperty(PREFIX + "logFile", target);
    System.setProperty(PREFIX + "showDateTime", "true");
    System.setProperty(PREFIX + "dateTimeFormat", "HH:mm:ss.SSS");
    System.setProperty(PREFIX + "showShortLogName", "true");
    quietJavaLogging();
  }

  /** The few libraries that use the JDK's own logging would write to the middle of the progress. */
  private static void quietJavaLogging() {
    Logger root = LogManager.getLogManager().getLogger("");
    if (root != null) {
      for (Handler handler : root.getHandlers()) {
        handler.setLevel(Level.SEVERE);
      }
    }
  }

  private static void removeEldest(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files =
          all.filter(each -> OURS.matcher(each.getFileName().toString()).matches())
              .sorted()
              .toList();
    }
    for (Path eldest : files.subList(0, Math.max(0, files.size() - KEPT_FILES))) {
      Files.deleteIfExists(eldest);
    }
  }
}
