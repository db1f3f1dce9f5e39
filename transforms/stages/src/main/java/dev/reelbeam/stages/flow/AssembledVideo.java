package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.store.MediaRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A finished bitstream.
 *
 * @param mp4 the file
 * @param segments what its picture was copied from, in order; empty in values from before this
 *     component existed
 * @param sound what its sound was copied from; null in values from before
 * @param segmentsFound segments that were found
 * @param segmentsRendered segments that had to be rendered
 */
public record AssembledVideo(
    LaidOutVideo video,
    MediaRef mp4,
    List<MediaRef> segments,
    @Nullable MediaRef sound,
    int segmentsFound,
    int segmentsRendered)
    implements Derived {
  public AssembledVideo {
    segments = segments == null ? List.of() : List.copyOf(segments);
  }

  @Override
  public Tracked origin() {
    return video;
  }
}
