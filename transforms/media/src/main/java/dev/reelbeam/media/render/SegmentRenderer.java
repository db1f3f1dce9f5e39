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
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;
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
  /** Of the cache for what lies over pictures, the part that insets may take. */
  private static final int INSET_SHARE = 4;

  private final RenderLimits limits;
  private final LongSupplier nanoTime;
  private final BoundedCache<PlateKey, Plate> plates;
  private final BoundedCache<InsetKey, InsetPicture> insets;
  private final BoundedCache<RasterKey, OverlayRaster> rasters;
  private final NativeWatch watch = new NativeWatch();
  private final Turns<Decoding> decoding = new Turns<>();

  /** What is done by one segment at a time, whatever their number. */
  private enum Decoding {
    PICTURE
  }

  private record PlateKey(Still still, Motion motion, Canvas canvas) {}

  private record InsetKey(Still still, Canvas area) {}

  private record RasterKey(String sha256, int parityX, int parityY) {}

  /**
   * A picture prepared for an inset, as one or the other.
   *
   * @param cutout what has a shape of its own and gets no frame
   * @param filling what fills the inset
   */
  private record InsetPicture(CutoutPainter.@Nullable Cutout cutout, @Nullable YuvFrame filling) {
    long sizeBytes() {
      return (cutout == null ? 0 : cutout.raster().sizeBytes())
          + (filling == null ? 0 : filling.sizeBytes());
    }
  }

  /** Makes something of a picture. */
  private interface PictureUse<T> {
    T of(PictureFile picture) throws StageException;
  }

  /** With the default limits. */
  public SegmentRenderer() {
    this(RenderLimits.DEFAULT);
  }

  public SegmentRenderer(RenderLimits limits) {
    this(limits, System::nanoTime);
  }

  /**
   * With a time of its own.
   *
   * @param nanoTime as {@link System#nanoTime}
   */
  SegmentRenderer(RenderLimits limits, LongSupplier nanoTime) {
    this.limits = limits;
    this.nanoTime = nanoTime;
    long insetBytes = limits.rasterCacheBytes() / INSET_SHARE;
    this.plates = new BoundedCache<>(limits.plateCacheBytes(), Plate::sizeBytes);
    this.insets = new BoundedCache<>(insetBytes, InsetPicture::sizeBytes);
    this.rasters =
        new BoundedCache<>(limits.rasterCacheBytes() - insetBytes, OverlayRaster::sizeBytes);
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
    render(segment, settings, pictures, out, progress, clock(segment, settings));
  }

  private SegmentClock clock(Segment segment, EncodingSettings settings) {
    return new SegmentClock(
        limits.deadlineMs(segment.canvas(), segment.frames(), settings),
        limits.graceMs(),
        segment.frames(),
        nanoTime);
  }

  private void render(
      Segment segment,
      EncodingSettings settings,
      PictureSource pictures,
      Path out,
      FrameListener progress,
      SegmentClock clock)
      throws StageException {
    Path part = out.resolveSibling(out.getFileName() + ".part");
    try {
      try (FrameComposer composer = composer(segment, pictures, clock);
          VideoEncoder encoder = VideoEncoder.open(settings, segment.canvas(), part)) {
        clock.doing("drawing and encoding " + shown(segment));
        for (int frame = 0; frame < segment.frames(); frame++) {
          clock.at(frame);
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
      clock.at(segment.frames());
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
   * frees everything and leaves no file. Those who waited for it go on, and what they waited does
   * not count against their deadlines.
   *
   * @param progress called on the thread that renders
   * @throws StageException as {@link #render}, 3035 if native code hangs, and 5003 if there is not
   *     enough memory: the segment failed then, and nothing else
   * @throws CancellationException if the calling thread is interrupted; it stays interrupted
   */
  public void renderWatched(
      Segment segment,
      EncodingSettings settings,
      PictureSource pictures,
      Path out,
      FrameListener progress)
      throws StageException {
    SegmentClock clock = clock(segment, settings);
    Path unused =
        watch.run(
            clock,
            () -> {
              render(segment, settings, pictures, out, progress, clock);
              return out;
            });
  }

  /**
   * Does other native work on a segment, such as decoding it again, in the time that rendering it
   * may take and watched as {@link #renderWatched} is.
   *
   * @param doing what it does, for messages
   * @throws StageException of the work, 3035 if it hangs, 5003 if there is not enough memory for it
   * @throws CancellationException if the calling thread is interrupted; it stays interrupted
   */
  public <T> T watched(
      Segment segment, EncodingSettings settings, String doing, NativeWatch.Work<T> work)
      throws StageException {
    SegmentClock clock = clock(segment, settings);
    clock.doing(doing + " " + shown(segment));
    return watch.run(clock, work);
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
    return composer(segment, pictures, SegmentClock.unlimited());
  }

  private FrameComposer composer(Segment segment, PictureSource pictures, SegmentClock clock)
      throws StageException {
    Canvas canvas = segment.canvas();
    Warp warp = new Warp(canvas.width(), canvas.height());
    List<ShotPainter> painters = new ArrayList<>();
    try {
      for (ShotSlice slice : segment.slices()) {
        painters.add(painter(slice, segment, warp, pictures, clock));
      }
      FrameComposer made =
          new FrameComposer(
              segment, List.copyOf(painters), raster -> raster(raster, pictures, clock));
      painters.clear();
      return made;
    } finally {
      painters.forEach(ShotPainter::close);
    }
  }

  private ShotPainter painter(
      ShotSlice slice, Segment segment, Warp warp, PictureSource pictures, SegmentClock clock)
      throws StageException {
    Canvas canvas = segment.canvas();
    // The last frame of the shot that the segment reaches.
    int last = segment.frames() - 1 - slice.startFrame();
    ShotPainter shot;
    if (slice.playback() != null) {
      shot = clip(slice.still(), slice.playback(), canvas, last, pictures, clock);
    } else {
      Plate plate =
          plates.get(
              new PlateKey(slice.still(), slice.motion(), canvas),
              clock,
              key -> plate(key, pictures, clock));
      shot = new StillPainter(plate, slice.visibleFrames(), warp);
    }
    PictureInPicture inset = slice.inset();
    if (inset == null) {
      return shot;
    }
    ShotPainter inner = null;
    ShotPainter over = null;
    try {
      Canvas area = InsetPainter.area(inset, canvas);
      if (inset.playback() != null) {
        inner = clip(inset.still(), inset.playback(), area, last, pictures, clock);
        over = new InsetPainter(shot, inner, inset, canvas);
      } else {
        over = inset(inset, shot, area, canvas, pictures, clock);
      }
      return over;
    } finally {
      if (over == null) {
        shot.close();
        if (inner != null) {
          inner.close();
        }
      }
    }
  }

  private ShotPainter clip(
      Still still,
      Playback playback,
      Canvas area,
      int last,
      PictureSource pictures,
      SegmentClock clock)
      throws StageException {
    Path file = fetched(still.picture(), pictures, clock);
    clock.doing("opening clip " + still.picture().sha256());
    ClipReader.Watch patience =
        new ClipReader.Watch() {
          @Override
          public void goOn() throws StageException {
            clock.goOn();
          }

          @Override
          public void again(ClipReader clip) {
            clock.allow(
                limits.clipDeadlineMs(
                    clip.width(),
                    clip.height(),
                    ClipPainter.framesDecoded(clip, playback, last, area.frameRate())));
          }
        };
    ClipReader reader = ClipReader.open(file, String.valueOf(file.getFileName()), patience);
    ShotPainter painter = null;
    try {
      patience.again(reader);
      painter = new ClipPainter(reader, still, playback, area);
      return painter;
    } finally {
      if (painter == null) {
        reader.close();
      }
    }
  }

  private ShotPainter inset(
      PictureInPicture inset,
      ShotPainter shot,
      Canvas area,
      Canvas canvas,
      PictureSource pictures,
      SegmentClock clock)
      throws StageException {
    InsetPicture ready =
        insets.get(
            new InsetKey(inset.still(), area),
            clock,
            key ->
                decoded(
                    key.still().picture(),
                    pictures,
                    clock,
                    picture ->
                        picture.hasAlpha()
                            ? new InsetPicture(PlateBuilder.cutout(key.area(), picture), null)
                            : new InsetPicture(
                                null, PlateBuilder.filling(key.still(), key.area(), picture))));
    if (ready.cutout() != null) {
      return new CutoutPainter(shot, ready.cutout(), inset, canvas);
    }
    YuvFrame filling = Objects.requireNonNull(ready.filling());
    return new InsetPainter(shot, InsetPainter.still(filling), inset, canvas);
  }

  private Plate plate(PlateKey key, PictureSource pictures, SegmentClock clock)
      throws StageException {
    return decoded(
        key.still().picture(),
        pictures,
        clock,
        picture -> PlateBuilder.build(key.still(), key.motion(), key.canvas(), picture));
  }

  /**
   * Decodes a picture when it is its turn. One at a time: a picture of 100 megapixels takes 450 MB
   * until it is reduced, and however many workers there are, that is what pictures take.
   */
  private <T> T decoded(MediaRef ref, PictureSource pictures, SegmentClock clock, PictureUse<T> use)
      throws StageException {
    // Before the turn is taken: it may come from far away.
    Path file = fetched(ref, pictures, clock);
    clock.doing("waiting for another picture to be decoded, before picture " + ref.sha256());
    Turns.Turn<Decoding> turn = decoding.take(Decoding.PICTURE, clock);
    clock.doing("decoding picture " + ref.sha256());
    try (PictureFile picture = PictureFile.open(file)) {
      return use.of(picture);
    } finally {
      decoding.end(turn);
    }
  }

  private static Path fetched(MediaRef ref, PictureSource pictures, SegmentClock clock)
      throws StageException {
    clock.doing("fetching " + ref.sha256());
    Path file = clock.uncounted(() -> pictures.localFile(ref));
    clock.goOn();
    return file;
  }

  private OverlayRaster raster(FrameState.Raster raster, PictureSource pictures, SegmentClock clock)
      throws StageException {
    MediaRef ref = raster.ref();
    return rasters.get(
        new RasterKey(ref.sha256(), raster.x() & 1, raster.y() & 1),
        clock,
        key -> {
          String before = clock.doing();
          Path file = fetched(ref, pictures, clock);
          clock.doing("decoding overlay " + ref.sha256());
          try (PictureFile picture = PictureFile.open(file)) {
            return OverlayRaster.of(
                picture.rgba(), picture.width(), picture.height(), key.parityX(), key.parityY());
          } finally {
            clock.doing(before);
          }
        });
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
    watch.close();
    plates.clear();
    insets.clear();
    rasters.clear();
  }
}
