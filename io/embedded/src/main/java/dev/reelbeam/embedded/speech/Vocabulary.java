package dev.reelbeam.embedded.speech;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a language says for units, signs and abbreviations: {@code spoken-<language>.properties}
 * beside this class, read once. A language without a file has an empty vocabulary.
 */
final class Vocabulary {
  private static final Map<String, Vocabulary> LOADED = new ConcurrentHashMap<>();

  private final Properties words;
  private final Set<String> yearCues;
  private final Set<String> timeCues;
  private final List<String> months;

  private Vocabulary(Properties words) {
    this.words = words;
    this.yearCues = Set.of(list("year.cues"));
    this.timeCues = Set.of(list("time.cues"));
    this.months = List.of(list("months"));
  }

  /** The vocabulary of a primary language tag, for example {@code de}. */
  static Vocabulary of(String language) {
    return LOADED.computeIfAbsent(language, Vocabulary::load);
  }

  private static Vocabulary load(String language) {
    Properties words = new Properties();
    // The tag comes from a record: nothing but letters may become part of a file name.
    if (language.matches("[a-z]{2,3}")) {
      try (InputStream in =
          Vocabulary.class.getResourceAsStream("spoken-" + language + ".properties")) {
        if (in != null) {
          words.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new Vocabulary(words);
  }

  private String[] list(String key) {
    String value = words.getProperty(key, "").strip();
    return value.isEmpty() ? new String[0] : value.split("\\s+");
  }

  boolean isEmpty() {
    return words.isEmpty();
  }

  /** The value of a key, or null. */
  @Nullable String get(String key) {
    return words.getProperty(key);
  }

  /** The value of a key, or {@code fallback}. */
  String get(String key, String fallback) {
    return words.getProperty(key, fallback);
  }

  /** The singular or plural of a "one|many" entry, or null. */
  @Nullable String counted(String key, boolean one) {
    String forms = words.getProperty(key);
    if (forms == null) {
      return null;
    }
    int bar = forms.indexOf('|');
    if (bar < 0) {
      return forms;
    }
    return one ? forms.substring(0, bar) : forms.substring(bar + 1);
  }

  /** The name of a Latin letter, or the letter itself where the voice knows it. */
  String letter(char letter) {
    String names = words.getProperty("letters.", "");
    int index = Character.toLowerCase(letter) - 'a';
    if (names.isEmpty() || index < 0 || index >= 26) {
      return String.valueOf(Character.toUpperCase(letter));
    }
    return names.split(" ", -1)[index];
  }

  boolean isYearCue(String word) {
    return yearCues.contains(word.toLowerCase(Locale.ROOT)) || isMonth(word);
  }

  boolean isTimeCue(String word) {
    return timeCues.contains(word.toLowerCase(Locale.ROOT));
  }

  boolean isMonth(String word) {
    return months.contains(word);
  }

  /** The name of month 1 to 12, or null if the language has no list. */
  @Nullable String month(int number) {
    return number >= 1 && number <= months.size() ? months.get(number - 1) : null;
  }
}
