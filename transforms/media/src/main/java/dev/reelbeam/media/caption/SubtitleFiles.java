package dev.reelbeam.media.caption;

import dev.reelbeam.media.text.Ellipsis;
import dev.reelbeam.media.text.WordBinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Subtitle files for viewers: SubRip and WebVTT, written and strictly read.
 *
 * <p>Cues follow sentences, not caption pages: one or two lines of at most 42 characters, one to
 * six seconds where the speech allows it. They are strictly ordered, never overlap and never have
 * length zero.
 */
public final class SubtitleFiles {
  static final int MAX_LINE_CHARS = 42;
  private static final int MAX_LINES = 2;
  private static final long MIN_CUE_MS = 1_000;
  private static final long MAX_CUE_MS = 6_000;
  private static final long CLOSE_GAP_MS = 200;

  /** Time a viewer needs for one character: 17 a second. */
  private static final double READING_MS_PER_CHAR = 1_000 / 17.0;

  /** Marks a literal {@code <} or <code>{</code> in SubRip, where players would see a tag. */
  private static final String WORD_JOINER = "\u2060";

  private static final Pattern SRT_TIMES =
      Pattern.compile(
          "(\\d{2,}):([0-5]\\d):([0-5]\\d),(\\d{3}) --> (\\d{2,}):([0-5]\\d):([0-5]\\d),(\\d{3})");
  private static final Pattern VTT_TIMES =
      Pattern.compile(
          "(\\d{2,}):([0-5]\\d):([0-5]\\d)\\.(\\d{3}) --> "
              + "(\\d{2,}):([0-5]\\d):([0-5]\\d)\\.(\\d{3})");

  private SubtitleFiles() {}

