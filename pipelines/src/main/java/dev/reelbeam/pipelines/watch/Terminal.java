package dev.reelbeam.pipelines.watch;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The terminal behind standard error, if it is one.
 *
 * @param live whether lines can be drawn over
 * @param colour whether colours are wanted
 */
public record Terminal(boolean live, boolean colour, int columns, int rows) {
  private static final int USUAL_COLUMNS = 100;
  private static final int USUAL_ROWS = 24;
  private static final Pattern SIZE = Pattern.compile("(\\d+) (\\d+)");

  /** No terminal: a file, a pipe, a build server. */
  public static final Terminal NONE = new Terminal(false, false, USUAL_COLUMNS, USUAL_ROWS);

  /** Looks at this process's standard error. */
  public static Terminal ofStandardError() {
    String kind = env("TERM");
    if (kind.equals("dumb") || !env("CI").isEmpty() || !isTerminal(2)) {
      return NONE;
    }
    int columns = USUAL_COLUMNS;
    int rows = USUAL_ROWS;
    Matcher size = SIZE.matcher(sizeOfTerminal());
    if (size.find()) {
      rows = Math.max(3, Integer.parseInt(size.group(1)));
      columns = Math.max(20, Integer.parseInt(size.group(2)));
    }
    return new Terminal(true, env("NO_COLOR").isEmpty(), columns, rows);
  }

  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false; // No Linux: plain lines are always right.
    }
  }

  private static String sizeOfTerminal() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!stty.waitFor(1, TimeUnit.SECONDS)) {
        stty.destroyForcibly();
        return "";
      }
      return new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      return ""; // No stty, no terminal: the usual size will do.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private static String env(String name) {
    String value = System.getenv(name);
    return value == null ? "" : value.toLowerCase(Locale.ROOT);
  }
}
