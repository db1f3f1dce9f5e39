package dev.reelbeam.model.content;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How the video should sound and look. A null setting falls back to the brand, then to the default.
 *
 * @param speedPermille speed of speech, 1000 = the voice's natural pace
 * @param musicTrack built-in track name, a file path, or {@code none}
 * @param transition {@code dissolve}, {@code fade}, {@code slide} or {@code cut}
 * @param captionStyle {@code pill}, {@code outline} or {@code karaoke}
 * @param brand name or path of a brand file
 * @param musicMix {@code flat} or {@code ducked}
 */
public record VideoSettings(
    @Nullable String voiceProvider,
    @Nullable String voiceId,
    int speedPermille,
    @Nullable String musicTrack,
    @Nullable String transition,
    @Nullable String captionStyle,
    @Nullable String brand,
    @Nullable String musicMix)
    implements Serializable {
  /** Everything left to the brand and the defaults. */
  public static final VideoSettings DEFAULT =
      new VideoSettings(null, null, 1000, null, null, null, null, null);
}
