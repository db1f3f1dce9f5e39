package dev.reelbeam.media.picture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Finds lines of text without reading them: a local threshold (Sauvola and Pietikainen 2000) in
 * both polarities, connected components that have the size, fill and stroke of letters, and rows of
 * at least four such neighbours of like height (the grouping of Epshtein et al., CVPR 2010).
 */
final class TextFinder {
  /** Letters in a row that make it text. */
  private static final int MIN_LETTERS = 4;

  /** Signs in a row that nothing should be written over: the display of a scale, a number plate. */
  private static final int MIN_SIGNS = 3;

  /** Steepest row of signs, in permille: things in photos rarely stand level. */
  private static final int STEEPEST_PERMILLE = 250;

  /** Least width of such a row, in permille of the picture. */
  private static final int MARKING_PERMILLE = 40;

  /** Measured: leaves, bark, grass and grain reach 60 to 250, text of all sizes 260 to 900. */
  private static final int CLEAR_SEPARATION_PERCENT = 260;

  private static final int SHARP_SEPARATION_PERCENT = 400;
  private static final int WEAKEST_SEPARATION_PERCENT = 150;

  private static final int MIN_LETTER_PX = 6;
  private static final int MIN_CONTRAST = 40;

  /**
   * What was found.
   *
   * @param lines rows of letters
   * @param letters letters in them
   * @param areaPermille area of the lines' boxes
   * @param certain whether a line stands out so clearly that it is text even amid the grain of a
   *     photo; in a drawing every line is
   * @param markings where rows of signs stand out clearly, be they tilted or shorter than a line
   */
  record Found(
      int lines, int letters, int areaPermille, boolean certain, List<PermilleBox> markings) {}

  private record Letter(int left, int top, int right, int bottom, int pixels, int ink) {
    int height() {
      return bottom - top;
    }

    int width() {
      return right - left;
    }
  }

  private final int width;
  private final int height;
  private final int[] luma;

  private TextFinder(PixelGrid picture) {
    width = picture.width();
    height = picture.height();
    luma = new int[width * height];
    for (int i = 0; i < luma.length; i++) {
      int p = picture.argb()[i];
      luma[i] = (299 * (p >> 16 & 0xFF) + 587 * (p >> 8 & 0xFF) + 114 * (p & 0xFF)) / 1000;
    }
  }

  /** Looks for text in an opaque picture of about 1000 pixels on its longer side. */
  static Found find(PixelGrid picture) {
    TextFinder finder = new TextFinder(picture);
    int lines = 0;
    int letters = 0;
    boolean certain = false;
    long area = 0;
    List<PermilleBox> markings = new ArrayList<>();
    byte[] marks = finder.threshold();
    for (byte polarity = 1; polarity <= 2; polarity++) {
      for (List<Letter> row : finder.rows(finder.letters(marks, polarity))) {
        Letter box = bounds(row);
        if (finder.isMarking(row)
            && 1000L * box.width() >= (long) MARKING_PERMILLE * finder.width
            && finder.separationPercent(marks, polarity, box) >= CLEAR_SEPARATION_PERCENT) {
          markings.add(finder.permille(box));
        }
        if (!finder.isText(row)) {
          continue;
        }
        int separation = finder.separationPercent(marks, polarity, box);
        if (separation < WEAKEST_SEPARATION_PERCENT) {
          // The gaps between the letters of the other polarity, or texture.
          continue;
        }
        lines++;
        letters += row.size();
        area += (long) box.width() * box.height();
        certain |=
            (row.size() >= 6 && separation >= CLEAR_SEPARATION_PERCENT)
                || separation >= SHARP_SEPARATION_PERCENT;
      }
    }
    long permille = area * 1000 / ((long) finder.width * finder.height);
    return new Found(lines, letters, (int) Math.min(1000, permille), certain, markings);
  }

