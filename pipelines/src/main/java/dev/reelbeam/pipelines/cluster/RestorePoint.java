package dev.reelbeam.pipelines.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

  /** Points and savepoints of a job that are kept: the newest may turn out to be damaged. */
  static final int KEPT = 3;

  /**
   * The newest whole savepoint or checkpoint of a job, whichever is younger.
   *
   * @param flinkFolder holds {@code savepoints/<job>}, {@code checkpoints/<id of a run>} and {@code
   *     runs/<job>}, where {@link #remember} says whose the runs were
   */
  public static Optional<RestorePoint> newest(Path flinkFolder, String job) throws IOException {
    return all(flinkFolder, job).stream().findFirst();
  }

  /** All whole points of a job, the newest first. */
  public static List<RestorePoint> all(Path flinkFolder, String job) throws IOException {
    List<RestorePoint> points = new ArrayList<>();
    collect(flinkFolder.resolve("savepoints").resolve(job), points);
    for (Path folder : checkpointFolders(flinkFolder, job)) {
      collect(folder, points);
    }
    points.sort(Comparator.comparing(RestorePoint::completed).reversed());
    return points;
  }

  /**
   * Removes what nobody goes on from any more: all savepoints and all checkpoints of runs that
   * ended, but the newest {@value #KEPT} points and the newest {@value #KEPT} savepoints, which are
   * the way back to before an upgrade. Each stands for itself: none needs another's files.
   *
   * @param alive ids of runs that Flink knows; their checkpoints are its own affair
   */
  public static void removeOld(Path flinkFolder, String job, Set<String> alive) throws IOException {
    Set<Path> kept = new HashSet<>();
    List<RestorePoint> points = all(flinkFolder, job);
    points.stream().limit(KEPT).forEach(point -> kept.add(point.folder()));
    points.stream()
        .filter(point -> !point.isCheckpoint())
        .limit(KEPT)
        .forEach(point -> kept.add(point.folder()));
    Path savepoints = flinkFolder.resolve("savepoints").resolve(job);
    for (Path savepoint : in(savepoints)) {
      // One without metadata may be under way.
      if (Files.exists(savepoint.resolve(METADATA)) && !kept.contains(savepoint)) {
        Folders.delete(savepoint);
      }
    }
    for (Path run : checkpointFolders(flinkFolder, job)) {
      String id = String.valueOf(run.getFileName());
      if (alive.contains(id)) {
        continue;
      }
      boolean needed = false;
      for (Path checkpoint : in(run)) {
        if (kept.contains(checkpoint)) {
          needed = true;
        } else {
          Folders.delete(checkpoint);
        }
      }
      if (!needed) {
        Folders.delete(run);
        Files.deleteIfExists(flinkFolder.resolve("runs").resolve(job).resolve(id));
      }
    }
  }

  private static List<Path> in(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isDirectory).toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
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
      } catch (NoSuchFileException e) {
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

  private static void collect(Path folder, List<RestorePoint> points) throws IOException {
    for (Path point : in(folder)) {
      Path metadata = point.resolve(METADATA);
      try {
        if (Files.size(metadata) > 0) {
          points.add(new RestorePoint(point, Files.getLastModifiedTime(metadata)));
        }
      } catch (NoSuchFileException e) {
        // Under way, or it has just gone: the job that runs puts a newer one in its place.
      }
    }
  }

  /** As a user reads it. */
  public String label() {
    return (isCheckpoint() ? "checkpoint " : "savepoint ") + folder.getFileName();
  }

  private boolean isCheckpoint() {
    return String.valueOf(folder.getFileName()).startsWith(CHECKPOINT);
  }
}
