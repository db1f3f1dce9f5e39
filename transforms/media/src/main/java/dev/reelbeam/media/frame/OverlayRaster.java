package dev.reelbeam.media.frame;

/**
 * A transparent raster as planar YUV, colours weighted by their alpha beforehand.
 *
 * <p>Each chroma sample of the frame has an alpha of its own: the mean of the alphas of the pixels
 * that it colours (left-sited, so one quarter, one half, one quarter of three columns over two
 * rows), and its colour is weighted by the same alphas. Blending is then what blending at full
 * resolution and reducing afterwards would give, and text has no coloured rims. Which pixels fall
 * on which chroma sample depends on whether the raster lies at an odd place, so a raster is made
 * for one {@link #parityX parity}.
 *
 * <p>Fully transparent edges are cut off, and each row knows its first and last visible sample.
 * Immutable, safe to share.
 */
public final class OverlayRaster {
  private final int parityX;
  private final int parityY;
  private final Layer luma;
  private final Layer u;
  private final Layer v;

  /** One component, cut to its visible part. */
  public static final class Layer {
    private final int left;
    private final int top;
    private final int width;
    private final int height;
    private final byte[] alpha;
    private final byte[] colour;
    private final int[] first;
    private final int[] end;

    private Layer(int left, int top, int width, int height, byte[] alpha, byte[] colour) {
      this.left = left;
      this.top = top;
      this.width = width;
      this.height = height;
      this.alpha = alpha;
      this.colour = colour;
      this.first = new int[height];
      this.end = new int[height];
      for (int y = 0; y < height; y++) {
        int row = y * width;
        int from = 0;
        while (from < width && alpha[row + from] == 0) {
          from++;
        }
        int to = width;
        while (to > from && alpha[row + to - 1] == 0) {
          to--;
        }
        first[y] = from;
        end[y] = to;
      }
    }

    /**
     * First column, in samples of this component, relative to the raster's origin rounded down to
     * an even place.
     */
    public int left() {
      return left;
    }

    /** First row, likewise. */
    public int top() {
      return top;
    }

    public int width() {
      return width;
    }

    public int height() {
      return height;
    }

    /** Opacity of each sample, 0 to 255, row after row. */
    public byte[] alpha() {
      return alpha;
    }

    /** Value of each sample times its alpha / 255. */
    public byte[] colour() {
      return colour;
    }

    /** First visible column of a row. */
    public int first(int row) {
      return first[row];
    }

    /** Column after the last visible one of a row. */
    public int end(int row) {
      return end[row];
    }

    private long sizeBytes() {
      return 2L * alpha.length + 8L * first.length;
    }
  }

  private OverlayRaster(int parityX, int parityY, Layer luma, Layer u, Layer v) {
    this.parityX = parityX;
    this.parityY = parityY;
    this.luma = luma;
    this.u = u;
    this.v = v;
  }

  /**
   * Converts a raster.
   *
   * @param rgba four bytes per pixel, straight alpha, rows without padding
   * @param parityX 0 if the raster's left edge lies at an even column of the frame, else 1
   * @param parityY 0 if the raster's top edge lies at an even row of the frame, else 1
   */
  public static OverlayRaster of(byte[] rgba, int width, int height, int parityX, int parityY) {
    int firstRow = height;
    int lastRow = -1;
    int firstColumn = width;
    int lastColumn = -1;
    for (int y = 0; y < height; y++) {
      int row = y * width * 4 + 3;
      for (int x = 0; x < width; x++) {
        if (rgba[row + 4 * x] != 0) {
          firstRow = Math.min(firstRow, y);
          lastRow = y;
          firstColumn = Math.min(firstColumn, x);
          lastColumn = Math.max(lastColumn, x);
        }
      }
    }
    Box visible =
        lastRow < 0
            ? new Box(0, 0, 0, 0)
            : new Box(firstColumn, firstRow, lastColumn + 1, lastRow + 1);
    Layer luma = luma(rgba, width, visible, parityX, parityY);
    Layer[] chroma = chroma(rgba, width, height, visible, parityX, parityY);
    return new OverlayRaster(parityX, parityY, luma, chroma[0], chroma[1]);
  }

