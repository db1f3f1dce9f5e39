package dev.reelbeam.pipelines.wiring;

import dev.reelbeam.clients.http.CallLimits;
import dev.reelbeam.clients.learning.LearnedArms;
import dev.reelbeam.clients.learning.PostgresArms;
import dev.reelbeam.clients.learning.RewardFeed;
import dev.reelbeam.clients.ledger.PostgresCallLimits;
import dev.reelbeam.clients.ledger.PostgresDeadLetters;
import dev.reelbeam.clients.ledger.PostgresEngagement;
import dev.reelbeam.clients.ledger.PostgresEngagementHistory;
import dev.reelbeam.clients.ledger.PostgresLeaseStore;
import dev.reelbeam.clients.ledger.PostgresOperationsBooks;
import dev.reelbeam.clients.ledger.PostgresProjectLedger;
import dev.reelbeam.clients.ledger.PostgresRenderCredits;
import dev.reelbeam.clients.ledger.PostgresSpendLedger;
import dev.reelbeam.clients.ledger.PostgresVideoCatalog;
import dev.reelbeam.clients.store.PostgresResultKeys;
import dev.reelbeam.clients.store.S3Assets;
import dev.reelbeam.clients.store.S3ObjectStore;
import dev.reelbeam.connectors.ProgressIO;
import dev.reelbeam.model.learning.LearningSettings;
import dev.reelbeam.model.port.ArmChooser;
import dev.reelbeam.model.port.ArmTeacher;
import dev.reelbeam.model.port.AssetReader;
import dev.reelbeam.model.port.DeadLetterBox;
import dev.reelbeam.model.port.EngagementHistory;
import dev.reelbeam.model.port.EngagementTables;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.OperationsBooks;
import dev.reelbeam.model.port.PortFactory;
import dev.reelbeam.model.port.ProgressSink;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.port.RenderCredits;
import dev.reelbeam.model.port.SpendLedger;
import dev.reelbeam.model.port.VideoCatalog;
import java.time.Duration;

/** How the workers of a cluster open what {@link WorldSettings} names. */
public final class WorldProviders {
  private WorldProviders() {}

  /**
   * Bytes in S3, step keys and leases in Postgres, patient with both: Postgres is the arbiter, so
   * any server that speaks S3 will do, and a look-up is one indexed row.
   */
  public static PortFactory<ObjectStore> store(WorldSettings settings) {
    return () ->
        PatientStore.open(
            () ->
                S3ObjectStore.open(
                    settings.s3(),
                    PostgresResultKeys.open(settings.postgres()),
                    PostgresLeaseStore.open(settings.postgres())),
            Duration.ofSeconds(settings.postgres().patienceSeconds()),
            PatientStore.REAL,
            message -> {});
  }

  /** Pictures that came along with records. */
  public static PortFactory<AssetReader> assets(WorldSettings settings) {
    return () -> S3Assets.open(settings.s3());
  }

  public static PortFactory<ProjectLedger> projects(WorldSettings settings) {
    return () -> PostgresProjectLedger.open(settings.postgres());
  }

  public static PortFactory<RenderCredits> credits(WorldSettings settings) {
    return () -> PostgresRenderCredits.open(settings.postgres());
  }

  public static PortFactory<DeadLetterBox> deadLetters(WorldSettings settings) {
    return () -> PostgresDeadLetters.open(settings.postgres());
  }

  /** Where windows of engagement are kept. */
  public static PortFactory<EngagementTables> engagement(WorldSettings settings) {
    return () -> PostgresEngagement.open(settings.postgres());
  }

  /** Puts what videos earned down to their arms. */
  public static PortFactory<ArmTeacher> teacher(WorldSettings settings) {
    return () -> RewardFeed.open(settings.postgres());
  }

  /** All snapshots that are kept. */
  public static PortFactory<EngagementHistory> engagementHistory(WorldSettings settings) {
    return () -> PostgresEngagementHistory.open(settings.postgres());
  }

  /** What is known about costs and about what waits. */
  public static PortFactory<OperationsBooks> operationsBooks(WorldSettings settings) {
    return () -> PostgresOperationsBooks.open(settings.postgres());
  }

  /** What is known about published videos. */
  public static PortFactory<VideoCatalog> videos(WorldSettings settings) {
    return () -> PostgresVideoCatalog.open(settings.postgres());
  }

  /** What was spent, counted for all workers. */
  public static PortFactory<SpendLedger> spending(WorldSettings settings) {
    return () -> PostgresSpendLedger.open(settings.postgres());
  }

  /** Calls of providers, counted for all workers that use one key. */
  public static PortFactory<CallLimits> limits(WorldSettings settings) {
    return () -> PostgresCallLimits.of(settings.postgres());
  }

  public static PortFactory<ProgressSink> progress(WorldSettings settings) {
    return () -> ProgressIO.sink(settings.kafka(), settings.postgres());
  }

  /** Arms by what was learned from published videos. */
  public static PortFactory<ArmChooser> arms(WorldSettings settings, LearningSettings learning) {
    return () -> new LearnedArms(PostgresArms.open(settings.postgres()), learning);
  }
}
