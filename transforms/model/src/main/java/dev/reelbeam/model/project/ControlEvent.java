package dev.reelbeam.model.project;

import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.store.MediaRef;
import java.io.Serializable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a person, or a program on their behalf, wants of a project.
 *
 * <p>Events may be repeated, late, early or wrong. They are fenced by the epoch and the artifact's
 * hash: an approval of one version never approves another.
 *
 * @param eventId unique; an event that comes again under its id is the same event
 * @param type wire name of a {@link ControlType}; unknown ones are recorded and dropped
 * @param project id of the content record
 * @param gate wire name of a {@link Gate}; of approved and rejected, and of edits made at a gate
 * @param artifact sha256 of the artifact that the person saw; required by approved and rejected
 * @param epoch the project's epoch that the person saw; 0: not stated, the hash alone decides
 * @param who user id; never empty in an accepted event
 * @param atMs when it was decided, ms since 1970 UTC, by the sender's clock; see {@link #heardAt}
 * @param reason why, for rejections and the audit log
 * @param payload the stored edit, as JSON; edits are stored before they flow
 */
public record ControlEvent(
    String eventId,
    String type,
    String project,
    @Nullable String gate,
    @Nullable String artifact,
    long epoch,
    String who,
    long atMs,
    @Nullable String reason,
    @Nullable MediaRef payload)
    implements Serializable {
  private static final int MAX_NAME_CHARACTERS = 300;
  private static final int MAX_REASON_CHARACTERS = 4_000;

  /** The end of the year 9999. */
  private static final long MAX_AT_MS = 253_402_300_799_999L;

  /** An event without artifact, reason or payload: cancel, retry. */
  public static ControlEvent of(
      String eventId, ControlType type, String project, String who, long atMs) {
    return new ControlEvent(eventId, type.label(), project, null, null, 0, who, atMs, null, null);
  }

  /** An event about an artifact at a gate: approved, rejected. */
  public static ControlEvent about(
      String eventId,
      ControlType type,
      String project,
      Gate gate,
      String artifact,
      long epoch,
      String who,
      long atMs,
      @Nullable String reason) {
    return new ControlEvent(
        eventId, type.label(), project, gate.label(), artifact, epoch, who, atMs, reason, null);
  }

  /** An edit: its payload is stored already. */
  public static ControlEvent edit(
      String eventId,
      ControlType type,
      String project,
      long epoch,
      String who,
      long atMs,
      MediaRef payload) {
    return new ControlEvent(
        eventId, type.label(), project, null, null, epoch, who, atMs, null, payload);
  }

  /** What it asks for, empty when that is unknown. */
  public Optional<ControlType> knownType() {
    return ControlType.find(type);
  }

  /** The gate that it names, empty when there is none or it is unknown. */
  public Optional<Gate> knownGate() {
    return gate == null ? Optional.empty() : Gate.find(gate);
  }

  /**
   * Reads an event in wire form.
   *
   * @throws IllegalArgumentException with a message for the sender when it is not one
   */
  public static ControlEvent parse(String json) {
    ControlEvent event = RecordJson.read(json, ControlEvent.class);
    if (isBlank(event.eventId)) {
      throw new IllegalArgumentException("event_id is missing");
    }
    if (isBlank(event.type)) {
      throw new IllegalArgumentException("type is missing");
    }
    if (isBlank(event.project)) {
      throw new IllegalArgumentException("project is missing");
    }
    if (isBlank(event.who)) {
      throw new IllegalArgumentException("who is missing: every decision has somebody behind it");
    }
    requireName("event_id", event.eventId);
    requireName("type", event.type);
    requireName("project", event.project);
    requireName("gate", event.gate);
    requireName("artifact", event.artifact);
    requireName("who", event.who);
    if (event.atMs < 0 || event.atMs > MAX_AT_MS) {
      throw new IllegalArgumentException("at_ms is no time in milliseconds: " + event.atMs);
    }
    return event.reason == null ? event : event.withReason(readable(event.reason));
  }

  /**
   * The same event as it is known to have been sent: not later than it was heard. A sender's clock
   * may be ahead, and decisions are put in their order by these times.
   *
   * @param heardMs when it was heard, ms since 1970 UTC
   */
  public ControlEvent heardAt(long heardMs) {
    return atMs <= heardMs
        ? this
        : new ControlEvent(
            eventId, type, project, gate, artifact, epoch, who, heardMs, reason, payload);
  }

  private ControlEvent withReason(String newReason) {
    return new ControlEvent(
        eventId, type, project, gate, artifact, epoch, who, atMs, newReason, payload);
  }

  private static String readable(String text) {
    String clean = text.replace("\0", "");
    return clean.length() > MAX_REASON_CHARACTERS
        ? clean.substring(0, MAX_REASON_CHARACTERS)
        : clean;
  }

  /** What is looked up by the database, or written there, is short and has no NUL. */
  private static void requireName(String field, @Nullable String text) {
    if (text != null && (text.length() > MAX_NAME_CHARACTERS || text.indexOf('\0') >= 0)) {
      throw new IllegalArgumentException(field + " is too long or holds a NUL");
    }
  }

  private static boolean isBlank(@Nullable String text) {
    return text == null || text.isBlank();
  }
}
