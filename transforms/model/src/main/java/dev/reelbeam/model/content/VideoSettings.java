package dev.reelbeam.model.content;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the video should sound and look. A null setting falls back to the brand, then to the default.
 *
 * @param speedPermille speed of speech, 1000 = the voice's natural pace
 * @param musicTrack built-in track name, a file path, or {@code none}
 * @param transition the one effect between thoughts, for example {@code dissolve}; {@code cut} for
 *     none
 * @param captionStyle {@code pill}, {@code outline} or {@code karaoke}
 * @param brand name or path of a brand file
 * @param musicMix {@code flat} or {@code ducked}
 * @param frameRate one of {@link #FRAME_RATES}; null for the presets' own
 * @param fallback who may stand in for a provider that cannot; null for anybody
 * @param emotion mood of script and voice in a few words; null for none in particular
 * @param quality one of {@link #QUALITIES}; null for the run's own
 */
public record VideoSettings(
    @Nullable String voiceProvider,
    @Nullable String voiceId,
    int speedPermille,
    @Nullable String musicTrack,
    @Nullable String transition,
    @Nullable String captionStyle,
    @Nullable String brand,
    @Nullable String musicMix,
    @Nullable Integer frameRate,
    @Nullable FallbackPolicy fallback,
    @Nullable String emotion,
    @Nullable String quality)
    implements Serializable {
  /** Frames per second that may be asked for. */
  public static final List<Integer> FRAME_RATES = List.of(24, 25, 30, 50, 60);

  /** Of pictures, from the quickest to the best: what they cost and look like is the encoder's. */
  public static final List<String> QUALITIES = List.of("draft", "standard", "best");

  /** Half the voice's natural pace. */
  public static final int SLOWEST_PERMILLE = 500;

  /** Twice the voice's natural pace. */
  public static final int FASTEST_PERMILLE = 2000;

  /** Everything left to the brand and the defaults. */
  public static final VideoSettings DEFAULT =
      new VideoSettings(null, null, 1000, null, null, null, null, null, null);

  /** Whether voice, pace and mood are the same. */
  public boolean speaksLike(VideoSettings other) {
    return Objects.equals(voiceId, other.voiceId)
        && Objects.equals(voiceProvider, other.voiceProvider)
        && speedPermille == other.speedPermille
        && Objects.equals(emotion, other.emotion);
  }

  /** Whether speech may be asked for at this speed. */
  public static boolean isSpeed(int permille) {
    return permille >= SLOWEST_PERMILLE && permille <= FASTEST_PERMILLE;
  }

  /** Settings with which anybody may stand in. */
  public VideoSettings(
      @Nullable String voiceProvider,
      @Nullable String voiceId,
      int speedPermille,
      @Nullable String musicTrack,
      @Nullable String transition,
      @Nullable String captionStyle,
      @Nullable String brand,
      @Nullable String musicMix,
      @Nullable Integer frameRate) {
    this(
        voiceProvider,
        voiceId,
        speedPermille,
        musicTrack,
        transition,
        captionStyle,
        brand,
        musicMix,
        frameRate,
        null,
        null,
        null);
  }

  /** Who may stand in for a provider that cannot. */
  public FallbackPolicy standIns() {
    return fallback == null ? FallbackPolicy.ANY : fallback;
  }

  /** The same with these stand-ins. */
  public VideoSettings withFallback(@Nullable FallbackPolicy newFallback) {
    return new VideoSettings(
        voiceProvider,
        voiceId,
        speedPermille,
        musicTrack,
        transition,
        captionStyle,
        brand,
        musicMix,
        frameRate,
        newFallback,
        emotion,
        quality);
  }

  /** The same at another frame rate; null for the presets' own. */
  public VideoSettings withFrameRate(@Nullable Integer newFrameRate) {
    return new VideoSettings(
        voiceProvider,
        voiceId,
        speedPermille,
        musicTrack,
        transition,
        captionStyle,
        brand,
        musicMix,
        newFrameRate,
        fallback,
        emotion,
        quality);
  }

  /** The same in another quality; null for the run's own. */
  public VideoSettings withQuality(@Nullable String newQuality) {
    return new VideoSettings(
        voiceProvider,
        voiceId,
        speedPermille,
        musicTrack,
        transition,
        captionStyle,
        brand,
        musicMix,
        frameRate,
        fallback,
        emotion,
        newQuality);
  }
}
