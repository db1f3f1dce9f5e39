package dev.reelbeam.embedded.script;

import dev.reelbeam.model.content.BlockKind;
import dev.reelbeam.model.content.ContentImage;
import dev.reelbeam.model.content.SourceBlock;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Visual cues and the few words shown on screen. */
final class OnScreen {
  static final int MAX_OVERLAY_CHARS = 40;
  private static final int MAX_HOOK_WORDS = 7;
  private static final Pattern UNIT =
      Pattern.compile(
          "%|‰|°[CF]?|€|\\$|£|[kMGT]?[BW]|[kcmµ]?[mglL]|km/h|ms|s|min|h|Hz|kHz|MHz|GHz");
  private static final Pattern NUMBER_PHRASE =
      Pattern.compile(
          "(?<![\\p{L}\\p{Nd}:.,/-])(?:[€$£] ?)?\\p{Nd}[\\p{Nd}.,  ]*(?:(?:-|–| to | bis | à | a"
              + " )\\p{Nd}[\\p{Nd}.,]*)? ?(?:%|°[CF]?|€|\\$|£|percent|Prozent|pour cent|per"
              + " cento|por ciento)?");

  private final SourceText source;
  private final LanguageProfile language;

  OnScreen(SourceText source) {
    this.source = source;
    this.language = source.language();
  }

  /** What is seen first: the first picture's words, else the title. */
  String hookCue() {
    return source.record().images().stream()
        .map(OnScreen::words)
        .filter(words -> !words.isEmpty())
        .findFirst()
        .orElse(source.record().title());
  }

  /** What is seen at the end: the last picture's words, else the title. */
  String endCue() {
    List<ContentImage> images = source.record().images();
    for (int i = images.size() - 1; i >= 0; i--) {
      if (!words(images.get(i)).isEmpty()) {
        return words(images.get(i));
      }
    }
    return source.record().title();
  }

  private static String words(ContentImage image) {
    String alt = Objects.requireNonNullElse(image.alt(), "").strip();
    return alt.isEmpty() ? Objects.requireNonNullElse(image.caption(), "").strip() : alt;
  }

  /** The words of the section's picture that fits the text, else the text's own key phrases. */
  String cue(String text, int block) {
    Set<String> stems = language.stems(text);
    List<SourceBlock> blocks = source.record().blocks();
    int from = block;
    while (from > 0 && blocks.get(from).kind() != BlockKind.HEADING) {
      from--;
    }
    String best = "";
    double bestOverlap = 0;
    for (int i = from; i < blocks.size(); i++) {
      SourceBlock candidate = blocks.get(i);
      if (i > block && candidate.kind() == BlockKind.HEADING) {
        break;
      }
      if (candidate.kind() == BlockKind.PICTURE
          && candidate.imageIndex() >= 0
          && candidate.imageIndex() < source.record().images().size()) {
        String words = words(source.record().images().get(candidate.imageIndex()));
        double overlap =
            SourceText.overlap(language.stems(words + " " + candidate.text()), stems)
                - 0.01 * Math.abs(i - block);
        if (overlap > bestOverlap) {
          best = words;
          bestOverlap = overlap;
        }
      }
    }
    if (!best.isEmpty()) {
      return best;
    }
    List<String> phrases = new KeyPhrases(source).phrases(text);
    String joined = String.join(", ", phrases.stream().distinct().limit(4).toList());
    return joined.isEmpty() ? source.record().title() : joined;
  }

  /** The hook in at most seven words, or the title's first part. */
  String hookOverlay(String hook) {
    String bare = hook.replaceAll("[.!]+$", "").strip();
    if (fits(bare) && SpokenText.words(bare) <= MAX_HOOK_WORDS) {
      return bare;
    }
    String title = source.record().title().strip();
    boolean question = bare.endsWith("?");
    if (!question) {
      for (String part : new String[] {title, title.split("\\s*[:|–—]\\s+", -1)[0]}) {
        if (fits(part) && SpokenText.words(part) <= MAX_HOOK_WORDS) {
          return part;
        }
      }
    }
    String cut = cutBeforePreposition(bare.replaceAll("\\s*[?]$", ""));
    String first = title.split("\\s*[:|–—]\\s+", -1)[0];
    return cut.isEmpty() ? fitted(first) : question ? cut + (french() ? " ?" : "?") : cut;
  }

  private boolean french() {
    return language.language().equals("fr");
  }

  private String cutBeforePreposition(String text) {
    return language
        .tagger()
        .map(
            tagger -> {
              List<Tagger.Token> tokens = tagger.tag(text);
              for (int i = tokens.size() - 1; i > 2; i--) {
                String before = text.substring(0, tokens.get(i).start()).strip();
                if (tokens.get(i).tag().equals("ADP")
                    && tokens.get(i - 1).isNoun()
                    && before.length() < MAX_OVERLAY_CHARS
                    && SpokenText.words(before) <= MAX_HOOK_WORDS) {
                  return before;
                }
              }
              return "";
            })
        .orElse("");
  }

