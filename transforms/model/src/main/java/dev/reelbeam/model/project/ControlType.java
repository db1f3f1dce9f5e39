package dev.reelbeam.model.project;

import java.util.Locale;
import java.util.Optional;

/** What a control event asks for. */
public enum ControlType {
  /** A new script for one variant; the payload is a {@link ScriptEdit}. Raises the epoch. */
  SCRIPT_EDITED,
  /** Another voice or pace; the payload is a {@link VoiceChange}. Raises the epoch. */
  VOICE_CHANGED,
  /** Another picture in place of one; the payload is an {@link AssetSwap}. Raises the epoch. */
  ASSET_SWAPPED,
  /** Other texts over the picture; the payload is an {@link OverlayChange}. Raises the epoch. */
  OVERLAY_CHANGED,
  /** The artifact that the event names may go on. */
  APPROVED,
  /** The artifact that the event names goes no further. */
  REJECTED,
  /** The work on the project stops at the next segment. Raises the epoch. */
  CANCEL,
  /** The record is sent through again, with the edits that stand. Raises the epoch. */
  RETRY,
  /** A finished video is to be published; recorded here, done by the publishing stage. */
  PUBLISH;

  /** The name on the wire, for example {@code script_edited}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether an accepted event of this type raises the project's epoch. */
  public boolean raisesEpoch() {
    return switch (this) {
      case SCRIPT_EDITED, VOICE_CHANGED, ASSET_SWAPPED, OVERLAY_CHANGED, CANCEL, RETRY -> true;
      case APPROVED, REJECTED, PUBLISH -> false;
    };
  }

  /** Whether it is a gate that has to hear of it. */
  public boolean forGate() {
    return this == APPROVED || this == REJECTED;
  }

  /** The type of a name on the wire. */
  public static Optional<ControlType> find(String label) {
    for (ControlType type : values()) {
      if (type.label().equals(label)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
