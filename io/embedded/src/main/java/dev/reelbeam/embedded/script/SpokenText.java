package dev.reelbeam.embedded.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes a written sentence speakable, or refuses it: no addresses, code, citation marks or pointers
 * to pictures; asides in brackets go, numbers and units stay as they are written.
 */
final class SpokenText {
  static final int LONG_WORDS = 24;
  private static final int MAX_WORDS = 40;
  private static final int MIN_CLAUSE_WORDS = 4;

  private static final Pattern ADDRESS =
      Pattern.compile(
          "https?://|www\\.|\\S+@\\S+\\.\\w|"
              + "\\b[\\w-]+\\.(?:com|org|net|io|dev|example|de|fr|it|es|co|edu|gov|ai|app)\\b");
  private static final Pattern CODE =
      Pattern.compile(
          "[{}<>;\\\\]\\s*$|[{}<>\\\\|]|::|->|=>|==|\\w\\(|\\w=\\w|\\w_\\w|\\s--?\\w|`|"
              + "\\b[a-z]+\\.[a-z]+\\.[a-z]|"
              + "\\b\\w+\\.[a-z]{2,5}(?=\\b)(?<=\\.(?:java|json|html|yaml|xml|"
              + "txt|csv|sql|exe|jar|md))|(?<![\\p{L}\\d])/\\w+/|\\b[a-z]{2,}[A-Z]\\w*|"
              + "\\b[A-Z][a-z]+[A-Z][a-z]+[A-Z]\\w*");
  private static final Pattern BRACKETS = Pattern.compile("\\s*[(\\[][^()\\[\\]]*[)\\]]");
  private static final Pattern CALL = Pattern.compile("\\w\\(\\w*\\)");
  private static final Pattern TWO_DASHES =
      Pattern.compile("\\s+[–—-]\\s+[^–—]{1,80}?\\s+[–—-]\\s+|—[^–—]{1,80}?—");
  private static final Pattern ONE_DASH = Pattern.compile("\\s+[–—-]\\s+|—");
  private static final Pattern EMOJI =
      Pattern.compile(
          "[\\x{1F000}-\\x{1FAFF}\\x{2600}-\\x{27BF}\\x{FE0F}\\x{200D}\\x{2B50}→←↑↓✓✔•]+");
  private static final Pattern FOOTNOTE =
      Pattern.compile("[¹²³⁴⁵⁶⁷⁸⁹⁰]+(?=[\\s.,;!?]|$)(?<![a-z][²³])|[†‡]");
  private static final Pattern ENDING = Pattern.compile("[.!?…。！？؟।]+[\"'”’»)\\]]*$");

  private final LanguageProfile language;
  private final Map<String, String> expansions;

  SpokenText(LanguageProfile language) {
    this.language = language;
    this.expansions = language.expansions();
  }

  /** Words as a script counts them: separated by white space. */
  static int words(String text) {
    String stripped = text.strip();
    return stripped.isEmpty() ? 0 : stripped.split("\\s+").length;
  }

  /** Whether the text ends as a sentence does. */
  static boolean isFinished(String text) {
    return ENDING.matcher(text).find();
  }

  /** The first letter in upper case, behind an opening mark if there is one. */
  String capitalized(String text) {
    for (int i = 0; i < Math.min(3, text.length()); i++) {
      if (Character.isLetterOrDigit(text.charAt(i))) {
        int end = text.offsetByCodePoints(i, 1);
        return text.substring(0, i)
            + text.substring(i, end).toUpperCase(language.locale())
            + text.substring(end);
      }
    }
    return text;
  }

  /** The sentence as it can be spoken, or null when it should not be. */
  @Nullable String speakable(String written) {
    if (CALL.matcher(written).find()) {
      return null;
    }
    String text = BRACKETS.matcher(written).replaceAll("");
    text = EMOJI.matcher(text).replaceAll(" ");
    text = FOOTNOTE.matcher(text).replaceAll("");
    if (ADDRESS.matcher(text).find() || CODE.matcher(text).find()) {
      return null;
    }
    for (Map.Entry<String, String> expansion : expansions.entrySet()) {
      String shortForm = expansion.getKey();
      if (text.contains(shortForm)) {
        text =
            text.replaceAll(
                "(?<![\\p{L}\\p{Nd}])" + Pattern.quote(shortForm) + ",?(?=\\s)",
                Matcher.quoteReplacement(expansion.getValue()));
      }
    }
    text = language.regex("figure.tail").matcher(text).replaceFirst("");
    if (language.regex("figure.reference").matcher(text).find()
        || language.anywhereRegex("reject").matcher(text).find()) {
      return null;
    }
    text = TWO_DASHES.matcher(text).replaceAll(" ");
    text = ONE_DASH.matcher(text).replaceAll(", ");
    text = unquoted(text);
    text = text.replaceAll("\\s+", " ").replaceAll("\\s+([.,;!?])(?!\\d)", "$1").strip();
    text =
        text.replaceAll(",\\s*,", ",").replaceAll(",([.!?])", "$1").replaceAll("([.!?])\\1+", "$1");
    if (!language.language().equals("fr")) {
      text = text.replaceAll("\\s+:", ":");
    } else {
      text = text.replaceAll("(\\p{L})([!?])", "$1 $2");
    }
    if (text.endsWith(":")) {
      if (language.anywhere("list.intro").matcher(text).find()) {
        return null;
      }
      text = text.substring(0, text.length() - 1).strip() + ".";
    }
    if (!isFinished(text) || text.isEmpty()) {
      return null;
    }
    int first = text.codePointAt(0);
    if (!Character.isLetterOrDigit(first) && "\"“„«¿¡".indexOf(first) < 0) {
      return null;
    }
    int words = words(text);
    return words < 2 || words > MAX_WORDS * 2 ? null : capitalized(text);
  }