  private static boolean fits(String text) {
    return !text.isEmpty() && text.length() <= MAX_OVERLAY_CHARS;
  }

  /** The text when it is short enough, else its first words. */
  String fitted(String text) {
    if (text.length() <= MAX_OVERLAY_CHARS) {
      return text;
    }
    String[] words = text.split("\\s+", -1);
    StringBuilder kept = new StringBuilder();
    for (String word : words) {
      if (kept.length() + word.length() + 1 > MAX_OVERLAY_CHARS) {
        break;
      }
      kept.append(kept.length() == 0 ? "" : " ").append(word);
    }
    // A phrase begins with a little word: cutting before the last one leaves whole phrases.
    String[] fitting = kept.toString().split(" ", -1);
    int end = fitting.length;
    for (int i = fitting.length - 1; i >= 2; i--) {
      if (language.isStopWord(fitting[i])) {
        end = i;
        break;
      }
    }
    while (end > 1 && language.isStopWord(fitting[end - 1])) {
      end--;
    }
    return String.join(" ", List.of(fitting).subList(0, end)).replaceAll("[,;:]+$", "");
  }

  /** The point's key number with its unit, else its heading, else its first key phrase. */
  String pointOverlay(List<String> sentences, String heading, String shownBefore) {
    for (String sentence : sentences) {
      String number = number(sentence);
      if (!number.isEmpty() && !number.equals(shownBefore)) {
        return number;
      }
    }
    String title = heading.replaceAll("[.:]+$", "").strip();
    if (!fits(title)) {
      title = title.split("\\s*[:|–—]\\s+", -1)[0];
    }
    if (fits(title)
        && !title.equals(shownBefore)
        && !language.regex("closing.headings").matcher(title).matches()) {
      return title;
    }
    return "";
  }

  /** The first number of a sentence with what it counts; empty when there is none to show. */
  String number(String sentence) {
    Matcher matcher = NUMBER_PHRASE.matcher(sentence);
    while (matcher.find()) {
      String number =
          range(sentence, matcher.start()) + matcher.group().strip().replaceAll("[.,]+$", "");
      int end = matcher.start() + matcher.group().replaceAll("[.,\\s]+$", "").length();
      boolean hasUnit = !Character.isDigit(number.charAt(number.length() - 1));
      String rest = sentence.substring(end);
      if (rest.startsWith(":")
          || rest.startsWith("-")
          || (rest.startsWith(".") && rest.length() > 1 && Character.isDigit(rest.charAt(1)))) {
        continue;
      }
      String counted = hasUnit ? "" : counted(rest);
      if (!counted.isEmpty() && fits(number + " " + counted)) {
        return number + " " + counted;
      }
      if (hasUnit && fits(number)) {
        return number;
      }
    }
    return "";
  }

  /** "7–" of "between 7 and 28 days", when the second number is at hand. */
  private String range(String sentence, int second) {
    Matcher matcher = language.regex("range").matcher(sentence.substring(0, second));
    return matcher.find() ? matcher.group(1) + "–" : "";
  }

  /** The noun phrase right behind a number: "grams of coffee", "million events". */
  private String counted(String rest) {
    if (!rest.startsWith(" ")) {
      return "";
    }
    String clause = rest.split("[,;.:!?()]", 2)[0];
    return language
        .tagger()
        .map(
            tagger -> {
              // A number in front tells the tagger that a noun phrase follows.
              List<Tagger.Token> tokens = tagger.tag("22" + clause);
              String full = "22" + clause;
              int last = 0;
              int i = 1;
              while (i < tokens.size()
                  && i <= 3
                  && (tokens.get(i).isNoun()
                      || tokens.get(i).tag().equals("NUM")
                      || tokens.get(i).tag().equals("SYM")
                      || (tokens.get(i).tag().equals("ADJ")
                          && i + 1 < tokens.size()
                          && tokens.get(i + 1).isNoun()))) {
                if (tokens.get(i).isNoun()) {
                  last = i;
                }
                i++;
              }
              if (last == 0) {
                return "";
              }
              boolean genitive =
                  last + 2 < tokens.size()
                      && tokens.get(last + 1).text().equals("of")
                      && tokens.get(last + 2).isNoun();
              int until = genitive ? last + 2 : last;
              if (genitive && until + 1 < tokens.size() && tokens.get(until + 1).isNoun()) {
                until++;
              }
              return full.substring(2, tokens.get(until).end()).strip();
            })
        .orElseGet(
            () -> {
              String first = clause.strip().split("\\s+", -1)[0];
              return UNIT.matcher(first).matches()
                      || (first.length() > 2
                          && first.codePoints().allMatch(Character::isLetter)
                          && !language.isStopWord(first))
                  ? first
                  : "";
            });
  }
}
