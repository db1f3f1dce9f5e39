package dev.reelbeam.stages.project;

import dev.reelbeam.model.project.ProjectRow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was sent on of a project, and which events were dealt with: how a repeated element is told
 * from one that is processed again after a failure.
 *
 * @param revision newest revision sent on, 0: none yet
 * @param content hash of its content
 * @param epoch epoch in which it was sent on last
 * @param events ids of the last events, oldest first
 */
record Known(int revision, @Nullable String content, long epoch, List<String> events) {
  /** So many events are recognised when they come again. */
  static final int MOST_EVENTS = 64;

  static final Known NOTHING = new Known(0, null, 0, List.of());

  /** Whether the project was sent on as it stands. */
  boolean is(ProjectRow row) {
    return revision == row.entry().key().revision()
        && row.entry().content().sha256().equals(content)
        && epoch == row.epoch();
  }

  Known sentOn(int newRevision, String newContent, long newEpoch) {
    return new Known(newRevision, newContent, newEpoch, events);
  }

  Known heard(String eventId) {
    List<String> more = new ArrayList<>(events);
    more.add(eventId);
    if (more.size() > MOST_EVENTS) {
      more.remove(0);
    }
    return new Known(revision, content, epoch, List.copyOf(more));
  }
}
