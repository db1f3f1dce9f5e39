package dev.reelbeam.stages.visuals;

import dev.reelbeam.media.codec.AudioDecoder;
import dev.reelbeam.media.codec.AudioLimits;
import dev.reelbeam.media.codec.AudioPcm;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.speech.SpokenSentence;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.stages.flow.Artifacts;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Scenes as they are heard: their sentences with the pauses between them, and a breath before and
 * after, so that lips begin to move when the first word sounds.
 */
final class SceneAudio {
  /** The eye is shown a scene a little before the ear hears it. */
  static final long LEAD_US = 300_000;

  private static final long TAIL_US = 300_000;
  private static final int HEADER_BYTES = 44;

  private final Artifacts artifacts;
  private final Narration narration;

  SceneAudio(Artifacts artifacts, Narration narration) {
    this.artifacts = artifacts;
    this.narration = narration;
  }

  /**
   * A scene that is heard.
   *
   * @param startUs when its audio begins, from the start of the video
   */
  record Heard(Scene scene, long startUs) {}

  /** The scene with its audio; nothing if nothing of it is spoken. */
  Optional<Heard> of(Scenes.Needed needed) throws StageException {
    List<SpokenSentence> spoken =
        narration.sentences().stream()
            .filter(
                sentence ->
                    sentence.section() == needed.section()
                        && sentence.sentence() >= needed.firstSentence()
                        && sentence.sentence() <= needed.lastSentence())
            .toList();
    if (spoken.isEmpty()) {
      return Optional.empty();
    }
    int first = spoken.get(0).sampleRate();
    // A voice may have been changed between two sentences: then all of them are brought to one.
    boolean alike = spoken.stream().allMatch(sentence -> sentence.sampleRate() == first);
    int rate = alike ? first : AudioPcm.SAMPLE_RATE;
    SpokenSentence opening = spoken.get(0);
    // Nothing is seen before the video begins.
    boolean opens = opening.equals(narration.sentences().get(0));
    long startUs = opens ? 0 : opening.startUs() - LEAD_US;
    long endUs = spoken.get(spoken.size() - 1).endUs() + TAIL_US;
    int samples = (int) ((endUs - startUs) * rate / 1_000_000);
    ByteBuffer wav = ByteBuffer.allocate(HEADER_BYTES + 2 * samples).order(ByteOrder.LITTLE_ENDIAN);
    header(wav, rate, samples);
    for (SpokenSentence sentence : spoken) {
      byte[] data =
          alike ? data(artifacts.store().read(sentence.wav())) : resampled(sentence.wav());
      int at = HEADER_BYTES + 2 * (int) ((sentence.startUs() - startUs) * rate / 1_000_000);
      if (at < wav.capacity()) {
        wav.position(at);
        wav.put(data, 0, Math.min(data.length, wav.remaining()));
      }
    }
    MediaRef audio = artifacts.store().put(wav.array(), "audio/wav");
    int ms = (int) ((endUs - startUs) / 1000);
    return Optional.of(new Heard(needed.scene().narratedBy(audio, ms), startUs));
  }

  /** 16 bit samples at 48 kHz. */
  private byte[] resampled(MediaRef wav) throws StageException {
    float[] sound =
        AudioDecoder.decodeMono(artifacts.store().localFile(wav), AudioLimits.DEFAULT).left();
    ByteBuffer data = ByteBuffer.allocate(2 * sound.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float sample : sound) {
      data.putShort((short) Math.round(Math.max(-1, Math.min(1, sample)) * Short.MAX_VALUE));
    }
    return data.array();
  }

  private static void header(ByteBuffer wav, int rate, int samples) {
    wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 2 * samples);
    wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    wav.putShort((short) 1).putShort((short) 1).putInt(rate).putInt(2 * rate);
    wav.putShort((short) 2).putShort((short) 16);
    wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(2 * samples);
  }

  /** The samples of a file that may hold other chunks as well. */
  private static byte[] data(byte[] wav) {
    ByteBuffer file = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN);
    int at = 12;
    while (at + 8 <= wav.length) {
      int size = file.getInt(at + 4);
      boolean samples = new String(wav, at, 4, StandardCharsets.US_ASCII).equals("data");
      // A stream does not know its length.
      int length = size < 0 ? wav.length : Math.min(size, wav.length - at - 8);
      if (samples) {
        return java.util.Arrays.copyOfRange(wav, at + 8, Math.min(wav.length, at + 8 + length));
      }
      at += 8 + length + length % 2;
    }
    return new byte[0];
  }
}
