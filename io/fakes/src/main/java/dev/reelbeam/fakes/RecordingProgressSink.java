package dev.reelbeam.fakes;

import dev.reelbeam.model.port.ProgressSink;
import dev.reelbeam.model.project.ProgressEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps every progress event. Thread-safe. */
public final class RecordingProgressSink implements ProgressSink {
  private final List<ProgressEvent> events = new CopyOnWriteArrayList<>();

  @Override
  public void send(ProgressEvent event) {
    events.add(event);
  }

  /** What was sent, in order. */
  public List<ProgressEvent> events() {
    return List.copyOf(events);
  }

  @Override
  public void close() {
    // What was sent stays readable.
  }
}
