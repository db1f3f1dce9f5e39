package dev.reelbeam.media.footage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.media.codec.TestClip;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClipIntakeTest {
  @TempDir Path folder;

  @Test
  void aClipIsToldByItsBytesWhateverItIsCalled() throws Exception {
    TestClip clip = TestClip.plain(128, 64, 10, 3);
    assertThat(isClip(clip.numbered(folder, "a.mp4"))).isTrue();
    assertThat(isClip(clip.by("libx264", "mov").numbered(folder, "a.mov"))).isTrue();
    assertThat(isClip(clip.by("libvpx-vp9", "webm").numbered(folder, "a.webm"))).isTrue();
    assertThat(isClip(clip.by("mpeg4", "avi").numbered(folder, "a.avi"))).isTrue();
    assertThat(isClip(clip.by("libx264", "mpegts").numbered(folder, "a"))).isTrue();
    assertThat(isClip(clip.by("gif", "gif").numbered(folder, "a.gif"))).isTrue();
    assertThat(isClip(clip.at(0).by("gif", "gif").numbered(folder, "still.gif"))).isFalse();
    assertThat(ClipIntake.isClip("<!doctype html>".getBytes(StandardCharsets.US_ASCII))).isFalse();
    assertThat(ClipIntake.isClip(new byte[0])).isFalse();
    assertThat(ClipIntake.namedAsClip("media/A%20b.MP4?x=1#t=2")).isTrue();
    assertThat(ClipIntake.namedAsClip("picture.jpg")).isFalse();
  }

  @Test
  void everyFrameIsCountedAndAnUprightOneStandsForTheClip() throws Exception {
    Path file = TestClip.plain(160, 96, 25, 50).turned(90).numbered(folder, "turned.mp4");

    ClipIntake.Examined examined = ClipIntake.examine(file, "turned.mp4", 0, 2600);

    assertThat(examined.facts())
        .isEqualTo(new ClipFacts(96, 160, 2_000_000, 50, false, true, false));
    assertThat(examined.poster().facts().width()).isEqualTo(96);
    assertThat(examined.poster().facts().height()).isEqualTo(160);
  }

  @Test
  void whatComesBeforeDamageIsUsedAndSaidToBeIncomplete() throws Exception {
    Path file = TestClip.plain(128, 64, 25, 100).numbered(folder, "whole.mp4");
    byte[] bytes = Files.readAllBytes(file);
    // The index stands at the end: MOV players need it, so it is damaged in the middle instead.
    Arrays.fill(bytes, bytes.length * 6 / 10, bytes.length * 7 / 10, (byte) 0);
    Path hurt = Files.write(folder.resolve("hurt.mp4"), bytes);

    ClipFacts facts = ClipIntake.examine(hurt, "hurt.mp4", 0, 2600).facts();

    assertThat(facts.complete()).isFalse();
    assertThat(facts.usableUs()).isBetween(500_000L, 3_500_000L);
  }

  @Test
  void aPartThatBeginsAfterTheFramesThatAreLookedAtIsUsed() throws Exception {
    // Ten minutes at the usual rate would take too long to make: the bound counts frames.
    long[] times = new long[14_600];
    Arrays.setAll(times, i -> i * 10L);
    Path file =
        TestClip.plain(64, 64, 30, 1)
            .at(times)
            .withKeyFrames(250)
            .write(folder.resolve("talk.mp4"), (n, x, y) -> 0x010101 * (n * 3 & 0xFF));

    ClipFacts facts = ClipIntake.examine(file, "talk.mp4", 145_000_000, 2600).facts();

    assertThat(facts.usableUs()).isEqualTo(146_000_000);
    assertThat(facts.frames()).isEqualTo(100);
    assertThat(facts.complete()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"mp4", "matroska", "mpegts"})
  void lightOfHdrIsTold(String container) throws Exception {
    Path file =
        TestClip.plain(64, 64, 25, 20)
            .by("libx264", container)
            .in(TestClip.Colours.HLG)
            .numbered(folder, "phone");

    assertThat(ClipIntake.examine(file, "phone", 0, 2600).facts().highDynamicRange()).isTrue();
  }

  @Test
  void aClipOfOneFrameIsNoClip() throws Exception {
    Path file = TestClip.plain(128, 64, 25, 1).numbered(folder, "one.mp4");

    assertThatThrownBy(() -> ClipIntake.examine(file, "one.mp4", 0, 2600))
        .isInstanceOfSatisfying(
            StageException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.CLIP_WITHOUT_PICTURE))
        .hasMessageContaining("one.mp4");
  }

  @Test
  void aClipMayTakeSoMuchWorkAndHoweverMuchTime() throws Exception {
    Path file = TestClip.plain(128, 64, 25, 50).numbered(folder, "work.mp4");
    AtomicLong seconds = new AtomicLong();

    assertThatThrownBy(
            () ->
                ClipIntake.examine(
                    file, "work.mp4", 0, 2600, () -> seconds.addAndGet(10) * 1_000_000_000L))
        .isInstanceOfSatisfying(
            StageException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.CLIP_TIMEOUT));
    long before = ClipIntake.cpuNanos();
    Thread.sleep(500);
    assertThat(ClipIntake.cpuNanos() - before).isBetween(0L, 250_000_000L);
  }

  private static boolean isClip(Path file) throws Exception {
    return ClipIntake.isClip(Files.readAllBytes(file));
  }
}