  /** 1 where clearly darker than the surroundings, 2 where clearly lighter, else 0. */
  private byte[] threshold() {
    int radius = 14;
    int stride = width + 1;
    long[] sums = new long[stride * (height + 1)];
    for (int y = 0; y < height; y++) {
      long row = 0;
      for (int x = 0; x < width; x++) {
        row += luma[y * width + x];
        sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + row;
      }
    }
    byte[] marks = new byte[width * height];
    for (int y = 0; y < height; y++) {
      int top = Math.max(0, y - radius);
      int bottom = Math.min(height, y + radius + 1);
      for (int x = 0; x < width; x++) {
        int left = Math.max(0, x - radius);
        int right = Math.min(width, x + radius + 1);
        long sum =
            sums[bottom * stride + right]
                - sums[top * stride + right]
                - sums[bottom * stride + left]
                + sums[top * stride + left];
        int mean = (int) (sum / ((long) (bottom - top) * (right - left)));
        int difference = luma[y * width + x] - mean;
        if (difference < -MIN_CONTRAST / 2) {
          marks[y * width + x] = 1;
        } else if (difference > MIN_CONTRAST / 2) {
          marks[y * width + x] = 2;
        }
      }
    }
    return marks;
  }

  private List<Letter> letters(byte[] marks, byte polarity) {
    List<Letter> found = new ArrayList<>();
    boolean[] seen = new boolean[marks.length];
    int[] stack = new int[marks.length];
    int maxHeight = Math.max(24, height / 6);
    for (int start = 0; start < marks.length; start++) {
      if (marks[start] != polarity || seen[start]) {
        continue;
      }
      int left = width;
      int right = 0;
      int top = height;
      int bottom = 0;
      int pixels = 0;
      long inkSum = 0;
      int edges = 0;
      int depth = 0;
      stack[depth++] = start;
      seen[start] = true;
      while (depth > 0) {
        int at = stack[--depth];
        int x = at % width;
        int y = at / width;
        pixels++;
        inkSum += luma[at];
        left = Math.min(left, x);
        right = Math.max(right, x + 1);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y + 1);
        for (int dy = -1; dy <= 1; dy++) {
          for (int dx = -1; dx <= 1; dx++) {
            int nx = x + dx;
            int ny = y + dy;
            if (nx < 0 || ny < 0 || nx >= width || ny >= height) {
              continue;
            }
            int next = ny * width + nx;
            if (marks[next] != polarity) {
              edges += dx == 0 || dy == 0 ? 1 : 0;
            } else if (!seen[next]) {
              seen[next] = true;
              stack[depth++] = next;
            }
          }
        }
      }
      Letter letter =
          new Letter(left, top, right, bottom, pixels, (int) (inkSum / Math.max(1, pixels)));
      if (isLetter(letter, edges, maxHeight)) {
        found.add(letter);
      }
    }
    return found;
  }

  private boolean isLetter(Letter c, int edges, int maxHeight) {
    int w = c.width();
    int h = c.height();
    if (h < MIN_LETTER_PX || h > maxHeight || w < 1 || w > 3 * h) {
      return false;
    }
    if (c.left == 0 || c.top == 0 || c.right == width || c.bottom == height) {
      return false;
    }
    int fillPermille = c.pixels * 1000 / (w * h);
    // Twice the area over the outline is the mean thickness of the strokes.
    double stroke = 2.0 * c.pixels / Math.max(1, edges);
    return fillPermille > 150 && stroke < 0.42 * h && stroke >= 0.6;
  }

  /** Neighbours of like height and ink, from left to right. */
  private List<List<Letter>> rows(List<Letter> letters) {
    letters.sort(Comparator.comparingInt((Letter l) -> l.left).thenComparingInt(l -> l.top));
    List<List<Letter>> open = new ArrayList<>();
    for (Letter letter : letters) {
      List<Letter> home = null;
      int bestGap = Integer.MAX_VALUE;
      for (List<Letter> line : open) {
        Letter last = line.get(line.size() - 1);
        int gap = letter.left - last.right;
        int tall = Math.max(last.height(), letter.height());
        int shared = Math.min(last.bottom, letter.bottom) - Math.max(last.top, letter.top);
        boolean alike =
            tall * 10 <= Math.min(last.height(), letter.height()) * 21
                && shared * 10 >= 6 * Math.min(last.height(), letter.height())
                && Math.abs(last.ink - letter.ink) < 40;
        if (alike && gap < tall * 12 / 10 && gap > -tall / 2 && gap < bestGap) {
          bestGap = gap;
          home = line;
        }
      }
      if (home == null) {
        home = new ArrayList<>();
        open.add(home);
      }
      home.add(letter);
    }
    return open;
  }

  /**
   * How far ink and paper lie apart, against how much either varies (Fisher's ratio with mean
   * deviations), in percent: letters are of one colour on a quiet ground, leaves and grain are not.
   */
  private int separationPercent(byte[] marks, byte polarity, Letter box) {
    int margin = Math.max(2, box.height() / 4);
    int top = Math.max(0, box.top - margin);
    int bottom = Math.min(height, box.bottom + margin);
    int left = Math.max(0, box.left - margin);
    int right = Math.min(width, box.right + margin);
    long[] sum = new long[2];
    long[] count = {1, 1};
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        int side = marks[y * width + x] == polarity ? 1 : 0;
        sum[side] += luma[y * width + x];
        count[side]++;
      }
    }
    long paper = sum[0] / count[0];
    long ink = sum[1] / count[1];
    long[] deviation = new long[2];
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        int side = marks[y * width + x] == polarity ? 1 : 0;
        deviation[side] += Math.abs(luma[y * width + x] - (side == 1 ? ink : paper));
      }
    }
    long spread = deviation[0] / count[0] + deviation[1] / count[1] + 1;
    return (int) (100 * Math.abs(ink - paper) / spread);
  }

  /** Letters stand on a common line, differ in shape, and keep even distances. */
  private boolean isText(List<Letter> line) {
    if (line.size() < MIN_LETTERS) {
      return false;
    }
    Letter box = bounds(line);
    int[] heights = line.stream().mapToInt(Letter::height).sorted().toArray();
    int typical = heights[heights.length / 2];
    if (box.height() > 2.2 * typical || box.width() < 2 * typical) {
      return false;
    }
    int[] bottoms = line.stream().mapToInt(Letter::bottom).sorted().toArray();
    int baseline = bottoms[bottoms.length / 2];
    long onBaseline =
        Arrays.stream(bottoms).filter(b -> Math.abs(b - baseline) <= 1 + typical / 7).count();
    long shapes = line.stream().mapToInt(Letter::width).distinct().count();
    return onBaseline * 10 >= 6L * line.size() && shapes >= 2;
  }

  /** Signs on one line, level or tilted, that are not all alike. */
  private boolean isMarking(List<Letter> row) {
    if (row.size() < MIN_SIGNS) {
      return false;
    }
    Letter first = row.get(0);
    Letter last = row.get(row.size() - 1);
    int run = last.left - first.left;
    int rise = last.bottom - first.bottom;
    int typical = row.stream().mapToInt(Letter::height).sorted().toArray()[row.size() / 2];
    if (run < typical || 1000L * Math.abs(rise) > (long) STEEPEST_PERMILLE * run) {
      return false;
    }
    long shapes = row.stream().mapToInt(Letter::width).distinct().count();
    return shapes >= 2
        && row.stream()
            .allMatch(
                sign -> {
                  int onLine = first.bottom + rise * (sign.left - first.left) / run;
                  return Math.abs(sign.bottom - onLine) <= 1 + typical / 5;
                });
  }

  private PermilleBox permille(Letter box) {
    return new PermilleBox(
        1000 * box.left / width,
        1000 * box.top / height,
        Math.min(1000, 1000 * box.right / width + 1),
        Math.min(1000, 1000 * box.bottom / height + 1));
  }

  private static Letter bounds(List<Letter> line) {
    int left = Integer.MAX_VALUE;
    int top = Integer.MAX_VALUE;
    int right = 0;
    int bottom = 0;
    for (Letter l : line) {
      left = Math.min(left, l.left);
      top = Math.min(top, l.top);
      right = Math.max(right, l.right);
      bottom = Math.max(bottom, l.bottom);
    }
    return new Letter(left, top, right, bottom, 0, 0);
  }
}
