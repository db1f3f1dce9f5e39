package dev.reelbeam.media.audio;

import dev.reelbeam.media.codec.AudioDecoder;
import dev.reelbeam.media.codec.AudioLimits;
import dev.reelbeam.media.codec.AudioPcm;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Spoken pieces joined into one 48 kHz mono narration, each at a known sample.
 *
 * <p>A piece begins where its predecessor and the pause after it end, to the sample, so the times
 * of its words are shifted by {@link Placement#startUs}. Its first and last 10 ms are ramped: no
 * cut clicks.
 */
public final class NarrationTrack {
  /** Length of the ramp at each end of a piece. */
  static final int RAMP_SAMPLES = AudioPcm.SAMPLE_RATE / 100;

  private final AudioPcm pcm;
  private final List<Placement> placements;

  private NarrationTrack(AudioPcm pcm, List<Placement> placements) {
    this.pcm = pcm;
    this.placements = List.copyOf(placements);
  }

  /**
   * Where a piece lies in the narration.
   *
   * @param startSample its first sample, at 48 kHz
   * @param samples its length, without the pause
   */
  public record Placement(int startSample, int samples) {
    /** Its start in microseconds, to be added to the times of its words. */
    public long startUs() {
      return AudioPcm.samplesToUs(startSample);
    }

    /** Its end in microseconds. */
    public long endUs() {
      return AudioPcm.samplesToUs(startSample + (long) samples);
    }
  }

  /**
   * Joins pieces in order.
   *
   * @param leadInUs silence before the first piece
   * @throws StageException {@link FailureCode#AUDIO_UNDECODABLE} for a piece that is not audio, or
   *     when all together are longer than 20 minutes
   */
  public static NarrationTrack join(long leadInUs, List<NarrationPiece> pieces)
      throws StageException {
    List<float[]> sounds = new ArrayList<>();
    List<Placement> placements = new ArrayList<>();
    long at = AudioPcm.usToSamples(Math.max(0, leadInUs));
    long longest = (long) AudioLimits.DEFAULT.maxSeconds() * AudioPcm.SAMPLE_RATE;
    for (NarrationPiece piece : pieces) {
      float[] sound = AudioDecoder.decodeMono(piece.sound(), AudioLimits.DEFAULT).left();
      ramp(sound);
      sounds.add(sound);
      long end = at + sound.length + AudioPcm.usToSamples(piece.pauseAfterUs());
      if (end > longest) {
        throw new StageException(
            FailureCode.AUDIO_UNDECODABLE,
            piece.sound().getFileName() + ": the narration is longer than 20 minutes");
      }
      placements.add(new Placement((int) at, sound.length));
      at = end;
    }
    float[] joined = new float[(int) at];
    for (int i = 0; i < sounds.size(); i++) {
      float[] sound = sounds.get(i);
      System.arraycopy(sound, 0, joined, placements.get(i).startSample(), sound.length);
    }
    return new NarrationTrack(AudioPcm.mono(joined), placements);
  }

  /** A raised cosine over the first and the last 10 ms, or half the sound if it is shorter. */
  private static void ramp(float[] sound) {
    int length = Math.min(RAMP_SAMPLES, sound.length / 2);
    for (int i = 0; i < length; i++) {
      float gain = (float) (0.5 - 0.5 * StrictMath.cos(StrictMath.PI * (i + 0.5) / length));
      sound[i] *= gain;
      sound[sound.length - 1 - i] *= gain;
    }
  }

  /** The narration, one channel. */
  public AudioPcm pcm() {
    return pcm;
  }

  /** One place per piece, in order. */
  public List<Placement> placements() {
    return placements;
  }

  /** Writes the narration as 48 kHz 16-bit mono WAV. */
  public void writeWav(Path file) throws IOException {
    WavFile.write(pcm, file);
  }
}
