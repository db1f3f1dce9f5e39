package dev.reelbeam.pipelines.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A savepoint or a retained checkpoint from which a job goes on.
 *
 * @param folder what Flink restores from
 * @param completed when it was whole: its metadata is written last
 */
public record RestorePoint(Path folder, FileTime completed) {
  private static final String METADATA = "_metadata";
  private static final String CHECKPOINT = "chk-";

  /**
   * The newest whole savepoint or checkpoint of a job, whichever is younger.
   *
   * @param flinkFolder holds {@code savepoints/<job>}, {@code checkpoints/<id of a run>} and {@code
   *     runs/<job>}, where {@link #remember} says whose the runs were
   */
  public static Optional<RestorePoint> newest(Path flinkFolder, String job) throws IOException {
    List<RestorePoint> points = new ArrayList<>();
    collect(flinkFolder.resolve("savepoints").resolve(job), 2, points);
    for (Path folder : checkpointFolders(flinkFolder, job)) {
      collect(folder, 2, points);
    }
    return points.stream().max(Comparator.comparing(RestorePoint::completed));
  }

  /**
   * What the newest point says of itself, copied into this folder: the job that runs puts a newer
   * checkpoint in its place at any moment.
   */
  static Optional<RestorePoint> newestToLookAt(Path flinkFolder, String job, Path copy)
      throws IOException {
    for (int attempt = 0; attempt < 5; attempt++) {
      Files.createDirectories(copy);
      try {
        RestorePoint point = newest(flinkFolder, job).orElse(null);
        if (point == null) {
          return Optional.empty();
        }
        Path metadata =
            Files.copy(
                point.folder().resolve(METADATA),
                copy.resolve(METADATA),
                StandardCopyOption.REPLACE_EXISTING);
        return Optional.of(new RestorePoint(copy, Files.getLastModifiedTime(metadata)));
      } catch (NoSuchFileException | UncheckedIOException e) {
        // It has just gone: there is a newer one.
      }
    }
    return Optional.empty();
  }

  /** Checkpoints are kept by the id of the run; a file beside them tells whose they are. */
  private static List<Path> checkpointFolders(Path flinkFolder, String job) throws IOException {
    Path runs = flinkFolder.resolve("runs").resolve(job);
    if (!Files.isDirectory(runs)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(runs)) {
      return files
          .map(
              file ->
                  flinkFolder.resolve("checkpoints").resolve(String.valueOf(file.getFileName())))
          .toList();
    }
  }

  /** Remembers that a run, whose checkpoints lie under its id, was one of this job. */
  public static void remember(Path flinkFolder, String job, String runId) throws IOException {
    Path runs = Files.createDirectories(flinkFolder.resolve("runs").resolve(job));
    Files.writeString(runs.resolve(runId), "");
  }

  private static void collect(Path folder, int depth, List<RestorePoint> points)
      throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder, depth)) {
      for (Path file : files.filter(path -> path.endsWith(METADATA)).toList()) {
        Path parent = file.getParent();
        if (parent != null && Files.size(file) > 0) {
          points.add(new RestorePoint(parent, Files.getLastModifiedTime(file)));
        }
      }
    }
  }

  /** As a user reads it. */
  public String label() {
    String name = String.valueOf(folder.getFileName());
    return (name.startsWith(CHECKPOINT) ? "checkpoint " : "savepoint ") + name;
  }
}
