package dev.reelbeam.embedded.script;

import dev.reelbeam.model.content.BlockKind;
import dev.reelbeam.model.content.HookStyle;
import dev.reelbeam.model.content.SourceBlock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The first sentence: made from the title where its form allows, else the strongest short one; or
 * the best one of a style, out of the source's own sentences and the language's templates.
 */
final class Hooks {
  private static final int MAX_WORDS = 11;
  private static final int MIN_WORDS = 4;

  /** With the words of a style's template. */
  private static final int MAX_STYLED_WORDS = 12;

  private static final int MAX_SUBJECT_WORDS = 5;

  private static final double LEAST_FIT = 0;
  private static final Pattern DIGIT = Pattern.compile("\\p{Nd}");

  private final SourceText source;
  private final LanguageProfile language;
  private final SpokenText spoken;

  Hooks(SourceText source) {
    this.source = source;
    this.language = source.language();
    this.spoken = source.spoken();
  }

  /**
   * A hook.
   *
   * @param candidate what it uses up, if it is one of the source's sentences
   * @param style how it opens; null if that is none of the named styles
   */
  record Hook(
      String text, @Nullable Candidate candidate, double score, @Nullable HookStyle style) {}

  /** The styles in which this source can open. */
  List<HookStyle> styles() {
    return Stream.of(HookStyle.values()).filter(style -> best(style) != null).toList();
  }

  /** The best hook of a style; null when the source gives none. */
  @Nullable Hook best(HookStyle style) {
    List<Hook> hooks = new ArrayList<>();
    switch (style) {
      case QUESTION -> questions(hooks);
      case NUMBER -> numbers(hooks);
      case CONTRAST -> sentences(hooks, style, text -> marked("hook.contrast", text), "");
      case STORY ->
          sentences(
              hooks,
              style,
              text -> marked("hook.story", text) - (isScene(text) ? 0 : 1),
              language.phrase("hook.style.story"));
      case PROMISE -> promises(hooks);
    }
    return hooks.stream().max(Comparator.comparingDouble(Hook::score)).orElse(null);
  }

  private void questions(List<Hook> hooks) {
    for (String part : titleParts()) {
      if (part.endsWith("?")) {
        styled(hooks, sentenceCase(part), 1.6, HookStyle.QUESTION);
      }
      fromTitle(hooks, part, "howto", "hook.howto", HookStyle.QUESTION);
      fromTitle(hooks, part, "why", "hook.style.question.why", HookStyle.QUESTION);
    }
    sentences(hooks, HookStyle.QUESTION, text -> isQuestion(text) ? 0.1 : -1, "");
    aboutSubject(hooks, "hook.style.question", HookStyle.QUESTION);
    hooks.removeIf(hook -> !isQuestion(hook.text()));
  }

  /** A question about what the title names; null when it gives none. */
  @Nullable String questionOfTitle() {
    List<Hook> hooks = new ArrayList<>();
    for (String part : titleParts()) {
      fromTitle(hooks, part, "howto", "hook.howto", HookStyle.QUESTION);
      fromTitle(hooks, part, "why", "hook.style.question.why", HookStyle.QUESTION);
    }
    if (hooks.isEmpty()) {
      aboutSubject(hooks, "hook.style.question", HookStyle.QUESTION);
    }
    return hooks.stream().map(Hook::text).filter(Hooks::isQuestion).findFirst().orElse(null);
  }

  /** Whether the title, or a part of it, says how to do something. */
  boolean titleTellsHow() {
    return titleParts().stream()
        .anyMatch(part -> language.regex("hook.title.howto").matcher(part).matches());
  }

  private void numbers(List<Hook> hooks) {
    for (String part : titleParts()) {
      fromTitle(hooks, part, "count", "hook.count", HookStyle.NUMBER);
    }
    sentences(
        hooks,
        HookStyle.NUMBER,
        text -> DIGIT.matcher(text).find() && !isQuestion(text) ? 0.1 : -1,
        "");
  }

  private void promises(List<Hook> hooks) {
    for (String part : titleParts()) {
      fromTitle(hooks, part, "howto", "hook.style.promise.howto", HookStyle.PROMISE);
      fromTitle(hooks, part, "why", "hook.style.promise.why", HookStyle.PROMISE);
    }
    aboutSubject(hooks, "hook.style.promise", HookStyle.PROMISE);
  }

  private void fromTitle(
      List<Hook> hooks, String part, String form, String template, HookStyle style) {
    Matcher matcher = language.regex("hook.title." + form).matcher(part);
    if (matcher.matches()) {
      String inner = matcher.group(1).strip();
      if (language.language().equals("en")) {
        inner = loweredFirst(sentenceCase(inner));
      }
      styled(hooks, language.phrase(template).replace("{x}", inner), 1.6, style);
    }
  }

