package dev.reelbeam.media.render;

import dev.reelbeam.media.codec.ClipReader;
import dev.reelbeam.media.codec.PictureFile;
import dev.reelbeam.media.codec.VideoEncoder;
import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.composition.Motion;
import dev.reelbeam.media.composition.PictureInPicture;
import dev.reelbeam.media.composition.Playback;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.effect.Warp;
import dev.reelbeam.media.frame.OverlayRaster;
import dev.reelbeam.media.frame.Plate;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.store.MediaRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns a segment into an MP4 of closed GOPs. The bytes are a pure function of segment, settings
 * and {@link Segment#PIXEL_VERSION}, whatever else runs on the machine.
 *
 * <p>Opened once per worker and thread-safe: each call renders on its own thread with one encoder
 * thread, and all share the decoded pictures.
 */
public final class SegmentRenderer implements AutoCloseable {
  private final RenderLimits limits;
  private final BoundedCache<PlateKey, Plate> plates;
  private final BoundedCache<RasterKey, OverlayRaster> rasters;
  private final RenderThreads threads = new RenderThreads();
  private final ReentrantLock decoding = new ReentrantLock(/* fair= */ true);

  private record PlateKey(Still still, Motion motion, Canvas canvas) {}

  private record RasterKey(String sha256, int parityX, int parityY) {}

  /** With the default limits. */
  public SegmentRenderer() {
    this(RenderLimits.DEFAULT);
  }

  public SegmentRenderer(RenderLimits limits) {
    this.limits = limits;
    this.plates = new BoundedCache<>(limits.plateCacheBytes(), Plate::sizeBytes);
    this.rasters = new BoundedCache<>(limits.rasterCacheBytes(), OverlayRaster::sizeBytes);
  }

  /**
   * Renders a segment into a file, which appears only when it is complete.
   *
   * @param out replaced if it exists; its folder exists
   * @throws StageException 3001 or 3002 if a picture cannot be shown, 3050 to 3052 if a clip
   *     cannot, 3030 if the encoder is missing, 3031 if encoding fails, 3032 if it takes longer
   *     than the limits allow, 5001 if the disk is full
   * @throws CancellationException if the thread is interrupted; it stays interrupted
   */
  public void render(
      Segment segment,
      EncodingSettings settings,
      PictureSource pictures,
      Path out,
      FrameListener progress)
      throws StageException {
    long deadlineMs = limits.deadlineMs(segment.canvas(), segment.frames());
    long startNanos = System.nanoTime();
    Path part = out.resolveSibling(out.getFileName() + ".part");
    try {
      ClipReader.Watch watch = () -> goOn(startNanos, deadlineMs, 0, segment.frames());
      try (FrameComposer composer = composer(segment, pictures, watch);
          VideoEncoder encoder = VideoEncoder.open(settings, segment.canvas(), part)) {
        for (int frame = 0; frame < segment.frames(); frame++) {
          goOn(startNanos, deadlineMs, frame, segment.frames());
          if (composer.draw(frame)) {
            encoder.encode(composer.frame());
          } else {
            encoder.repeat();
          }
          progress.rendered(frame + 1, segment.frames());
        }
        encoder.finish();
      }
      // Who waited for this may have gone: then nothing may appear under the name any more.
      goOn(startNanos, deadlineMs, segment.frames(), segment.frames());
      Files.move(part, out, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new StageException(FailureCode.SEGMENT_FAILED, "cannot write " + out, e);
    } finally {
      deleteQuietly(part);
    }
  }

  /**
   * Renders a segment as {@link #render} does, on another thread that is given up if native code
   * does not come back: a deadline is looked at between frames, and a decoder or an encoder that
   * hangs never gets there. Threads that do come back are used again for later segments.
   *
   * <p>The thread that was given up keeps what it holds until the native call returns; then it
   * frees everything and leaves no file. Those who wait for the same picture meanwhile are given up
   * in their turn.
   *
   * @param progress called on the thread that renders
   * @throws StageException as {@link #render}, and 3035 if native code hangs
   * @throws CancellationException if the calling thread is interrupted; it stays interrupted
   */
  public void renderWatched(
      Segment segment,
      EncodingSettings settings,
      PictureSource pictures,
      Path out,
      FrameListener progress)
      throws StageException {
    long deadlineMs = limits.deadlineMs(segment.canvas(), segment.frames());
    ExecutorService thread = threads.take();
    Future<?> rendering =
        thread.submit(
            () -> {
              render(segment, settings, pictures, out, progress);
              return null;
            });
    try {
      rendering.get(deadlineMs + limits.graceMs(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new StageException(
          FailureCode.SEGMENT_STUCK,
          "native code did not come back within "
              + (deadlineMs + limits.graceMs())
              + " ms; the segment shows "
              + shown(segment));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("rendering was cancelled");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof StageException failure) {
        throw failure;
      }
      if (cause instanceof RuntimeException failure) {
        throw failure;
      }
      if (cause instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(cause);
    } finally {
      if (rendering.isDone()) {
        threads.giveBack(thread);
      } else {
        rendering.cancel(true);
        thread.shutdown();
      }
    }
  }

  private static String shown(Segment segment) {
    return segment.slices().stream()
        .flatMap(
            slice ->
                slice.inset() == null
                    ? Stream.of(slice.still())
                    : Stream.of(slice.still(), slice.inset().still()))
        .map(still -> "picture " + still.picture().sha256())
        .collect(Collectors.joining(", "));
  }

  /** Draws single frames without encoding; for previews and tests. */
  FrameComposer composer(Segment segment, PictureSource pictures) throws StageException {
    return composer(segment, pictures, ClipReader.Watch.NONE);
  }

  private FrameComposer composer(Segment segment, PictureSource pictures, ClipReader.Watch watch)
      throws StageException {
    Canvas canvas = segment.canvas();
    Warp warp = new Warp(canvas.width(), canvas.height());
    List<ShotPainter> painters = new ArrayList<>();
    try {
      for (ShotSlice slice : segment.slices()) {
        painters.add(painter(slice, canvas, warp, pictures, watch));
      }
      List<ShotPainter> opened = List.copyOf(painters);
      painters.clear();
      return new FrameComposer(segment, opened, raster -> raster(raster, pictures));
    } finally {
      painters.forEach(ShotPainter::close);
    }
  }

  private ShotPainter painter(
      ShotSlice slice, Canvas canvas, Warp warp, PictureSource pictures, ClipReader.Watch watch)
      throws StageException {
    ShotPainter shot;
    if (slice.playback() != null) {
      shot = clip(slice.still(), slice.playback(), canvas, pictures, watch);
    } else {
      Plate plate =
          plates.get(
              new PlateKey(slice.still(), slice.motion(), canvas), key -> plate(key, pictures));
      shot = new StillPainter(plate, slice.visibleFrames(), warp);
    }
    PictureInPicture inset = slice.inset();
    if (inset == null) {
      return shot;
    }
    ShotPainter over = null;
    try {
      Canvas area = InsetPainter.area(inset, canvas);
      CutoutPainter.Cutout cutout =
          inset.playback() != null ? null : cutout(inset.still(), area, pictures);
      if (cutout != null) {
        over = new CutoutPainter(shot, cutout, inset, canvas);
        return over;
      }
      over =
          inset.playback() != null
              ? clip(inset.still(), inset.playback(), area, pictures, watch)
              : InsetPainter.still(filling(inset.still(), area, pictures));
      return new InsetPainter(shot, over, inset, canvas);
    } finally {
      if (over == null) {
        shot.close();
      }
    }
  }

  private static ShotPainter clip(
      Still still, Playback playback, Canvas area, PictureSource pictures, ClipReader.Watch watch)
      throws StageException {
    Path file = pictures.localFile(still.picture());
    ClipReader reader = ClipReader.open(file, String.valueOf(file.getFileName()), watch);
    return new ClipPainter(reader, still, playback, area);
  }

  /** What is cut out has a shape of its own and gets no frame; null for a picture without alpha. */
  private static CutoutPainter.@Nullable Cutout cutout(
      Still still, Canvas area, PictureSource pictures) throws StageException {
    try (PictureFile picture = PictureFile.open(pictures.localFile(still.picture()))) {
      return picture.hasAlpha() ? PlateBuilder.cutout(area, picture) : null;
    }
  }

  private static YuvFrame filling(Still still, Canvas area, PictureSource pictures)
      throws StageException {
    try (PictureFile picture = PictureFile.open(pictures.localFile(still.picture()))) {
      return PlateBuilder.filling(still, area, picture);
    }
  }

  private Plate plate(PlateKey key, PictureSource pictures) throws StageException {
    // One at a time: a picture of 100 megapixels takes 450 MB until it is reduced, and however many
    // workers there are, that is what pictures take.
    decoding.lock();
    try (PictureFile picture = PictureFile.open(pictures.localFile(key.still().picture()))) {
      return PlateBuilder.build(key.still(), key.motion(), key.canvas(), picture);
    } finally {
      decoding.unlock();
    }
  }

  private OverlayRaster raster(FrameState.Raster raster, PictureSource pictures)
      throws StageException {
    MediaRef ref = raster.ref();
    return rasters.get(
        new RasterKey(ref.sha256(), raster.x() & 1, raster.y() & 1),
        key -> {
          try (PictureFile picture = PictureFile.open(pictures.localFile(ref))) {
            return OverlayRaster.of(
                picture.rgba(), picture.width(), picture.height(), key.parityX(), key.parityY());
          }
        });
  }

  private static void goOn(long startNanos, long deadlineMs, int frame, int frames)
      throws StageException {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("rendering was cancelled");
    }
    if (System.nanoTime() - startNanos > deadlineMs * 1_000_000L) {
      throw new StageException(
          FailureCode.SEGMENT_TIMEOUT,
          "a segment took longer than "
              + deadlineMs
              + " ms (frame "
              + frame
              + " of "
              + frames
              + ")");
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The failure that led here is the one to tell; the next attempt replaces the file.
    }
  }

  /** Lets go of the cached pictures and of the threads that no segment uses. */
  @Override
  public void close() {
    threads.close();
    plates.clear();
    rasters.clear();
  }
}
