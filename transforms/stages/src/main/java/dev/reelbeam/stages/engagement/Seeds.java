package dev.reelbeam.stages.engagement;

import dev.reelbeam.model.engagement.Packed;

/**
 * Marks in blocks of snapshots and of changes: an entry with an empty name, which no video and no
 * day has. What follows in the block, up to the next mark, is of the mark's generation.
 */
final class Seeds {
  /** What follows is kept from before, and counts when all of it is there. */
  static final int SOME = 0;

  /** All seeds of the generation are there; in changes: all of one shard of videos. */
  static final int ALL = 1;

  /** Instead of a generation: the newest moment that the sender was told of, in seconds. */
  static final int NEWEST = 2;

  private Seeds() {}

  static Packed.Writer mark(Packed.Writer writer, long number, int kind) {
    return writer.text("").unsigned(number).raw(kind);
  }
}
