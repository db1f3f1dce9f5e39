package dev.reelbeam.media.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.composition.Motion;
import dev.reelbeam.media.composition.PictureInPicture;
import dev.reelbeam.media.composition.Shot;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.composition.Transition;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.store.MediaRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SegmentRendererTest {
  private static final EncodingSettings SETTINGS = EncodingSettings.standard(10);

  /**
   * Pixels and bytes of the timeline of {@link TestTimelines#everything}. When one of these fails
   * and the change is meant, raise {@link Segment#PIXEL_VERSION} and write down the new hash:
   * stored segments must not be found for pixels that would come out differently today.
   */
  private static final String GOLDEN_PIXELS =
      "7a4632747e7427593c506af73f8b3ccbaf1782729e55f34348862decdd64834b";

  private static final String GOLDEN_BYTES =
      "7cdd49210a5a9ed232b7e6f22272ef53f524c8ac587fed54f58b205a5bcf45d5";

  /**
   * The same for {@link TestTimelines#footage}: clips, turned and untagged ones too, and insets.
   */
  private static final String GOLDEN_FOOTAGE_PIXELS =
      "f53ea9222bf1a2ab22471383f55ff4c13dd9a1315ab075afb74890112ce96f1f";

  private static final String GOLDEN_FOOTAGE_BYTES =
      "2a918b5d47aeaf3f0fe29900e96957c3b812a291c5b50ee470c7f49f8aecd87e";

  @TempDir Path folder;

  @Test
  void pixelsAndBytesAreThoseOfThisPixelVersion() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    List<String> frames = new ArrayList<>();
    List<String> files = new ArrayList<>();
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      for (Segment segment : SegmentCutter.cut(TestTimelines.everything(pictures))) {
        frames.addAll(FrameComposerTest.hashes(renderer, segment, pictures));
        Path out = folder.resolve("segment.mp4");
        renderer.render(segment, SETTINGS, pictures, out, FrameListener.NONE);
        files.add(RecordJson.sha256(Files.readAllBytes(out)));
      }
    }
    assertThat(Segment.PIXEL_VERSION).isEqualTo(5);
    assertThat(RecordJson.sha256(frames)).as("pixels").isEqualTo(GOLDEN_PIXELS);
    assertThat(RecordJson.sha256(files)).as("bytes").isEqualTo(GOLDEN_BYTES);
  }

  @Test
  void pixelsAndBytesOfFootageAndInsetsAreThoseOfThisPixelVersion() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    List<String> frames = new ArrayList<>();
    List<String> files = new ArrayList<>();
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      for (Segment segment : SegmentCutter.cut(TestTimelines.footage(pictures))) {
        frames.addAll(FrameComposerTest.hashes(renderer, segment, pictures));
        Path out = folder.resolve("segment.mp4");
        renderer.render(segment, SETTINGS, pictures, out, FrameListener.NONE);
        files.add(RecordJson.sha256(Files.readAllBytes(out)));
      }
    }
    assertThat(Segment.PIXEL_VERSION).isEqualTo(5);
    assertThat(RecordJson.sha256(frames)).as("pixels").isEqualTo(GOLDEN_FOOTAGE_PIXELS);
    assertThat(RecordJson.sha256(files)).as("bytes").isEqualTo(GOLDEN_FOOTAGE_BYTES);
  }

  @Test
  void oneRendererOrTwoThreadsGiveTheSameBytes() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    List<Segment> segments = SegmentCutter.cut(TestTimelines.everything(pictures));
    List<byte[]> alone = new ArrayList<>();
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      for (int i = 0; i < segments.size(); i++) {
        alone.add(rendered(renderer, segments.get(i), pictures, "alone" + i));
      }
    }
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (SegmentRenderer shared = new SegmentRenderer()) {
      List<Future<byte[]>> together = new ArrayList<>();
      for (int i = 0; i < segments.size(); i++) {
        Segment segment = segments.get(i);
        String name = "together" + i;
        together.add(threads.submit(() -> rendered(shared, segment, pictures, name)));
      }
      for (int i = 0; i < segments.size(); i++) {
        assertThat(together.get(i).get()).isEqualTo(alone.get(i));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aPictureIsDecodedOnceForAllSegmentsOfItsShot() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    Timeline timeline = oneShot(pictures.photo(300, 500, 1), 90);
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      List<Segment> segments = SegmentCutter.cut(timeline);
      assertThat(segments).hasSize(3);
      for (Segment segment : segments) {
        byte[] bytes = rendered(renderer, segment, pictures, "shot");
        assertThat(bytes).isNotEmpty();
      }
    }
    assertThat(pictures.asked()).isEqualTo(1);
  }

  @Test
  void thePictureOfAnInsetIsDecodedOnceForAllSegmentsOfItsShot() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    MediaRef photo = pictures.photo(300, 500, 1);
    MediaRef over = pictures.photo(200, 200, 2);
    MediaRef cutout = pictures.raster(60, 60, (x, y) -> x < 30 ? 0xFFF0F0F0 : 0);
    for (MediaRef inset : List.of(over, cutout)) {
      int before = pictures.asked();
      Shot shot =
          new Shot(0, Still.cover(photo, 500, 500), Motion.zoom(1000, 1100), Transition.CUT)
              .withInset(
                  new PictureInPicture(Still.cover(inset, 500, 500), null, 500, 250, 500, 250));
      Timeline timeline = new Timeline(TestTimelines.CANVAS, List.of(shot), List.of(), 90);
      try (SegmentRenderer renderer = new SegmentRenderer()) {
        List<Segment> segments = SegmentCutter.cut(timeline);
        assertThat(segments).hasSize(3);
        for (Segment segment : segments) {
          assertThat(rendered(renderer, segment, pictures, "inset")).isNotEmpty();
        }
      }
      assertThat(pictures.asked() - before).as("the shot's picture and the inset's").isEqualTo(2);
    }
  }

  @Test
  void slowerPresetsAndClipsHaveMoreTime() {
    RenderLimits limits = new RenderLimits(0, 0, 500, 1_000);
    Canvas canvas = new Canvas(1080, 1920, 30);

    assertThat(limits.deadlineMs(canvas, 120, EncodingSettings.standard(30))).isEqualTo(120_500);
    assertThat(limits.deadlineMs(canvas, 120, EncodingSettings.best(30))).isEqualTo(480_500);
    assertThat(limits.clipDeadlineMs(3840, 2160, 100)).isEqualTo(100_000);
  }

  @Test
  void progressCountsEveryFrame() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    Segment segment = SegmentCutter.cut(oneShot(pictures.photo(300, 500, 1), 5)).get(0);
    List<Integer> heard = new ArrayList<>();
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      renderer.render(
          segment, SETTINGS, pictures, folder.resolve("out.mp4"), (done, all) -> heard.add(done));
    }
    assertThat(heard).containsExactly(1, 2, 3, 4, 5);
  }

  @Test
  void aTruncatedPictureIsRefusedAndLeavesNoFile() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    MediaRef whole = pictures.photo(300, 500, 1);
    byte[] bytes = Files.readAllBytes(pictures.localFile(whole));
    for (byte[] damaged :
        List.of(
            new byte[0],
            "not a picture".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
            Arrays.copyOf(bytes, 20),
            Arrays.copyOf(bytes, bytes.length / 2))) {
      Path file = Files.write(folder.resolve("damaged"), damaged);
      Timeline timeline = oneShot(pictures.add(file, "image/png"), 5);
      assertThatThrownBy(() -> renderFirst(timeline, pictures, RenderLimits.DEFAULT))
          .isInstanceOfSatisfying(
              StageException.class,
              e -> assertThat(e.code()).isEqualTo(FailureCode.PICTURE_UNDECODABLE));
    }
    assertThat(folder.resolve("out.mp4")).doesNotExist();
    assertThat(folder.resolve("out.mp4.part")).doesNotExist();
  }

  @Test
  void aSegmentThatTakesTooLongEndsAtItsDeadline() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    Timeline timeline = oneShot(pictures.photo(300, 500, 1), 20);
    RenderLimits noTime = new RenderLimits(1 << 20, 1 << 20, 0, 0);

    assertThatThrownBy(() -> renderFirst(timeline, pictures, noTime))
        .isInstanceOfSatisfying(
            StageException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.SEGMENT_TIMEOUT));
    assertThat(folder.resolve("out.mp4")).doesNotExist();
  }

  @Test
  void anInterruptCancelsAndStaysVisible() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    Timeline timeline = oneShot(pictures.photo(300, 500, 1), 20);
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> renderFirst(timeline, pictures, RenderLimits.DEFAULT))
          .isInstanceOf(CancellationException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(folder.resolve("out.mp4")).doesNotExist();
  }

  @Test
  void aSegmentThatHangsInsideOneCallIsGivenUpAndCleansUpWhenItComesBack() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    Segment segment = SegmentCutter.cut(oneShot(pictures.photo(300, 500, 1), 5)).get(0);
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch back = new CountDownLatch(1);
    AtomicReference<Thread> worker = new AtomicReference<>();
    Path out = folder.resolve("stuck.mp4");
    RenderLimits impatient = new RenderLimits(1 << 20, 1 << 20, 500, 0, 100);
    // Its time goes by while it hangs, and only then: a slow machine has as much of it.
    AtomicLong now = new AtomicLong();
    try (SegmentRenderer renderer = new SegmentRenderer(impatient, now::get)) {
      assertThatThrownBy(
              () ->
                  renderer.renderWatched(
                      segment,
                      SETTINGS,
                      pictures,
                      out,
                      (done, total) -> {
                        worker.set(Thread.currentThread());
                        now.addAndGet(TimeUnit.SECONDS.toNanos(10));
                        awaitDeaf(hanging);
                        back.countDown();
                      }))
          .hasMessageContaining(segment.slices().get(0).still().picture().sha256())
          .isInstanceOfSatisfying(
              StageException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.SEGMENT_STUCK));

      hanging.countDown();

      assertThat(back.await(120, TimeUnit.SECONDS)).isTrue();
      Objects.requireNonNull(worker.get()).join(120_000);
    }
    assertThat(out).doesNotExist();
    assertThat(folder.resolve("stuck.mp4.part")).doesNotExist();
  }

  @Test
  void whatAStoreTakesToBringAPictureIsNotTheSegmentsTime() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    Segment segment = SegmentCutter.cut(oneShot(pictures.photo(300, 500, 1), 5)).get(0);
    AtomicLong now = new AtomicLong();
    RenderLimits limits = new RenderLimits(1 << 22, 1 << 20, 1_000, 1, 10);
    Path out = folder.resolve("far.mp4");
    PictureSource far =
        ref -> {
          now.addAndGet(TimeUnit.MINUTES.toNanos(10));
          return pictures.localFile(ref);
        };
    try (SegmentRenderer renderer = new SegmentRenderer(limits, now::get)) {
      renderer.renderWatched(segment, SETTINGS, far, out, FrameListener.NONE);
    }
    assertThat(out).exists();
  }

  @Test
  void aSegmentWithoutMemoryFailsAloneAndSaysSo() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    Segment segment = SegmentCutter.cut(oneShot(pictures.photo(300, 500, 1), 5)).get(0);
    Path out = folder.resolve("out.mp4");
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      assertThatThrownBy(
              () ->
                  renderer.renderWatched(
                      segment,
                      SETTINGS,
                      pictures,
                      out,
                      (done, total) -> {
                        throw new OutOfMemoryError("Java heap space");
                      }))
          .isInstanceOfSatisfying(
              StageException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.MEMORY_SHORT));
      assertThat(out).doesNotExist();

      renderer.renderWatched(segment, SETTINGS, pictures, out, FrameListener.NONE);
      assertThat(out).exists();
    }
  }

  @Test
  void memoryThatIsTheProcesssIsNoFailureOfTheSegment() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    Segment segment = SegmentCutter.cut(oneShot(pictures.photo(300, 500, 1), 5)).get(0);
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      assertThatThrownBy(
              () ->
                  renderer.renderWatched(
                      segment,
                      SETTINGS,
                      pictures,
                      folder.resolve("out.mp4"),
                      (done, total) -> {
                        throw new OutOfMemoryError("Metaspace");
                      }))
          .isInstanceOf(OutOfMemoryError.class)
          .hasMessage("Metaspace");
    }
  }

  @Test
  void aPictureThatIsLongOnItsWayHoldsNobodyElseUp() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    Segment far = SegmentCutter.cut(oneShot(pictures.photo(300, 500, 1), 2)).get(0);
    Segment near = SegmentCutter.cut(oneShot(pictures.photo(300, 500, 2), 2)).get(0);
    MediaRef farPicture = far.slices().get(0).still().picture();
    CountDownLatch onItsWay = new CountDownLatch(1);
    CountDownLatch arrived = new CountDownLatch(1);
    PictureSource source =
        ref -> {
          if (ref.equals(farPicture)) {
            onItsWay.countDown();
            awaitDeaf(arrived);
          }
          return pictures.localFile(ref);
        };
    ExecutorService beside = Executors.newSingleThreadExecutor();
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      Path farOut = folder.resolve("far.mp4");
      Future<?> fetching =
          beside.submit(
              () -> {
                renderer.renderWatched(far, SETTINGS, source, farOut, FrameListener.NONE);
                return null;
              });
      assertThat(onItsWay.await(120, TimeUnit.SECONDS)).isTrue();

      renderer.renderWatched(
          near, SETTINGS, source, folder.resolve("near.mp4"), FrameListener.NONE);

      assertThat(folder.resolve("near.mp4")).exists();
      assertThat(fetching.isDone()).isFalse();
      arrived.countDown();
      assertThat(fetching.get(120, TimeUnit.SECONDS)).isNull();
      assertThat(farOut).exists();
    } finally {
      arrived.countDown();
      beside.shutdownNow();
    }
  }

  /** A pipe that nobody writes to: opening it is a native call that does not come back. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aDecoderThatHangsIsBlamedForItsOwnPictureAndHoldsNobodyElseUpForLong() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    MediaRef hanging = new MediaRef("a".repeat(64), 1, "image/png");
    PictureSource source = ref -> ref.equals(hanging) ? pipe : pictures.localFile(ref);
    Segment stuck = SegmentCutter.cut(oneShot(hanging, 2)).get(0);
    Segment innocent = SegmentCutter.cut(oneShot(pictures.photo(300, 500, 2), 2)).get(0);
    ExecutorService beside = Executors.newSingleThreadExecutor();
    RenderLimits limits = new RenderLimits(1 << 22, 1 << 20, 4_000, 1_000, 100);
    try (SegmentRenderer renderer = new SegmentRenderer(limits)) {
      Future<?> hangs =
          beside.submit(
              () -> {
                Path out = folder.resolve("stuck.mp4");
                renderer.renderWatched(stuck, SETTINGS, source, out, FrameListener.NONE);
                return null;
              });
      awaitThreadIn("dev.reelbeam.media.codec.PictureFile", "reader");

      renderer.renderWatched(
          innocent, SETTINGS, source, folder.resolve("innocent.mp4"), FrameListener.NONE);

      assertThat(folder.resolve("innocent.mp4")).exists();
      assertThatThrownBy(() -> hangs.get(120, TimeUnit.SECONDS))
          .hasMessageContaining("while decoding picture " + hanging.sha256())
          .hasCauseInstanceOf(StageException.class)
          .satisfies(
              e ->
                  assertThat(((StageException) e.getCause()).code())
                      .isEqualTo(FailureCode.SEGMENT_STUCK));
    } finally {
      Files.newOutputStream(pipe).close();
      beside.shutdownNow();
    }
  }

  /** Waits until a thread has come to a method. */
  private static void awaitThreadIn(String type, String method) {
    long start = System.nanoTime();
    while (Thread.getAllStackTraces().values().stream()
        .flatMap(Arrays::stream)
        .noneMatch(
            frame -> frame.getClassName().equals(type) && frame.getMethodName().equals(method))) {
      // It comes within milliseconds, or never; a busy machine may take its time.
      assertThat(System.nanoTime() - start).as("waiting").isLessThan(120_000_000_000L);
      Thread.onSpinWait();
    }
  }

  @Test
  void aWatchedSegmentHasTheSameBytesAndTheSameFailures() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    Segment segment = SegmentCutter.cut(oneShot(pictures.photo(300, 500, 1), 5)).get(0);
    Path watched = folder.resolve("watched.mp4");
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      renderer.renderWatched(segment, SETTINGS, pictures, watched, FrameListener.NONE);
      assertThat(Files.readAllBytes(watched))
          .isEqualTo(rendered(renderer, segment, pictures, "alone"));
      MediaRef text = pictures.add(Files.writeString(folder.resolve("text"), "text"), "image/png");
      Segment broken = SegmentCutter.cut(oneShot(text, 5)).get(0);
      assertThatThrownBy(
              () -> renderer.renderWatched(broken, SETTINGS, pictures, watched, FrameListener.NONE))
          .isInstanceOfSatisfying(
              StageException.class,
              e -> assertThat(e.code()).isEqualTo(FailureCode.PICTURE_UNDECODABLE));
    }
  }

  /** Each further thread would get an arena of its own from the C library, and keep it. */
  @Test
  void segmentsWatchedOneAfterTheOtherShareAThread() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    MediaRef photo = pictures.photo(300, 500, 1);
    MediaRef text = pictures.add(Files.writeString(folder.resolve("text"), "text"), "image/png");
    Set<Thread> threads = new HashSet<>();
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      for (MediaRef picture : List.of(photo, photo, text, photo, photo)) {
        Segment segment = SegmentCutter.cut(oneShot(picture, 2)).get(0);
        try {
          renderer.renderWatched(
              segment,
              SETTINGS,
              ref -> {
                threads.add(Thread.currentThread());
                return pictures.localFile(ref);
              },
              folder.resolve("out.mp4"),
              (frame, frames) -> threads.add(Thread.currentThread()));
        } catch (StageException e) {
          assertThat(e.code()).isEqualTo(FailureCode.PICTURE_UNDECODABLE);
        }
      }
    }
    assertThat(threads).hasSize(1).doesNotContain(Thread.currentThread());
  }

  @Test
  void aWatchedSegmentDoesNotWaitForAnother() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    Segment segment = SegmentCutter.cut(oneShot(pictures.photo(300, 500, 1), 2)).get(0);
    Path inner = folder.resolve("inner.mp4");
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      renderer.renderWatched(
          segment,
          SETTINGS,
          pictures,
          folder.resolve("outer.mp4"),
          (done, total) -> {
            try {
              renderer.renderWatched(segment, SETTINGS, pictures, inner, FrameListener.NONE);
            } catch (StageException e) {
              throw new IllegalStateException(e);
            }
          });
    }
    assertThat(inner).hasSameBinaryContentAs(folder.resolve("outer.mp4"));
  }

  /** Waits as native code does: it does not hear an interruption. */
  private static void awaitDeaf(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aPlaceThatCannotBeWrittenIsAFailureWithItsName() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    Segment segment = SegmentCutter.cut(oneShot(pictures.photo(300, 500, 1), 5)).get(0);
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      assertThatThrownBy(
              () ->
                  renderer.render(
                      segment,
                      SETTINGS,
                      pictures,
                      folder.resolve("missing").resolve("out.mp4"),
                      FrameListener.NONE))
          .isInstanceOf(StageException.class)
          .hasMessageContaining("out.mp4");
    }
  }

  private void renderFirst(Timeline timeline, TestPictures pictures, RenderLimits limits)
      throws StageException {
    try (SegmentRenderer renderer = new SegmentRenderer(limits)) {
      renderer.render(
          SegmentCutter.cut(timeline).get(0),
          SETTINGS,
          pictures,
          folder.resolve("out.mp4"),
          FrameListener.NONE);
    }
  }

  private byte[] rendered(
      SegmentRenderer renderer, Segment segment, TestPictures pictures, String name)
      throws StageException, IOException {
    Path out = folder.resolve(name + ".mp4");
    renderer.render(segment, SETTINGS, pictures, out, FrameListener.NONE);
    return Files.readAllBytes(out);
  }

  private static Timeline oneShot(MediaRef picture, int frames) {
    return new Timeline(
        TestTimelines.CANVAS,
        List.of(
            new Shot(0, Still.cover(picture, 500, 500), Motion.zoom(1000, 1100), Transition.CUT)),
        List.of(),
        frames);
  }
}
