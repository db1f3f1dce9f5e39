package dev.reelbeam.embedded.script;

import dev.reelbeam.model.content.BlockKind;
import dev.reelbeam.model.content.SourceBlock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The first sentence: made from the title where its form allows, else the strongest short one. */
final class Hooks {
  private static final int MAX_WORDS = 11;
  private static final int MIN_WORDS = 4;
  private static final Pattern DIGIT = Pattern.compile("\\p{Nd}");

  private final SourceText source;
  private final LanguageProfile language;
  private final SpokenText spoken;

  Hooks(SourceText source) {
    this.source = source;
    this.language = source.language();
    this.spoken = source.spoken();
  }

  /** A hook and the candidate that it uses up, if it is one of the source's sentences. */
  record Hook(String text, @Nullable Candidate candidate, double score) {}

  /** The best hook; null when the source has neither a usable title nor a sentence. */
  @Nullable Hook best() {
    List<Hook> hooks = new ArrayList<>();
    fromTitle(hooks);
    fromSentences(hooks);
    if (hooks.isEmpty()) {
      fallback(hooks);
    }
    return hooks.stream().max(Comparator.comparingDouble(Hook::score)).orElse(null);
  }

  private void fromTitle(List<Hook> hooks) {
    String title = source.record().title().strip();
    List<String> parts = new ArrayList<>(List.of(title));
    for (String part : title.split("\\s*[:|–—]\\s+|\\s+-\\s+", -1)) {
      if (!part.equals(title)) {
        parts.add(part.strip());
      }
    }
    double worth = 1.6;
    for (String part : parts) {
      if (part.endsWith("?")) {
        String question = spoken.speakable(sentenceCase(part));
        if (question != null) {
          offer(hooks, question, worth);
        }
      }
      for (String form : List.of("howto", "why", "count")) {
        String template = language.phrase("hook." + form);
        Matcher matcher = language.regex("hook.title." + form).matcher(part);
        if (!template.isEmpty() && matcher.matches()) {
          String inner = matcher.group(1).strip();
          if (language.language().equals("en")) {
            inner = loweredFirst(sentenceCase(inner));
          }
          String text = spoken.speakable(template.replace("{x}", inner));
          if (text != null) {
            offer(hooks, text, worth);
          }
        }
      }
      worth -= 0.1;
    }
  }

  private void offer(List<Hook> hooks, String text, double worth) {
    int words = SpokenText.words(text);
    if (words >= 3 && words <= MAX_WORDS) {
      hooks.add(new Hook(text, null, worth));
    }
  }

  private void fromSentences(List<Hook> hooks) {
    for (Candidate candidate : source.candidates()) {
      if (candidate.needsPrevious()) {
        continue;
      }
      List<List<String>> forms = new ArrayList<>();
      forms.add(candidate.alone());
      List<String> shorter = candidate.shorter();
      if (shorter != null) {
        forms.add(shorter);
      }
      for (List<String> form : forms) {
        int words = Candidate.words(form);
        if (form.size() == 1 && words >= MIN_WORDS && words <= MAX_WORDS) {
          hooks.add(new Hook(form.get(0), candidate, strength(candidate, form.get(0))));
        }
      }
    }
  }

  private double strength(Candidate candidate, String text) {
    double score = 0.4 * candidate.score();
    Set<String> stems = language.stems(text);
    Set<String> title = language.stems(source.record().title());
    score += 0.9 * Math.min(0.6, SourceText.overlap(stems, title));
    if (DIGIT.matcher(text).find()) {
      score += 0.3;
    }
    if (language.anywhere("hook.contrast").matcher(text).find()) {
      score += 0.3;
    }
    if (language.anywhere("hook.superlative").matcher(text).find()) {
      score += 0.1;
    }
    if (SourceText.isQuestion(text)) {
      score += 0.1;
    }
    if (candidate.section() == 0) {
      score += 0.25;
    } else if (source.record().blocks().get(candidate.block()).items().isEmpty()) {
      score -= 0.1 * Math.min(4, candidate.section() - 1);
    } else {
      score -= 0.5;
    }
    int words = SpokenText.words(text);
    if (words >= 6 && words <= 10) {
      score += 0.15;
    }
    return score;
  }

  /** Nothing short is there: the shortest strong sentence, whatever its length, else the title. */
  private void fallback(List<Hook> hooks) {
    source.candidates().stream()
        .filter(candidate -> !candidate.needsPrevious())
        .min(Comparator.comparingInt(candidate -> Candidate.words(candidate.alone())))
        .ifPresent(candidate -> hooks.add(new Hook(candidate.alone().get(0), candidate, 0)));
    if (hooks.isEmpty() || SpokenText.words(hooks.get(0).text()) > 2 * MAX_WORDS) {
      String title = source.record().title().strip();
      String text = title.isEmpty() ? null : spoken.speakable(SpokenText.finished(title));
      if (text != null) {
        hooks.add(new Hook(text, null, 0.1));
      }
    }
  }

  private String loweredFirst(String text) {
    int end = text.offsetByCodePoints(0, 1);
    int space = text.indexOf(' ');
    String word = space < 0 ? text : text.substring(0, space);
    boolean keep = word.equals("I") || word.substring(end).chars().anyMatch(Character::isUpperCase);
    return keep || properNoun(word)
        ? text
        : text.substring(0, end).toLowerCase(language.locale()) + text.substring(end);
  }

  /** Title case to sentence case: a word keeps its capital if the text writes it so, too. */
  String sentenceCase(String title) {
    if (!language.language().equals("en")) {
      return title;
    }
    String[] words = title.split(" ");
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      if (word.isEmpty() || i == 0) {
        continue;
      }
      boolean special =
          word.equals("I")
              || word.startsWith("I'")
              || DIGIT.matcher(word).find()
              || (!word.contains("-")
                  && word.substring(word.offsetByCodePoints(0, 1))
                      .chars()
                      .anyMatch(Character::isUpperCase));
      if (!special && !properNoun(word)) {
        words[i] = word.toLowerCase(language.locale());
      }
    }
    return String.join(" ", words);
  }

  /** Written with a capital inside sentences, and never without one. */
  private boolean properNoun(String word) {
    String bare = word.replaceAll("[^\\p{L}\\p{Nd}'’-]", "");
    if (bare.isEmpty() || !Character.isUpperCase(bare.codePointAt(0))) {
      return false;
    }
    boolean capital = false;
    Pattern inside =
        Pattern.compile("(?<=[\\p{Ll},;] )" + Pattern.quote(bare) + "(?![\\p{L}\\p{Nd}])");
    Pattern lower =
        Pattern.compile(
            "(?<![\\p{L}\\p{Nd}])"
                + Pattern.quote(bare.toLowerCase(language.locale()))
                + "(?![\\p{L}\\p{Nd}])");
    for (SourceBlock block : source.record().blocks()) {
      if (block.kind() != BlockKind.PARAGRAPH && block.kind() != BlockKind.LIST) {
        continue;
      }
      String text = block.text() + " " + String.join(" ", block.items());
      if (lower.matcher(text).find()) {
        return false;
      }
      capital |= inside.matcher(text).find();
    }
    return capital;
  }
}
