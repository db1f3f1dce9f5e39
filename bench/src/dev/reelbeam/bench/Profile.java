package dev.reelbeam.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where the main process computes, from a flight recording: a sample of every running Java thread
 * every {@value #PERIOD_MS} ms.
 *
 * <p>The recorder looks at one thread at a time that is in native code, so native work (x264, the
 * decoder, the scaler) is counted at least once, not once per thread: its figures are lower bounds.
 */
final class Profile {
  static final int PERIOD_MS = 10;

  /** What the recorder is told to record. */
  static final String SETTINGS =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><configuration version=\"2.0\">"
          + sampling("jdk.ExecutionSample")
          + sampling("jdk.NativeMethodSample")
          + "</configuration>";

  private static final String PROJECT = "dev.reelbeam.";
  private static final int MOST_ROWS = 18;
  private static final List<String> WAITING =
      List.of("read0", "readBytes", "readBytes0", "poll", "wait", "waitForProcessExit0", "accept");

  private final Map<String, Integer> javaByPlace = new HashMap<>();
  private final Map<String, Integer> nativeByPlace = new HashMap<>();
  private final Map<String, Integer> javaByStage = new HashMap<>();

  private static String sampling(String event) {
    return "<event name=\""
        + event
        + "\"><setting name=\"enabled\">true</setting><setting name=\"period\">"
        + PERIOD_MS
        + " ms</setting></event>";
  }

  static String of(Path recording) throws IOException {
    Profile profile = new Profile();
    try (RecordingFile file = new RecordingFile(recording)) {
      while (file.hasMoreEvents()) {
        profile.add(file.readEvent());
      }
    }
    StringBuilder text = new StringBuilder();
    text.append("\nJava code of the main process, CPU seconds by stage:\n\n");
    table(text, profile.javaByStage);
    text.append("\nThe same by the innermost place in this project's code:\n\n");
    table(text, profile.javaByPlace);
    text.append("\nNative code by the place that calls it, at least:\n\n");
    table(text, profile.nativeByPlace);
    return text.toString();
  }

  private static void table(StringBuilder text, Map<String, Integer> samples) {
    int all = samples.values().stream().mapToInt(Integer::intValue).sum();
    text.append("| place | s |\n|---|---:|\n");
    samples.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
        .limit(MOST_ROWS)
        .forEach(
            entry ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        "| %s | %.1f |%n",
                        entry.getKey(),
                        seconds(entry.getValue()))));
    text.append(String.format(Locale.ROOT, "| all | %.1f |%n", seconds(all)));
  }

  private static double seconds(int samples) {
    return samples * PERIOD_MS / 1000.0;
  }

  private void add(RecordedEvent event) {
    String type = event.getEventType().getName();
    boolean inJava = type.equals("jdk.ExecutionSample");
    if ((!inJava && !type.equals("jdk.NativeMethodSample")) || event.getStackTrace() == null) {
      return;
    }
    List<RecordedFrame> frames = event.getStackTrace().getFrames();
    if (frames.isEmpty() || (!inJava && WAITING.contains(frames.get(0).getMethod().getName()))) {
      return;
    }
    String place = null;
    String stage = null;
    for (RecordedFrame frame : frames) {
      String type0 = frame.getMethod().getType().getName();
      if (type0.startsWith(PROJECT)) {
        String simple = type0.substring(type0.lastIndexOf('.') + 1);
        if (place == null) {
          place = "`" + simple + "." + frame.getMethod().getName() + "`";
        }
        if ((type0.startsWith(PROJECT + "stages.") && !type0.contains(".step."))
            || type0.startsWith(PROJECT + "pipelines.")
            || type0.startsWith(PROJECT + "connectors.")) {
          stage = simple.replaceAll("[$].*", "");
        }
      }
    }
    if (place == null) {
      place = inJava ? "outside this project (Beam, libraries, the JDK)" : null;
    }
    if (place == null) {
      return;
    }
    (inJava ? javaByPlace : nativeByPlace).merge(place, 1, Integer::sum);
    if (inJava) {
      javaByStage.merge(stage == null ? "none (Beam, start-up)" : stage, 1, Integer::sum);
    }
  }
}
