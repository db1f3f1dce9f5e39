package dev.reelbeam.model.content;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A picture or clip that a record names. Which of the two it is, its bytes tell.
 *
 * @param url as written: a path relative to the record's base, or an absolute URL
 * @param clip what is asked of a clip; null for nothing in particular
 * @param inset whether it is shown small, over another visual
 */
public record ContentImage(
    String url,
    @Nullable String alt,
    @Nullable String caption,
    @Nullable String credit,
    @Nullable String license,
    @Nullable ClipUse clip,
    @Nullable Boolean inset)
    implements Serializable {
  /** A picture. */
  public ContentImage(
      String url,
      @Nullable String alt,
      @Nullable String caption,
      @Nullable String credit,
      @Nullable String license) {
    this(url, alt, caption, credit, license, null, null);
  }
}
