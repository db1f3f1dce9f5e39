package dev.reelbeam.stages.visuals;

import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.SectionRole;
import dev.reelbeam.model.content.Sentence;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.speech.SpokenSentence;
import dev.reelbeam.model.speech.WordTiming;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.model.video.VideoType;
import java.util.ArrayList;
import java.util.List;

/**
 * Divides a narration into the stretches that get one visual each.
 *
 * <p>A beat is a sentence, a part of a long one or several short ones: 2.5-5 s in vertical videos,
 * 5-9 s in landscape.
 */
final class Beats {
  /** A picture appears a little before its words. */
  static final long EYE_LEAD_US = 120_000;

  private static final long END_CARD_MAX_US = 4_200_000;
  private static final long END_CARD_MIN_US = 2_200_000;

  private final Script script;
  private final Narration narration;
  private final Variant variant;

  Beats(Script script, Narration narration, Variant variant) {
    this.script = script;
    this.narration = narration;
    this.variant = variant;
  }

  /** All of them, in order and without gaps: what is said before a beat's first word is its own. */
  List<Beat> all() {
    long endUs = narration.durationMs() * 1000L;
    List<Beat> raw = new ArrayList<>();
    List<SpokenSentence> spoken = narration.sentences();
    for (int i = 0; i < spoken.size(); i++) {
      SpokenSentence one = spoken.get(i);
      long start = i == 0 ? 0 : one.startUs();
      long end = i + 1 < spoken.size() ? spoken.get(i + 1).startUs() : endUs;
      Sentence sentence = script.sections().get(one.section()).sentences().get(one.sentence());
      raw.addAll(
          split(
              new Beat(
                  start,
                  end,
                  one.section(),
                  one.text(),
                  sentence.sourceBlock(),
                  one.words(),
                  false)));
    }
    List<Beat> merged = new ArrayList<>();
    for (Beat beat : raw) {
      Beat last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (last != null
          && last.section() == beat.section()
          && merged.size() > 1
          && (last.endUs() - last.startUs() < shortestBeatUs()
              || beat.endUs() - beat.startUs() < shortestBeatUs())
          && beat.endUs() - last.startUs() <= longestBeatUs()) {
        List<WordTiming> words = new ArrayList<>(last.words());
        words.addAll(beat.words());
        merged.set(
            merged.size() - 1,
            new Beat(
                last.startUs(),
                beat.endUs(),
                beat.section(),
                last.text() + " " + beat.text(),
                last.block() >= 0 ? last.block() : beat.block(),
                words,
                last.partOfSentence() || beat.partOfSentence()));
      } else {
        merged.add(beat);
      }
    }
    return merged;
  }

  /** Splits a long sentence at the words nearest to equal parts, after a comma if one is near. */
  private List<Beat> split(Beat beat) {
    long length = beat.endUs() - beat.startUs();
    int parts = (int) ((length + longestBeatUs() - 1) / longestBeatUs());
    boolean hook = script.sections().get(beat.section()).role() == SectionRole.HOOK;
    if (parts <= 1 || beat.words().size() < 2 * parts || (hook && length < 5_500_000)) {
      return List.of(beat);
    }
    List<Beat> result = new ArrayList<>();
    int from = 0;
    long start = beat.startUs();
    for (int part = 1; part <= parts; part++) {
      int to = beat.words().size();
      long end = beat.endUs();
      if (part < parts) {
        long ideal = beat.startUs() + length * part / parts;
        long best = Long.MAX_VALUE;
        to = from + 1;
        for (int w = from + 1; w < beat.words().size() - (parts - part); w++) {
          boolean comma = beat.words().get(w - 1).text().matches(".*[,;:–—]$");
          long cost = Math.abs(beat.words().get(w).startUs() - ideal) - (comma ? 900_000 : 0);
          if (cost < best) {
            best = cost;
            to = w;
          }
        }
        end = beat.words().get(to).startUs();
      }
      List<WordTiming> words = beat.words().subList(from, to);
      StringBuilder text = new StringBuilder();
      for (WordTiming word : words) {
        text.append(text.length() == 0 ? "" : " ").append(word.text());
      }
      result.add(
          new Beat(
              start, end, beat.section(), text.toString(), beat.block(), List.copyOf(words), true));
      from = to;
      start = end;
    }
    return result;
  }

  /** When the end card begins: with the call to action, if that is not too long for one. */
  long endCardUs() {
    long endUs = narration.durationMs() * 1000L;
    long start = endUs - END_CARD_MIN_US;
    for (SpokenSentence sentence : narration.sentences()) {
      boolean last = script.sections().get(sentence.section()).role() == SectionRole.CTA;
      if (last && endUs - sentence.startUs() <= END_CARD_MAX_US) {
        start = Math.min(start, sentence.startUs() - EYE_LEAD_US);
        break;
      }
    }
    return Math.max(start, endUs / 2);
  }

  private long longestBeatUs() {
    if (!variant.vertical()) {
      return 8_500_000;
    }
    return variant.type() == VideoType.TEASER ? 3_600_000 : 5_000_000;
  }

  private long shortestBeatUs() {
    if (!variant.vertical()) {
      return 4_200_000;
    }
    return variant.type() == VideoType.TEASER ? 1_500_000 : 2_200_000;
  }
}