  /**
   * Cues for a narration.
   *
   * @param words by start time
   * @param durationMs length of the video: no cue ends behind it
   */
  public static List<SubtitleCue> cues(List<CaptionWord> words, long durationMs) {
    int n = words.size();
    double[] best = new double[n + 1];
    int[] from = new int[n + 1];
    for (int end = 1; end <= n; end++) {
      best[end] = Double.POSITIVE_INFINITY;
      int chars = -1;
      for (int start = end - 1; start >= 0; start--) {
        chars += 1 + words.get(start).text().length();
        if (start + 1 < end && chars > MAX_LINES * MAX_LINE_CHARS) {
          break;
        }
        double cost = best[start] + cueCost(words, start, end);
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
    return timed(words, ranges, durationMs);
  }

  private static double cueCost(List<CaptionWord> words, int start, int end) {
    double cost = 20;
    int chars = text(words, start, end).length();
    if (end - start > 1 && lines(words, start, end).isEmpty()) {
      return Double.POSITIVE_INFINITY;
    }
    if (chars > MAX_LINE_CHARS) {
      cost += 6;
    }
    long spokenMs = (words.get(end - 1).endUs() - words.get(start).startUs()) / 1_000;
    if (spokenMs > MAX_CUE_MS) {
      cost += 60 + (spokenMs - MAX_CUE_MS) / 20.0;
    }
    if (spokenMs < MIN_CUE_MS) {
      cost += 45.0 * (MIN_CUE_MS - spokenMs) / MIN_CUE_MS;
    }
    for (int i = start; i + 1 < end; i++) {
      if (words.get(i).endsSentence()) {
        cost += 40;
      }
      if (words.get(i + 1).startUs() - words.get(i).endUs() > 700_000) {
        cost += 40;
      }
    }
    if (end < words.size() && !words.get(end - 1).endsSentence()) {
      String last = words.get(end - 1).text();
      String next = words.get(end).text();
      if (WordBinding.endsClause(last)) {
        cost += 12;
      } else if (WordBinding.binds(last, next)) {
        cost += 200;
      } else {
        cost += WordBinding.opensClause(next) ? 30 : 50;
      }
    }
    return cost;
  }

  private static String text(List<CaptionWord> words, int start, int end) {
    return new CaptionLine(words.subList(start, end)).text();
  }

  /** One or two lines, the second not much longer than the first; empty when they do not fit. */
  private static List<String> lines(List<CaptionWord> words, int start, int end) {
    String whole = flat(text(words, start, end));
    if (end - start == 1) {
      return hardLines(whole);
    }
    if (whole.length() <= MAX_LINE_CHARS) {
      return List.of(whole);
    }
    List<String> best = List.of();
    double bestCost = Double.POSITIVE_INFINITY;
    for (int at = start + 1; at < end; at++) {
      String upper = flat(text(words, start, at));
      String lower = flat(text(words, at, end));
      if (upper.length() > MAX_LINE_CHARS || lower.length() > MAX_LINE_CHARS) {
        continue;
      }
      double cost = Math.abs(upper.length() - lower.length());
      if (WordBinding.binds(words.get(at - 1).text(), words.get(at).text())) {
        cost += 30;
      } else if (WordBinding.endsClause(words.get(at - 1).text())) {
        cost -= 12;
      }
      if (cost < bestCost) {
        bestCost = cost;
        best = List.of(upper, lower);
      }
    }
    return best;
  }

  /** A single word, which may be longer than a line. */
  private static List<String> hardLines(String word) {
    String bounded = Ellipsis.shorten(word, MAX_LINES * MAX_LINE_CHARS);
    if (bounded.length() <= MAX_LINE_CHARS) {
      return List.of(bounded);
    }
    int cut =
        Character.isLowSurrogate(bounded.charAt(MAX_LINE_CHARS))
            ? MAX_LINE_CHARS - 1
            : MAX_LINE_CHARS;
    return List.of(bounded.substring(0, cut), bounded.substring(cut));
  }

  private static String flat(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }

  private static List<SubtitleCue> timed(
      List<CaptionWord> words, List<int[]> ranges, long durationMs) {
    List<SubtitleCue> cues = new ArrayList<>();
    long previousEnd = 0;
    for (int c = 0; c < ranges.size(); c++) {
      int start = ranges.get(c)[0];
      int end = ranges.get(c)[1];
      List<String> lines = lines(words, start, end);
      long startMs = Math.max(previousEnd, words.get(start).startUs() / 1_000);
      long spokenEndMs = (words.get(end - 1).endUs() + 999) / 1_000;
      long nextMs = Math.max(1, durationMs);
      if (c + 1 < ranges.size()) {
        nextMs = Math.min(nextMs, words.get(ranges.get(c + 1)[0]).startUs() / 1_000);
      }
      long readMs = Math.round(String.join(" ", lines).length() * READING_MS_PER_CHAR);
      long wanted = Math.max(spokenEndMs, startMs + Math.max(MIN_CUE_MS, readMs));
      long endMs = Math.min(wanted, Math.max(nextMs, startMs + 1));
      if (c + 1 < ranges.size() && nextMs - endMs < CLOSE_GAP_MS) {
        endMs = Math.max(nextMs, startMs + 1);
      }
      cues.add(new SubtitleCue(startMs, endMs, lines));
      previousEnd = endMs;
    }
    return List.copyOf(cues);
  }

  /** A SubRip file; cues are numbered from 1. */
  public static String toSrt(List<SubtitleCue> cues) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < cues.size(); i++) {
      SubtitleCue cue = cues.get(i);
      out.append(i + 1).append('\n');
      out.append(time(cue.startMs(), ',')).append(" --> ").append(time(cue.endMs(), ','));
      out.append('\n');
      cue.lines().forEach(line -> out.append(escapeSrt(line)).append('\n'));
      out.append('\n');
    }
    return out.toString();
  }

