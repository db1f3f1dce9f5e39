package dev.reelbeam.model.moderation;

import dev.reelbeam.model.video.Platform;
import java.util.List;

/**
 * What is looked at.
 *
 * @param language of the texts, a BCP 47 primary tag
 * @param site of the record; empty if it has none
 * @param platforms where the video goes
 * @param finished whether the texts are those of a script: only then a disclosure can be missing
 */
public record ModerationRequest(
    String language,
    String site,
    List<Platform> platforms,
    boolean finished,
    List<Text> texts,
    List<Picture> pictures) {
  /** Begins the place of a text that is published beside the video; the platform's id follows. */
  public static final String DESCRIPTION = "description for ";

  /**
   * Begins the place of a text that is neither heard nor read: pictures are found or made by it.
   */
  public static final String PICTURED = "what is seen ";

  public ModerationRequest {
    platforms = List.copyOf(platforms);
    texts = List.copyOf(texts);
    pictures = List.copyOf(pictures);
  }

  /** A text and where it stands, in words of an editor. */
  public record Text(String where, String text) {}

  /**
   * A picture.
   *
   * @param jpeg at most some 100 kB
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed over once, never compared.
  public record Picture(String where, byte[] jpeg) {}
}
