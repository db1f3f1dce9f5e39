package dev.reelbeam.media.audio;

import dev.reelbeam.media.codec.AudioPcm;
import dev.reelbeam.media.codec.AudioSource;
import org.jspecify.annotations.Nullable;

/**
 * Music repeated to a length, with a fade at each end: 300 ms in, 1.2 s out, raised cosine.
 *
 * <p>Computed while it is read: a long video needs no long music in memory.
 */
public final class MusicBed implements AudioSource {
  static final int FADE_IN = AudioPcm.SAMPLE_RATE * 300 / 1000;
  static final int FADE_OUT = AudioPcm.SAMPLE_RATE * 1200 / 1000;

  private final MusicTrack track;
  private final int samples;
  private final float gain;
  private final @Nullable DuckingCurve ducking;

  private MusicBed(MusicTrack track, int samples, float gain, @Nullable DuckingCurve ducking) {
    this.track = track;
    this.samples = samples;
    this.gain = gain;
    this.ducking = ducking;
  }

  /** The track at its own level, repeated to {@code samples} samples. */
  public static MusicBed of(MusicTrack track, int samples) {
    return new MusicBed(track, samples, 1f, null);
  }

  /** The same with a constant gain, in thousandths of a decibel. */
  public MusicBed withGain(int gainMilliDb) {
    return new MusicBed(track, samples, (float) Decibels.factor(gainMilliDb), ducking);
  }

  MusicBed duckedBy(DuckingCurve curve) {
    return new MusicBed(track, samples, gain, curve);
  }

  @Override
  public int channels() {
    return 2;
  }

  @Override
  public int samples() {
    return samples;
  }

  @Override
  public void read(int from, int count, float[][] into) {
    float[] left = track.pcm().left();
    float[] right = track.pcm().right();
    int loop = track.loopSamples();
    int crossFade = track.crossFadeSamples();
    for (int i = 0; i < count; i++) {
      int at = from + i;
      int inLoop = at % loop;
      int index = track.loopStart() + inLoop;
      float factor = gain * fade(at);
      if (ducking != null) {
        factor *= ducking.at(at);
      }
      if (at >= loop && inLoop < crossFade) {
        // Joined material is alike, so the amplitudes, not the powers, add up to one.
        float entering = (inLoop + 0.5f) / crossFade;
        int leaving = index + loop;
        into[0][i] = factor * (entering * left[index] + (1 - entering) * left[leaving]);
        into[1][i] = factor * (entering * right[index] + (1 - entering) * right[leaving]);
      } else {
        into[0][i] = factor * left[index];
        into[1][i] = factor * right[index];
      }
    }
  }

  private float fade(int at) {
    int fromEnd = samples - 1 - at;
    if (at >= FADE_IN && fromEnd >= FADE_OUT) {
      return 1;
    }
    double in = at >= FADE_IN ? 1 : raisedCosine(at, FADE_IN);
    double out = fromEnd >= FADE_OUT ? 1 : raisedCosine(fromEnd, FADE_OUT);
    return (float) (in * out);
  }

  private static double raisedCosine(int position, int length) {
    return 0.5 - 0.5 * StrictMath.cos(StrictMath.PI * (position + 0.5) / length);
  }
}
