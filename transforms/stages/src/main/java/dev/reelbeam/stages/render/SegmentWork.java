package dev.reelbeam.stages.render;

import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.probe.GroupLook;
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

  /**
   * Renders, decodes again and stores, under no key yet.
   *
   * @param frames hears of every few frames that are done
   */
  static MediaRef render(
      SegmentRenderer renderer,
      Segment segment,
      EncodingSettings settings,
      ObjectStore bytes,
      IntConsumer frames)
      throws StageException {
    Path draft = null;
    int[] reported = new int[1];
    try {
      draft = Files.createTempFile("reelbeam-segment-", ".mp4");
      renderer.renderWatched(
          segment,
          settings,
          bytes::localFile,
          draft,
          (done, total) -> {
            frames.accept(done - reported[0]);
            reported[0] = done;
          });
      List<GroupLook> seen = PictureLooks.decode(draft, segment.frames());
      MediaRef made = bytes.put(draft, "video/mp4");
      PictureLooks.keep(bytes, made, seen);
      return made;
    } catch (IOException e) {
      throw new StoreException(FailureCode.STORAGE_UNAVAILABLE, "cannot write a temporary file", e);
    } finally {
      deleteQuietly(draft);
    }
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
