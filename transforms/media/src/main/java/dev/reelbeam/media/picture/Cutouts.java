package dev.reelbeam.media.picture;

/** Pictures with transparent parts, as bytes of red, green, blue and straight alpha. */
public final class Cutouts {
  private Cutouts() {}

  /**
   * The picture in another size; transparent pixels lend no colour to their neighbours.
   *
   * @param rgba rows without padding
   */
  public static byte[] scaled(
      byte[] rgba, int width, int height, int targetWidth, int targetHeight) {
    PixelGrid source = new PixelGrid(width, height);
    int[] pixels = source.argb();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] =
          (rgba[4 * i + 3] & 0xFF) << 24
              | (rgba[4 * i] & 0xFF) << 16
              | (rgba[4 * i + 1] & 0xFF) << 8
              | (rgba[4 * i + 2] & 0xFF);
    }
    int[] scaled = Resampler.toSize(source, targetWidth, targetHeight).argb();
    byte[] result = new byte[4 * scaled.length];
    for (int i = 0; i < scaled.length; i++) {
      result[4 * i] = (byte) (scaled[i] >> 16);
      result[4 * i + 1] = (byte) (scaled[i] >> 8);
      result[4 * i + 2] = (byte) scaled[i];
      result[4 * i + 3] = (byte) (scaled[i] >>> 24);
    }
    return result;
  }
}
