package dev.reelbeam.model.port;

import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.moderation.ModerationReport;
import dev.reelbeam.model.moderation.ModerationRequest;
import java.util.List;

/**
 * Looks at texts and pictures before a video is made of them, and at the video before it leaves.
 * Thread-safe.
 */
public interface Moderator extends AutoCloseable {
  /** Provider, model, thresholds and rules; part of every key under which reports are stored. */
  String identity();

  /** Those who are asked one by one; the strictest decides. */
  default List<Moderator> members() {
    return List.of(this);
  }

  /**
   * How many pictures of a record it wants to see before anything is bought, and how many frames of
   * a finished video; 0 if it looks at no pictures.
   */
  default int frames() {
    return 0;
  }

  /**
   * Whether it calls anybody: what looks things up in its own lists is asked anew each time. Who
   * calls judges each text, in its language, and each picture by itself, wherever the video goes:
   * what it said is stored for all videos, and its findings have the place of what they are about.
   */
  default boolean calls() {
    return false;
  }

  /**
   * What a look at this amounts to, for those who bill it; empty where nothing can be billed. Most
   * bill nothing: only what the rate card has a price for counts.
   */
  default List<Charge> price(ModerationRequest request) {
    return List.of();
  }

  /**
   * Looks at everything that is given to it.
   *
   * @throws StageException {@code PROVIDER_*} if it could not be asked
   */
  ModerationReport review(ModerationRequest request) throws StageException;

  @Override
  default void close() {}
}
