package dev.reelbeam.media.audio;

import dev.reelbeam.media.codec.AacEncoder;
import dev.reelbeam.media.codec.AudioDecoder;
import dev.reelbeam.media.codec.AudioLevels;
import dev.reelbeam.media.codec.AudioLimits;
import dev.reelbeam.media.codec.AudioLoudness;
import dev.reelbeam.media.codec.AudioPcm;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Mixes a narration and music into the finished sound track of a video.
 *
 * <p>Voice and music are set against each other by their loudness, the mix is brought to the target
 * by one constant gain, its true peak held by {@link TruePeakLimiter}, and encoded. What is
 * promised is measured on the decoded file: if it is off, gain and ceiling are corrected by the
 * difference and the track is encoded once more.
 *
 * <p>The track ends on a whole AAC frame, the last one that ends not after the video. The same
 * input gives the same bytes on every x86-64 machine.
 */
public final class Mixer {
  private static final int MAX_ROUNDS = 2;

  /** A voice or music this quiet is not amplified further: there is nothing in it. */
  private static final int MAX_GAIN_MILLI_DB = 40_000;

  /** The hiss of a quiet room is no sound to be lifted to a level. */
  private static final int MAX_CLIP_GAIN_MILLI_DB = 20_000;

  /** A limiter that works harder than this takes away loudness worth measuring. */
  private static final int NOTABLE_REDUCTION_MILLI_DB = 1_500;

  private Mixer() {}

  /** Renders a sound track without the sound of clips. */
  public static SoundTrack render(
      @Nullable AudioPcm voice,
      @Nullable MusicTrack music,
      MixSettings settings,
      int videoFrames,
      int frameRateNumerator,
      int frameRateDenominator,
      Path out)
      throws StageException {
    return render(
        voice,
        music,
        List.of(),
        settings,
        videoFrames,
        frameRateNumerator,
        frameRateDenominator,
        out);
  }

  /**
   * Renders a sound track.
   *
   * @param voice the narration, from the video's first frame on; cut at the video's end
   * @param music null for none
   * @param clips sounds of clips, set against the voice by their loudness as music is
   * @param videoFrames length of the video
   * @param frameRateNumerator frames per second, numerator
   * @param frameRateDenominator frames per second, denominator
   * @param out file to write, {@code .m4a}; replaced if it exists
   * @throws StageException {@link FailureCode#ASSEMBLE_FAILED} when it cannot be written
   */
  public static SoundTrack render(
      @Nullable AudioPcm voice,
      @Nullable MusicTrack music,
      List<ClipSound> clips,
      MixSettings settings,
      int videoFrames,
      int frameRateNumerator,
      int frameRateDenominator,
      Path out)
      throws StageException {
    int samples = wholeFrames(videoFrames, frameRateNumerator, frameRateDenominator);
    int voiceLufs = voice == null ? AudioLevels.SILENT : AudioLoudness.measureMilliLufs(voice);
    int musicLufs = AudioLevels.SILENT;
    int musicGain = 0;
    MusicBed bed = null;
    if (music != null) {
      // One turn of the loop has the loudness of all turns.
      int turn = Math.min(samples, music.loopSamples());
      musicLufs = AudioLoudness.measureMilliLufs(MusicBed.of(music, turn));
      if (musicLufs > AudioLevels.SILENT) {
        int reference = voiceLufs > AudioLevels.SILENT ? voiceLufs : settings.targetMilliLufs();
        int distance =
            voiceLufs > AudioLevels.SILENT ? Decibels.milliDb(settings.musicPercent() / 100.0) : 0;
        musicGain = Math.min(MAX_GAIN_MILLI_DB, reference + distance - musicLufs);
        bed = MusicBed.of(music, samples).withGain(musicGain);
        if (settings.musicMode() == MusicMode.DUCKED && voice != null) {
          bed = bed.duckedBy(DuckingCurve.of(voice, voiceLufs));
        }
      }
    }
    AudioPcm mix = mix(voice, bed, samples);
    int reference = voiceLufs > AudioLevels.SILENT ? voiceLufs : settings.targetMilliLufs();
    for (ClipSound clip : clips) {
      add(clip, reference, mix);
    }
    rampEnds(mix.left());
    rampEnds(mix.right());
    return encode(mix, settings, out, voiceLufs, musicLufs, musicGain);
  }

