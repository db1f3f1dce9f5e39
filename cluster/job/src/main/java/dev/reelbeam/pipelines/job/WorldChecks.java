package dev.reelbeam.pipelines.job;

import dev.reelbeam.clients.database.Database;
import dev.reelbeam.clients.store.S3ObjectStore;
import dev.reelbeam.clients.topic.Topics;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.pipelines.wiring.WorldSettings;

/**
 * Whether the services that a job lives on are there and let it in, asked by the client that
 * submits it: a job that is refused on its workers would only start again and again.
 */
public final class WorldChecks {
  private WorldChecks() {}

  /**
   * Asks Kafka, Postgres and S3, in this order.
   *
   * @throws StoreException why one of them cannot be used, with its number: 5010 to 5017, 5020,
   *     5025
   */
  public static void check(WorldSettings world) {
    Topics.check(world.kafka());
    checkDatabase(world);
    checkBucket(world);
  }

  static void checkDatabase(WorldSettings world) {
    try (Database database = Database.open(world.postgres())) {
      database.with(handle -> handle.execute("select 1"));
    }
  }

  static void checkBucket(WorldSettings world) {
    try (S3ObjectStore store = S3ObjectStore.open(world.s3())) {
      store.check();
    }
  }
}
