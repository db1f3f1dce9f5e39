package dev.reelbeam.pipelines.watch;

import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Shows a run while it goes on: on a terminal a line per video, drawn over five times a second;
 * elsewhere a line of text for a video that moved on, every few seconds at most.
 */
public final class ProgressDisplay implements AutoCloseable {
  private static final long LIVE_INTERVAL_MS = 200;
  private static final long PLAIN_INTERVAL_MS = 3_000;
  private static final int MOST_LINES = 12;

  private final RunProgress progress;
  private final Terminal terminal;
  private final PrintWriter out;
  private final long startedNs = System.nanoTime();
  private final ScheduledExecutorService ticker;
  private final Map<String, String> lastPlain = new HashMap<>();
  private int drawnLines;
  private boolean closed;

  private ProgressDisplay(RunProgress progress, Terminal terminal, PrintWriter out) {
    this.progress = progress;
    this.terminal = terminal;
    this.out = out;
    this.ticker =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "progress");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Begins to show a run. */
  public static ProgressDisplay start(RunProgress progress, Terminal terminal, PrintWriter out) {
    ProgressDisplay display = new ProgressDisplay(progress, terminal, out);
    long interval = terminal.live() ? LIVE_INTERVAL_MS : PLAIN_INTERVAL_MS;
    var unused =
        display.ticker.scheduleAtFixedRate(
            display::tick, terminal.live() ? 0 : interval, interval, TimeUnit.MILLISECONDS);
    return display;
  }

  /** Prints a line above the live block, or as it is. */
  public synchronized void say(String message) {
    erase();
    out.println(message);
    out.flush();
    if (!closed) {
      tick();
    }
  }

  /** Draws once. */
  synchronized void tick() {
    if (closed) {
      return;
    }
    if (terminal.live()) {
      draw();
    } else {
      log();
    }
  }

  /** Takes the live block away; prints nothing more. */
  @Override
  public synchronized void close() {
    if (!closed) {
      erase();
      out.flush();
      closed = true;
      ticker.shutdownNow();
    }
  }

  private void draw() {
    List<String> lines =
        ProgressLines.block(
            progress.videos(),
            progress.report().deadLetters().size(),
            Math.min(MOST_LINES, terminal.rows() - 1),
            terminal.columns(),
            (System.nanoTime() - startedNs) / 1_000_000,
            progress.remainingMs(),
            terminal.colour());
    StringBuilder text = new StringBuilder(up());
    for (String line : lines) {
      text.append("\u001b[2K").append(line).append('\n');
    }
    // What an earlier, longer block left below.
    text.append("\u001b[0J");
    drawnLines = lines.size();
    out.print(text);
    out.flush();
  }

  private void erase() {
    if (drawnLines > 0) {
      out.print(up() + "\u001b[0J");
      drawnLines = 0;
    }
  }

  private String up() {
    return drawnLines == 0 ? "" : "\u001b[" + drawnLines + "A\r";
  }

  private void log() {
    Long remainingMs = progress.remainingMs();
    for (VideoStatus video : progress.videos()) {
      String id = video.record() + video.presets();
      String state = ProgressLines.plain(video, null);
      if (!state.equals(lastPlain.put(id, state))) {
        out.println(ProgressLines.plain(video, remainingMs));
      }
    }
    out.flush();
  }
}
