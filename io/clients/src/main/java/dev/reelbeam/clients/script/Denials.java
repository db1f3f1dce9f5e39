package dev.reelbeam.clients.script;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Denials that a sentence adds to what it cites, or loses of it. By lists of words for each
 * language; of others nothing is said.
 *
 * <p>A denial is lost when the sentence says, without denying, nearly all words of a clause that
 * denies, the denied one among them. What takes a denial back ("not only"), and what ends it ("not
 * until May"), is no denial here, nor are two of them in one clause: saying the same without any is
 * right then.
 */
final class Denials {
  /** Share of the words of a clause that a sentence has to say to be about it, in percent. */
  private static final int LEAST_SHARE_PERCENT = 80;

  private static final int LEAST_WORDS = 2;
  private static final int CONTENT_WORD_CHARS = 3;
  private static final int STEM_CHARS = 5;

  /** A word, or what ends a clause. */
  private static final Pattern TOKEN = Pattern.compile("\\p{L}+|[.,;:!?()–—](?!\\p{Nd})");

  /**
   * Words of a language.
   *
   * @param denials what denies
   * @param deniable what may be said by denying, besides what denies
   * @param without what denies the word behind it
   * @param mild what may say a denial in other words
   * @param takenBack behind a denial: it does not deny
   * @param ended in a clause that denies: it does so up to a time, or but for a case
   * @param joins what joins two clauses where the second one denies
   * @param idle what says nothing by itself
   */
  private record Words(
      Set<String> denials,
      Set<String> deniable,
      Set<String> without,
      Set<String> mild,
      Set<String> takenBack,
      Set<String> ended,
      Set<String> joins,
      Set<String> idle) {}

  private static final Map<String, Words> LANGUAGES =
      Map.of(
          "en",
          new Words(
              words("not no never none nobody nothing neither nor cannot t"),
              words("without avoid avoids instead rather lack lacks stop stops prevent prevents"),
              words("without"),
              words("away out off less fewer least except before free"),
              words("only just merely simply least doubt matter wonder but"),
              words("until till unless except before"),
              words("and but yet"),
              words(
                  "the and for are was were has have had does did don doesn didn will would can"
                      + " could may might must should any all its his her their this that these"
                      + " those with from into than then you your our they them when what which"
                      + " who more most much many some such very too also even still been being")),
          "de",
          new Words(
              words("nicht nie niemals kein keine keinen keinem keiner nichts niemand weder"),
              words("ohne statt vermeiden vermeidet verhindert"),
              words("ohne"),
              words("fern weg weniger außer bevor frei"),
              words("nur bloß allein zuletzt"),
              words("bis bevor außer erst sofern"),
              words("und aber sondern doch"),
              words(
                  "der die das den dem des ein eine einen einem einer und oder ist sind war hat"
                      + " haben wird werden kann können soll sollte muss müssen darf man sich mit"
                      + " von vom zum zur auf für aus bei nach über unter wenn als auch noch nur"
                      + " sehr mehr dass")),
          "fr",
          new Words(
              words("ne n pas jamais aucun aucune rien ni"),
              words("sans éviter évitez évite empêche"),
              words("sans"),
              words("loin moins sauf avant hors"),
              words("seulement uniquement que"),
              words("jusqu avant sauf tant"),
              words("et mais ou"),
              words(
                  "les des une est sont dans pour par sur avec que qui faut peut doit plus mais"
                      + " cette ces ses son leur vous nous ils elle")),
          "es",
          new Words(
              words("no nunca jamás ningún ninguna nada nadie ni tampoco"),
              words("sin evitar evite evita impide"),
              words("sin"),
              words("lejos menos salvo antes fuera"),
              words("solo sólo solamente obstante"),
              words("hasta antes salvo"),
              words("y e pero sino"),
              words(
                  "los las una del con por para que como más muy pero este esta son está hay"
                      + " puede debe sus")));

  private Denials() {}

  private static Set<String> words(String list) {
    Set<String> words = new HashSet<>();
    for (String word : list.split(" ", -1)) {
      words.add(word);
    }
    return words;
  }

  /** Whether a sentence denies although nothing that it cites does. */
  static boolean added(String sentence, CharSequence cited, String language) {
    Words words = LANGUAGES.get(language);
    return words != null
        && has(sentence, words.denials())
        && !has(cited, words.denials())
        && !has(cited, words.deniable());
  }

  private static boolean has(CharSequence text, Set<String> words) {
    Matcher matcher = TOKEN.matcher(text);
    while (matcher.find()) {
      if (words.contains(matcher.group().toLowerCase(Locale.ROOT))) {
        return true;
      }
    }
    return false;
  }

  /** Whether a sentence says what it cites is denied. */
  static boolean lost(String sentence, CharSequence cited, String language) {
    Words words = LANGUAGES.get(language);
    if (words == null) {
      return false;
    }
    Set<String> mild = new HashSet<>(words.mild());
    Set<String> saidToo = new HashSet<>();
    clauses(cited, words).forEach(saidToo::addAll);
    mild.removeAll(saidToo);
    Set<String> affirmed = new HashSet<>();
    for (List<String> clause : clauses(sentence, words)) {
      if (clause.stream()
          .noneMatch(
              word ->
                  words.denials().contains(word)
                      || words.deniable().contains(word)
                      || mild.contains(word))) {
        affirmed.addAll(stems(clause, words));
      }
    }
    List<List<String>> sources = clauses(cited, words);
    Set<String> affirmedByThem = new HashSet<>();
    for (List<String> clause : sources) {
      if (clause.stream().noneMatch(word -> denies(word, words))) {
        affirmedByThem.addAll(stems(clause, words));
      }
    }
    for (List<String> clause : sources) {
      String denied = deniedStem(clause, words);
      Set<String> said = stems(clause, words);
      if (denied != null
          && said.size() >= LEAST_WORDS
          && affirmed.contains(denied)
          && covers(affirmed, said)
          && !covers(affirmedByThem, said)) {
        return true;
      }
    }
    return false;
  }

  private static boolean covers(Set<String> all, Set<String> some) {
    long there = some.stream().filter(all::contains).count();
    return there * 100 >= (long) LEAST_SHARE_PERCENT * some.size();
  }

  private static boolean denies(String word, Words words) {
    return words.denials().contains(word) || words.without().contains(word);
  }

  /** The word that a clause denies: the next one that says something, else the last before it. */
  private static @Nullable String deniedStem(List<String> clause, Words words) {
    int first = -1;
    int without = 0;
    for (int i = 0; i < clause.size(); i++) {
      String word = clause.get(i);
      if (words.ended().contains(word)) {
        return null;
      }
      if (denies(word, words)) {
        without += words.without().contains(word) ? 1 : 0;
        first = first < 0 ? i : first;
      }
    }
    if (first < 0 || (without > 0 && !words.without().contains(clause.get(first)))) {
      return null;
    }
    for (int i = first; i < clause.size(); i++) {
      if (denies(clause.get(i), words)
          && i + 1 < clause.size()
          && words.takenBack().contains(clause.get(i + 1))) {
        return null;
      }
    }
    if (isOnly(clause, words)) {
      return null;
    }
    List<String> behind = new ArrayList<>(stems(clause.subList(first + 1, clause.size()), words));
    if (!behind.isEmpty()) {
      return behind.get(0);
    }
    List<String> before = new ArrayList<>(stems(clause.subList(0, first), words));
    return before.isEmpty() ? null : before.get(before.size() - 1);
  }

  /** French "ne … que" without "pas" is "only". */
  private static boolean isOnly(List<String> clause, Words words) {
    boolean particle = clause.contains("ne") || clause.contains("n");
    return particle
        && words.denials().contains("ne")
        && clause.contains("que")
        && clause.stream()
            .noneMatch(
                word -> words.denials().contains(word) && !word.equals("ne") && !word.equals("n"));
  }

  /** Clauses in words of small letters: up to a mark, or to a word that joins one that denies. */
  private static List<List<String>> clauses(CharSequence text, Words words) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(text);
    while (matcher.find()) {
      tokens.add(matcher.group().toLowerCase(Locale.ROOT));
    }
    List<List<String>> clauses = new ArrayList<>();
    List<String> clause = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      String token = tokens.get(i);
      boolean mark = !Character.isLetter(token.codePointAt(0));
      boolean joins =
          words.joins().contains(token)
              && i + 1 < tokens.size()
              && words.denials().contains(tokens.get(i + 1));
      if (!mark && !joins) {
        clause.add(token);
      } else if (!clause.isEmpty()) {
        clauses.add(clause);
        clause = new ArrayList<>();
      }
    }
    if (!clause.isEmpty()) {
      clauses.add(clause);
    }
    return clauses;
  }

  /** Beginnings of the words that say something, in their order. */
  private static Set<String> stems(List<String> clause, Words words) {
    Set<String> stems = new LinkedHashSet<>();
    for (String word : clause) {
      if (word.length() >= CONTENT_WORD_CHARS
          && !denies(word, words)
          && !words.idle().contains(word)) {
        stems.add(stem(word));
      }
    }
    return stems;
  }

  private static String stem(String word) {
    String single =
        word.length() > 4 && word.endsWith("ies")
            ? word.substring(0, word.length() - 3) + "y"
            : word.length() > 3 && word.endsWith("s") ? word.substring(0, word.length() - 1) : word;
    return single.substring(0, Math.min(single.length(), STEM_CHARS));
  }
}
