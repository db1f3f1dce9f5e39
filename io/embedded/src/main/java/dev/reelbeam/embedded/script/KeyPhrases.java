package dev.reelbeam.embedded.script;

import dev.reelbeam.model.content.BlockKind;
import dev.reelbeam.model.content.SourceBlock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The phrases that a text is about: the record's keywords, then runs of nouns with their adjectives
 * where word classes are known, else runs between stop words and marks as RAKE takes them (Rose et
 * al., "Automatic keyword extraction from individual documents", 2010), by how often they occur.
 */
final class KeyPhrases {
  private static final int MAX_PHRASE_WORDS = 3;
  private static final int MAX_TEXT_CHARS = 60_000;
  private static final Pattern WORD = Pattern.compile("\\p{L}[\\p{L}\\p{M}\\p{Nd}'’-]*|[^\\s]");

  private final SourceText source;
  private final LanguageProfile language;

  KeyPhrases(SourceText source) {
    this.source = source;
    this.language = source.language();
  }

  /** Keywords and phrases, lower case, the best first, none contained in another. */
  List<String> best(int limit) {
    List<String> phrases = new ArrayList<>();
    for (String keyword : source.record().keywords()) {
      addDistinct(phrases, keyword.strip().toLowerCase(language.locale()), limit);
    }
    counted().entrySet().stream()
        .filter(entry -> entry.getValue() >= 2)
        .sorted(
            Comparator.comparingDouble(
                    (Map.Entry<String, Integer> entry) -> worth(entry.getKey(), entry.getValue()))
                .reversed()
                .thenComparing(Map.Entry::getKey))
        .forEach(entry -> addDistinct(phrases, entry.getKey(), limit));
    return List.copyOf(phrases);
  }

  private double worth(String phrase, int count) {
    int words = SpokenText.words(phrase);
    Set<String> stems = language.stems(phrase);
    double title = SourceText.overlap(stems, source.topicStems());
    return count * (1 + 0.6 * (words - 1)) * (1 + title);
  }

  private void addDistinct(List<String> phrases, String phrase, int limit) {
    if (phrases.size() >= limit || phrase.length() < 3 || phrase.length() > 40) {
      return;
    }
    Set<String> stems = language.stems(phrase);
    if (stems.isEmpty()) {
      return;
    }
    for (String known : phrases) {
      if (language.stems(known).containsAll(stems)) {
        return;
      }
    }
    phrases.add(phrase);
  }

  /** One phrase that completes "more on …"; empty when none is sure to fit. */
  String topic() {
    for (String keyword : source.record().keywords()) {
      String phrase = keyword.strip();
      int words = SpokenText.words(phrase);
      if (words < 1 || words > MAX_PHRASE_WORDS || phrase.length() > 30) {
        continue;
      }
      boolean noun =
          language
              .tagger()
              .map(tagger -> tagger.tag(phrase))
              .map(tokens -> tokens.get(tokens.size() - 1).isNoun())
              .orElse(true);
      if (noun && mentioned(phrase)) {
        return phrase;
      }
    }
    return "";
  }

  private boolean mentioned(String phrase) {
    String wanted = phrase.toLowerCase(language.locale());
    int count = source.record().title().toLowerCase(language.locale()).contains(wanted) ? 2 : 0;
    for (SourceBlock block : source.record().blocks()) {
      if (block.text().toLowerCase(language.locale()).contains(wanted)) {
        count++;
      }
    }
    return count >= 2;
  }

  private Map<String, Integer> counted() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    int chars = 0;
    for (SourceBlock block : source.record().blocks()) {
      if (block.kind() == BlockKind.CODE || block.kind() == BlockKind.TABLE) {
        continue;
      }
      for (String text : block.items().isEmpty() ? List.of(block.text()) : block.items()) {
        chars += text.length();
        if (chars > MAX_TEXT_CHARS) {
          return counts;
        }
        for (String sentence : language.sentences(text)) {
          phrases(sentence).forEach(phrase -> counts.merge(phrase, 1, Integer::sum));
        }
      }
    }
    return counts;
  }

  /** The phrases of one sentence in their order, lower case. */
  List<String> phrases(String sentence) {
    return language
        .tagger()
        .map(tagger -> tagged(tagger.tag(sentence)))
        .orElseGet(() -> untagged(sentence));
  }

  private List<String> tagged(List<Tagger.Token> tokens) {
    List<String> phrases = new ArrayList<>();
    List<Tagger.Token> run = new ArrayList<>();
    boolean counted = false;
    for (Tagger.Token token : tokens) {
      if (token.tag().equals("NUM")) {
        close(run, phrases);
        counted = true;
        continue;
      }
      boolean letters = Character.isLetter(token.text().codePointAt(0));
      if (counted && token.isNoun()) {
        // A unit: "22 grams" is not about grams.
        counted = false;
        continue;
      }
      counted = false;
      if (letters && (token.isNoun() || (token.tag().equals("ADJ") && allNonNouns(run)))) {
        run.add(token);
      } else {
        close(run, phrases);
      }
    }
    close(run, phrases);
    return phrases;
  }

  private static boolean allNonNouns(List<Tagger.Token> run) {
    return run.stream().noneMatch(Tagger.Token::isNoun);
  }

  private void close(List<Tagger.Token> run, List<String> phrases) {
    if (!run.isEmpty() && run.get(run.size() - 1).isNoun()) {
      int from = Math.max(0, run.size() - MAX_PHRASE_WORDS);
      String phrase =
          String.join(" ", run.subList(from, run.size()).stream().map(Tagger.Token::text).toList())
              .toLowerCase(language.locale());
      if (!language.stems(phrase).isEmpty()) {
        phrases.add(phrase);
      }
    }
    run.clear();
  }

  private List<String> untagged(String sentence) {
    List<String> phrases = new ArrayList<>();
    List<String> run = new ArrayList<>();
    Matcher matcher = WORD.matcher(sentence);
    while (matcher.find()) {
      String word = matcher.group();
      boolean content =
          Character.isLetter(word.codePointAt(0))
              && word.length() > 2
              && !language.isStopWord(word)
              && run.size() < MAX_PHRASE_WORDS;
      if (content) {
        run.add(word.toLowerCase(language.locale()));
      } else if (!run.isEmpty()) {
        phrases.add(String.join(" ", run));
        run.clear();
      }
    }
    if (!run.isEmpty()) {
      phrases.add(String.join(" ", run));
    }
    return phrases;
  }
}
