package dev.reelbeam.stages.guard;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.store.MediaRef;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** A picture as moderators are shown it: a JPEG as large as they need, and no larger. */
public final class SmallPicture {
  private static final int LONG_SIDE = 768;

  private SmallPicture() {}

  /**
   * A picture of the store, likewise.
   *
   * @throws StageException {@code MEDIA_UNREADABLE} if it is neither PNG nor JPEG
   */
  static byte[] of(ObjectStore store, MediaRef picture) throws StageException {
    try {
      BufferedImage image = ImageIO.read(store.localFile(picture).toFile());
      if (image == null) {
        throw new IOException("neither PNG nor JPEG");
      }
      return of(image);
    } catch (IOException e) {
      throw new StageException(
          FailureCode.MEDIA_UNREADABLE, "a picture cannot be looked at: " + e.getMessage(), e);
    }
  }

  /** As a JPEG with at most 768 pixels on its longer side. */
  public static byte[] of(BufferedImage picture) throws IOException {
    int longer = Math.max(picture.getWidth(), picture.getHeight());
    int width = Math.max(1, picture.getWidth() * Math.min(LONG_SIDE, longer) / longer);
    int height = Math.max(1, picture.getHeight() * Math.min(LONG_SIDE, longer) / longer);
    BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = small.createGraphics();
    canvas.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    // Nobody looks through a cut-out onto black.
    canvas.drawImage(picture, 0, 0, width, height, Color.WHITE, null);
    canvas.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!ImageIO.write(small, "jpeg", bytes)) {
      throw new IOException("this JDK writes no JPEG");
    }
    return bytes.toByteArray();
  }
}
