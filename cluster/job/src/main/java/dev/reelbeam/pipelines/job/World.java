package dev.reelbeam.pipelines.job;

import java.util.List;

/** What the job needs of the world before it starts, beside its topics. */
final class World {
  private World() {}

  /**
   * Brings the tables up to this version.
   *
   * @return lines about what was done, for people
   */
  static List<String> migrate(JobConnections connections) {
    return List.of();
  }
}
