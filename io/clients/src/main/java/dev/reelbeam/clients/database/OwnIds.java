package dev.reelbeam.clients.database;

import java.util.Optional;
import java.util.UUID;

/** Ids of videos that were published here are UUIDs; those of lists may be anything. */
public final class OwnIds {
  private OwnIds() {}

  /** The id as the database's index knows it; empty when it is none. */
  public static Optional<UUID> of(String id) {
    try {
      UUID uuid = UUID.fromString(id);
      // It takes shorter ones, too, and fills them up.
      return uuid.toString().equals(id) ? Optional.of(uuid) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
