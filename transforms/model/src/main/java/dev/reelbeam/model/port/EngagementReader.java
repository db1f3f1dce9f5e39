package dev.reelbeam.model.port;

import dev.reelbeam.model.engagement.EngagementReading;
import dev.reelbeam.model.engagement.PublishedPost;
import dev.reelbeam.model.failure.StageException;
import java.util.List;

/** Asks one platform what it counted about published videos. Thread-safe. */
public interface EngagementReader {
  /** Id of the platform, as in {@link dev.reelbeam.model.video.Platform}. */
  String platform();

  /** Most videos of one {@link #read}. */
  int batch();

  /** Units of the platform's quota that a read of so many videos may take. */
  int units(int videos);

  /**
   * Reads the counters of videos of one account.
   *
   * <p>A counter that the platform did not tell is null. A video that it does not know is told as
   * removed; whether it is gone for good is for the caller to judge. Reading again does no harm.
   *
   * @param posts at most {@link #batch()}, all of this account
   * @param nowMs becomes the snapshots' {@code fetchedAtMs}
   * @throws StageException {@code TOKEN_EXPIRED} when the account has to be connected again, {@code
   *     PROVIDER_QUOTA} when nothing is left for today, {@code PROVIDER_*} else; nothing is told of
   *     any of the videos then
   */
  EngagementReading read(String account, List<PublishedPost> posts, long nowMs)
      throws StageException;
}
