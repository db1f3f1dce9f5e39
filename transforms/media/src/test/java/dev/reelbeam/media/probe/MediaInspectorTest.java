package dev.reelbeam.media.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reelbeam.media.codec.AacEncoder;
import dev.reelbeam.media.codec.AudioPcm;
import dev.reelbeam.media.codec.AudioTestSounds;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MediaInspectorTest {
  @TempDir Path folder;

  /** Three seconds, -17 dBFS, the middle one silent. */
  private static AudioPcm tone() {
    float[] tone = AudioTestSounds.sine(1000, 0.14, 0, 48_000 * 3 / 1024 * 1024);
    Arrays.fill(tone, 48_000, 96_000, 0f);
    return AudioPcm.stereo(tone, tone.clone());
  }

  @Test
  void aGoodFileIsDescribedToTheFrameAndTheSample() throws Exception {
    Path file = ProbeVideos.moving(90).withSound(tone()).write(folder.resolve("good.mp4"));

    MediaReport report = MediaInspector.inspect(file);

    assertThat(report.fileBytes()).isEqualTo(Files.size(file));
    assertThat(report.moovBeforeMdat()).isTrue();
    assertThat(report.editList()).isFalse();
    assertThat(report.colorBox()).isEqualTo("1/1/1/tv");
    VideoReport video = report.video();
    assertThat(video.codec()).isEqualTo("h264");
    assertThat(video.profile()).isEqualTo("High");
    assertThat(video.pixelFormat()).isEqualTo("yuv420p");
    assertThat(video.width()).isEqualTo(96);
    assertThat(video.height()).isEqualTo(160);
    assertThat(video.frameRateNumerator()).isEqualTo(30);
    assertThat(video.frameRateDenominator()).isEqualTo(1);
    assertThat(video.constantFrameRate()).isTrue();
    assertThat(video.frames()).isEqualTo(90);
    assertThat(video.startUs()).isZero();
    assertThat(video.durationUs()).isEqualTo(3_000_000);
    assertThat(video.keyframes()).isEqualTo(3);
    assertThat(video.longestGopFrames()).isEqualTo(30);
    assertThat(video.closedGops()).isTrue();
    assertThat(video.colorPrimaries()).isEqualTo("bt709");
    assertThat(video.colorRange()).isEqualTo("tv");
    assertThat(video.decodeErrors()).isZero();
    assertThat(video.black()).isEmpty();
    assertThat(video.frozen()).isEmpty();
    AudioReport audio = report.audio();
    assertThat(audio).isNotNull();
    assertThat(audio.codec()).isEqualTo("aac");
    assertThat(audio.profile()).isEqualTo("LC");
    assertThat(audio.sampleRate()).isEqualTo(48_000);
    assertThat(audio.channels()).isEqualTo(2);
    assertThat(audio.samples()).isEqualTo(48_000 * 3 / 1024 * 1024);
    assertThat(audio.integratedMilliLufs()).isCloseTo(-17_500, within(700));
    assertThat(audio.truePeakMilliDbtp()).isCloseTo(-17_000, within(400));
    assertThat(audio.silent()).hasSize(1);
    assertThat(audio.silent().get(0).startUs()).isCloseTo(1_000_000, within(25_000L));
    assertThat(audio.silent().get(0).endUs()).isCloseTo(2_000_000, within(25_000L));
    assertThat(report.audioEndMinusVideoEndUs()).isBetween(-21_334L, 0L);
  }

  @Test
  void twoDecoderThreadsSeeTheSame() throws Exception {
    Path file = ProbeVideos.moving(90).withSound(tone()).write(folder.resolve("good.mp4"));
    assertThat(MediaInspector.inspect(file, 2)).isEqualTo(MediaInspector.inspect(file, 1));
  }

  @Test
  void whatWasDecodedBeforeIsNotDecodedAgainAndTheReportIsTheSame() throws Exception {
    Path file = ProbeVideos.moving(90).withSound(tone()).write(folder.resolve("good.mp4"));
    Looks looks = new Looks();
    MediaReport first = MediaInspector.inspect(file, 1, looks);
    assertThat(looks.groupsDecoded()).isEqualTo(3);
    assertThat(MediaInspector.inspect(file, 1, looks)).isEqualTo(first);
    assertThat(looks.groupsDecoded()).isEqualTo(3);
    assertThat(looks.sounds()).hasSize(1);

    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length * 6 / 10] ^= 0x5a;
    Path damaged = Files.write(folder.resolve("damaged.mp4"), bytes);
    Looks fresh = new Looks();
    MediaReport unaided = MediaInspector.inspect(damaged, 1, fresh);
    // One byte is another group, or another sound: it is looked at, not believed.
    assertThat(MediaInspector.inspect(damaged, 1, looks)).isEqualTo(unaided);
    assertThat(looks.groupsDecoded() + looks.sounds().size()).isEqualTo(3 + 1 + 1);
  }

  @Test
  void stretchesGoOnOverGroupsThatAreKnown() throws Exception {
    // Still for two seconds, then black for one: over the groups' ends at 1, 2 and 3 s.
    Path file =
        ProbeVideos.painted(
                120,
                (frame, x, y) -> {
                  if (frame >= 75 && frame < 105) {
                    return 16;
                  }
                  int moment = frame < 10 ? frame : Math.max(10, frame - 60);
                  return Math.floorMod(x - moment * 3, 96) < 20 ? 200 : 100;
                })
            .write(folder.resolve("still.mp4"));
    Looks looks = new Looks();
    VideoReport decoded = MediaInspector.inspect(file, 1, looks).video();
    assertThat(decoded.black()).containsExactly(new Stretch(2_500_000, 3_500_000));
    assertThat(decoded.frozen()).hasSize(2);
    assertThat(decoded.frozen().get(0).startUs()).isCloseTo(333_333, within(34_000L));
    assertThat(decoded.frozen().get(0).endUs()).isCloseTo(2_366_666, within(34_000L));
    assertThat(MediaInspector.inspect(file, 1, looks).video()).isEqualTo(decoded);
  }

  @Test
  void blackAndFrozenStretchesAreFoundToTheFrame() throws Exception {
    Path file =
        ProbeVideos.painted(
                120,
                (frame, x, y) -> {
                  if (frame < 15) {
                    return 16;
                  }
                  int moment = frame < 45 ? frame : Math.max(45, frame - 40);
                  return Math.floorMod(x - moment * 3, 96) < 20 ? 200 : 100;
                })
            .write(folder.resolve("still.mp4"));

    VideoReport video = MediaInspector.inspect(file).video();

    assertThat(video.black()).containsExactly(new Stretch(0, 500_000));
    // It moves up to frame 45, stands still there, and goes on with frame 86.
    assertThat(video.frozen()).hasSize(1);
    assertThat(video.frozen().get(0).startUs()).isCloseTo(1_500_000, within(34_000L));
    assertThat(video.frozen().get(0).endUs()).isCloseTo(2_866_666, within(34_000L));
  }

  @Test
  void everyDepartureIsSeen() throws Exception {
    Path edited = ProbeVideos.moving(40).withEditList().write(folder.resolve("edited.mp4"));
    assertThat(MediaInspector.inspect(edited).editList()).isTrue();

    Path last = ProbeVideos.moving(40).withIndexLast().write(folder.resolve("last.mp4"));
    assertThat(MediaInspector.inspect(last).moovBeforeMdat()).isFalse();

    Path open = ProbeVideos.moving(90).withOpenGops().write(folder.resolve("open.mp4"));
    assertThat(MediaInspector.inspect(open).video().closedGops()).isFalse();

    Path plain = ProbeVideos.moving(40).withoutColourTags().write(folder.resolve("plain.mp4"));
    MediaReport untagged = MediaInspector.inspect(plain);
    assertThat(untagged.video().colorPrimaries()).isEqualTo("unknown");
    assertThat(untagged.audio()).isNull();
    assertThat(untagged.audioEndMinusVideoEndUs()).isZero();

    Path late = ProbeVideos.moving(60).withLateFrame(30).write(folder.resolve("late.mp4"));
    VideoReport uneven = MediaInspector.inspect(late).video();
    assertThat(uneven.constantFrameRate()).isFalse();
    assertThat(uneven.frames()).isEqualTo(60);
  }

  @Test
  void damageIsCounted() throws Exception {
    Path good = ProbeVideos.moving(90).write(folder.resolve("good.mp4"));
    byte[] bytes = Files.readAllBytes(good);
    // Into the pictures, behind the index.
    for (int i = bytes.length * 7 / 10; i < bytes.length * 8 / 10; i++) {
      bytes[i] ^= (byte) 0x5a;
    }
    Path damaged = folder.resolve("damaged.mp4");
    Files.write(damaged, bytes);
    assertThat(MediaInspector.inspect(damaged).video().decodeErrors()).isPositive();
  }

  @Test
  void aFileThatIsNoVideoIsNamedWithTheNumber() throws Exception {
    Path good = ProbeVideos.moving(60).write(folder.resolve("good.mp4"));
    byte[] bytes = Files.readAllBytes(good);
    Path cut = Files.write(folder.resolve("cut.mp4"), Arrays.copyOf(bytes, bytes.length / 2));
    Path empty = Files.createFile(folder.resolve("empty.mp4"));
    Path text = Files.writeString(folder.resolve("text.mp4"), "not a video ".repeat(500));
    Path sound = folder.resolve("sound.m4a");
    AacEncoder.encode(tone(), 128_000, sound);
    Path missing = folder.resolve("missing.mp4");
    for (Path file : new Path[] {cut, empty, text, sound, missing}) {
      assertThatThrownBy(() -> MediaInspector.inspect(file))
          .isInstanceOf(StageException.class)
          .hasMessageStartingWith(file.getFileName().toString())
          .extracting(e -> ((StageException) e).code())
          .isEqualTo(FailureCode.MEDIA_UNREADABLE);
    }
  }
}
