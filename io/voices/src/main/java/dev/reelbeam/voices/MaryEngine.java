package dev.reelbeam.voices;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import marytts.datatypes.MaryDataType;
import marytts.htsengine.HMMVoice;
import marytts.modules.synthesis.Voice;
import marytts.server.Mary;
import marytts.server.Request;
import marytts.util.dom.MaryDomUtils;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * MaryTTS 5.2.1 in this process.
 *
 * <p>Speed is set on the acoustic parameters: the durations that the voice's own model predicted
 * are scaled, then the audio is made from them. So the pitch stays, and the word times need no
 * estimate: the synthesizer writes back the durations that it realised, and their sum is the length
 * of the audio.
 */
final class MaryEngine implements Engine {
  static final String NAME = "marytts";

  private static final String SLT = "cmu-slt-hsmm";

  /** The voice by itself reads articles at about 170 words a minute; narration wants 158. */
  private static final double BASE_SPEED = 0.93;

  private static final double PHRASE_PAUSE_MS = 200;
  private static final double SENTENCE_PAUSE_MS = 320;

  /** One gain for everything that is said, so that separately spoken sentences match. */
  private static final double GAIN = 1.2;

  private static final double FULL_SCALE = 32767;
  private static final double KNEE = 24000;

  private boolean started;

  @Override
  public List<VoiceInfo> voices() {
    return List.of(
        new VoiceInfo(NAME, SLT, "CMU SLT (female, US English)", "en-US", "LGPL-3.0-only"));
  }

  @Override
  public Utterance speak(String voiceName, String text, int speedPermille) throws EngineException {
    if (!voiceName.equals(SLT)) {
      throw new EngineException("no_voice", "marytts has no voice " + voiceName);
    }
    try {
      start();
      HMMVoice voice = (HMMVoice) Voice.getVoice(voiceName);
      Document prosody = predict(text, voice);
      setDurations(prosody, 1000.0 / (speedPermille * BASE_SPEED));
      return synthesize(prosody, voice, text);
    } catch (Exception | Error e) {
      if (e instanceof VirtualMachineError) {
        throw (VirtualMachineError) e;
      }
      // MaryTTS throws bare Errors and RuntimeExceptions for texts that it cannot take.
      throw new EngineException("engine_failed", "marytts: " + e, e);
    }
  }

  private void start() throws Exception {
    if (!started) {
      // Modules are started when a request first needs them, not all of them now.
      System.setProperty("server", "commandline");
      System.setProperty("modules.poweronselftest", "false");
      Mary.startup(false);
      started = true;
    }
  }

  private static Document predict(String text, Voice voice) throws Exception {
    Request request =
        new Request(
            MaryDataType.TEXT, MaryDataType.ACOUSTPARAMS, Locale.US, voice, "", null, 1, null);
    request.setInputData(text);
    request.process();
    return request.getOutputData().getDocument();
  }

  /** Sets the pace: phones as the voice predicts them, pauses by the strength of the boundary. */
  private static void setDurations(Document document, double factor) {
    for (Element element : elements(document.getDocumentElement())) {
      if (element.getTagName().equals("ph") && !element.getAttribute("d").isEmpty()) {
        double predictedMs = Double.parseDouble(element.getAttribute("d"));
        element.setAttribute("d", Double.toString(predictedMs * factor));
      } else if (element.getTagName().equals("boundary")) {
        // The voice's own model knows one length only, 400 ms.
        double pauseMs = isSentenceEnd(element) ? SENTENCE_PAUSE_MS : PHRASE_PAUSE_MS;
        element.setAttribute("duration", Long.toString(Math.round(pauseMs * factor)));
      }
    }
  }

  private static boolean isSentenceEnd(Element boundary) {
    String strength = boundary.getAttribute("breakindex");
    return strength.matches("[5-9]");
  }

