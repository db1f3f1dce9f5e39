package dev.reelbeam.embedded.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import opennlp.tools.postag.POSModel;
import opennlp.tools.postag.POSTaggerME;

/**
 * Word classes of the Universal Dependencies, by OpenNLP's maximum entropy models.
 *
 * <p>Languages without a model have no tagger; callers then fall back to word lists. Thread-safe:
 * the model is shared, each call tags with a tagger of its own.
 */
final class Tagger {
  private static final Map<String, String> MODELS =
      Map.of(
          "en", "opennlp-en-ud-ewt-pos-1.3-2.5.4.bin",
          "de", "opennlp-de-ud-gsd-pos-1.3-2.5.4.bin",
          "fr", "opennlp-fr-ud-gsd-pos-1.3-2.5.4.bin");

  private static final Pattern TOKEN =
      Pattern.compile("\\p{L}[\\p{L}\\p{M}\\p{Nd}'’-]*|\\d[\\d.,:]*\\d|\\d|\\S");

  private static final Map<String, Optional<Tagger>> LOADED = new ConcurrentHashMap<>();

  private static final int REMEMBERED = 2_000;

  private final POSModel model;

  /** A script is fitted several times to the same text. */
  private final Map<String, List<Token>> recent =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<Token>> eldest) {
          return size() > REMEMBERED;
        }
      };

  private Tagger(POSModel model) {
    this.model = model;
  }

  /** A word or mark and its class, for example {@code NOUN}. */
  record Token(String text, String tag, int start, int end) {
    boolean isNoun() {
      return tag.equals("NOUN") || tag.equals("PROPN");
    }

    boolean isVerb() {
      return tag.equals("VERB") || tag.equals("AUX");
    }
  }

  /** The tagger of a language, if there is a model for it. */
  static Optional<Tagger> of(String language) {
    return LOADED.computeIfAbsent(language, Tagger::load);
  }

  private static Optional<Tagger> load(String language) {
    String name = MODELS.get(language);
    if (name == null) {
      return Optional.empty();
    }
    try (InputStream in = Tagger.class.getResourceAsStream("/" + name)) {
      return in == null ? Optional.empty() : Optional.of(new Tagger(new POSModel(in)));
    } catch (IOException e) {
      throw new UncheckedIOException("the word class model " + name + " cannot be read", e);
    }
  }

  /** Tags one sentence. */
  List<Token> tag(String sentence) {
    synchronized (recent) {
      List<Token> known = recent.get(sentence);
      if (known != null) {
        return known;
      }
    }
    List<Token> tokens = tagAnew(sentence);
    synchronized (recent) {
      recent.put(sentence, tokens);
    }
    return tokens;
  }

  private List<Token> tagAnew(String sentence) {
    List<String> words = new ArrayList<>();
    List<int[]> spans = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(sentence);
    while (matcher.find()) {
      words.add(matcher.group());
      spans.add(new int[] {matcher.start(), matcher.end()});
    }
    String[] tags = new POSTaggerME(model).tag(words.toArray(new String[0]));
    List<Token> tokens = new ArrayList<>(tags.length);
    for (int i = 0; i < tags.length; i++) {
      tokens.add(new Token(words.get(i), tags[i], spans.get(i)[0], spans.get(i)[1]));
    }
    return List.copyOf(tokens);
  }
}
