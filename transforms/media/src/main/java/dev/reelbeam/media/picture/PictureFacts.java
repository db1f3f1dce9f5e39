package dev.reelbeam.media.picture;

import java.io.Serializable;
import java.util.List;

/**
 * What is known of a picture without looking at it again. Whole numbers, names and colours only, so
 * that it may enter keys.
 *
 * @param width in pixels, upright
 * @param height in pixels, upright
 * @param hasText whether lines of text were found; such a picture is never cropped
 * @param textPermille area of the text lines' boxes in permille of the picture
 * @param focusXPermille centre of attention
 * @param focusYPermille centre of attention
 * @param salientBox holds most of what draws the eye
 * @param skinPermille share of pixels in the tones of skin
 * @param sharpnessPermille from the variance of the Laplacian (Pech-Pacheco 2000); below about 120
 *     a photo looks soft
 * @param colourfulnessPermille M of Hasler and Suesstrunk 2003, 1000 at M = 110
 * @param brightnessPermille mean luma
 * @param transparentPermille share of see-through pixels
 * @param palette one to five dominant colours as {@code #rrggbb}, largest share first
 * @param differenceHash 64-bit difference hash (dHash) as 16 hex digits
 * @param markings short rows of signs, such as the digits of a display: a picture may be cropped
 *     through them, but captions keep clear; empty for what was looked at before they were known
 */
public record PictureFacts(
    int width,
    int height,
    PictureKind kind,
    boolean hasText,
    int textPermille,
    int focusXPermille,
    int focusYPermille,
    PermilleBox salientBox,
    int skinPermille,
    int sharpnessPermille,
    int colourfulnessPermille,
    int brightnessPermille,
    int transparentPermille,
    List<String> palette,
    String differenceHash,
    List<PermilleBox> markings)
    implements Serializable {
  /** Bits of the hash that re-encoding, scaling or a slight crop may turn over. */
  private static final int SAME_HASH_BITS = 6;

  private static final int SAME_ASPECT_PERMILLE = 60;
  private static final int SAME_TONE_PERMILLE = 60;

  public PictureFacts {
    palette = List.copyOf(palette);
    markings = markings == null ? List.of() : List.copyOf(markings);
  }

  /**
   * Whether both show the same picture, up to size, encoding and slight changes of tone. Pictures
   * whose hash says little (even grounds, thin drawings) must agree in it exactly.
   */
  public boolean duplicateOf(PictureFacts other) {
    long mine = Long.parseUnsignedLong(differenceHash, 16);
    long theirs = Long.parseUnsignedLong(other.differenceHash, 16);
    int told = Math.min(Long.bitCount(mine), Long.bitCount(theirs));
    int allowed = told < 12 ? 0 : SAME_HASH_BITS;
    if (Long.bitCount(mine ^ theirs) > allowed) {
      return false;
    }
    long aspectDifference =
        Math.abs((long) width * other.height - (long) other.width * height) * 1000;
    return aspectDifference <= (long) SAME_ASPECT_PERMILLE * Math.max(width, 1) * other.height
        && Math.abs(brightnessPermille - other.brightnessPermille) <= SAME_TONE_PERMILLE
        && Math.abs(colourfulnessPermille - other.colourfulnessPermille) <= SAME_TONE_PERMILLE;
  }
}
