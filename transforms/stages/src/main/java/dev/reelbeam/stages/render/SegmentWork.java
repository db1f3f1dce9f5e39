package dev.reelbeam.stages.render;

import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.probe.GroupLook;
import dev.reelbeam.media.render.FrameListener;
import dev.reelbeam.media.render.Segment;
import dev.reelbeam.media.render.SegmentRenderer;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.store.MediaRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renders one segment into the store. */
final class SegmentWork {
  private static final Logger log = LoggerFactory.getLogger(SegmentWork.class);

  private SegmentWork() {}

  /** Decodes a segment that was just encoded, see {@link PictureLooks#decode}. */
  interface Proof {
    List<GroupLook> decode(Path file, int frames) throws StageException;
  }

  /**
   * Renders, decodes again and stores, under no key yet. What does not decode is rendered once
   * more: the encoder, or the memory that it ran in, did something wrong.
   *
   * @param frames hears of every few frames that are done
   * @throws StageException as {@link SegmentRenderer#renderWatched}, and 3031 or 3034 if it does
   *     not decode the second time either
   */
  static MediaRef render(
      SegmentRenderer renderer,
      Segment segment,
      EncodingSettings settings,
      ObjectStore bytes,
      IntConsumer frames)
      throws StageException {
    return render(renderer, segment, settings, bytes, frames, PictureLooks::decode);
  }

  /** The same with another proof of what was made. */
  static MediaRef render(
      SegmentRenderer renderer,
      Segment segment,
      EncodingSettings settings,
      ObjectStore bytes,
      IntConsumer frames,
      Proof proof)
      throws StageException {
    Path draft = null;
    int[] reported = new int[1];
    FrameListener progress =
        (done, total) -> {
          // Those of a second attempt were told of already.
          if (done > reported[0]) {
            frames.accept(done - reported[0]);
            reported[0] = done;
          }
        };
    try {
      draft = Files.createTempFile("reelbeam-segment-", ".mp4");
      renderer.renderWatched(segment, settings, bytes::localFile, draft, progress);
      List<GroupLook> seen;
      try {
        seen = proven(renderer, segment, settings, draft, proof);
      } catch (StageException e) {
        if (e.code() != FailureCode.SEGMENT_FAILED && e.code() != FailureCode.MEDIA_UNREADABLE) {
          throw e;
        }
        log.warn("a segment does not decode, it is rendered once more: {}", e.getMessage());
        renderer.renderWatched(segment, settings, bytes::localFile, draft, progress);
        seen = proven(renderer, segment, settings, draft, proof);
      }
      MediaRef made = bytes.put(draft, "video/mp4");
      PictureLooks.keep(bytes, made, seen);
      return made;
    } catch (IOException e) {
      throw new StoreException(FailureCode.STORAGE_UNAVAILABLE, "cannot write a temporary file", e);
    } finally {
      deleteQuietly(draft);
    }
  }

  /** A decoder may hang as an encoder may. */
  private static List<GroupLook> proven(
      SegmentRenderer renderer, Segment segment, EncodingSettings settings, Path file, Proof proof)
      throws StageException {
    return renderer.watched(
        segment,
        settings,
        "decoding the finished segment of",
        () -> proof.decode(file, segment.frames()));
  }

  private static void deleteQuietly(@Nullable Path draft) {
    try {
      if (draft != null) {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      log.warn("temporary file {} stays behind", draft, e);
    }
  }
}
