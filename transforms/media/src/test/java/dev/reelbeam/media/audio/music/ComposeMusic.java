package dev.reelbeam.media.audio.music;

import dev.reelbeam.media.codec.AudioLoudness;
import dev.reelbeam.media.codec.AudioPcm;
import dev.reelbeam.media.codec.AudioTestFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Writes the built-in music: {@code ComposeMusic <resource folder> [<folder for WAV files>]}.
 *
 * <p>A file holds the loop with a quarter of a second of its end before it and of its start behind
 * it: the codec meets no edge at the seam, and {@code MusicTrack} takes the loop out of it.
 */
final class ComposeMusic {
  private static final int MARGIN = AudioPcm.SAMPLE_RATE / 4;
  private static final int BIT_RATE = 104_000;

  private ComposeMusic() {}

  public static void main(String[] arguments) throws Exception {
    Map<String, Supplier<Stem>> pieces = new TreeMap<>();
    pieces.put("calm", Pieces::calm);
    pieces.put("bright", Pieces::bright);
    pieces.put("drive", Pieces::drive);
    Path resources = Files.createDirectories(Path.of(arguments[0]));
    for (Map.Entry<String, Supplier<Stem>> piece : pieces.entrySet()) {
      Stem loop = piece.getValue().get();
      AudioPcm pcm = withMargins(loop);
      Path file = resources.resolve(piece.getKey() + ".opus");
      AudioTestFiles.encode(pcm, "libopus", BIT_RATE, file);
      System.out.println(
          piece.getKey()
              + ": "
              + loop.samples()
              + " samples, "
              + Files.size(file)
              + " bytes, "
              + AudioLoudness.measure(pcm));
      if (arguments.length > 1) {
        Path wav = Files.createDirectories(Path.of(arguments[1])).resolve(piece.getKey() + ".wav");
        AudioTestFiles.encode(pcm, "pcm_s16le", 0, wav);
      }
    }
  }

  private static AudioPcm withMargins(Stem loop) {
    int length = loop.samples() + 2 * MARGIN;
    float[] left = new float[length];
    float[] right = new float[length];
    for (int i = 0; i < length; i++) {
      int index = Math.floorMod(i - MARGIN, loop.samples());
      left[i] = (float) loop.left[index];
      right[i] = (float) loop.right[index];
    }
    return AudioPcm.stereo(left, right);
  }
}
