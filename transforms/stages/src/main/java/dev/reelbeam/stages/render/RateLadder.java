package dev.reelbeam.stages.render;

import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.model.video.Variant;

/**
 * Keeps a variant's file under its tightest member's limit, by arithmetic.
 *
 * <p>Every segment is encoded alone, with a decoder's buffer of {@code B} bits that begins nine
 * tenths full. So a segment of {@code d} seconds holds at most {@code R * d + 0.9 * B} bits, where
 * {@code R} is the cap, and a video of {@code D} seconds in {@code K} segments at most {@code R * D
 * + 0.9 * K * B}. The first rung is the highest cap for which this, with sound and container, stays
 * under the limit. What x264 cannot hold, because even its coarsest picture is larger, is bounded
 * overshoot: {@link FitSize} weighs the segments and takes the whole variant to another rung.
 *
 * <p>Caps come from a fixed series, a fifth apart, and are worked out for round lengths and round
 * numbers of segments, so that an edit that makes the video some seconds longer or cuts it once
 * more leaves the settings, and with them the segments, as they were. Only one that takes the video
 * from one round length into the next (over 30, 60, 90 or 120 s) may change them.
 */
final class RateLadder {
  /** Caps in kbit/s. */
  private static final int[] CAPS = {
    12_000, 9_600, 7_700, 6_200, 5_000, 4_000, 3_200, 2_500, 2_000, 1_600, 1_300, 1_000, 800, 640,
    510, 410, 330, 260, 210, 170, 130, 100, 80, 64
  };

  /** How many seconds at the cap's rate the buffer holds; the uncapped default has twice that. */
  private static final int BUFFER_SECONDS = 1;

  /** Bits per second of sound at most: AAC at 192 kbit/s with what its packets vary by. */
  private static final long SOUND_BPS = 200_000;

  /** Entries of the index for each second: 30 frames to 60 frames and 47 packets of sound. */
  private static final long INDEX_BPS = 14_000;

  private static final long HEADER_BITS = 8 * 8_192;

  /** The rate factor goes up in steps of this. */
  private static final int CRF_STEP = 2;

  /** What the bytes before a step are of those behind it: three steps halve them, or nearly. */
  private static final int STEP_PERCENT = 127;

  private static final int HIGHEST_CRF = 45;

  /** Longer side of what is only looked at. */
  private static final int SMALL_PX = 640;

  private RateLadder() {}

  /** Settings of a variant before anything was rendered. */
  static EncodingSettings first(Variant variant, int totalFrames, int segments) {
    // Small ones are to be had in seconds, unless somebody wants to see what the best looks like.
    EncodingSettings base =
        Math.max(variant.width(), variant.height()) <= SMALL_PX && !variant.quality().equals("best")
            ? EncodingSettings.preview(variant.frameRate())
            : quality(variant.quality(), variant.frameRate());
    base = base.withEncoder(variant.encoder());
    int roundFrames = roundFrames(totalFrames, variant.frameRate());
    // Shots are cut to 2-4 s: one segment for two seconds is more than there are, nearly always.
    int most = Math.max(roundFrames / (2 * variant.frameRate()), segments);
    int roundSegments = (most + 9) / 10 * 10;
    long pictureBits = pictureBits(variant, roundFrames);
    for (int cap : CAPS) {
      boolean highest = cap == CAPS[0];
      long buffer = highest ? 2L * cap : (long) BUFFER_SECONDS * cap;
      if (mostBits(cap, buffer, roundFrames, variant.frameRate(), roundSegments) <= pictureBits) {
        return highest ? base : base.withCap(cap, (int) buffer);
      }
    }
    int lowest = CAPS[CAPS.length - 1];
    return base.withCap(lowest, BUFFER_SECONDS * lowest);
  }

  /** The length that the cap is worked out for: half minutes up to two minutes, then whole ones. */
  private static int roundFrames(int totalFrames, int frameRate) {
    int half = 30 * frameRate;
    int step = totalFrames <= 4 * half ? half : 2 * half;
    return (totalFrames + step - 1) / step * step;
  }

  private static EncodingSettings quality(String quality, int frameRate) {
    return switch (quality) {
      case "draft" -> EncodingSettings.draft(frameRate);
      case "best" -> EncodingSettings.best(frameRate);
      default -> EncodingSettings.standard(frameRate);
    };
  }

  /** What the limit leaves for the picture, in bits. */
  static long pictureBits(Variant variant, int totalFrames) {
    long others = (SOUND_BPS + INDEX_BPS) * totalFrames / variant.frameRate() + HEADER_BITS;
    return Math.max(0, 8 * variant.maxBytes() - others);
  }

  /** The most that a cap lets through, in bits. */
  static long mostBits(
      long capKbps, long bufferKbits, int totalFrames, int frameRate, int segments) {
    return capKbps * 1000 * totalFrames / frameRate + 900 * bufferKbits * segments;
  }

  /** Whether segments of so many bytes altogether fit. */
  static boolean fits(long segmentBytes, Variant variant, int totalFrames) {
    return 8 * segmentBytes <= pictureBits(variant, totalFrames);
  }

  /**
   * The next rung for a variant whose segments came out too large: the cap lowered by as much as
   * they were too large and at least by a step, the rate factor raised in whole steps by what
   * should bring that about.
   */
  static EncodingSettings next(
      EncodingSettings current, long segmentBytes, Variant variant, int totalFrames) {
    long pictureBits = Math.max(1, pictureBits(variant, totalFrames));
    long meanKbps = 8 * segmentBytes * variant.frameRate() / totalFrames / 1000;
    long from = current.maxrateKbps() == 0 ? meanKbps : Math.min(meanKbps, current.maxrateKbps());
    // A twentieth below what would just fit, as sizes do not follow exactly.
    long wanted = from * 95 / 100 * pictureBits / Math.max(1, 8 * segmentBytes);
    int cap = CAPS[CAPS.length - 1];
    for (int candidate : CAPS) {
      if (candidate <= wanted) {
        cap = candidate;
        break;
      }
    }
    long tooLargePermille = 8000 * segmentBytes / pictureBits;
    int raise = CRF_STEP;
    for (long reached = STEP_PERCENT * 10;
        reached < tooLargePermille && raise < HIGHEST_CRF;
        reached = reached * STEP_PERCENT / 100) {
      raise += CRF_STEP;
    }
    return current
        .withCrf(Math.max(current.crf(), Math.min(HIGHEST_CRF, current.crf() + raise)))
        .withCap(cap, BUFFER_SECONDS * cap);
  }
}
