package dev.reelbeam.pipelines.cluster;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The programs of a cluster: class path folders beside {@code lib}, one for each service, because
 * their dependencies do not agree with each other.
 */
final class ClusterParts {
  /** Folders that the build with {@code -Pcluster} leaves. */
  static final List<String> FOLDERS = List.of("kafka", "s3", "postgres", "job");

  private final Path root;

  private ClusterParts(Path root) {
    this.root = root;
  }

  /**
   * The parts of an installation.
   *
   * @param root the folder that holds {@code lib}
   * @throws StageException {@code 5031 CLUSTER_PART_MISSING}, naming the part
   */
  static ClusterParts in(Path root) throws StageException {
    for (String folder : FOLDERS) {
      if (!Services.holdsJars(root.resolve(folder))) {
        throw new StageException(
            FailureCode.CLUSTER_PART_MISSING, "'" + root.resolve(folder) + "' holds no program");
      }
    }
    return new ClusterParts(root.toAbsolutePath().normalize());
  }

  Path root() {
    return root;
  }

  Path folder(String name) {
    return root.resolve(name);
  }

  /** A Java command over the class path of one part. */
  List<String> java(List<String> options, String part, String main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-cp");
    command.add(folder(part) + "/*");
    command.add(main);
    command.addAll(arguments);
    return command;
  }
}
