package dev.reelbeam.stages.layout;

import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds what was drawn before by what it is drawn from: words, type, colours, canvas. A video that
 * is laid out once more after an edit shapes and paints only the texts that are new.
 */
final class Drawings {
  /** Raised whenever the same text may give other pixels, or the same pixels in another place. */
  private static final int VERSION = 1;

  /**
   * A raster on the canvas.
   *
   * @param x left edge, even
   * @param y top edge, even
   * @param index what of the drawing it shows; the drawing's maker knows its meaning
   */
  record Part(MediaRef raster, int x, int y, int index) implements Serializable {}

  /**
   * What belongs together: a card, the states of a page of captions, a label.
   *
   * @param ground opaque and as large as the canvas; null for what lies over a picture
   * @param parts bottom to top; none where there is nothing to see
   */
  record Drawing(@Nullable MediaRef ground, List<Part> parts) implements Serializable {
    Drawing {
      parts = List.copyOf(parts);
    }
  }

  /** Draws; only called when nothing was found. */
  @FunctionalInterface
  interface Artist {
    Drawing draw() throws StageException;
  }

  private final ObjectStore store;

  Drawings(ObjectStore store) {
    this.store = store;
  }

  /**
   * A drawing, found or drawn now.
   *
   * @param kind what is drawn, for example {@code caption}
   * @param seen everything that the drawing depends on, as for {@link StepKey#of}
   */
  Drawing find(String kind, List<?> seen, Artist artist) throws StageException {
    StepKey key = StepKey.of("draw", VERSION, kind, seen);
    Optional<MediaRef> there = store.find(key);
    if (there.isEmpty()) {
      MediaRef drawn = store.put(RecordJson.canonicalBytes(artist.draw()), "application/json");
      there = Optional.of(store.putIfAbsent(key, drawn));
    }
    return RecordJson.read(store.read(there.get()), Drawing.class);
  }
}
