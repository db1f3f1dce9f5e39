package dev.reelbeam.stages.deliver;

import dev.reelbeam.media.text.FontBook;
import dev.reelbeam.media.thumbnail.ThumbnailRenderer;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.stages.flow.Artifacts;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.layout.Rasters;
import dev.reelbeam.stages.visuals.Storyboard;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The stills that stand for a video: one in its own shape, one in the other. */
final class Thumbnails {
  /** Raised whenever the same picture and title would give another thumbnail. */
  private static final int VERSION = 1;

  private final Artifacts artifacts;

  Thumbnails(Artifacts artifacts) {
    this.artifacts = artifacts;
  }

  /**
   * Adds {@code thumbnail.jpg} in the video's shape and the other shape beside it. Drawn once for
   * all videos that show the same picture under the same title.
   */
  void add(PlannedVideo planned, Storyboard storyboard, Map<String, MediaRef> files)
      throws StageException {
    MediaRef wide = thumbnail(planned, storyboard.hero(), /* tall= */ false);
    MediaRef tall = thumbnail(planned, storyboard.hero(), /* tall= */ true);
    boolean vertical = planned.variant().vertical();
    files.put("thumbnail.jpg", vertical ? tall : wide);
    files.put(vertical ? "thumbnail_16x9.jpg" : "thumbnail_9x16.jpg", vertical ? wide : tall);
  }

  private MediaRef thumbnail(PlannedVideo planned, Storyboard.@Nullable Picture hero, boolean tall)
      throws StageException {
    String title = ThumbnailRenderer.shortTitle(planned.title());
    int focusX = hero == null ? 500 : hero.facts().focusXPermille();
    int focusY = hero == null ? 500 : hero.facts().focusYPermille();
    StepKey key =
        StepKey.of(
            "thumbnail",
            VERSION,
            tall ? "tall" : "wide",
            title,
            planned.brand(),
            hero == null ? "" : hero.bytes(),
            focusX,
            focusY);
    return artifacts
        .bytes(
            Stage.DELIVER,
            "thumbnail",
            key,
            () -> {
              ThumbnailRenderer renderer = renderer(planned.brand());
              BufferedImage picture =
                  hero == null ? null : new Rasters(artifacts.store()).load(hero.bytes(), 1920);
              double x = focusX / 1000.0;
              double y = focusY / 1000.0;
              return jpeg(
                  tall
                      ? renderer.vertical(picture, x, y, title)
                      : renderer.landscape(picture, x, y, title));
            })
        .value();
  }

  private ThumbnailRenderer renderer(Brand brand) throws StageException {
    FontBook fonts = FontBook.bundled();
    if (!brand.fallbackFonts().isEmpty()) {
      List<Path> extra = brand.fallbackFonts().stream().map(artifacts.store()::localFile).toList();
      fonts = fonts.withFiles(extra);
    }
    return new ThumbnailRenderer(fonts, brand);
  }

  private MediaRef jpeg(BufferedImage image) {
    try {
      return artifacts.store().put(ThumbnailRenderer.jpeg(image), "image/jpeg");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