  private record Box(int left, int top, int right, int bottom) {}

  private static Layer luma(byte[] rgba, int width, Box box, int parityX, int parityY) {
    int w = box.right - box.left;
    int h = box.bottom - box.top;
    byte[] alpha = new byte[w * h];
    byte[] colour = new byte[w * h];
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        int source = ((box.top + y) * width + box.left + x) * 4;
        int a = rgba[source + 3] & 0xFF;
        int value =
            Bt709.luma(rgba[source] & 0xFF, rgba[source + 1] & 0xFF, rgba[source + 2] & 0xFF);
        alpha[y * w + x] = (byte) a;
        colour[y * w + x] = (byte) ((value * a + 127) / 255);
      }
    }
    return new Layer(box.left + parityX, box.top + parityY, w, h, alpha, colour);
  }

  private static Layer[] chroma(
      byte[] rgba, int width, int height, Box box, int parityX, int parityY) {
    if (box.right == box.left) {
      Layer empty = new Layer(0, 0, 0, 0, new byte[0], new byte[0]);
      return new Layer[] {empty, empty};
    }
    // Chroma column j takes raster columns 2j-1-parity to 2j+1-parity.
    int left = (box.left + parityX) / 2;
    int right = (box.right + parityX) / 2 + 1;
    int top = (box.top + parityY) / 2;
    int bottom = (box.bottom + parityY + 1) / 2;
    int w = right - left;
    int h = bottom - top;
    byte[] alpha = new byte[w * h];
    byte[] blue = new byte[w * h];
    byte[] red = new byte[w * h];
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        int alphaSum = 0;
        int blueSum = 0;
        int redSum = 0;
        for (int dy = 0; dy < 2; dy++) {
          int row = 2 * (top + y) + dy - parityY;
          if (row < 0 || row >= height) {
            continue;
          }
          for (int dx = -1; dx <= 1; dx++) {
            int column = 2 * (left + x) + dx - parityX;
            if (column < 0 || column >= width) {
              continue;
            }
            int source = (row * width + column) * 4;
            int a = (rgba[source + 3] & 0xFF) * (dx == 0 ? 2 : 1);
            int r = rgba[source] & 0xFF;
            int g = rgba[source + 1] & 0xFF;
            int b = rgba[source + 2] & 0xFF;
            alphaSum += a;
            blueSum += a * (128 + Bt709.blueDifference(r, g, b));
            redSum += a * (128 + Bt709.redDifference(r, g, b));
          }
        }
        int i = y * w + x;
        int mean = (alphaSum + 4) / 8;
        alpha[i] = (byte) mean;
        blue[i] = (byte) weighted(blueSum, alphaSum, mean);
        red[i] = (byte) weighted(redSum, alphaSum, mean);
      }
    }
    return new Layer[] {
      new Layer(left, top, w, h, alpha, blue), new Layer(left, top, w, h, alpha, red)
    };
  }

  /**
   * The mean colour times the alpha as it is stored, rounded once: grey over grey then stays
   * exactly grey.
   */
  private static int weighted(int colourSum, int alphaSum, int alpha) {
    return alphaSum == 0 ? 0 : (2 * alpha * colourSum + alphaSum * 255) / (2 * alphaSum * 255);
  }

  /** 1 if this raster was made for odd columns. */
  public int parityX() {
    return parityX;
  }

  /** 1 if this raster was made for odd rows. */
  public int parityY() {
    return parityY;
  }

  /** Components in the order Y, U, V. */
  public Layer layer(int index) {
    return switch (index) {
      case 0 -> luma;
      case 1 -> u;
      case 2 -> v;
      default -> throw new IndexOutOfBoundsException(index);
    };
  }

  /** Bytes of memory held. */
  public long sizeBytes() {
    return luma.sizeBytes() + u.sizeBytes() + v.sizeBytes();
  }
}
