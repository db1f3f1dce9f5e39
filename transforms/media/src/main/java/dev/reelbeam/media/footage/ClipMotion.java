package dev.reelbeam.media.footage;

import dev.reelbeam.media.codec.ClipReader;
import dev.reelbeam.media.frame.Window;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.nio.file.Path;

/**
 * Looks whether a clip that was made to order shows anything: a few frames, spread over its length
 * and scaled down, are neither all black nor all the same. Clips that people filmed are not judged.
 */
public final class ClipMotion {
  private static final int LOOKS = 9;
  private static final int WIDTH = 96;
  private static final int HEIGHT = 96;

  /** As libavfilter's blackdetect has it: 98 % of the picture at most 10 % above black. */
  private static final int DARK = 16 + 22;

  private static final int DARK_PERCENT = 98;

  /** More than the noise of a codec. */
  private static final int CHANGED = 8;

  /** A mouth that speaks is more than this; a mean over the picture would not tell it. */
  private static final int FEWEST_CHANGED = 4;

  private ClipMotion() {}

  /**
   * Refuses a clip in which nothing is to be seen.
   *
   * @param name for messages only
   * @param usableUs its length
   * @throws StageException 2024 if it is black or stands still, 305x if it cannot be read
   */
  public static void check(Path file, String name, long usableUs) throws StageException {
    YuvFrame frame = new YuvFrame(WIDTH, HEIGHT);
    int[] first = new int[WIDTH * HEIGHT];
    boolean lit = false;
    boolean moves = false;
    try (ClipReader clip = ClipReader.open(file, name, ClipReader.Watch.NONE)) {
      Window whole = new Window(0, 0, clip.width(), clip.height());
      for (int i = 0; i < LOOKS && !(lit && moves); i++) {
        long unused = clip.seek(usableUs * i / LOOKS);
        clip.scaled(whole, frame);
        int dark = 0;
        int changed = 0;
        for (int at = 0; at < first.length; at++) {
          int luma = frame.luma().at(at % WIDTH, at / WIDTH);
          dark += luma <= DARK ? 1 : 0;
          if (i == 0) {
            first[at] = luma;
          }
          changed += Math.abs(luma - first[at]) > CHANGED ? 1 : 0;
        }
        lit |= dark * 100 < DARK_PERCENT * first.length;
        moves |= changed >= FEWEST_CHANGED;
      }
    }
    if (!lit || !moves) {
      throw new StageException(
          FailureCode.CLIP_UNFIT, "clip " + name + (lit ? " stands still" : " is black"));
    }
  }
}
