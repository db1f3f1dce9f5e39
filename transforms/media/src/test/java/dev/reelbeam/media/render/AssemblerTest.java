package dev.reelbeam.media.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.media.codec.VideoFrames;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.probe.Looks;
import dev.reelbeam.media.probe.MediaInspector;
import dev.reelbeam.media.probe.MediaReport;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssemblerTest {
  private static final EncodingSettings SETTINGS = EncodingSettings.standard(10);

  @TempDir static Path folder;

  private static final List<Path> SEGMENTS = new ArrayList<>();

  @BeforeAll
  static void renderSegments() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    Timeline timeline = TestTimelines.everything(pictures);
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      for (Segment segment : SegmentCutter.cut(timeline)) {
        Path out = folder.resolve("segment" + SEGMENTS.size() + ".mp4");
        renderer.render(segment, SETTINGS, pictures, out, FrameListener.NONE);
        SEGMENTS.add(out);
      }
    }
  }

  @Test
  void theVideoHasEveryFrameAtItsTime() throws Exception {
    Path out = folder.resolve("video.mp4");

    int frames = Assembler.assemble(SEGMENTS, null, TestTimelines.CANVAS, out);

    assertThat(frames).isEqualTo(70);
    try (VideoFrames video = VideoFrames.open(out)) {
      assertThat(video.count()).isEqualTo(70);
      int number = 0;
      for (Path segment : SEGMENTS) {
        try (VideoFrames part = VideoFrames.open(segment)) {
          for (int i = 0; i < part.count(); i++) {
            assertThat(TestTimelines.hash(video.yuv(number)))
                .as("frame %d", number)
                .isEqualTo(TestTimelines.hash(part.yuv(i)));
            number++;
          }
        }
      }
      assertThatThrownBy(() -> video.yuv(70)).isInstanceOf(StageException.class);
    }
  }

  @Test
  void whatWasDecodedInTheSegmentsIsNotDecodedInTheVideo() throws Exception {
    Looks looks = new Looks();
    for (Path segment : SEGMENTS) {
      MediaInspector.inspect(segment, 1, looks);
    }
    int decoded = looks.groupsDecoded();
    Path out = folder.resolve("looks.mp4");
    Assembler.assemble(SEGMENTS, silence(30), TestTimelines.CANVAS, out);

    MediaReport report = MediaInspector.inspect(out, 1, looks);

    assertThat(looks.groupsDecoded()).isEqualTo(decoded);
    assertThat(report).isEqualTo(MediaInspector.inspect(out));
    assertThat(report.video().frames()).isEqualTo(70);
  }

  @Test
  void theIndexComesFirstAndThereIsNoEditListAndNoDate() throws Exception {
    Path out = folder.resolve("boxes.mp4");
    Assembler.assemble(SEGMENTS, silence(30), TestTimelines.CANVAS, out);
    byte[] bytes = Files.readAllBytes(out);

    assertThat(topLevelBoxes(bytes)).containsSubsequence("ftyp", "moov", "mdat");
    assertThat(indexOf(bytes, "elst")).isNegative();
    assertThat(indexOf(bytes, "edts")).isNegative();
    ByteBuffer header = ByteBuffer.wrap(bytes);
    int mvhd = indexOf(bytes, "mvhd");
    assertThat(header.getInt(mvhd + 8)).as("creation time").isZero();
    assertThat(header.getInt(mvhd + 12)).as("modification time").isZero();
  }

  @Test
  void coloursAreTaggedAsBt709Limited() throws Exception {
    Path out = folder.resolve("colours.mp4");
    Assembler.assemble(SEGMENTS, null, TestTimelines.CANVAS, out);
    byte[] bytes = Files.readAllBytes(out);

    int colr = indexOf(bytes, "colrnclx");
    assertThat(colr).isPositive();
    ByteBuffer box = ByteBuffer.wrap(bytes, colr + 8, 7);
    assertThat(List.of((int) box.getShort(), (int) box.getShort(), (int) box.getShort()))
        .containsExactly(1, 1, 1);
    assertThat(box.get() & 0x80).as("full range").isZero();
    int avcC = indexOf(bytes, "avcC");
    assertThat(bytes[avcC + 5]).as("High profile").isEqualTo((byte) 100);
  }

  @Test
  void theSameInputsGiveTheSameBytes() throws Exception {
    Path sound = silence(100);
    Path first = folder.resolve("first.mp4");
    Path second = folder.resolve("second.mp4");
    Assembler.assemble(SEGMENTS, sound, TestTimelines.CANVAS, first);
    Assembler.assemble(SEGMENTS, sound, TestTimelines.CANVAS, second);

    assertThat(Files.mismatch(first, second)).isEqualTo(-1);
  }

  @Test
  void soundIsCopiedFromItsFirstPacketOn() throws Exception {
    Path silent = folder.resolve("silent.mp4");
    Path sounding = folder.resolve("sounding.mp4");
    Assembler.assemble(SEGMENTS, null, TestTimelines.CANVAS, silent);
    Assembler.assemble(SEGMENTS, silence(100), TestTimelines.CANVAS, sounding);
    byte[] bytes = Files.readAllBytes(sounding);

    assertThat(indexOf(bytes, "mp4a")).isPositive();
    // The second track's time-to-sample table: one run of 100 packets of 1024 samples.
    int stts = bytes.length;
    for (int from = 0, at; (at = indexOf(bytes, "stts", from)) >= 0; from = at + 4) {
      stts = at;
    }
    ByteBuffer table = ByteBuffer.wrap(bytes, stts + 8, 12);
    assertThat(table.getInt()).isEqualTo(1);
    assertThat(table.getInt()).isEqualTo(100);
    assertThat(table.getInt()).isEqualTo(1024);
  }

  @Test
  void segmentsOfOtherSettingsDoNotBelong() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    Segment segment = SegmentCutter.cut(TestTimelines.everything(pictures)).get(0);
    Path other = folder.resolve("other.mp4");
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      renderer.render(
          segment, SETTINGS.withPreset("ultrafast"), pictures, other, FrameListener.NONE);
    }
    assertFails(List.of(SEGMENTS.get(0), other), null, "other settings");
  }

  @Test
  void aDamagedPartIsNamed() throws Exception {
    byte[] bytes = Files.readAllBytes(SEGMENTS.get(1));
    Path half =
        Files.write(folder.resolve("half.mp4"), java.util.Arrays.copyOf(bytes, bytes.length / 3));
    assertFails(List.of(SEGMENTS.get(0), half), null, "half.mp4");
    Path text = Files.writeString(folder.resolve("sound.aac"), "not a sound");
    assertFails(SEGMENTS, text, "sound.aac");
  }

  private static void assertFails(List<Path> segments, Path audio, String said) {
    Path out = folder.resolve("failed.mp4");
    assertThatThrownBy(() -> Assembler.assemble(segments, audio, TestTimelines.CANVAS, out))
        .hasMessageContaining(said)
        .isInstanceOfSatisfying(
            StageException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.ASSEMBLE_FAILED));
    assertThat(out).doesNotExist();
    assertThat(folder.resolve("failed.mp4.part")).doesNotExist();
  }

  /** An ADTS file of silent AAC-LC packets, 48 kHz stereo. */
  private static Path silence(int packets) throws IOException {
    byte[] payload = {33, 16, 4, 96, (byte) 140, 28};
    int length = payload.length + 7;
    byte[] header = {
      (byte) 0xFF,
      (byte) 0xF1,
      (byte) 0x4C,
      (byte) (0x80 | length >> 11),
      (byte) (length >> 3),
      (byte) ((length & 7) << 5 | 0x1F),
      (byte) 0xFC
    };
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < packets; i++) {
      bytes.write(header);
      bytes.write(payload);
    }
    return Files.write(folder.resolve("silence" + packets + ".aac"), bytes.toByteArray());
  }

  private static List<String> topLevelBoxes(byte[] bytes) {
    List<String> names = new ArrayList<>();
    ByteBuffer file = ByteBuffer.wrap(bytes);
    int at = 0;
    while (at + 8 <= bytes.length) {
      names.add(new String(bytes, at + 4, 4, StandardCharsets.ISO_8859_1));
      at += file.getInt(at);
    }
    return names;
  }

  private static int indexOf(byte[] bytes, String text) {
    return indexOf(bytes, text, 0);
  }

  private static int indexOf(byte[] bytes, String text, int from) {
    return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text, from);
  }
}
