package dev.reelbeam.pipelines.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestorePointTest {
  private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

  @TempDir Path flink;

  @Test
  void aJobThatNeverRanHasNothingToGoOnFrom() throws IOException {
    assertThat(RestorePoint.newest(flink, "videos")).isEmpty();
  }

  @Test
  void theYoungestWholePointWins() throws IOException {
    RestorePoint.remember(flink, "videos", "run1");
    point("savepoints/videos/savepoint-1", 0);
    Path checkpoint = point("checkpoints/run1/chk-7", 60);
    point("checkpoints/run1/chk-6", 30);
    Files.createDirectories(flink.resolve("checkpoints/run1/chk-8")); // Cut off: no metadata.
    assertThat(RestorePoint.newest(flink, "videos"))
        .get()
        .satisfies(point -> assertThat(point.folder()).isEqualTo(checkpoint))
        .satisfies(point -> assertThat(point.label()).isEqualTo("checkpoint chk-7"));
    Path savepoint = point("savepoints/videos/savepoint-2", 90);
    assertThat(RestorePoint.newest(flink, "videos"))
        .get()
        .extracting(RestorePoint::folder)
        .isEqualTo(savepoint);
  }

  @Test
  void whatIsLookedAtStaysThoughTheJobRunsOn() throws IOException {
    RestorePoint.remember(flink, "videos", "run1");
    Path checkpoint = point("checkpoints/run1/chk-7", 60);
    Path copy = flink.resolve("looked-at/videos");
    assertThat(RestorePoint.newestToLookAt(flink, "videos", copy))
        .get()
        .extracting(RestorePoint::folder)
        .isEqualTo(copy);
    Files.delete(checkpoint.resolve("_metadata"));
    assertThat(copy.resolve("_metadata")).hasContent("whole");
    assertThat(RestorePoint.newestToLookAt(flink, "videos", copy)).isEmpty();
  }

  @Test
  void anotherJobsCheckpointsAreLeftAlone() throws IOException {
    RestorePoint.remember(flink, "render", "run2");
    point("checkpoints/run2/chk-1", 0);
    assertThat(RestorePoint.newest(flink, "videos")).isEmpty();
  }

  @Test
  void whatNobodyGoesOnFromIsRemovedAndTheNewestThreeAndThreeSavepointsStay() throws IOException {
    RestorePoint.remember(flink, "videos", "ended");
    RestorePoint.remember(flink, "videos", "half");
    RestorePoint.remember(flink, "videos", "alive");
    RestorePoint.remember(flink, "render", "others");
    point("checkpoints/ended/chk-1", 0);
    Files.createDirectories(flink.resolve("checkpoints/ended/shared"));
    point("savepoints/videos/savepoint-0", 5);
    Path oldest = point("savepoints/videos/savepoint-1", 10);
    Path older = point("savepoints/videos/savepoint-1b", 12);
    point("checkpoints/alive/chk-1", 15); // Old as it is, Flink may still need it.
    point("checkpoints/half/chk-4", 20);
    Path third = point("checkpoints/half/chk-5", 30);
    Path second = point("savepoints/videos/savepoint-2", 40);
    Path first = point("checkpoints/alive/chk-2", 50);
    Path others = point("checkpoints/others/chk-1", 0);
    Path unfinished = Files.createDirectories(flink.resolve("savepoints/videos/savepoint-3"));

    RestorePoint.removeOld(flink, "videos", Set.of("alive"));

    assertThat(RestorePoint.all(flink, "videos"))
        .extracting(RestorePoint::folder)
        .containsExactly(
            first, second, third, flink.resolve("checkpoints/alive/chk-1"), older, oldest);
    assertThat(others).exists();
    assertThat(unfinished).exists();
    assertThat(flink.resolve("checkpoints/ended")).doesNotExist();
    assertThat(flink.resolve("runs/videos/ended")).doesNotExist();
  }

  /** The job that runs puts new checkpoints in the place of old ones, at any moment. */
  @Test
  void whatGoesWhileItIsLookedForIsNoFailure() throws Exception {
    RestorePoint.remember(flink, "videos", "alive");
    RestorePoint.remember(flink, "videos", "ended");
    AtomicBoolean over = new AtomicBoolean();
    Thread job =
        new Thread(
            () -> {
              for (int i = 0; !over.get(); i++) {
                try {
                  Path next = point("checkpoints/alive/chk-" + i, i);
                  Path gone = point("checkpoints/ended/chk-" + i, -i);
                  for (Path path : List.of(next, gone)) {
                    Files.deleteIfExists(path.resolve("_metadata"));
                    Files.deleteIfExists(path);
                  }
                } catch (IOException e) {
                  // The other one was quicker.
                }
              }
            });
    job.start();
    try {
      for (int i = 0; i < 500; i++) {
        RestorePoint.removeOld(flink, "videos", Set.of("alive"));
        RestorePoint.remember(flink, "videos", "ended");
      }
    } finally {
      over.set(true);
      job.join();
    }
  }

  @Test
  void aPointThatFlinkCannotReadIsLeftForTheNextOlderOne() throws Exception {
    RestorePoint.remember(flink, "videos", "run1");
    point("savepoints/videos/savepoint-1", 0);
    point("checkpoints/run1/chk-7", 60);
    List<RestorePoint> points = RestorePoint.all(flink, "videos");
    List<String> tried = new ArrayList<>();
    List<String> said = new ArrayList<>();
    RestoreTries.Start damaged =
        point -> {
          tried.add(point.orElseThrow().label());
          if (point.get().label().startsWith("checkpoint")) {
            throw new StageException(FailureCode.SUBMIT_FAILED, "no such file");
          }
          return List.of("submitted");
        };

    assertThat(RestoreTries.newestFirst(points, damaged, () -> true, said::add))
        .containsExactly("submitted");
    assertThat(tried).containsExactly("checkpoint chk-7", "savepoint savepoint-1");
    assertThat(said).singleElement().asString().contains("chk-7").contains("no such file");

    // Where Flink never had the job, its state is not to blame.
    assertThatThrownBy(() -> RestoreTries.newestFirst(points, damaged, () -> false, said::add))
        .hasMessageContaining("no such file");
    // Nor where Flink does not tell: what failed is the submission.
    assertThatThrownBy(
            () ->
                RestoreTries.newestFirst(
                    points,
                    damaged,
                    () -> {
                      throw new IOException("404");
                    },
                    said::add))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("no such file");
    // And none begins without state because its only point is damaged.
    assertThatThrownBy(
            () -> RestoreTries.newestFirst(points.subList(0, 1), damaged, () -> true, said::add))
        .hasMessageContaining("no such file");
  }

  private Path point(String folder, long seconds) throws IOException {
    Path path = Files.createDirectories(flink.resolve(folder));
    Path metadata = Files.writeString(path.resolve("_metadata"), "whole");
    Files.setLastModifiedTime(metadata, FileTime.from(NOON.plusSeconds(seconds)));
    return path;
  }
}
