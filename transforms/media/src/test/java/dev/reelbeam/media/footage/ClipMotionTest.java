package dev.reelbeam.media.footage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.media.codec.TestClip;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clips in which there is something to see, and others. */
class ClipMotionTest {
  private static final long SECOND_US = 1_000_000;

  @TempDir Path folder;

  @Test
  void whatMovesALittleIsAClip() throws Exception {
    // No more than a mouth.
    Path file =
        TestClip.plain(192, 192, 10, 10)
            .write(
                folder.resolve("mouth.mp4"),
                (frame, x, y) ->
                    x >= 90 && x < 110 && y >= 120 && y < 130 && frame % 2 == 1
                        ? 0x803030
                        : 0xC0A080);

    assertThatCode(() -> ClipMotion.check(file, "mouth", SECOND_US)).doesNotThrowAnyException();
  }

  @Test
  void whatStandsStillAndWhatIsBlackIsRefused() throws Exception {
    Path still =
        TestClip.plain(192, 192, 10, 10)
            .write(folder.resolve("still.mp4"), (frame, x, y) -> x << 16 | y << 8);
    Path black =
        TestClip.plain(192, 192, 10, 10).write(folder.resolve("black.mp4"), (frame, x, y) -> 0);

    assertThat(failure(still)).hasMessageContaining("stands still");
    assertThat(failure(black)).hasMessageContaining("black");
  }

  private static StageException failure(Path file) {
    StageException failure =
        catchThrowableOfType(StageException.class, () -> ClipMotion.check(file, "clip", SECOND_US));
    assertThat(failure.code()).isEqualTo(FailureCode.CLIP_UNFIT);
    return failure;
  }
}
