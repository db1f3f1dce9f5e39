package dev.reelbeam.embedded.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.WordlistLoader;
import org.jspecify.annotations.Nullable;
import org.tartarus.snowball.SnowballStemmer;
import org.tartarus.snowball.ext.DanishStemmer;
import org.tartarus.snowball.ext.DutchStemmer;
import org.tartarus.snowball.ext.EnglishStemmer;
import org.tartarus.snowball.ext.FinnishStemmer;
import org.tartarus.snowball.ext.FrenchStemmer;
import org.tartarus.snowball.ext.German2Stemmer;
import org.tartarus.snowball.ext.HungarianStemmer;
import org.tartarus.snowball.ext.ItalianStemmer;
import org.tartarus.snowball.ext.NorwegianStemmer;
import org.tartarus.snowball.ext.PortugueseStemmer;
import org.tartarus.snowball.ext.RussianStemmer;
import org.tartarus.snowball.ext.SpanishStemmer;
import org.tartarus.snowball.ext.SwedishStemmer;

/**
 * What the writer knows of a language: stop words, a stemmer, word classes where a model exists,
 * and the phrases of its resource file. A language without a file has empty lists: its strongest
 * sentences are taken as they are. Immutable and thread-safe.
 */
final class LanguageProfile {
  private static final Map<String, LanguageProfile> LOADED = new ConcurrentHashMap<>();

  private static final Map<String, Supplier<SnowballStemmer>> STEMMERS =
      Map.ofEntries(
          Map.entry("en", EnglishStemmer::new),
          Map.entry("de", German2Stemmer::new),
          Map.entry("fr", FrenchStemmer::new),
          Map.entry("it", ItalianStemmer::new),
          Map.entry("es", SpanishStemmer::new),
          Map.entry("pt", PortugueseStemmer::new),
          Map.entry("nl", DutchStemmer::new),
          Map.entry("sv", SwedishStemmer::new),
          Map.entry("da", DanishStemmer::new),
          Map.entry("no", NorwegianStemmer::new),
          Map.entry("nb", NorwegianStemmer::new),
          Map.entry("fi", FinnishStemmer::new),
          Map.entry("hu", HungarianStemmer::new),
          Map.entry("ru", RussianStemmer::new));

