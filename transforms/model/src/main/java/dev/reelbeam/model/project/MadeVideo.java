package dev.reelbeam.model.project;

import dev.reelbeam.model.content.ChapterMarker;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.store.MediaRef;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a finished video was made of, for whoever asks outside of the flow.
 *
 * @param variant id of the variant: a script and a row of pictures are one's
 * @param script as it is spoken
 * @param chapters empty when there are none
 * @param assets what is seen, in order
 * @param made results on the way that belong to nobody else: spoken sentences, timeline
 * @param delivered files that were delivered
 * @param addresses where everybody finds the video, by preset; empty where nobody knows
 * @param bookings the credits that it came to
 */
public record MadeVideo(
    RecordKey key,
    long epoch,
    String variant,
    Script script,
    List<ChapterMarker> chapters,
    List<Asset> assets,
    List<MediaRef> made,
    List<MediaRef> delivered,
    Map<String, String> addresses,
    List<Booking> bookings)
    implements Serializable {
  /**
   * Credits of something that was made. What it cost in money is booked where it is bought.
   *
   * @param key tells it from every other booking: whoever books it again books nothing
   * @param item for example {@code video_composition}
   */
  public record Booking(String key, String item, int credits) implements Serializable {}

  /** What an asset is. */
  public enum AssetType {
    IMAGE,
    FOOTAGE,
    SUBTITLE
  }

  /** Where an asset comes from. */
  public enum AssetSource {
    ARTICLE_IMAGE,
    AI_GENERATED,
    STOCK_PEXELS,
    STOCK_PIXABAY,
    UPLOADED,
    RENDERED;

    /** The source of this name on the wire; what nobody has a name for was brought along. */
    public static AssetSource of(String label) {
      for (AssetSource source : values()) {
        if (source.name().equalsIgnoreCase(label)) {
          return source;
        }
      }
      return UPLOADED;
    }
  }

  /**
   * Something that is seen or read in the video.
   *
   * @param url where a person finds it, null for nowhere
   * @param durationMs of footage, else 0
   * @param section of the script, null for all of it
   */
  public record Asset(
      AssetType type,
      AssetSource source,
      MediaRef file,
      @Nullable String url,
      int durationMs,
      @Nullable Integer section,
      @Nullable String licence,
      @Nullable String credit)
      implements Serializable {}
}
