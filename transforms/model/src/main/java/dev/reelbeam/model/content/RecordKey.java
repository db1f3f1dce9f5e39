package dev.reelbeam.model.content;

import java.io.Serializable;

/** A record's identity: its id and the revision of its content, counted from 1. */
public record RecordKey(String recordId, int revision) implements Serializable {
  @Override
  public String toString() {
    return recordId + "@" + revision;
  }
}
