package dev.reelbeam.stages.deliver;

import dev.reelbeam.media.text.FontBook;
import dev.reelbeam.media.thumbnail.ThumbnailRenderer;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.layout.Rasters;
import dev.reelbeam.stages.visuals.Storyboard;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The stills that stand for a video: one in its own shape, one in the other. */
final class Thumbnails {
  private final ObjectStore store;

  Thumbnails(ObjectStore store) {
    this.store = store;
  }

  /** Adds {@code thumbnail.jpg} in the video's shape and the other shape beside it. */
  void add(PlannedVideo planned, Storyboard storyboard, Map<String, MediaRef> files)
      throws StageException {
    Brand brand = planned.brand();
    FontBook fonts = FontBook.bundled();
    if (!brand.fallbackFonts().isEmpty()) {
      List<Path> extra = brand.fallbackFonts().stream().map(store::localFile).toList();
      fonts = fonts.withFiles(extra);
    }
    ThumbnailRenderer renderer = new ThumbnailRenderer(fonts, brand);
    Storyboard.Picture hero = storyboard.hero();
    BufferedImage picture = hero == null ? null : new Rasters(store).load(hero.bytes(), 1920);
    double focusX = hero == null ? 0.5 : hero.facts().focusXPermille() / 1000.0;
    double focusY = hero == null ? 0.5 : hero.facts().focusYPermille() / 1000.0;
    String title = ThumbnailRenderer.shortTitle(planned.title());
    MediaRef wide = jpeg(renderer.landscape(picture, focusX, focusY, title));
    MediaRef tall = jpeg(renderer.vertical(picture, focusX, focusY, title));
    boolean vertical = planned.variant().vertical();
    files.put("thumbnail.jpg", vertical ? tall : wide);
    files.put(vertical ? "thumbnail_16x9.jpg" : "thumbnail_9x16.jpg", vertical ? wide : tall);
  }

  private MediaRef jpeg(BufferedImage image) {
    try {
      return store.put(ThumbnailRenderer.jpeg(image), "image/jpeg");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
