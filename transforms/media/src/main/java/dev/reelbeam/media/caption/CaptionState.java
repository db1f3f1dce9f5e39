package dev.reelbeam.media.caption;

/**
 * When a state of a caption page is seen.
 *
 * @param spoken index of the word that is heard, {@link #NONE_SPOKEN} before the first
 * @param startFrame first frame it is seen on
 * @param endFrame frame behind the last one, after {@code startFrame}
 */
public record CaptionState(int spoken, int startFrame, int endFrame) {
  /** The page stands there and nothing of it has been said. */
  public static final int NONE_SPOKEN = -1;
}
