package dev.reelbeam.media.audio;

import dev.reelbeam.media.codec.AudioDecoder;
import dev.reelbeam.media.codec.AudioLimits;
import dev.reelbeam.media.codec.AudioPcm;
import dev.reelbeam.model.failure.StageException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The sound of a clip as it is heard in one shot: trimmed, sped and looped as the picture is, with
 * 10 ms ramps at both ends, at every seam, and where the clip's own sound begins or ends within it.
 *
 * @param pcm two channels, at the clip's own level
 * @param startSample where it begins in the video
 * @param levelPercent its loudness against the narration's, as an amplitude
 */
public record ClipSound(AudioPcm pcm, int startSample, int levelPercent) {
  private static final int RAMP = NarrationTrack.RAMP_SAMPLES;

  /** A clip that is looked at for a minute has no more sound than this. */
  private static final AudioLimits LIMITS = new AudioLimits(1L << 30, 4 * 3600);

  /**
   * Decodes the part of a clip's sound that a shot plays. Only that part is held in memory.
   *
   * @param inUs where the part begins in the clip
   * @param outUs where it ends
   * @param speedPermille 1000 is the clip's own pace; pitch follows, as on tape
   * @param loop whether the part begins again at its end
   * @param startUs when the shot begins in the video
   * @param lengthUs how long the shot is seen
   * @throws StageException 3010 if the sound is damaged
   */
  public static ClipSound of(
      Path clip,
      long inUs,
      long outUs,
      int speedPermille,
      boolean loop,
      long startUs,
      long lengthUs,
      int levelPercent)
      throws StageException {
    return of(clip, 0, inUs, outUs, speedPermille, loop, startUs, lengthUs, levelPercent);
  }

  /**
   * Decodes the part of a clip's sound that a shot plays. Only that part is held in memory.
   *
   * @param delayUs how much later than its picture the clip's sound begins; negative for earlier
   * @param inUs where the part begins in the clip, counted from its first picture
   * @param outUs where it ends
   * @param speedPermille 1000 is the clip's own pace; pitch follows, as on tape
   * @param loop whether the part begins again at its end
   * @param startUs when the shot begins in the video
   * @param lengthUs how long the shot is seen
   * @throws StageException 3010 if the sound is damaged
   */
  public static ClipSound of(
      Path clip,
      long delayUs,
      long inUs,
      long outUs,
      int speedPermille,
      boolean loop,
      long startUs,
      long lengthUs,
      int levelPercent)
      throws StageException {
    int from = samples(inUs - delayUs);
    int length = samples(lengthUs);
    int part = samples(outUs - inUs);
    int needed = loop ? part : (int) Math.min(part, (long) length * speedPermille / 1000 + 2);
    float[][] source = decode(clip, from, Math.max(1, needed));
    int lap = Math.max(1, (int) ((long) source[0].length * 1000 / speedPermille));
    float[][] heard = new float[2][length];
    for (int channel = 0; channel < 2; channel++) {
      for (int start = 0; start < length; start += lap) {
        int count = Math.min(lap, length - start);
        stretch(source[channel], speedPermille, heard[channel], start, count);
        ramp(heard[channel], start, count);
        if (!loop) {
          break;
        }
      }
    }
    return new ClipSound(AudioPcm.stereo(heard[0], heard[1]), samples(startUs), levelPercent);
  }

  private static int samples(long us) {
    return Math.toIntExact(AudioPcm.usToSamples(us));
  }

  private static float[][] decode(Path clip, int from, int count) throws StageException {
    float[][] kept = new float[2][count];
    long[] position = new long[1];
    try {
      AudioDecoder.Summary ignored =
          AudioDecoder.stream(
              clip,
              LIMITS,
              (planes, added) -> {
                long begin = Math.max(from, position[0]);
                long end = Math.min((long) from + count, position[0] + added);
                for (int channel = 0; begin < end && channel < 2; channel++) {
                  System.arraycopy(
                      planes[Math.min(channel, planes.length - 1)],
                      (int) (begin - position[0]),
                      kept[channel],
                      (int) (begin - from),
                      (int) (end - begin));
                }
                position[0] += added;
                if (position[0] >= (long) from + count) {
                  throw new Enough();
                }
              });
    } catch (Enough enough) {
      // What lies behind the part is nobody's concern.
    }
    int begins = Math.max(0, -from);
    int ends = (int) Math.min(count, position[0] - from);
    if (ends > begins && (begins > 0 || ends < count)) {
      for (float[] plane : kept) {
        ramp(plane, begins, ends - begins);
      }
    }
    return kept;
  }

  /** Ends the decoding early. */
  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Enough() {
      super("enough", null, false, false);
    }
  }

  /** Cubic interpolation (Catmull-Rom) at another pace. */
  private static void stretch(
      float[] source, int speedPermille, float[] target, int start, int count) {
    if (speedPermille == 1000) {
      System.arraycopy(source, 0, target, start, Math.min(count, source.length));
      return;
    }
    for (int i = 0; i < count; i++) {
      long thousandths = (long) i * speedPermille;
      int at = (int) (thousandths / 1000);
      if (at >= source.length) {
        return;
      }
      float t = (int) (thousandths % 1000) / 1000f;
      float a = source[Math.max(0, at - 1)];
      float b = source[at];
      float c = source[Math.min(source.length - 1, at + 1)];
      float d = source[Math.min(source.length - 1, at + 2)];
      target[start + i] =
          b + 0.5f * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
    }
  }

  private static void ramp(float[] plane, int start, int count) {
    int ramp = Math.min(RAMP, count / 2);
    for (int i = 0; i < ramp; i++) {
      float gain = (float) (0.5 - 0.5 * StrictMath.cos(StrictMath.PI * (i + 0.5) / ramp));
      plane[start + i] *= gain;
      plane[start + count - 1 - i] *= gain;
    }
  }

  /** The same, silent where there is nothing: a clip without sound adds nothing. */
  boolean silent() {
    return levelPercent == 0 || allZero(pcm.left()) && allZero(pcm.right());
  }

  private static boolean allZero(float[] plane) {
    float[] nothing = new float[plane.length];
    return Arrays.equals(plane, nothing);
  }
}