  /** A WebVTT file; {@code language} is a BCP 47 tag, blank for none. */
  public static String toVtt(List<SubtitleCue> cues, String language) {
    StringBuilder out = new StringBuilder("WEBVTT\n");
    if (!language.isBlank()) {
      out.append("Language: ").append(flat(language)).append('\n');
    }
    out.append('\n');
    for (SubtitleCue cue : cues) {
      out.append(time(cue.startMs(), '.')).append(" --> ").append(time(cue.endMs(), '.'));
      out.append('\n');
      for (String line : cue.lines()) {
        out.append(line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
        out.append('\n');
      }
      out.append('\n');
    }
    return out.toString();
  }

  private static String escapeSrt(String line) {
    return line.replace("-->", "-" + WORD_JOINER + "->")
        .replace("<", "<" + WORD_JOINER)
        .replace("{", "{" + WORD_JOINER);
  }

  private static String time(long ms, char decimal) {
    return String.format(
        Locale.ROOT,
        "%02d:%02d:%02d%c%03d",
        ms / 3_600_000,
        ms / 60_000 % 60,
        ms / 1_000 % 60,
        decimal,
        ms % 1_000);
  }

  /**
   * Reads a SubRip file and accepts nothing doubtful: numbers count up from 1, times are complete,
   * ordered and do not overlap, every cue has text, cues are parted by one blank line.
   *
   * @throws SubtitleFormatException with the line of the first fault
   */
  public static List<SubtitleCue> parseSrt(String file) throws SubtitleFormatException {
    Reader reader = new Reader(file);
    List<SubtitleCue> cues = new ArrayList<>();
    while (reader.hasNext()) {
      String number = reader.next();
      if (!number.equals(Integer.toString(cues.size() + 1))) {
        throw reader.fault("expected cue number " + (cues.size() + 1));
      }
      reader.cue(cues, SRT_TIMES, line -> line.replace(WORD_JOINER, ""));
    }
    return List.copyOf(cues);
  }

  /**
   * Reads a WebVTT file as {@link #toVtt} writes it and accepts nothing doubtful: header, times
   * ordered and not overlapping, no raw {@code <}, {@code >} or unknown entity, text in every cue.
   *
   * @throws SubtitleFormatException with the line of the first fault
   */
  public static List<SubtitleCue> parseVtt(String file) throws SubtitleFormatException {
    Reader reader = new Reader(file);
    if (!reader.hasNext() || !reader.next().equals("WEBVTT")) {
      throw reader.fault("expected WEBVTT");
    }
    while (reader.hasNext()) {
      String header = reader.next();
      if (header.isEmpty()) {
        break;
      }
      if (header.contains("-->") || !header.contains(":")) {
        throw reader.fault("expected a header or a blank line");
      }
    }
    List<SubtitleCue> cues = new ArrayList<>();
    while (reader.hasNext()) {
      reader.cue(cues, VTT_TIMES, line -> unescapeVtt(line, reader));
    }
    return List.copyOf(cues);
  }

  private static String unescapeVtt(String line, Reader reader) throws SubtitleFormatException {
    if (line.contains("<") || line.contains(">")) {
      throw reader.fault("markup in the text");
    }
    if (line.replaceAll("&(amp|lt|gt);", "").contains("&")) {
      throw reader.fault("an ampersand that is not escaped");
    }
    return line.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
  }

  private interface Unescape {
    String apply(String line) throws SubtitleFormatException;
  }

  private static final class Reader {
    private final List<String> lines;
    private int at;

    Reader(String file) {
      String bare = file.startsWith("\ufeff") ? file.substring(1) : file;
      lines = new ArrayList<>(bare.lines().toList());
      // One blank line may close the file.
      if (!lines.isEmpty() && lines.get(lines.size() - 1).isEmpty()) {
        lines.remove(lines.size() - 1);
      }
    }

    boolean hasNext() {
      return at < lines.size();
    }

    String next() {
      return lines.get(at++);
    }

    SubtitleFormatException fault(String what) {
      return new SubtitleFormatException(at, what);
    }

    void cue(List<SubtitleCue> cues, Pattern times, Unescape unescape)
        throws SubtitleFormatException {
      Matcher matcher = times.matcher(hasNext() ? next() : "");
      if (!matcher.matches()) {
        throw fault("expected the times of a cue");
      }
      long startMs = ms(matcher, 1);
      long endMs = ms(matcher, 5);
      if (endMs <= startMs) {
        throw fault("the cue ends before it starts");
      }
      if (!cues.isEmpty() && startMs < cues.get(cues.size() - 1).endMs()) {
        throw fault("the cue starts before the one in front of it has ended");
      }
      List<String> text = new ArrayList<>();
      while (hasNext()) {
        String line = next();
        if (line.isEmpty()) {
          break;
        }
        if (line.contains("-->")) {
          throw fault("times inside the text: a blank line is missing");
        }
        if (line.isBlank()) {
          throw fault("a line of spaces");
        }
        text.add(unescape.apply(line));
      }
      if (text.isEmpty()) {
        throw fault("a cue without text");
      }
      cues.add(new SubtitleCue(startMs, endMs, text));
    }

    private static long ms(Matcher matcher, int group) throws SubtitleFormatException {
      try {
        return Long.parseLong(matcher.group(group)) * 3_600_000
            + Long.parseLong(matcher.group(group + 1)) * 60_000
            + Long.parseLong(matcher.group(group + 2)) * 1_000
            + Long.parseLong(matcher.group(group + 3));
      } catch (NumberFormatException e) {
        throw new SubtitleFormatException(0, "a time out of range");
      }
    }
  }
}
