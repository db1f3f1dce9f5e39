package dev.reelbeam.embedded.speech;

import dev.reelbeam.embedded.speech.SpokenText.DisplayToken;
import dev.reelbeam.embedded.speech.SpokenText.Piece;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns displayed text into what a voice can say: numbers, units, signs, abbreviations and initials
 * in words; addresses, emoji and citation marks left out. Every piece of the result knows the
 * displayed words that it stands for. Thread-safe.
 */
final class SpokenForm {
  private static final String OPENING = "([{\"“„«‚‘'¿¡*_`‹";
  private static final String CLOSING = ")]}\"”“»’'.,;:!?…*_`›‘";

  private static final Pattern CITATION =
      Pattern.compile("\\[(?:\\d+(?:[,;–-]\\s*\\d+)*|citation needed|note \\d+)]");
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?i)^[(<\\[]?(?:(?:https?|ftp|file)://|www\\.|mailto:)\\S+$"
              + "|^[\\w.+-]+@[\\w-]+\\.[\\w.-]+$"
              + "|^[\\w-]+(?:\\.[\\w-]+)*\\.(?:com|org|net|de|fr|it|io|dev|eu)/\\S+$");
  private static final Pattern INITIALISM = Pattern.compile("(?:\\p{Lu}\\.){2,}\\p{Lu}?");
  private static final Pattern CAPITALS = Pattern.compile("(\\p{Lu}{2,6})('?s)?");
  private static final Pattern MIXED = Pattern.compile(".*\\p{L}.*\\d.*|.*\\d.*\\p{L}.*");
  private static final Pattern RUN = Pattern.compile("\\d+|\\p{L}+");

  /** A text in capitals throughout is a headline, not a row of abbreviations. */
  private static final double HEADLINE_SHARE = 0.6;

  /** Anything longer is code or noise; it is left out. */
  private static final int MAX_WORD_CHARS = 100;

  private static final Map<String, SpokenForm> FORMS = new ConcurrentHashMap<>();

  private final Vocabulary words;
  private final @Nullable NumberReader numbers;
  private final boolean latinOnly;

  private SpokenForm(Vocabulary words, @Nullable NumberReader numbers, boolean latinOnly) {
    this.words = words;
    this.numbers = numbers;
    this.latinOnly = latinOnly;
  }

  /**
   * The form for one language.
   *
   * <p>A language without a vocabulary keeps its numbers: espeak reads them by its own rules.
   *
   * @param language BCP 47 tag
   * @param engine {@code marytts} takes plain English letters only
   */
  static SpokenForm forLanguage(String language, String engine) {
    String primary = Locale.forLanguageTag(language.replace('_', '-')).getLanguage();
    Vocabulary words = Vocabulary.of(primary);
    boolean latinOnly = engine.equals("marytts");
    if (words.isEmpty()) {
      return new SpokenForm(words, null, latinOnly);
    }
    return FORMS.computeIfAbsent(
        primary + latinOnly,
        key -> new SpokenForm(words, new NumberReader(primary, words), latinOnly));
  }

  /** The spoken form of {@code text}; without pieces if nothing in it can be said. */
  synchronized SpokenText of(String text) {
    List<DisplayToken> tokens = tokens(text);
    boolean headline = isHeadline(tokens);
    Draft draft = new Draft();
    int i = 0;
    while (i < tokens.size()) {
      i += speak(tokens, i, headline, draft);
    }
    return draft.finished();
  }

  /** Splits at white space; a no-break space keeps a number and its unit in one word. */
  private static List<DisplayToken> tokens(String text) {
    List<DisplayToken> tokens = new ArrayList<>();
    int start = -1;
    for (int i = 0; i <= text.length(); i++) {
      boolean space = i == text.length() || Character.isWhitespace(text.charAt(i));
      if (space && start >= 0) {
        tokens.add(new DisplayToken(text.substring(start, i), start, i));
        start = -1;
      } else if (!space && start < 0) {
        start = i;
      }
    }
    return tokens;
  }

  private static boolean isHeadline(List<DisplayToken> tokens) {
    int wordCount = 0;
    int capitals = 0;
    for (DisplayToken token : tokens) {
      String letters = token.text().replaceAll("\\P{L}", "");
      if (letters.length() > 1) {
        wordCount++;
        if (letters.equals(letters.toUpperCase(Locale.ROOT))
            && !letters.equals(letters.toLowerCase(Locale.ROOT))) {
          capitals++;
        }
      }
    }
    return wordCount >= 3 && capitals >= wordCount * HEADLINE_SHARE;
  }

  /** Speaks the token at {@code i}, perhaps with its followers; returns how many were used. */
  private int speak(List<DisplayToken> tokens, int i, boolean headline, Draft draft) {
    DisplayToken token = tokens.get(i);
    if (token.text().length() > MAX_WORD_CHARS) {
      return 1;
    }
    String raw = CITATION.matcher(token.text()).replaceAll("");
    if (raw.isEmpty()) {
      return 1;
    }
    if (ADDRESS.matcher(raw).find()) {
      draft.pause(sentenceEnd(raw));
      return 1;
    }
    if (i + 1 < tokens.size()) {
      // "z. B." is one abbreviation in two words.
      String follower = tokens.get(i + 1).text();
      Abbreviation both =
          raw.endsWith(".") && raw.length() <= 3 && follower.length() <= MAX_WORD_CHARS
              ? abbreviation(raw + follower, tokens, i + 1)
              : null;
      if (both != null) {
        draft.add(List.of(both.spoken.split(" ", -1)), tokens.subList(i, i + 2));
        draft.pause(both.pause);
        return 2;
      }
    }
    int from = 0;
    while (from < raw.length() && OPENING.indexOf(raw.charAt(from)) >= 0) {
      from++;
    }
    if (raw.substring(0, from).contains("(")) {
      draft.pause(",");
    }
    String body = raw.substring(from);
    Abbreviation known = abbreviation(body, tokens, i);
    if (known != null) {
      draft.add(known.spoken, List.of(token));
      draft.pause(known.pause);
      return 1;
    }
    int to = body.length();
    while (to > 0 && CLOSING.indexOf(body.charAt(to - 1)) >= 0) {
      to--;
    }
    String core = body.substring(0, to);
    // The brackets of "start()" are no pause.
    String tail = body.substring(core.endsWith("(") && to < body.length() ? to + 1 : to);
    String pause = pauseOf(tail, i + 1 < tokens.size());
    if (core.isEmpty()) {
      draft.pause(pause);
      return 1;
    }
    String symbol = words.get("symbol." + core);
    if (symbol != null) {
      draft.add(symbol, List.of(token));
      draft.pause(pause);
      return 1;
    }
    if (core.matches("[-–—―|•·/\\\\]+")) {
      draft.pause(",");
      return 1;
    }
    if (numbers != null) {
      NumberReader.Reading reading = numbers.read(core, pause, context(tokens, i));
      if (reading != null) {
        draft.add(reading.parts(), tokens.subList(i, i + reading.tokens()));
        if (!reading.takesPoint()) {
          draft.pause(reading.tokens() > 1 ? closing(tokens, i + reading.tokens() - 1) : pause);
        }
        return reading.tokens();
      }
    }
    String spoken = word(core, headline, draft.isSentenceStart());
    if (!spoken.isEmpty()) {
      draft.add(spoken, List.of(token));
    }
    draft.pause(pause);
    return 1;
  }

  private NumberReader.Context context(List<DisplayToken> tokens, int i) {
    String before = i == 0 ? "" : bare(tokens.get(i - 1).text());
    List<String> after = new ArrayList<>();
    for (int k = i + 1; k < Math.min(tokens.size(), i + 4); k++) {
      after.add(bare(tokens.get(k).text()));
    }
    return new NumberReader.Context(before, after);
  }

  private static String bare(String token) {
    if (token.length() > MAX_WORD_CHARS) {
      return "";
    }
    String text = CITATION.matcher(token).replaceAll("");
    int from = 0;
    int to = text.length();
    while (from < to && OPENING.indexOf(text.charAt(from)) >= 0) {
      from++;
    }
    while (to > from
        && CLOSING.indexOf(text.charAt(to - 1)) >= 0
        // An inch sign belongs to its number.
        && !(text.charAt(to - 1) == '"' && to == from + 1)) {
      to--;
    }
    return text.substring(from, to);
  }

  private static String closing(List<DisplayToken> tokens, int i) {
    String text = tokens.get(i).text();
    int to = text.length();
    while (to > 0 && CLOSING.indexOf(text.charAt(to - 1)) >= 0) {
      to--;
    }
    return pauseOf(text.substring(to), i + 1 < tokens.size());
  }

  private static String pauseOf(String punctuation, boolean goesOn) {
    String end = sentenceEnd(punctuation);
    if (!end.isEmpty()) {
      return end;
    }
    for (char mark : punctuation.toCharArray()) {
      if (",;:…".indexOf(mark) >= 0 || (mark == ')' && goesOn)) {
        return ",";
      }
    }
    return "";
  }

  private static String sentenceEnd(String text) {
    for (int i = text.length() - 1; i >= 0 && CLOSING.indexOf(text.charAt(i)) >= 0; i--) {
      char mark = text.charAt(i);
      if (mark == '.' || mark == '!' || mark == '?') {
        return String.valueOf(mark);
      }
    }
    return "";
  }

  private static final class Abbreviation {
    final String spoken;
    final String pause;

    Abbreviation(String spoken, String pause) {
      this.spoken = spoken;
      this.pause = pause;
    }
  }

  /** {@code body} as an abbreviation, with the pause after it, or null. */
  private @Nullable Abbreviation abbreviation(String body, List<DisplayToken> tokens, int i) {
    String lower = body.toLowerCase(Locale.ROOT).replace('’', '\'');
    int end = lower.length();
    while (end > 0) {
      String candidate = lower.substring(0, end);
      String spoken = words.get("abbr." + candidate);
      boolean beforeNumber =
          i + 1 < tokens.size() && Character.isDigit(tokens.get(i + 1).text().charAt(0));
      if (spoken == null && beforeNumber) {
        spoken = words.get("abbr." + candidate + "#");
      }
      if (spoken == null && INITIALISM.matcher(body.substring(0, end)).matches()) {
        spoken = letters(body.substring(0, end).replace(".", ""));
      }
      if (spoken != null) {
        String rest = body.substring(end);
        String pause = pauseOf(rest, i + 1 < tokens.size());
        boolean last = i + 1 == tokens.size();
        if (pause.isEmpty() && candidate.endsWith(".") && last) {
          pause = ".";
        }
        return new Abbreviation(spoken, pause);
      }
      if (CLOSING.indexOf(lower.charAt(end - 1)) < 0) {
        return null;
      }
      end--;
    }
    return null;
  }

  /** A word without a number of its own. */
  private String word(String core, boolean headline, boolean sentenceStart) {
    String text = Normalizer.normalize(core, Normalizer.Form.NFKC).replace('’', '\'');
    String said = words.get("say." + text.toLowerCase(Locale.ROOT));
    if (said == null && text.endsWith("'s")) {
      String stem =
          words.get("say." + text.substring(0, text.length() - 2).toLowerCase(Locale.ROOT));
      said = stem == null ? null : stem + "'s";
    }
    if (said != null) {
      return said;
    }
    if (headline && text.equals(text.toUpperCase(Locale.ROOT))) {
      text = text.toLowerCase(Locale.ROOT);
    }
    // The article is "uh", the letter is "ay": only the first word of a sentence is unclear.
    if (text.equals("A") && latinOnly && !sentenceStart) {
      return words.letter('A');
    }
    if (words.isEmpty()) {
      // The voice has rules of its own for signs and capitals; only pictures are kept from it.
      return text.replaceAll("[\\p{So}\\p{Sk}\\p{Cs}\\p{Co}\\p{Cn}&&[^°®©™]]", "");
    }
    Matcher capitals = CAPITALS.matcher(text);
    if (capitals.matches() && isSpelled(capitals.group(1))) {
      String plural = capitals.group(2);
      return letters(capitals.group(1)) + (plural == null ? "" : latinOnly ? "'s" : "s");
    }
    StringBuilder spoken = new StringBuilder();
    for (String part : split(text)) {
      String one = part(part);
      if (!one.isEmpty()) {
        spoken.append(spoken.length() == 0 ? "" : " ").append(one);
      }
    }
    return spoken.toString();
  }

  /** Splits code-like words: slashes, underscores, dots inside, camelCase, dashes between words. */
  private List<String> split(String text) {
    String spaced =
        text.replaceAll("(?<=\\p{L})\\.(?=\\p{L})", " " + words.get("word.dot", "") + " ")
            .replaceAll("[/_\\\\|•·()\\[\\]{}<>\"“”„«»=*#@~^§]+", " ")
            .replaceAll("\\s*[—–]\\s*", ", ")
            .replaceAll("&", " " + words.get("symbol.&", "&") + " ")
            .replaceAll("\\+", " " + words.get("symbol.+", "+") + " ")
            .replaceAll("(?<=\\p{Ll}{2})(?=\\p{Lu}\\p{Ll})", " ");
    List<String> parts = new ArrayList<>();
    for (String part : spaced.strip().split("\\s+", -1)) {
      if (!part.isEmpty()) {
        parts.add(part);
      }
    }
    return parts;
  }

  private String part(String text) {
    String word = text;
    if (latinOnly) {
      word = plainLatin(word);
    }
    word = word.replaceAll("[^\\p{L}\\p{M}\\p{N}'’,.-]", "").replaceAll("^[-']+|[-']+$", "");
    if (numbers != null && MIXED.matcher(word).matches() && !word.matches(".*\\p{L}{4,}-\\d.*")) {
      return mixed(word);
    }
    if (CAPITALS.matcher(word).matches() && isSpelled(word)) {
      return letters(word);
    }
    return word;
  }

  /** "H264" is "aitch two hundred sixty-four", "4K" is "four kay". */
  private String mixed(String word) {
    StringBuilder spoken = new StringBuilder();
    Matcher run = RUN.matcher(word);
    while (run.find()) {
      String text = run.group();
      String one;
      if (Character.isDigit(text.charAt(0)) && numbers != null) {
        one = numbers.code(text);
      } else if (text.length() == 1
          || (isAllCapitals(text) && text.length() <= 5)
          || text.matches("[^aeiouy]{2,3}")) {
        one = letters(text);
      } else {
        one = text;
      }
      spoken.append(spoken.length() == 0 ? "" : " ").append(one);
    }
    return spoken.toString();
  }

  private static boolean isAllCapitals(String text) {
    return text.equals(text.toUpperCase(Locale.ROOT));
  }

  /** Whether capitals are read letter by letter; longer ones with vowels are read as words. */
  private static boolean isSpelled(String capitals) {
    return capitals.length() <= 4 || !capitals.matches(".*[AEIOUÄÖÜÀÈÉÙ].*");
  }

  private String letters(String initials) {
    StringBuilder spoken = new StringBuilder();
    String between = latinOnly ? "-" : " ";
    for (char letter : initials.toCharArray()) {
      spoken.append(spoken.length() == 0 ? "" : between).append(words.letter(letter));
    }
    return spoken.toString();
  }

  private static String plainLatin(String word) {
    return Normalizer.normalize(word, Normalizer.Form.NFD)
        .replace("ß", "ss")
        .replace("æ", "ae")
        .replace("Æ", "Ae")
        .replace("ø", "o")
        .replace("Ø", "O")
        .replace("œ", "oe")
        .replace("ł", "l")
        .replace("Ł", "L")
        .replace("đ", "d")
        .replaceAll("[^\\x20-\\x7e]", "");
  }

  /** The spoken text as it grows. */
  private static final class Draft {
    private final StringBuilder text = new StringBuilder();
    private final List<Piece> pieces = new ArrayList<>();

    /** Part by part where there is one per displayed word, else all parts for all words. */
    void add(List<String> parts, List<DisplayToken> displayed) {
      if (parts.size() != displayed.size()) {
        add(String.join(" ", parts), displayed);
        return;
      }
      for (int i = 0; i < parts.size(); i++) {
        add(parts.get(i), displayed.subList(i, i + 1));
      }
    }

    void add(String spoken, List<DisplayToken> displayed) {
      if (spoken.isBlank()) {
        return;
      }
      if (text.length() > 0) {
        text.append(' ');
      }
      int start = text.length();
      text.append(spoken.strip());
      pieces.add(new Piece(start, text.length(), displayed));
    }

    /** Ends the last piece with a mark; a stronger mark replaces a weaker one. */
    void pause(String mark) {
      if (mark.isEmpty() || text.length() == 0) {
        return;
      }
      char last = text.charAt(text.length() - 1);
      if (last == ',' && !mark.equals(",")) {
        text.setLength(text.length() - 1);
        text.append(mark);
      } else if (".,!?".indexOf(last) < 0) {
        text.append(mark);
      }
    }

    boolean isSentenceStart() {
      return text.length() == 0 || ".!?".indexOf(text.charAt(text.length() - 1)) >= 0;
    }

    SpokenText finished() {
      if (!pieces.isEmpty()) {
        // A voice that is not told of the end does not lower its pitch.
        pause(".");
      }
      return new SpokenText(text.toString(), pieces);
    }
  }
}
