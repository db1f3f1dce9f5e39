package dev.reelbeam.media.caption;

import dev.reelbeam.media.text.WordBinding;
import java.util.ArrayList;
import java.util.List;

/**
 * Divides spoken words into caption pages.
 *
 * <p>A page has two to six words (one only where a single word fills it or nothing else is left) in
 * at most two lines of measured width. The division is the cheapest one overall, found by dynamic
 * programming: breaks are wanted at the ends of sentences, then at other punctuation, then at
 * pauses over 250 ms; a break between an article or preposition and its noun, or between a number
 * and its unit, costs more than anything but a page that does not fit.
 *
 * <p>Pages neither overlap nor flicker: gaps under 200 ms are closed. Equal input gives equal
 * pages.
 */
public final class CaptionPager {
  static final int MAX_WORDS = 6;
  static final long LEAD_US = 80_000;
  static final long HOLD_US = 400_000;
  static final long MIN_GAP_US = 200_000;
  static final long PAUSE_US = 250_000;

  private static final double BOUND = 400;
  private static final double LONE_WORD = 70;

  private final WidthMeasure measure;
  private final double lineWidthPx;

  /**
   * A pager for lines of one width.
   *
   * @param measure of single words and of one space
   * @param lineWidthPx widest line, over 0
   */
  public CaptionPager(WidthMeasure measure, double lineWidthPx) {
    if (!(lineWidthPx > 0)) {
      throw new IllegalArgumentException("lineWidthPx must be positive, was " + lineWidthPx);
    }
    this.measure = measure;
    this.lineWidthPx = lineWidthPx;
  }

  /**
   * The pages of a narration, in order; every word stands on exactly one.
   *
   * @param words by start time
   * @throws IllegalArgumentException when a word starts before the one in front of it
   */
  public List<CaptionPage> paginate(List<CaptionWord> words) {
    for (int i = 1; i < words.size(); i++) {
      if (words.get(i).startUs() < words.get(i - 1).startUs()) {
        throw new IllegalArgumentException("word " + i + " starts before the one in front of it");
      }
    }
    if (words.isEmpty()) {
      return List.of();
    }
    double space = measure.widthPx(" ");
    double[] widths = words.stream().mapToDouble(word -> measure.widthPx(word.text())).toArray();

    int n = words.size();
    double[] best = new double[n + 1];
    int[] from = new int[n + 1];
    for (int end = 1; end <= n; end++) {
      best[end] = Double.POSITIVE_INFINITY;
      for (int start = end - 1; start >= Math.max(0, end - MAX_WORDS); start--) {
        double cost = best[start] + pageCost(words, widths, space, start, end);
        if (cost < best[end]) {
          best[end] = cost;
          from[end] = start;
        }
      }
    }
    List<int[]> ranges = new ArrayList<>();
    for (int end = n; end > 0; end = from[end]) {
      ranges.add(0, new int[] {from[end], end});
    }
    return timed(words, widths, space, ranges);
  }

  private double pageCost(
      List<CaptionWord> words, double[] widths, double space, int start, int end) {
    int count = end - start;
    int split = bestSplit(words, widths, space, start, end);
    if (split < 0 && count > 1) {
      return Double.POSITIVE_INFINITY;
    }
    double cost = breakCost(words, end);
    if (count == 1) {
      cost += LONE_WORD;
    } else if (count == 2) {
      cost += 6;
    } else if (count == MAX_WORDS) {
      cost += 4;
    }
    for (int i = start + 1; i < end; i++) {
      CaptionWord before = words.get(i - 1);
      long pauseUs = words.get(i).startUs() - before.endUs();
      if (before.endsSentence()) {
        cost += 55;
      } else if (WordBinding.endsClause(before.text())) {
        cost += 7;
      }
      if (pauseUs > PAUSE_US) {
        cost += pauseUs > 3 * PAUSE_US ? 30 : 8;
      }
    }
    if (split > start && split < end) {
      cost +=
          2 + (WordBinding.binds(words.get(split - 1).text(), words.get(split).text()) ? 10 : 0);
    }
    long shownUs = words.get(end - 1).endUs() - words.get(start).startUs();
    if (shownUs < 450_000) {
      cost += 8;
    }
    return cost;
  }

  /** What a break in front of word {@code at} costs. */
  private static double breakCost(List<CaptionWord> words, int at) {
    if (at == words.size() || words.get(at - 1).endsSentence()) {
      return 0;
    }
    CaptionWord before = words.get(at - 1);
    CaptionWord after = words.get(at);
    if (WordBinding.endsClause(before.text())) {
      return 4;
    }
    if (WordBinding.binds(before.text(), after.text())) {
      return BOUND;
    }
    if (after.startUs() - before.endUs() > PAUSE_US) {
      return 7;
    }
    return WordBinding.opensClause(after.text()) ? 11 : 18;
  }

  /**
   * Where a page's second line begins: {@code end} for a page of one line, -1 when it does not fit.
   */
  private int bestSplit(
      List<CaptionWord> words, double[] widths, double space, int start, int end) {
    double whole = lineWidth(widths, space, start, end);
    if (whole <= lineWidthPx) {
      return end;
    }
    int best = -1;
    double bestCost = Double.POSITIVE_INFINITY;
    for (int at = start + 1; at < end; at++) {
      double upper = lineWidth(widths, space, start, at);
      double lower = lineWidth(widths, space, at, end);
      if (upper > lineWidthPx || lower > lineWidthPx) {
        continue;
      }
      double cost = Math.abs(upper - lower) / lineWidthPx;
      if (WordBinding.binds(words.get(at - 1).text(), words.get(at).text())) {
        cost += 0.6;
      } else if (WordBinding.endsClause(words.get(at - 1).text())) {
        cost -= 0.3;
      }
      if (cost < bestCost) {
        bestCost = cost;
        best = at;
      }
    }
    return best;
  }

  private static double lineWidth(double[] widths, double space, int start, int end) {
    double width = space * (end - start - 1);
    for (int i = start; i < end; i++) {
      width += widths[i];
    }
    return width;
  }

  private List<CaptionPage> timed(
      List<CaptionWord> words, double[] widths, double space, List<int[]> ranges) {
    int n = ranges.size();
    long[] starts = new long[n];
    for (int p = 0; p < n; p++) {
      int first = ranges.get(p)[0];
      long wanted = words.get(first).startUs() - LEAD_US;
      // The page before stays until its last word has been heard.
      long earliest =
          p == 0 ? 0 : Math.min(words.get(first).startUs(), words.get(first - 1).endUs());
      starts[p] = Math.max(wanted, earliest);
      if (p > 0) {
        starts[p] = Math.max(starts[p], starts[p - 1] + 1);
      }
    }
    List<CaptionPage> pages = new ArrayList<>(n);
    for (int p = 0; p < n; p++) {
      int start = ranges.get(p)[0];
      int end = ranges.get(p)[1];
      long endUs = Math.max(words.get(end - 1).endUs() + HOLD_US, starts[p] + 1);
      if (p + 1 < n && starts[p + 1] - endUs < MIN_GAP_US) {
        endUs = starts[p + 1];
      }
      int split = bestSplit(words, widths, space, start, end);
      List<CaptionLine> lines = new ArrayList<>();
      if (split > start && split < end) {
        lines.add(new CaptionLine(words.subList(start, split)));
        lines.add(new CaptionLine(words.subList(split, end)));
      } else {
        lines.add(new CaptionLine(words.subList(start, end)));
      }
      pages.add(new CaptionPage(lines, starts[p], endUs));
    }
    return List.copyOf(pages);
  }
}
