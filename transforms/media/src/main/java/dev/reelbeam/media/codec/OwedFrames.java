package dev.reelbeam.media.codec;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import java.util.TreeSet;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;

/**
 * The frames that a decoder has been given and has not shown: a lenient one drops what it cannot
 * read without a word, and then the frame before would stand in for it.
 */
final class OwedFrames {
  private final TreeSet<Long> owed = new TreeSet<>();
  private boolean begun;
  private boolean countable = true;

  /** From here on a stream is joined anew: what comes before the first frame is not owed. */
  void restart() {
    owed.clear();
    begun = false;
  }

  /** A packet was given to the decoder. */
  void given(AVPacket packet) {
    boolean shown = (packet.flags() & avcodec.AV_PKT_FLAG_DISCARD) == 0;
    if (countable && shown && packet.pts() != AV_NOPTS_VALUE) {
      owed.add(packet.pts());
    }
  }

  /** A frame came out; whether one that is seen before it never did. */
  boolean skippedBefore(AVFrame frame) {
    if ((frame.flags() & AVFrame.AV_FRAME_FLAG_INTERLACED) != 0) {
      // Its two fields may be packets of their own, with a time each.
      countable = false;
      owed.clear();
    }
    long pts = frame.pts();
    if (!countable || pts == AV_NOPTS_VALUE) {
      return false;
    }
    boolean skipped = begun && owed.lower(pts) != null;
    owed.headSet(pts, true).clear();
    begun = true;
    return skipped;
  }

  /** Whether the stream ended before all were shown. */
  boolean missing() {
    return !owed.isEmpty();
  }
}
