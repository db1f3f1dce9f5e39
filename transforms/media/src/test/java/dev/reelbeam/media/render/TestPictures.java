package dev.reelbeam.media.render;

import dev.reelbeam.media.codec.TestClip;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.store.MediaRef;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntBinaryOperator;
import javax.imageio.ImageIO;

/** Pictures made by whole-number formulas, stored in a folder and found by their hash. */
final class TestPictures implements PictureSource {
  private final Path folder;
  private final Map<String, Path> files = new ConcurrentHashMap<>();
  private final AtomicInteger asked = new AtomicInteger();

  TestPictures(Path folder) {
    this.folder = folder;
  }

  /** A picture with edges, gradients and fine detail; another seed gives another one. */
  MediaRef photo(int width, int height, int seed) throws IOException {
    return opaque(
        width,
        height,
        (x, y) -> {
          int red = (x * 255 / width + seed * 40) & 0xFF;
          int green = (y * 255 / height + ((x * (7 + seed) ^ y * 13) & 31)) & 0xFF;
          int blue = (x / 20 + y / 20 + seed) % 2 == 0 ? 200 : 60;
          return red << 16 | green << 8 | blue;
        });
  }

  MediaRef plain(int width, int height, int rgb) throws IOException {
    return opaque(width, height, (x, y) -> rgb);
  }

  MediaRef opaque(int width, int height, IntBinaryOperator rgb) throws IOException {
    return store(width, height, BufferedImage.TYPE_INT_RGB, rgb);
  }

  /** A raster with alpha, from 0xAARRGGBB. */
  MediaRef raster(int width, int height, IntBinaryOperator argb) throws IOException {
    return store(width, height, BufferedImage.TYPE_INT_ARGB, argb);
  }

  private MediaRef store(int width, int height, int type, IntBinaryOperator colour)
      throws IOException {
    BufferedImage image = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, colour.applyAsInt(x, y));
      }
    }
    Path file = Files.createTempFile(folder, "picture", "");
    if (!ImageIO.write(image, "png", file.toFile())) {
      throw new IOException("no PNG writer");
    }
    return add(file, "image/png");
  }

  /** A clip in colour, of which each frame looks different. */
  MediaRef clip(TestClip clip) throws IOException, StageException {
    Path file = Files.createTempFile(folder, "clip", "." + clip.container());
    return add(
        clip.write(
            file,
            (frame, x, y) ->
                (x * 2 + frame * 9 & 0xFF) << 16 | (y * 2 & 0xFF) << 8 | (x / 8 + y / 8) % 2 * 200),
        "video/mp4");
  }

  MediaRef add(Path file, String contentType) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    String sha256 = RecordJson.sha256(bytes);
    files.put(sha256, file);
    return new MediaRef(sha256, bytes.length, contentType);
  }

  @Override
  public Path localFile(MediaRef ref) {
    asked.incrementAndGet();
    return files.get(ref.sha256());
  }

  /** How often a file was asked for. */
  int asked() {
    return asked.get();
  }
}
