package dev.reelbeam.clients.visual;

import dev.reelbeam.model.visual.Scene;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The words of a scene that say what should be seen, by weight.
 *
 * <p>A word counts once for each field that has it: what should be seen counts most, the people and
 * things that belong to it and what is said next, then the record's search terms and its title. A
 * name in the middle of a sentence counts more than the words around it. Words of grammar count
 * nothing.
 */
record SceneWords(List<String> words) {
  private static final int CUE = 30;
  private static final int ENTITY = 25;
  private static final int TEXT = 12;
  private static final int TERM = 10;
  private static final int TOPIC = 11;
  private static final int NAME = 6;
  private static final int LEAST_LETTERS = 3;
  private static final int MOST_WORDS = 4;
  private static final int STEM_LETTERS = 5;

  /** Words of grammar of the languages that scripts are written in, and words about videos. */
  private static final Set<String> GRAMMAR =
      // Languages share some of them.
      Set.copyOf(
          List.of(
              ("the a an and or but nor for with without from into onto over under about above"
                      + " below after before during between through your you yours our ours we us they"
                      + " them their theirs his her hers its this that these those there here what"
                      + " which who whom whose when where why how all any both each few more most much"
                      + " many other some such only own same than then too very can could will would"
                      + " shall should may might must have has had having are was were been being does"
                      + " did doing not just also even still ever never often always every once make"
                      + " makes made get gets got let lets like need needs want wants know knows one"
                      + " two three four first second last new good best better way ways thing things"
                      + " time times day days year years keep keeps kept use uses used using take"
                      + " takes video videos follow today because while until again less least enough"
                      + " der die das den dem des ein eine einen einem einer und oder aber mit ohne"
                      + " von vom zum zur für auf aus bei nach vor über unter durch sich sie ihr ihre"
                      + " wir uns ist sind war waren wird werden wurde hat haben hatte kann können"
                      + " muss müssen nicht kein keine auch nur noch schon sehr mehr viel wie was wer"
                      + " wenn dass weil les des une dans pour avec sans sur sous par plus moins est"
                      + " sont été être avoir qui que quoi dont mais donc car vous nous ils elles leur"
                      + " leurs cette ces tout los las del una unos unas con sin por para sobre entre"
                      + " como pero porque cuando está están fue ser tener muy más menos todo todos"
                      + " nos sus este esta estos gli della delle degli dei nel nella con senza per"
                      + " tra fra come anche ancora sono era stato essere avere molto più meno tutto"
                      + " tutti questo questa")
                  .split(" ")));

  /** The best words, the heaviest first. */
  static SceneWords of(Scene scene) {
    Map<String, Integer> weights = new LinkedHashMap<>();
    Map<String, String> spelling = new LinkedHashMap<>();
    add(scene.cue(), CUE, weights, spelling);
    add(String.join(", ", scene.entities()), ENTITY, weights, spelling);
    add(scene.topic(), TOPIC, weights, spelling);
    add(scene.text(), TEXT, weights, spelling);
    for (String term : scene.terms()) {
      add(term, TERM, weights, spelling);
    }
    List<String> stems = new ArrayList<>(weights.keySet());
    // Stable: of equal weight, what came first.
    stems.sort((a, b) -> weights.getOrDefault(b, 0) - weights.getOrDefault(a, 0));
    List<String> best = new ArrayList<>();
    for (String stem : stems) {
      if (best.size() < MOST_WORDS) {
        best.add(spelling.getOrDefault(stem, stem));
      }
    }
    return new SceneWords(List.copyOf(best));
  }

  private static void add(
      String text, int weight, Map<String, Integer> weights, Map<String, String> spelling) {
    Set<String> seen = new HashSet<>();
    String[] words = text.split("[^\\p{L}\\p{N}'’-]+", -1);
    for (int i = 0; i < words.length; i++) {
      String word = words[i].replaceAll("['’].*$", "");
      String plain = word.toLowerCase(Locale.ROOT);
      boolean letters = plain.codePoints().filter(Character::isLetter).count() >= LEAST_LETTERS;
      if (!letters || GRAMMAR.contains(plain)) {
        continue;
      }
      String stem = stem(plain);
      spelling.putIfAbsent(stem, plain);
      if (seen.add(stem)) {
        boolean name = i > 0 && Character.isUpperCase(word.codePointAt(0));
        weights.merge(stem, weight + (name ? NAME : 0), Integer::sum);
      }
    }
  }

  /** Crude, but the same for every language: "brewing" finds "brewed". */
  static String stem(String word) {
    String plain =
        Normalizer.normalize(word, Normalizer.Form.NFD)
            .replaceAll("\\p{M}", "")
            .toLowerCase(Locale.ROOT);
    return plain.length() > STEM_LETTERS ? plain.substring(0, STEM_LETTERS) : plain;
  }

  /** Stems of a text without its words of grammar. */
  static Set<String> stems(String text) {
    Set<String> stems = new LinkedHashSet<>();
    for (String word : text.split("[^\\p{L}\\p{N}]+", -1)) {
      if (word.length() >= LEAST_LETTERS && !GRAMMAR.contains(word.toLowerCase(Locale.ROOT))) {
        stems.add(stem(word));
      }
    }
    return stems;
  }

  /** What to search for, the most exact first: fewer words find more. */
  List<String> queries() {
    Set<String> queries = new LinkedHashSet<>();
    for (int count : new int[] {MOST_WORDS, 2, 1}) {
      if (!words.isEmpty()) {
        queries.add(String.join(" ", words.subList(0, Math.min(count, words.size()))));
      }
    }
    return List.copyOf(queries);
  }
}