  private static final Map<String, String> STOP_FILES =
      Map.ofEntries(
          Map.entry("en", "english"),
          Map.entry("de", "german"),
          Map.entry("fr", "french"),
          Map.entry("it", "italian"),
          Map.entry("es", "spanish"),
          Map.entry("pt", "portuguese"),
          Map.entry("nl", "dutch"),
          Map.entry("sv", "swedish"),
          Map.entry("da", "danish"),
          Map.entry("no", "norwegian"),
          Map.entry("nb", "norwegian"),
          Map.entry("fi", "finnish"),
          Map.entry("hu", "hungarian"),
          Map.entry("ru", "russian"));

  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{Nd}][\\p{L}\\p{M}\\p{Nd}'’-]*");

  private final String language;
  private final Properties phrases;
  private final Set<String> stopWords;
  private final SentenceSplitter splitter;
  private final Map<String, Pattern> patterns = new ConcurrentHashMap<>();

  private LanguageProfile(String language) {
    this.language = language;
    this.phrases = readPhrases(language);
    this.stopWords = readStopWords(language, list("stop"));
    this.splitter = new SentenceSplitter(language, list("abbreviations"), list("ordinals.before"));
  }

  /** The profile of a primary language tag. */
  static LanguageProfile of(String language) {
    return LOADED.computeIfAbsent(language.toLowerCase(Locale.ROOT), LanguageProfile::new);
  }

  String language() {
    return language;
  }

  Locale locale() {
    return Locale.forLanguageTag(language);
  }

  Optional<Tagger> tagger() {
    return Tagger.of(language);
  }

  List<String> sentences(String paragraph) {
    return splitter.split(paragraph);
  }

  boolean isStopWord(String word) {
    return stopWords.contains(word.toLowerCase(locale()).replace('’', '\''));
  }

  /** The stems of a text's content words; numbers count, single letters do not. */
  Set<String> stems(String text) {
    Supplier<SnowballStemmer> factory = STEMMERS.get(language);
    SnowballStemmer stemmer = factory == null ? null : factory.get();
    Set<String> stems = new LinkedHashSet<>();
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) {
      String word = matcher.group().toLowerCase(locale()).replace('’', '\'');
      if (word.length() > 1 && !stopWords.contains(word)) {
        stems.add(stem(word, stemmer));
      }
    }
    return stems;
  }

  /** The stem of one word. */
  String stem(String word) {
    Supplier<SnowballStemmer> factory = STEMMERS.get(language);
    return stem(word.toLowerCase(locale()), factory == null ? null : factory.get());
  }

  private static String stem(String word, @Nullable SnowballStemmer stemmer) {
    if (stemmer == null || Character.isDigit(word.charAt(0))) {
      return word;
    }
    stemmer.setCurrent(word);
    stemmer.stem();
    return stemmer.getCurrent();
  }

  /** A phrase or template of the resource file; empty when the language has none. */
  String phrase(String key) {
    return phrases.getProperty(key, "").strip();
  }

  /** Short forms and what is said instead of them. */
  Map<String, String> expansions() {
    Map<String, String> expansions = new TreeMap<>();
    for (String key : phrases.stringPropertyNames()) {
      if (key.startsWith("expand.")) {
        expansions.put(key.substring("expand.".length()), phrase(key));
      }
    }
    return expansions;
  }

  /** Alternatives of a key, separated by a bar in the file. */
  List<String> list(String key) {
    return Arrays.stream(phrase(key).split("\\|", -1))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  /** Matches one of the key's words or phrases at the start of a sentence, as whole words. */
  Pattern atStart(String key) {
    return patterns.computeIfAbsent(
        "^" + key, k -> compile("^(?:" + alternatives(key) + ")(?![\\p{L}\\p{Nd}])"));
  }

  /** Matches one of the key's words or phrases anywhere, as whole words. */
  Pattern anywhere(String key) {
    return patterns.computeIfAbsent(
        "." + key,
        k -> compile("(?<![\\p{L}\\p{Nd}])(?:" + alternatives(key) + ")(?![\\p{L}\\p{Nd}])"));
  }

  /** The key's value as one regular expression; an absent key matches nothing. */
  Pattern regex(String key) {
    return patterns.computeIfAbsent(
        "=" + key, k -> compile(phrase(key).isEmpty() ? "(?!)" : phrase(key)));
  }

  /** The key's value as one regular expression that matches whole words. */
  Pattern anywhereRegex(String key) {
    return patterns.computeIfAbsent(
        "~" + key,
        k ->
            phrase(key).isEmpty()
                ? compile("(?!)")
                : compile("(?<![\\p{L}\\p{Nd}])(?:" + phrase(key) + ")"));
  }

  private String alternatives(String key) {
    List<String> items = list(key);
    return items.isEmpty()
        ? "(?!)"
        : items.stream()
            // Longest first, so that "for example" is not cut after "for".
            .sorted((a, b) -> b.length() - a.length())
            .map(Pattern::quote)
            .collect(Collectors.joining("|"));
  }

  private static Pattern compile(String regex) {
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  private static Properties readPhrases(String language) {
    Properties properties = new Properties();
    if (!language.matches("[a-z]{2,3}")) {
      return properties;
    }
    try (InputStream in = LanguageProfile.class.getResourceAsStream(language + ".properties")) {
      if (in != null) {
        try (Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
          properties.load(reader);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the phrases of " + language + " cannot be read", e);
    }
    return properties;
  }

  private static Set<String> readStopWords(String language, List<String> more) {
    Set<String> words = new HashSet<>(more);
    String file = STOP_FILES.get(language);
    if (file == null) {
      return Set.copyOf(words);
    }
    try (InputStream in =
        CharArraySet.class.getResourceAsStream(
            "/org/apache/lucene/analysis/snowball/" + file + "_stop.txt")) {
      if (in != null) {
        for (Object word : new ArrayList<>(WordlistLoader.getSnowballWordSet(in))) {
          words.add(new String((char[]) word));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the stop words of " + language + " cannot be read", e);
    }
    return Set.copyOf(words);
  }
}