  /** Quotes stay when they are whole; a half pair is taken away. */
  private static String unquoted(String text) {
    String result = text;
    for (String pair : List.of("\"\"", "“”", "„“", "«»", "»«")) {
      char open = pair.charAt(0);
      char close = pair.charAt(1);
      long opens = result.chars().filter(c -> c == open).count();
      long closes = result.chars().filter(c -> c == close).count();
      if (open == close ? opens % 2 != 0 : opens != closes) {
        if (result.indexOf('„') >= 0 && open == '“') {
          continue;
        }
        result = result.replace(String.valueOf(open), "").replace(String.valueOf(close), "");
      }
    }
    return result;
  }

  /**
   * A sentence in pieces of a speakable length: itself when it is short, else its clauses where
   * they stand alone.
   *
   * @return no pieces when the sentence is too long and has no seam
   */
  List<String> pieces(String sentence) {
    if (words(sentence) <= LONG_WORDS) {
      return List.of(sentence);
    }
    List<String> pieces = new ArrayList<>();
    String rest = sentence;
    while (words(rest) > LONG_WORDS) {
      Optional<Seam> seam = seam(rest);
      if (seam.isEmpty()) {
        break;
      }
      pieces.add(finished(rest.substring(0, seam.get().end())));
      rest = capitalized(rest.substring(seam.get().next()).strip());
    }
    if (words(rest) > LONG_WORDS) {
      Optional<String> shorter = shorter(rest);
      if (shorter.isEmpty() || words(shorter.get()) > LONG_WORDS + 2) {
        return words(rest) <= LONG_WORDS + 6 && pieces.isEmpty() ? List.of(rest) : List.of();
      }
      rest = shorter.get();
    }
    pieces.add(rest);
    return pieces;
  }

  private record Seam(int end, int next) {}

  /** Where two main clauses meet: at a semicolon, or at a comma with "and" and a new subject. */
  private Optional<Seam> seam(String text) {
    Matcher semicolon = Pattern.compile(";\\s+").matcher(text);
    while (semicolon.find()) {
      if (standsAlone(text.substring(0, semicolon.start()))
          && standsAlone(text.substring(semicolon.end()))) {
        return Optional.of(new Seam(semicolon.start(), semicolon.end()));
      }
    }
    for (String join : language.list("clause.join")) {
      Matcher comma = Pattern.compile(",\\s+" + Pattern.quote(join) + "\\s+").matcher(text);
      while (comma.find()) {
        String before = text.substring(0, comma.start());
        String after = text.substring(comma.end());
        if (language.atStart("clause.subjects").matcher(after).find()
            && !language.atStart("subordinators").matcher(before).find()
            && standsAlone(before)
            && standsAlone(after)) {
          return Optional.of(new Seam(comma.start(), comma.end()));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The sentence without its last clause, when that clause only adds to it.
   *
   * @return empty when nothing can be cut safely
   */
  Optional<String> shorter(String sentence) {
    if (!sentence.endsWith(".") || sentence.indexOf(':') >= 0) {
      return Optional.empty();
    }
    int comma = sentence.lastIndexOf(", ");
    if (comma < 0 || sentence.indexOf(", ") != comma) {
      return Optional.empty();
    }
    String before = sentence.substring(0, comma);
    String after = sentence.substring(comma + 2);
    Matcher join = language.atStart("clause.drop").matcher(after);
    if (!join.find()
        || language.atStart("subordinators").matcher(before).find()
        || words(before) < MIN_CLAUSE_WORDS + 1
        || !standsAlone(before)) {
      return Optional.empty();
    }
    boolean coordinating =
        language.list("clause.join").stream().anyMatch(word -> word.equalsIgnoreCase(join.group()));
    if (coordinating) {
      String clause = after.substring(join.end()).strip();
      if (!language.atStart("clause.subjects").matcher(clause).find() || !standsAlone(clause)) {
        return Optional.empty();
      }
    }
    return Optional.of(before + ".");
  }

  /** A clause of its own: long enough, and with a verb where word classes are known. */
  private boolean standsAlone(String clause) {
    return words(clause) >= MIN_CLAUSE_WORDS - 1 && hasVerb(clause);
  }

  /** True when the language has no word classes: then nobody can tell. */
  boolean hasVerb(String text) {
    return language
        .tagger()
        .map(tagger -> tagger.tag(text).stream().anyMatch(this::finite))
        .orElse(true);
  }

  /** An English participle alone makes no sentence. */
  private boolean finite(Tagger.Token token) {
    return token.isVerb() && !(language.language().equals("en") && token.text().endsWith("ing"));
  }

  static String finished(String clause) {
    String text = clause.strip();
    return isFinished(text) ? text : text + ".";
  }
}
