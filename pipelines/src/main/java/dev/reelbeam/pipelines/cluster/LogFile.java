package dev.reelbeam.pipelines.cluster;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of a service's log.
 *
 * @param name of the log, for example {@code kafka.log}
 * @param age 0 for the one that is written to; 1 for the one before it, and so on
 */
record LogFile(Path file, String name, int age) {
  private static final Pattern NAME = Pattern.compile("(.+\\.log)(?:\\.(\\d{1,4}))?");

  /** The log that a file belongs to, empty if to none. */
  static Optional<LogFile> of(Path file) {
    Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
    if (!name.matches()) {
      return Optional.empty();
    }
    int age = name.group(2) == null ? 0 : Integer.parseInt(name.group(2));
    return Optional.of(new LogFile(file, name.group(1), age));
  }
}
