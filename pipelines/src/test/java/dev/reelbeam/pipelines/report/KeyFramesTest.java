package dev.reelbeam.pipelines.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFramesTest {
  @TempDir Path folder;

  @Test
  void aKeyFrameInTheMiddleHalfStandsForAShot() {
    TreeSet<Long> keyFrames = new TreeSet<>(List.of(0L, 60L, 100L));

    assertThat(KeyFrames.representative(keyFrames, 0, 90)).isEqualTo(60);
    assertThat(KeyFrames.representative(keyFrames, 90, 110)).isEqualTo(100);
    assertThat(KeyFrames.representative(keyFrames, 100, 200)).isEqualTo(150);
    assertThat(KeyFrames.representative(keyFrames, 200, 201)).isEqualTo(200);
    assertThat(KeyFrames.representative(new TreeSet<>(), 0, 90)).isEqualTo(45);
  }

  @Test
  void aVideoTellsItsKeyFrames() throws Exception {
    Path video = RecordFolders.video(folder.resolve("video.mp4"));

    NavigableSet<Long> keyFrames = KeyFrames.of(video);

    assertThat(keyFrames).contains(0L).hasSizeLessThan(RecordFolders.FRAMES / 2);
    assertThat(keyFrames.last()).isLessThan(RecordFolders.FRAMES);
  }

  @Test
  void whatIsNoVideoHasNone() throws Exception {
    byte[] bytes = Files.readAllBytes(RecordFolders.video(folder.resolve("video.mp4")));
    for (int length = 0; length < Math.min(bytes.length, 2000); length += 13) {
      Path cut = Files.write(folder.resolve("cut.mp4"), Arrays.copyOf(bytes, length));
      assertThat(KeyFrames.of(cut)).hasSizeLessThan(RecordFolders.FRAMES);
    }
    Path zeros = Files.write(folder.resolve("zeros.mp4"), new byte[64]);
    assertThat(KeyFrames.of(zeros)).isEmpty();
  }
}
