package dev.reelbeam.stages.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.media.codec.VideoEncoder;
import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.composition.Motion;
import dev.reelbeam.media.composition.Shot;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.composition.Transition;
import dev.reelbeam.media.render.RenderLimits;
import dev.reelbeam.media.render.Segment;
import dev.reelbeam.media.render.SegmentCutter;
import dev.reelbeam.media.render.SegmentRenderer;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.video.Variant;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentWorkTest {
  private static final Canvas CANVAS = new Canvas(96, 160, 15);
  private static final int FRAMES = 6;

  @TempDir Path folder;

  private EncodingSettings settings = EncodingSettings.preview(CANVAS.frameRate());
  private FakeObjectStore store;
  private AtomicInteger frames;
  private AtomicInteger attempts;

  @BeforeEach
  void fresh() {
    store = new FakeObjectStore(folder);
    frames = new AtomicInteger();
    attempts = new AtomicInteger();
  }

  @Test
  void aSegmentThatDoesNotDecodeIsRenderedOnceMoreAndItsFramesCountOnce() throws Exception {
    MediaRef made =
        render(
            (file, expected) -> {
              if (attempts.incrementAndGet() == 1) {
                throw new StageException(FailureCode.SEGMENT_FAILED, "5 of 6 frames");
              }
              return PictureLooks.decode(file, expected);
            });

    assertThat(attempts).hasValue(2);
    assertThat(store.localFile(made)).isNotEmptyFile();
    assertThat(frames).hasValue(FRAMES);
  }

  @Test
  void twiceIsAFailureAndNothingIsStored() {
    assertThatThrownBy(
            () ->
                render(
                    (file, expected) -> {
                      attempts.incrementAndGet();
                      throw new StageException(FailureCode.SEGMENT_FAILED, "5 of 6 frames");
                    }))
        .isInstanceOfSatisfying(
            StageException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.SEGMENT_FAILED));
    assertThat(attempts).hasValue(2);
  }

  @Test
  void whatNoOtherAttemptWouldMendIsNotTriedAgain() {
    assertThatThrownBy(
            () ->
                render(
                    (file, expected) -> {
                      attempts.incrementAndGet();
                      throw new StageException(FailureCode.MEMORY_SHORT, "no memory");
                    }))
        .isInstanceOf(StageException.class);
    assertThat(attempts).hasValue(1);
  }

  /** In the build without GPL parts a preview is made, too. */
  @Test
  void aPreviewIsMadeByWhicheverEncoderTheBuildHas() throws Exception {
    assumeTrue(VideoEncoder.available("libopenh264"), "a build without OpenH264");
    Variant small = PreviewVideo.small(RateLadderTest.variant(72_000_000, "best"), "libopenh264");
    settings = RateLadder.first(small, FRAMES, 1);

    assertThat(settings.encoder()).isEqualTo("libopenh264");
    assertThat(render(PictureLooks::decode).sizeBytes()).isPositive();
  }

  @Test
  void aDecoderThatHangsOverTheFinishedSegmentIsGivenUp() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    // Libraries that are still to be loaded take their time before, and not of what is allowed.
    assertThat(render(PictureLooks::decode).sizeBytes()).isPositive();
    RenderLimits impatient = new RenderLimits(1 << 22, 1 << 20, 3_000, 0, 100);
    try {
      assertThatThrownBy(
              () ->
                  render(
                      impatient,
                      (file, expected) -> {
                        awaitDeaf(never);
                        return List.of();
                      }))
          .hasMessageContaining("while decoding the finished segment")
          .isInstanceOfSatisfying(
              StageException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.SEGMENT_STUCK));
    } finally {
      never.countDown();
    }
  }

  /** Native code hears no interrupt. */
  private static void awaitDeaf(CountDownLatch latch) {
    while (true) {
      try {
        latch.await();
        return;
      } catch (InterruptedException e) {
        // Waits on.
      }
    }
  }

  private MediaRef render(SegmentWork.Proof proof) throws Exception {
    return render(RenderLimits.DEFAULT, proof);
  }

  private MediaRef render(RenderLimits limits, SegmentWork.Proof proof) throws Exception {
    BufferedImage image = new BufferedImage(120, 200, BufferedImage.TYPE_INT_RGB);
    image.setRGB(60, 100, 0xFFFFFF);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, "png", bytes)).isTrue();
    MediaRef picture = store.put(bytes.toByteArray(), "image/png");
    Shot shot =
        new Shot(0, Still.cover(picture, 500, 500), Motion.zoom(1000, 1100), Transition.CUT);
    Segment segment =
        SegmentCutter.cut(new Timeline(CANVAS, List.of(shot), List.of(), FRAMES)).get(0);
    try (SegmentRenderer renderer = new SegmentRenderer(limits)) {
      return SegmentWork.render(
          renderer, segment, settings, store, done -> frames.addAndGet(done), proof);
    }
  }
}
