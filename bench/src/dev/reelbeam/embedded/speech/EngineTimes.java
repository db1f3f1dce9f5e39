package dev.reelbeam.embedded.speech;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.embedded.speech.SpokenText.Piece;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.speech.SpokenSentence;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * When the engine itself says that each word begins, read from its raw answer and not from what the
 * narration made of it.
 */
public final class EngineTimes {
  private static final int PROBE_SAMPLES = 4000;

  private EngineTimes() {}

  /**
   * A displayed word.
   *
   * @param narrationUs its start according to the narration
   * @param engineUs its start according to the engine, placed by finding the stored audio in the
   *     engine's audio sample by sample; -1 when the engine said it together with the word before
   *     ("of the") and named no time of its own
   */
  public record Compared(String text, long narrationUs, long engineUs) {}

  /** Speaks every sentence again and compares. */
  public static List<Compared> compare(
      Narration narration, String language, ObjectStore store, Path voices) throws Exception {
    String id = narration.voiceId();
    int colon = id.indexOf(':');
    List<Compared> words = new ArrayList<>();
    try (VoicesProcess process = VoicesProcess.over(voices)) {
      for (SpokenSentence sentence : narration.sentences()) {
        SpokenText spoken =
            SpokenForm.forLanguage(language, id.substring(0, colon)).of(sentence.text());
        ObjectNode request = RecordJson.newObject();
        request.put("op", "speak");
        request.put("engine", id.substring(0, colon));
        request.put("voice", id.substring(colon + 1));
        request.put("language", language);
        request.put("text", spoken.text());
        request.put("speed_permille", narration.speedPermille());
        VoicesProcess.Spoken answer = process.speak(request, Duration.ofSeconds(60));
        WavAudio stored = WavAudio.parse(store.read(sentence.wav()));
        long cutUs = offset(answer.audio(), stored) * 1_000_000L / stored.sampleRate();
        compare(sentence, spoken, answer.answer().path("words"), cutUs, words);
      }
    }
    return words;
  }

  private static void compare(
      SpokenSentence sentence,
      SpokenText spoken,
      JsonNode engineWords,
      long cutUs,
      List<Compared> words) {
    Set<Integer> taken = new HashSet<>();
    int index = 0;
    for (Piece piece : spoken.pieces()) {
      long engineUs = -1;
      for (int i = 0; i < engineWords.size() && engineUs < 0; i++) {
        JsonNode word = engineWords.get(i);
        if (word.path("char_start").asInt() < piece.charEnd()
            && word.path("char_end").asInt() > piece.charStart()) {
          if (!taken.add(i)) {
            break;
          }
          engineUs = sentence.startUs() + Math.max(0, word.path("start_us").asLong() - cutUs);
        }
      }
      for (int i = 0; i < piece.displayed().size(); i++) {
        var word = sentence.words().get(index++);
        if (!word.text().equals(piece.displayed().get(i).text())) {
          throw new IllegalStateException("the narration does not say " + piece.displayed().get(i));
        }
        words.add(new Compared(word.text(), word.startUs(), i == 0 ? engineUs : -1));
      }
      for (int i = 0; i < engineWords.size(); i++) {
        JsonNode word = engineWords.get(i);
        if (word.path("char_start").asInt() < piece.charEnd()
            && word.path("char_end").asInt() > piece.charStart()) {
          taken.add(i);
        }
      }
    }
    if (index != sentence.words().size()) {
      throw new IllegalStateException("the narration says more than " + spoken.text());
    }
  }

  /** Where the stored audio lies in the engine's: equal samples, its ramped ends left out. */
  private static int offset(WavAudio engine, WavAudio stored) {
    int middle = stored.samples().length / 2;
    int length = Math.min(PROBE_SAMPLES, middle / 2);
    for (int at = 0; at + stored.samples().length <= engine.samples().length; at++) {
      int same = 0;
      while (same < length
          && engine.samples()[at + middle + same] == stored.samples()[middle + same]) {
        same++;
      }
      if (same == length) {
        return at;
      }
    }
    throw new IllegalStateException("the engine speaks otherwise than before");
  }
}
