package dev.reelbeam.embedded.script;

import dev.reelbeam.model.content.BlockKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.SourceBlock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A record's text as sections and speakable sentences, each with its rank. */
final class SourceText {
  /** More sentences than any video can hold; a bound on the work. */
  private static final int MAX_CANDIDATES = 1_500;

  private static final int MAX_PAIR_WORDS = 32;

  private static final int TRUSTED_WORDS = 8;

  private static final Pattern NUMBER =
      Pattern.compile("(?<!\\p{Nd})(?!(?:19|20)\\p{Nd}{2}(?![\\p{Nd}.,]))\\p{Nd}");

  private static final Pattern CLOCK = Pattern.compile("\\b\\d{1,2}:\\d\\d\\b");

  private static final int REMEMBERED = 4;

  private static final Map<ContentRecord, SourceText> RECENT =
      new LinkedHashMap<>(8, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ContentRecord, SourceText> eldest) {
          return size() > REMEMBERED;
        }
      };

  private final ContentRecord record;
  private final LanguageProfile language;
  private final SpokenText spoken;
  private final List<Section> sections = new ArrayList<>();
  private final List<Candidate> candidates = new ArrayList<>();
  private final Set<String> topicStems;

  /** Stems of the running section's sentences so far, while reading. */
  private final Set<String> sectionStems = new HashSet<>();

  /**
   * A part of the source between two headings.
   *
   * @param heading empty for the part before the first heading
   * @param closing a summary or a conclusion, whatever it is called
   */
  record Section(String heading, int firstBlock, boolean closing) {}

  /** The text of a record; the last few are remembered, a script is fitted in several rounds. */
  static SourceText of(ContentRecord record) {
    synchronized (RECENT) {
      SourceText known = RECENT.get(record);
      if (known != null) {
        return known;
      }
    }
    SourceText read = new SourceText(record, LanguageProfile.of(record.language()));
    synchronized (RECENT) {
      RECENT.put(record, read);
    }
    return read;
  }

  private SourceText(ContentRecord record, LanguageProfile language) {
    this.record = record;
    this.language = language;
    this.spoken = new SpokenText(language);
    this.topicStems = language.stems(record.title() + " " + String.join(" ", record.keywords()));
    read();
    score();
  }

  List<Section> sections() {
    return sections;
  }

  List<Candidate> candidates() {
    return candidates;
  }

  SpokenText spoken() {
    return spoken;
  }

  LanguageProfile language() {
    return language;
  }

  Set<String> topicStems() {
    return topicStems;
  }

  ContentRecord record() {
    return record;
  }

  private void read() {
    sections.add(new Section("", 0, false));
    boolean skipping = false;
    int skippedLevel = 0;
    Previous previous = new Previous();
    for (int block = 0; block < record.blocks().size(); block++) {
      SourceBlock source = record.blocks().get(block);
      if (candidates.size() >= MAX_CANDIDATES) {
        return;
      }
      if (source.kind() == BlockKind.HEADING) {
        previous.forget();
        if (sameWords(source.text(), record.title())) {
          continue;
        }
        if (skipping && source.level() > skippedLevel) {
          continue;
        }
        skipping = matchesWhole("skip.headings", source.text());
        skippedLevel = source.level();
        sectionStems.clear();
        if (!skipping) {
          sections.add(
              new Section(source.text(), block, matchesWhole("closing.headings", source.text())));
        }
        continue;
      }
      if (skipping) {
        continue;
      }
      switch (source.kind()) {
        case PARAGRAPH -> readSentences(source.text(), block, previous);
        case LIST -> {
          previous.forget();
          for (String item : source.items()) {
            if (SpokenText.isFinished(item)) {
              readSentences(item, block, previous);
            }
            previous.forget();
          }
        }
        case CODE, TABLE, QUOTE -> previous.forget();
        case PICTURE, HEADING -> {}
      }
    }
  }

  private boolean matchesWhole(String key, String heading) {
    String bare = heading.strip().toLowerCase(language.locale()).replaceAll("[.:!?]+$", "");
    Matcher matcher = language.regex(key).matcher(bare);
    return matcher.matches();
  }

  static boolean sameWords(String first, String second) {
    return bare(first).equals(bare(second));
  }

  private static String bare(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{Nd}]+", " ").strip();
  }

  /** The sentence right before, while reading. */
  private static final class Previous {
    private int candidate = -1;
    private Set<String> introduced = Set.of();

    void forget() {
      introduced = Set.of();
      candidate = -1;
    }
  }

  private void readSentences(String paragraph, int block, Previous previous) {
    int section = sections.size() - 1;
    List<String> sentences = language.sentences(paragraph);
    for (int i = 0; i < sentences.size(); i++) {
      String speakable = spoken.speakable(sentences.get(i));
      if (speakable == null || candidates.size() >= MAX_CANDIDATES) {
        previous.candidate = -1;
        previous.introduced = Set.of();
        continue;
      }
      // A question is spoken together with its answer, a supposition with what follows from it.
      boolean opens =
          isQuestion(speakable) || language.atStart("sets.up").matcher(speakable).find();
      if (opens && i + 1 < sentences.size()) {
        String answer = spoken.speakable(sentences.get(i + 1));
        if (answer != null
            && SpokenText.words(answer) <= SpokenText.LONG_WORDS
            && SpokenText.words(speakable) + SpokenText.words(answer) <= MAX_PAIR_WORDS) {
          add(List.of(speakable, answer), false, block, section, previous);
          i++;
          continue;
        }
      }
      List<String> pieces = spoken.pieces(speakable);
      if (pieces.isEmpty() || (pieces.size() == 1 && isFragment(pieces.get(0), block))) {
        previous.candidate = -1;
        previous.introduced = Set.of();
        continue;
      }
      add(pieces, sentences.get(i).endsWith(":"), block, section, previous);
    }
  }

  /**
   * No verb was found, and it looks like a heading, an item or an enumeration. A plain sentence of
   * a paragraph is trusted more than the tagger, which takes some verbs for nouns.
   */
  private boolean isFragment(String text, int block) {
    if (spoken.hasVerb(text)) {
      return false;
    }
    boolean enumeration = text.indexOf(',') != text.lastIndexOf(',');
    return enumeration
        || SpokenText.words(text) < TRUSTED_WORDS
        || record.blocks().get(block).kind() != BlockKind.PARAGRAPH;
  }

  static boolean isQuestion(String sentence) {
    return sentence.replaceAll("[\"'”’»\\s]+$", "").endsWith("?");
  }

  private void add(
      List<String> running, boolean opensList, int block, int section, Previous previous) {
    String first = running.get(0);
    @Nullable String stripped = withoutConnective(first);
    boolean needs =
        stripped == null || leans(stripped) || namesAgain(stripped, previous.introduced);
    Set<String> stems = language.stems(String.join(" ", running));
    if (needs && previous.candidate < 0) {
      // What it leans on is not there to be spoken.
      previous.candidate = -1;
      return;
    }
    List<String> alone = new ArrayList<>(running);
    if (!needs) {
      alone.set(0, Objects.requireNonNull(stripped));
    }
    List<String> shorter = null;
    if (alone.size() == 1) {
      shorter = spoken.shorter(alone.get(0)).map(List::of).orElse(null);
    }
    boolean soft =
        language.atStart("soft").matcher(alone.get(0)).find()
            || language.anywhereRegex("soft.anywhere").matcher(alone.get(0)).find()
            || opensList
            || language.atStart("sets.up").matcher(alone.get(running.size() - 1)).find()
            || definiteStart(alone.get(0), sectionStems);
    sectionStems.addAll(stems);
    candidates.add(
        new Candidate(
            candidates.size(),
            block,
            section,
            previous.candidate,
            needs,
            List.copyOf(alone),
            List.copyOf(running),
            shorter,
            stems,
            soft ? -0.4 : 0));
    previous.candidate = candidates.size() - 1;
    previous.introduced = behind("indefinite", String.join(" ", running));
  }

  /** Whether "the bank" here is "a bank" of the sentence before. */
  private boolean namesAgain(String sentence, Set<String> introduced) {
    if (introduced.isEmpty()) {
      return false;
    }
    return behind("definite", sentence).stream().anyMatch(introduced::contains);
  }

  /** Stems of the nouns right behind the articles of a list; of the next word without classes. */
  private Set<String> behind(String articles, String sentence) {
    Set<String> heads = new HashSet<>();
    Set<String> words = Set.copyOf(language.list(articles));
    if (words.isEmpty()) {
      return heads;
    }
    language
        .tagger()
        .ifPresent(
            tagger -> {
              List<Tagger.Token> tokens = tagger.tag(sentence);
              for (int i = 0; i < tokens.size(); i++) {
                if (!words.contains(tokens.get(i).text().toLowerCase(language.locale()))) {
                  continue;
                }
                String head = "";
                for (int j = i + 1; j < Math.min(tokens.size(), i + 5); j++) {
                  if (tokens.get(j).isNoun()) {
                    head = tokens.get(j).text();
                  } else if (!head.isEmpty() || !tokens.get(j).tag().equals("ADJ")) {
                    break;
                  }
                }
                String stem = head.isEmpty() ? "" : language.stem(head);
                if (!stem.isEmpty() && !topicStems.contains(stem)) {
                  heads.add(stem);
                }
              }
            });
    return heads;
  }

  /** Whether it begins with a definite noun that its section has introduced before. */
  private boolean definiteStart(String sentence, Set<String> before) {
    Matcher article = language.atStart("definite").matcher(sentence);
    if (!article.find()) {
      return false;
    }
    return language.stems(sentence).stream()
        .limit(1)
        .anyMatch(noun -> before.contains(noun) && !topicStems.contains(noun));
  }

  /** The sentence without a leading connective; null when it cannot go without what precedes. */
  private @Nullable String withoutConnective(String sentence) {
    String text = sentence;
    for (int round = 0; round < 2; round++) {
      Matcher withComma = language.atStart("leading.comma").matcher(text);
      Matcher plain = language.atStart("leading").matcher(text);
      int cut = -1;
      if (withComma.find() && text.startsWith(", ", withComma.end())) {
        cut = withComma.end() + 2;
      } else if (plain.find()) {
        cut = text.startsWith(", ", plain.end()) ? plain.end() + 2 : plain.end();
      }
      if (cut < 0) {
        break;
      }
      String rest = text.substring(cut).strip();
      if (SpokenText.words(rest) < 3) {
        return null;
      }
      text = spoken.capitalized(rest);
    }
    return text;
  }

  /** Whether a sentence leans on the one before: by its first words or by an open pronoun. */
  boolean leans(String sentence) {
    if (language.atStart("needs.previous").matcher(sentence).find()) {
      return true;
    }
    return language
        .tagger()
        .map(tagger -> opensWithPronoun(tagger.tag(sentence)))
        .orElseGet(() -> pronounEarly(sentence));
  }

  /** A pronoun or demonstrative before any noun that it could stand for. */
  private boolean opensWithPronoun(List<Tagger.Token> tokens) {
    int main = mainClause(tokens);
    Set<String> pronouns = Set.copyOf(language.list("pronouns"));
    Set<String> demonstratives = Set.copyOf(language.list("demonstratives"));
    Set<String> personal = Set.copyOf(language.list("personal"));
    boolean nounSeen = false;
    boolean firstClause = true;
    for (int i = 0; i < tokens.size(); i++) {
      Tagger.Token token = tokens.get(i);
      String word = token.text().toLowerCase(language.locale());
      if (demonstratives.contains(word) && token.tag().matches("DET|PRON")) {
        // "this" points outside of the sentence wherever it stands.
        return true;
      }
      firstClause &= i == 0 || !token.tag().matches("CCONJ|SCONJ|PUNCT");
      if (firstClause && personal.contains(word) && token.tag().equals("PRON")) {
        // Inside one clause a pronoun cannot stand for that clause's own nouns.
        return true;
      }
      if (!nounSeen && pronouns.contains(word) && token.tag().matches("DET|PRON")) {
        return true;
      }
      nounSeen |= i >= main && token.isNoun();
    }
    return false;
  }

  /**
   * Where the main clause begins. Nouns of an opening phrase ("With a checkpoint every minute, it
   * …", "Seit dem Dürrejahr ist er …") are not what a pronoun behind it stands for.
   */
  private static int mainClause(List<Tagger.Token> tokens) {
    if (tokens.isEmpty() || !tokens.get(0).tag().matches("ADP|ADV")) {
      return 0;
    }
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).isVerb() || tokens.get(i).text().equals(",")) {
        return i;
      }
    }
    return 0;
  }

  private boolean pronounEarly(String sentence) {
    Set<String> pronouns = new HashSet<>(language.list("pronouns"));
    String[] words = sentence.toLowerCase(language.locale()).split("[^\\p{L}'’]+", -1);
    for (int i = 0; i < Math.min(3, words.length); i++) {
      if (pronouns.contains(words[i])) {
        return true;
      }
    }
    Set<String> demonstratives = Set.copyOf(language.list("demonstratives"));
    for (String word : words) {
      if (demonstratives.contains(word)) {
        return true;
      }
    }
    return false;
  }

  private void score() {
    double[] ranks = TextRank.rank(candidates.stream().map(Candidate::stems).toList());
    int[] firstOfSection = new int[sections.size()];
    java.util.Arrays.fill(firstOfSection, -1);
    int lastBlock = -1;
    for (int i = 0; i < candidates.size(); i++) {
      Candidate candidate = candidates.get(i);
      double score = candidate.score() + ranks[i];
      if (candidate.block() != lastBlock) {
        score += 0.2;
        lastBlock = candidate.block();
      }
      if (firstOfSection[candidate.section()] < 0) {
        firstOfSection[candidate.section()] = i;
        score += 0.15;
      }
      String text = String.join(" ", candidate.alone());
      if (NUMBER.matcher(text).find()) {
        score += 0.25;
      }
      Set<String> topic = new HashSet<>(topicStems);
      topic.addAll(language.stems(sections.get(candidate.section()).heading()));
      score += 0.5 * Math.min(0.6, overlap(candidate.stems(), topic));
      int words = Candidate.words(candidate.alone());
      if (words >= 8 && words <= 18) {
        score += 0.2;
      } else if (words < 6) {
        score -= 0.3;
      } else if (words > SpokenText.LONG_WORDS && candidate.alone().size() == 1) {
        score -= 0.5;
      }
      if (isQuestion(text)) {
        score -= record.blocks().get(candidate.block()).kind() == BlockKind.LIST ? 0.8 : 0.3;
      }
      if (candidate.needsPrevious()) {
        score -= 0.15;
      }
      if (record.blocks().get(candidate.block()).kind() == BlockKind.LIST) {
        score -= 0.25;
      }
      if (CLOCK.matcher(text).find()) {
        score -= 0.4;
      }
      if (imperative(candidate.alone().get(0))) {
        score += 0.15;
      }
      candidates.set(i, candidate.withScore(score));
    }
  }

  /** Begins with a verb: an instruction, the backbone of a how-to. */
  private boolean imperative(String sentence) {
    return language
        .tagger()
        .map(tagger -> tagger.tag(sentence))
        .map(tokens -> !tokens.isEmpty() && tokens.get(0).tag().equals("VERB"))
        .orElse(false);
  }

  static double overlap(Set<String> words, Set<String> reference) {
    if (words.isEmpty()) {
      return 0;
    }
    long both = words.stream().filter(reference::contains).count();
    return (double) both / words.size();
  }
}
