package dev.reelbeam.media.audio;

import dev.reelbeam.media.codec.AudioDecoder;
import dev.reelbeam.media.codec.AudioLimits;
import dev.reelbeam.media.codec.AudioPcm;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Music in memory, and the loop in it that can be repeated without a seam.
 *
 * <p>Samples {@code loopStart} to {@code loopStart + loopSamples} repeat; those before the loop are
 * never heard, those behind it are what a cross-fade into the next turn takes from.
 */
public final class MusicTrack {
  /** Of the built-in tracks, before and behind the loop, so that the codec meets no edge in it. */
  static final int LOOP_MARGIN = AudioPcm.SAMPLE_RATE / 4;

  private static final List<String> BUILT_IN = List.of("calm", "bright", "drive");

  private final AudioPcm pcm;
  private final int loopStart;
  private final int loopSamples;
  private final int crossFadeSamples;

  MusicTrack(AudioPcm pcm, int loopStart, int loopSamples, int crossFadeSamples) {
    this.pcm = pcm;
    this.loopStart = loopStart;
    this.loopSamples = loopSamples;
    this.crossFadeSamples = crossFadeSamples;
  }

  /** Names of the built-in tracks: calm (75 bpm), bright (105 bpm), drive (120 bpm). */
  public static List<String> builtInNames() {
    return BUILT_IN;
  }

  /**
   * A built-in track; its loop is a whole number of bars.
   *
   * @throws StageException {@link FailureCode#MUSIC_UNKNOWN} naming those there are
   */
  public static MusicTrack builtIn(String name) throws StageException {
    String key = name.toLowerCase(Locale.ROOT);
    if (!BUILT_IN.contains(key)) {
      throw new StageException(
          FailureCode.MUSIC_UNKNOWN,
          "no built-in track " + name + "; there are " + String.join(", ", BUILT_IN));
    }
    Path copy = null;
    try (InputStream in =
        MusicTrack.class.getResourceAsStream("/dev/reelbeam/media/music/" + key + ".opus")) {
      if (in == null) {
        throw new StageException(FailureCode.MUSIC_UNKNOWN, "the track " + key + " is missing");
      }
      // The decoder reads files only.
      copy = Files.createTempFile("reelbeam-" + key, ".opus");
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
      AudioPcm pcm = AudioDecoder.decodeStereo(copy, AudioLimits.DEFAULT);
      return new MusicTrack(pcm, LOOP_MARGIN, pcm.samples() - 2 * LOOP_MARGIN, 0);
    } catch (IOException e) {
      throw new StageException(
          FailureCode.STORAGE_UNAVAILABLE, "the track " + key + " cannot be unpacked", e);
    } finally {
      deleteQuietly(copy);
    }
  }

  /**
   * Music from a file. Silence at its ends is left out; its loop is found by {@link LoopFinder}.
   *
   * @throws StageException {@link FailureCode#AUDIO_UNDECODABLE} when it is not audio
   */
  public static MusicTrack fromFile(Path file) throws StageException {
    return LoopFinder.find(AudioDecoder.decodeStereo(file, AudioLimits.DEFAULT));
  }

  private static void deleteQuietly(@Nullable Path file) {
    if (file != null) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        // A leftover in the temporary folder does no harm.
        file.toFile().deleteOnExit();
      }
    }
  }

  /** The decoded track, two channels. */
  public AudioPcm pcm() {
    return pcm;
  }

  /** First sample of the loop. */
  public int loopStart() {
    return loopStart;
  }

  /** Length of the loop. */
  public int loopSamples() {
    return loopSamples;
  }

  /** Length of the cross-fade at the start of each repetition; 0 when the loop needs none. */
  public int crossFadeSamples() {
    return crossFadeSamples;
  }
}
