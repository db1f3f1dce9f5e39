package dev.reelbeam.media.picture;

import java.awt.image.BufferedImage;

/** A picture that is ready for the compositor: upright, sRGB, 8 bits, bounded, and described. */
public final class NormalizedPicture {
  private final BufferedImage image;
  private final boolean hasAlpha;
  private final byte[] encoded;
  private final String contentType;
  private final PictureFacts facts;

  NormalizedPicture(
      BufferedImage image,
      boolean hasAlpha,
      byte[] encoded,
      String contentType,
      PictureFacts facts) {
    this.image = image;
    this.hasAlpha = hasAlpha;
    this.encoded = encoded;
    this.contentType = contentType;
    this.facts = facts;
  }

  /** The pixels, {@code TYPE_INT_RGB}, or {@code TYPE_INT_ARGB} where {@link #hasAlpha}. */
  public BufferedImage image() {
    return image;
  }

  /** Whether something shines through; a picture that only could have alpha has none. */
  public boolean hasAlpha() {
    return hasAlpha;
  }

  /**
   * The file for the store: PNG for drawings and for pictures with alpha, JPEG (quality 92, 4:4:4)
   * for photos. Equal input gives equal bytes on one Java runtime. The array is not copied.
   */
  public byte[] encoded() {
    return encoded;
  }

  /** {@code image/png} or {@code image/jpeg}. */
  public String contentType() {
    return contentType;
  }

  /** What the picture is and where its weight lies. */
  public PictureFacts facts() {
    return facts;
  }
}