  /** What the video is about stands in front, so that no language has to inflect it. */
  private void aboutSubject(List<Hook> hooks, String template, HookStyle style) {
    List<String> subjects = new ArrayList<>();
    subjects.add(new KeyPhrases(source).topic());
    for (String part : titleParts()) {
      subjects.add(sentenceCase(part).replaceAll("[.!?]+$", ""));
    }
    for (String subject : subjects) {
      int words = SpokenText.words(subject);
      if (!subject.isBlank()
          && words <= MAX_SUBJECT_WORDS
          && !subject.contains(":")
          && !isQuestion(subject)) {
        String named = spoken.capitalized(subject);
        styled(hooks, language.phrase(template).replace("{subject}", named), 0.3, style);
        return;
      }
    }
  }

  private void styled(List<Hook> hooks, String text, double worth, HookStyle style) {
    String speakable = text.isBlank() ? null : spoken.speakable(text);
    if (speakable != null) {
      int words = SpokenText.words(speakable);
      if (words >= 3 && words <= MAX_STYLED_WORDS) {
        hooks.add(new Hook(speakable, null, worth, style));
      }
    }
  }

  /** The more of a style's words the better; numbers draw the eye to themselves. */
  private double marked(String key, String text) {
    long count = language.anywhere(key).matcher(text).results().count();
    return count == 0 || isQuestion(text)
        ? -1
        : 0.3 * Math.min(3, count) - (DIGIT.matcher(text).find() ? 0.4 : 0);
  }

  /**
   * Sentences of the source that a style may use, in the style's words.
   *
   * @param fit how well a sentence fits the style; below {@value #LEAST_FIT} it does not
   */
  private void sentences(
      List<Hook> hooks, HookStyle style, ToDoubleFunction<String> fit, String template) {
    for (Candidate candidate : source.candidates()) {
      if (candidate.needsPrevious()) {
        continue;
      }
      for (String text : singles(candidate)) {
        double fitness = fit.applyAsDouble(text);
        if (fitness < LEAST_FIT) {
          continue;
        }
        String framed = template.isEmpty() ? text : template.replace("{s}", inside(text));
        int words = SpokenText.words(framed);
        if (words >= MIN_WORDS && words <= MAX_STYLED_WORDS) {
          hooks.add(new Hook(framed, candidate, strength(candidate, text) + fitness, style));
        }
      }
    }
  }

  /** The forms of a candidate that are one sentence. */
  private static List<String> singles(Candidate candidate) {
    List<String> singles = new ArrayList<>();
    if (candidate.alone().size() == 1) {
      singles.add(candidate.alone().get(0));
    }
    List<String> shorter = candidate.shorter();
    if (shorter != null && shorter.size() == 1) {
      singles.add(shorter.get(0));
    }
    return singles;
  }

  /** Something happens in it: it does not define, and it does not tell the viewer what to do. */
  private boolean isScene(String text) {
    return !matches("hook.abstract", text)
        && language
            .tagger()
            .map(tagger -> tagger.tag(text))
            .map(tokens -> tokens.isEmpty() || !tokens.get(0).isVerb())
            .orElse(true);
  }

  /** A sentence behind a colon: German keeps its capital there, and so do names everywhere. */
  private String inside(String sentence) {
    String first = sentence.split("[\\s,]", 2)[0];
    return language.language().equals("de") || !language.isStopWord(first)
        ? sentence
        : loweredFirst(sentence);
  }

  private boolean matches(String key, String text) {
    return language.anywhere(key).matcher(text).find();
  }

  private static boolean isQuestion(String text) {
    return SourceText.isQuestion(text);
  }

  /** How a hook that nobody asked for by its style opens. */
  private @Nullable HookStyle styleOf(String text) {
    if (isQuestion(text)) {
      return HookStyle.QUESTION;
    }
    if (DIGIT.matcher(text).find()) {
      return HookStyle.NUMBER;
    }
    return matches("hook.contrast", text) ? HookStyle.CONTRAST : null;
  }

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

  /** The title, and what stands before and behind its colons and dashes. */
  private List<String> titleParts() {
    String title = source.record().title().strip();
    List<String> parts = new ArrayList<>(List.of(title));
    for (String part : title.split("\\s*[:|–—]\\s+|\\s+-\\s+", -1)) {
      if (!part.equals(title)) {
        parts.add(part.strip());
      }
    }
    return parts;
  }

  private void fromTitle(List<Hook> hooks) {
    double worth = 1.6;
    for (String part : titleParts()) {
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
      hooks.add(new Hook(text, null, worth, styleOf(text)));
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
          hooks.add(
              new Hook(
                  form.get(0), candidate, strength(candidate, form.get(0)), styleOf(form.get(0))));
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
        .ifPresent(candidate -> hooks.add(new Hook(candidate.alone().get(0), candidate, 0, null)));
    if (hooks.isEmpty() || SpokenText.words(hooks.get(0).text()) > 2 * MAX_WORDS) {
      String title = source.record().title().strip();
      String text = title.isEmpty() ? null : spoken.speakable(SpokenText.finished(title));
      if (text != null) {
        hooks.add(new Hook(text, null, 0.1, null));
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