  private static Utterance synthesize(Document prosody, HMMVoice voice, String text)
      throws Exception {
    int rate = voice.getHMMData().getRate();
    int framePeriod = voice.getHMMData().getFperiod();
    List<double[]> pieces = new ArrayList<>();
    Map<Element, Integer> framesOf = new IdentityHashMap<>();
    int sampleCount = 0;
    for (List<Element> segments : sentences(prosody)) {
      HtsSentence sentence = HtsSentence.of(voice, segments);
      for (int i = 0; i < segments.size(); i++) {
        framesOf.put(segments.get(i), sentence.frames()[i]);
      }
      pieces.add(sentence.samples());
      sampleCount += sentence.samples().length;
    }
    short[] samples = new short[sampleCount];
    int position = 0;
    for (double[] piece : pieces) {
      for (double value : piece) {
        samples[position++] = limited(value * GAIN);
      }
    }
    WordClock clock = new WordClock(text, framesOf, framePeriod * 1_000_000L / rate);
    return new Utterance(samples, sampleCount, rate, clock.words(prosody.getDocumentElement()));
  }

  /** Linear up to the knee, then bent towards full scale: a peak is rounded, never cut. */
  private static short limited(double value) {
    double level = Math.abs(value);
    if (level > KNEE) {
      double over = (level - KNEE) / (FULL_SCALE - KNEE);
      level = KNEE + (FULL_SCALE - KNEE) * StrictMath.tanh(over);
    }
    return (short) Math.round(Math.copySign(level, value));
  }

  /** Phones and pauses, sentence by sentence; sentences without a phone are left out. */
  private static List<List<Element>> sentences(Document document) {
    List<List<Element>> sentences = new ArrayList<>();
    Element current = null;
    List<Element> segments = new ArrayList<>();
    for (Element element : elements(document.getDocumentElement())) {
      String tag = element.getTagName();
      if (!tag.equals("ph") && !tag.equals("boundary")) {
        continue;
      }
      Element sentence = (Element) MaryDomUtils.getAncestor(element, "s");
      if (sentence != current && hasPhone(segments)) {
        sentences.add(segments);
      }
      if (sentence != current) {
        segments = new ArrayList<>();
        current = sentence;
      }
      segments.add(element);
    }
    if (hasPhone(segments)) {
      sentences.add(segments);
    }
    return sentences;
  }

  private static boolean hasPhone(List<Element> segments) {
    return segments.stream().anyMatch(segment -> segment.getTagName().equals("ph"));
  }

  /** Walks the document in the order of speech and adds up the realised frames. */
  private static final class WordClock {
    private final TextCursor cursor;
    private final Map<Element, Integer> framesOf;
    private final long frameUs;
    private final List<TimedWord> words = new ArrayList<>();
    private long frames;

    WordClock(String text, Map<Element, Integer> framesOf, long frameUs) {
      this.cursor = new TextCursor(text);
      this.framesOf = framesOf;
      this.frameUs = frameUs;
    }

    List<TimedWord> words(Element root) {
      visit(root);
      return words;
    }

    private void visit(Element element) {
      switch (element.getTagName()) {
        case "mtu":
          // An expanded token: the text holds the original, the children what is said instead.
          word(element, element.getAttribute("orig"));
          return;
        case "t":
          word(element, ownText(element));
          return;
        case "boundary":
          frames += framesOf.getOrDefault(element, 0);
          return;
        default:
          for (Node child = element.getFirstChild();
              child != null;
              child = child.getNextSibling()) {
            if (child instanceof Element) {
              visit((Element) child);
            }
          }
      }
    }

    private void word(Element element, String written) {
      long start = frames;
      for (Element part : elements(element)) {
        frames += framesOf.getOrDefault(part, 0);
      }
      int found = cursor.find(written);
      if (found >= 0 && frames > start) {
        int end = found + written.length();
        words.add(
            new TimedWord(cursor.text(found, end), found, end, start * frameUs, frames * frameUs));
      }
    }
  }

  private static String ownText(Element token) {
    StringBuilder text = new StringBuilder();
    for (Node child = token.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child.getNodeType() == Node.TEXT_NODE) {
        text.append(child.getNodeValue());
      }
    }
    return text.toString().strip();
  }

  /** All elements below {@code root} in document order, in one pass. */
  private static List<Element> elements(Element root) {
    List<Element> found = new ArrayList<>();
    Node node = root;
    while (true) {
      if (node != root && node instanceof Element) {
        found.add((Element) node);
      }
      if (node.getFirstChild() != null) {
        node = node.getFirstChild();
        continue;
      }
      while (node != root && node.getNextSibling() == null) {
        node = node.getParentNode();
      }
      if (node == root) {
        return found;
      }
      node = node.getNextSibling();
    }
  }
}
