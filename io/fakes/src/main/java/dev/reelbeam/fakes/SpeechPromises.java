package dev.reelbeam.fakes;

import dev.reelbeam.model.speech.Speech;
import dev.reelbeam.model.speech.SpeechRequest;
import dev.reelbeam.model.speech.WordTiming;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What every synthesizer promises of its speech, as a check that any test can make. */
public final class SpeechPromises {
  private static final int HEADER_BYTES = 44;
  private static final int RIFF = 0x46464952;

  /** Both ends lead into silence: a step of more than this clicks when pieces are joined. */
  private static final int LOUDEST_END = 700;

  private SpeechPromises() {}

  /** The promises that a speech breaks, in words; empty for a good one. */
  public static List<String> broken(SpeechRequest request, Speech speech) {
    List<String> broken = new ArrayList<>();
    ByteBuffer wav = ByteBuffer.wrap(speech.wav()).order(ByteOrder.LITTLE_ENDIAN);
    if (speech.wav().length != HEADER_BYTES + 2 * speech.samples() || wav.getInt(0) != RIFF) {
      broken.add("its bytes are no WAV file of " + speech.samples() + " samples of 16 bit mono");
      return broken;
    }
    if (wav.getInt(4) != speech.wav().length - 8
        || wav.getInt(40) != 2 * speech.samples()
        || wav.getInt(24) != speech.sampleRate()
        || wav.getShort(22) != 1
        || wav.getShort(34) != 16) {
      broken.add("its header says otherwise than its samples");
    }
    int first = Math.abs(wav.getShort(HEADER_BYTES));
    int last = Math.abs(wav.getShort(speech.wav().length - 2));
    if (first > LOUDEST_END || last > LOUDEST_END) {
      broken.add("it begins or ends with a click");
    }
    long audioUs = speech.samples() * 1_000_000L / speech.sampleRate();
    long clockUs = 0;
    int at = 0;
    for (WordTiming word : speech.words()) {
      String where = "'" + word.text() + "' ";
      boolean inText =
          word.charStart() >= at
              && word.charEnd() <= request.text().length()
              && request.text().substring(word.charStart(), word.charEnd()).equals(word.text());
      if (!inText) {
        broken.add(where + "is not where it says in the text");
      }
      if (word.startUs() < clockUs || word.endUs() <= word.startUs() || word.endUs() > audioUs) {
        broken.add(where + "sounds before its predecessor ends, never, or behind the audio");
      }
      clockUs = word.endUs();
      at = word.charEnd();
    }
    long spoken =
        Pattern.compile("\\s+")
            .splitAsStream(request.text())
            .filter(token -> token.codePoints().anyMatch(Character::isLetterOrDigit))
            .count();
    if (speech.words().size() < spoken) {
      broken.add(spoken + " words are displayed and " + speech.words().size() + " timed");
    }
    if (speech.voiceId().isEmpty() || speech.voiceId().equals("default")) {
      broken.add("it does not tell who spoke");
    }
    return broken;
  }
}
