package dev.reelbeam.model.content;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
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
      new VideoSettings(null, null, 1000, null, null, null, null, null, null, null, null, null);

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

  /** Who may stand in for a provider that cannot. */
  public FallbackPolicy standIns() {
    return fallback == null ? FallbackPolicy.ANY : fallback;
  }

  /** The same, spoken by this provider first; null for the order of the settings. */
  public VideoSettings withVoiceProvider(@Nullable String newVoiceProvider) {
    return with(copy -> copy.voiceProvider = newVoiceProvider);
  }

  /** The same with this voice; null for the brand's. */
  public VideoSettings withVoiceId(@Nullable String newVoiceId) {
    return with(copy -> copy.voiceId = newVoiceId);
  }

  /** The same, spoken at this speed. */
  public VideoSettings withSpeedPermille(int newSpeedPermille) {
    return with(copy -> copy.speedPermille = newSpeedPermille);
  }

  /** The same with this music; null for the brand's. */
  public VideoSettings withMusicTrack(@Nullable String newMusicTrack) {
    return with(copy -> copy.musicTrack = newMusicTrack);
  }

  /** The same with this transition; null for the brand's. */
  public VideoSettings withTransition(@Nullable String newTransition) {
    return with(copy -> copy.transition = newTransition);
  }

  /** The same with captions of this style; null for the brand's. */
  public VideoSettings withCaptionStyle(@Nullable String newCaptionStyle) {
    return with(copy -> copy.captionStyle = newCaptionStyle);
  }

  /** The same for this brand; null for the run's own. */
  public VideoSettings withBrand(@Nullable String newBrand) {
    return with(copy -> copy.brand = newBrand);
  }

  /** The same with music mixed in this way; null for the brand's. */
  public VideoSettings withMusicMix(@Nullable String newMusicMix) {
    return with(copy -> copy.musicMix = newMusicMix);
  }

  /** The same at another frame rate; null for the presets' own. */
  public VideoSettings withFrameRate(@Nullable Integer newFrameRate) {
    return with(copy -> copy.frameRate = newFrameRate);
  }

  /** The same with these stand-ins; null for anybody. */
  public VideoSettings withFallback(@Nullable FallbackPolicy newFallback) {
    return with(copy -> copy.fallback = newFallback);
  }

  /** The same in this mood; null for none in particular. */
  public VideoSettings withEmotion(@Nullable String newEmotion) {
    return with(copy -> copy.emotion = newEmotion);
  }

  /** The same in another quality; null for the run's own. */
  public VideoSettings withQuality(@Nullable String newQuality) {
    return with(copy -> copy.quality = newQuality);
  }

  private VideoSettings with(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return copy.done();
  }

  /** All of them, to change one. */
  private static final class Copy {
    private @Nullable String voiceProvider;
    private @Nullable String voiceId;
    private int speedPermille;
    private @Nullable String musicTrack;
    private @Nullable String transition;
    private @Nullable String captionStyle;
    private @Nullable String brand;
    private @Nullable String musicMix;
    private @Nullable Integer frameRate;
    private @Nullable FallbackPolicy fallback;
    private @Nullable String emotion;
    private @Nullable String quality;

    Copy(VideoSettings of) {
      voiceProvider = of.voiceProvider;
      voiceId = of.voiceId;
      speedPermille = of.speedPermille;
      musicTrack = of.musicTrack;
      transition = of.transition;
      captionStyle = of.captionStyle;
      brand = of.brand;
      musicMix = of.musicMix;
      frameRate = of.frameRate;
      fallback = of.fallback;
      emotion = of.emotion;
      quality = of.quality;
    }

    VideoSettings done() {
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
          quality);
    }
  }
}