  private static SoundTrack encode(
      AudioPcm mix, MixSettings settings, Path out, int voiceLufs, int musicLufs, int musicGain)
      throws StageException {
    int target = settings.targetMilliLufs();
    int gain = gainTo(target, AudioLoudness.measureMilliLufs(mix));
    int ceiling = settings.ceilingMilliDbtp();
    TruePeakLimiter limited = new TruePeakLimiter(mix, gain, ceiling);
    for (int i = 0; i < 2 && limited.reductionMilliDb() > NOTABLE_REDUCTION_MILLI_DB; i++) {
      gain += gainTo(target, AudioLoudness.measureMilliLufs(limited));
      limited = limited.again(gain, ceiling);
    }
    for (int round = 1; ; round++) {
      int packets = AacEncoder.encode(limited, settings.aacBitRate(), out);
      AudioLevels measured = measure(out);
      int off = gainTo(target, measured.integratedMilliLufs());
      int over = measured.truePeakMilliDb() - settings.maxTruePeakMilliDbtp();
      if ((Math.abs(off) <= settings.toleranceMilliLu() && over <= 0) || round == MAX_ROUNDS) {
        return new SoundTrack(
            out,
            packets,
            (long) packets * AacEncoder.FRAME_SAMPLES,
            measured,
            round,
            gain,
            limited.reductionMilliDb(),
            voiceLufs,
            musicLufs,
            musicGain);
      }
      gain += off;
      // A little more than what was over: the codec does not answer one to one.
      ceiling -= over > 0 ? over + 300 : 0;
      limited = limited.again(gain, ceiling);
    }
  }

  private static int gainTo(int target, int measured) {
    return measured <= AudioLevels.SILENT ? 0 : Math.min(MAX_GAIN_MILLI_DB, target - measured);
  }

  /** Measures a sound file, as it is decoded. */
  private static AudioLevels measure(Path file) throws StageException {
    try (AudioLoudness loudness = new AudioLoudness(2, AudioPcm.SAMPLE_RATE)) {
      AudioDecoder.Summary decoded =
          AudioDecoder.stream(
              file, AudioLimits.DEFAULT, (planes, count) -> loudness.add(planes, 0, count));
      if (decoded.damagedPackets() > 0) {
        throw new StageException(
            FailureCode.ASSEMBLE_FAILED, file.getFileName() + ": damaged while it was written");
      }
      return loudness.levels();
    }
  }

  /** Samples of the whole AAC frames that fit into a video. */
  static int wholeFrames(int videoFrames, int rateNumerator, int rateDenominator) {
    if (videoFrames < 1 || rateNumerator < 1 || rateDenominator < 1) {
      throw new IllegalArgumentException("a video without a length");
    }
    long samples =
        Math.multiplyExact((long) videoFrames, (long) rateDenominator * AudioPcm.SAMPLE_RATE)
            / rateNumerator;
    long whole = samples / AacEncoder.FRAME_SAMPLES * AacEncoder.FRAME_SAMPLES;
    long longest = (long) AudioLimits.DEFAULT.maxSeconds() * AudioPcm.SAMPLE_RATE;
    if (whole < AacEncoder.FRAME_SAMPLES || whole > longest) {
      throw new IllegalArgumentException("a video of " + videoFrames + " frames");
    }
    return (int) whole;
  }

  private static AudioPcm mix(@Nullable AudioPcm voice, @Nullable MusicBed bed, int samples) {
    float[] left = new float[samples];
    float[] right = new float[samples];
    if (bed != null) {
      float[][] block = new float[2][4096];
      for (int from = 0; from < samples; from += 4096) {
        int count = Math.min(4096, samples - from);
        bed.read(from, count, block);
        System.arraycopy(block[0], 0, left, from, count);
        System.arraycopy(block[1], 0, right, from, count);
      }
    }
    if (voice != null) {
      int spoken = Math.min(samples, voice.samples());
      for (int i = 0; i < spoken; i++) {
        left[i] += voice.left()[i];
        right[i] += voice.right()[i];
      }
    }
    return AudioPcm.stereo(left, right);
  }

  /** Adds the sound of a clip, its loudness brought to its level against the reference. */
  private static void add(ClipSound clip, int referenceMilliLufs, AudioPcm mix)
      throws StageException {
    if (clip.silent()) {
      return;
    }
    int measured = AudioLoudness.measureMilliLufs(clip.pcm());
    if (measured <= AudioLevels.SILENT) {
      return;
    }
    int wanted = referenceMilliLufs + Decibels.milliDb(clip.levelPercent() / 100.0);
    float gain = (float) Decibels.factor(Math.min(MAX_CLIP_GAIN_MILLI_DB, wanted - measured));
    int count = Math.min(clip.pcm().samples(), mix.samples() - clip.startSample());
    for (int i = 0; i < count; i++) {
      mix.left()[clip.startSample() + i] += gain * clip.pcm().left()[i];
      mix.right()[clip.startSample() + i] += gain * clip.pcm().right()[i];
    }
  }

  /** Silence where the encoder's delay falls, and no click behind it or at a voice cut short. */
  private static void rampEnds(float[] plane) {
    int muted = Math.min(plane.length, AacEncoder.FRAME_SAMPLES);
    Arrays.fill(plane, 0, muted, 0f);
    int ramp = Math.min(NarrationTrack.RAMP_SAMPLES, plane.length - muted);
    for (int i = 0; i < ramp; i++) {
      float gain = (float) (0.5 - 0.5 * StrictMath.cos(StrictMath.PI * (i + 0.5) / ramp));
      plane[muted + i] *= gain;
      plane[plane.length - 1 - i] *= gain;
    }
  }
}
