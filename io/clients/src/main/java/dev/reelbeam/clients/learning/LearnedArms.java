package dev.reelbeam.clients.learning;

import dev.reelbeam.model.learning.ArmChoice;
import dev.reelbeam.model.learning.ArmEvidence;
import dev.reelbeam.model.learning.ArmKind;
import dev.reelbeam.model.learning.ArmQuestion;
import dev.reelbeam.model.learning.LearningSettings;
import dev.reelbeam.model.learning.ThompsonSampling;
import dev.reelbeam.model.port.ArmChooser;
import dev.reelbeam.model.port.ArmLedger;
import dev.reelbeam.model.port.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses by a ledger's evidence, read in the background and kept for {@link #FRESH}.
 *
 * <p>A question waits for the first reading, and for that no longer than {@link #FIRST_WAIT}; later
 * ones are answered at once by the evidence that is there, however old it has become. A ledger that
 * is away is asked again after {@link #AFTER_FAILURE}; until something was read, all arms are
 * alike. Choices are written by a thread of their own, which goes on until the ledger is there.
 */
public final class LearnedArms implements ArmChooser {
  /** Evidence moves by the day; so often it is read again. */
  static final Duration FRESH = Duration.ofMinutes(5);

  static final Duration AFTER_FAILURE = Duration.ofMinutes(1);
  static final Duration FIRST_WAIT = Duration.ofSeconds(3);

  /** Choices that wait for the ledger: hours of a busy house, some megabytes. */
  private static final int MOST_UNWRITTEN = 20_000;

  private static final Logger log = LoggerFactory.getLogger(LearnedArms.class);

  private final ArmLedger ledger;
  private final LearningSettings settings;
  private final Clock clock;
  private final Duration firstWait;
  private final ExecutorService background =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "learned-arms");
            thread.setDaemon(true);
            return thread;
          });
  private final ScheduledThreadPoolExecutor keeper =
      new ScheduledThreadPoolExecutor(
          1,
          work -> {
            Thread thread = new Thread(work, "kept-arms");
            thread.setDaemon(true);
            return thread;
          });
  private final BlockingQueue<ArmChoice> unwritten = new LinkedBlockingQueue<>(MOST_UNWRITTEN);
  private final Duration afterFailure;
  private final Map<ArmKind, Known> known = new EnumMap<>(ArmKind.class);
  private volatile Map<String, ZoneId> zones = Map.of();

  /** What is known of a kind: the evidence, and the reading that is under way. */
  private static final class Known {
    private ArmEvidence evidence = ArmEvidence.EMPTY;
    private long nextReadMs = Long.MIN_VALUE;
    private @Nullable CompletableFuture<Boolean> reading;
    private boolean waitedFor;
  }

  /** Chooses by this ledger, and closes it in the end. */
  public LearnedArms(ArmLedger ledger, LearningSettings settings) {
    this(ledger, settings, Clock.systemUTC(), FIRST_WAIT);
  }

  LearnedArms(ArmLedger ledger, LearningSettings settings, Clock clock, Duration firstWait) {
    this(ledger, settings, clock, firstWait, AFTER_FAILURE);
  }

  LearnedArms(
      ArmLedger ledger,
      LearningSettings settings,
      Clock clock,
      Duration firstWait,
      Duration afterFailure) {
    this.afterFailure = afterFailure;
    this.ledger = ledger;
    this.settings = settings;
    this.clock = clock;
    this.firstWait = firstWait;
  }

  @Override
  public LearningSettings settings() {
    return settings;
  }

  @Override
  public Optional<ArmChoice> choose(ArmQuestion question) {
    return Optional.of(
        ThompsonSampling.choose(question, evidence(question.kind()), settings.holdoutPermille()));
  }

  /** Read along with the evidence of posting hours, also where an hour was drawn before. */
  @Override
  public ZoneId zone(String site) {
    ArmEvidence unused = evidence(ArmKind.POSTING_HOUR);
    return zones.getOrDefault(site, settings.zone());
  }

  private ArmEvidence evidence(ArmKind kind) {
    CompletableFuture<Boolean> first = null;
    synchronized (known) {
      Known of = known.computeIfAbsent(kind, each -> new Known());
      if (of.reading == null && clock.millis() >= of.nextReadMs) {
        of.reading = CompletableFuture.supplyAsync(() -> read(kind), background);
      }
      if (!of.waitedFor && of.reading != null) {
        of.waitedFor = true;
        first = of.reading;
      }
    }
    if (first != null) {
      waitFor(first);
    }
    synchronized (known) {
      return known.computeIfAbsent(kind, each -> new Known()).evidence;
    }
  }

  private void waitFor(CompletableFuture<Boolean> reading) {
    try {
      reading.get(firstWait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      log.info("what was learned is not there yet: all arms are alike until it is");
    } catch (ExecutionException e) {
      // Told where it happened.
      log.debug("the first reading failed", e);
    }
  }

  private boolean read(ArmKind kind) {
    ArmEvidence read = null;
    try {
      if (kind == ArmKind.POSTING_HOUR) {
        zones = ledger.zones();
      }
      read = ledger.evidence(kind, settings.halfLifeDays(), clock.millis());
    } catch (StoreException e) {
      log.warn("what was learned cannot be read, the last known is used: {}", e.getMessage());
    } finally {
      synchronized (known) {
        Known of = known.computeIfAbsent(kind, each -> new Known());
        of.evidence = read == null ? of.evidence : read;
        of.nextReadMs = clock.millis() + (read == null ? AFTER_FAILURE : FRESH).toMillis();
        of.reading = null;
      }
    }
    return read != null;
  }

  /**
   * Written in the background, too: the choice itself is kept with the script, and whoever finds it
   * there hands it over again.
   */
  @Override
  public void keep(ArmChoice choice) {
    if (unwritten.offer(choice)) {
      keeper.execute(this::write);
    } else {
      log.warn("the ledger is away for too long: the choice for {} is not in it", choice.key());
    }
  }

  /** Writes all that waits; where that fails, again a little later. */
  private void write() {
    for (ArmChoice next = unwritten.peek(); next != null; next = unwritten.peek()) {
      try {
        ledger.keep(next);
      } catch (StoreException e) {
        if (keeper.isShutdown()) {
          log.warn("{} choices are not in the ledger: {}", unwritten.size(), e.getMessage());
        } else if (keeper.getQueue().isEmpty()) {
          log.warn("choices wait for the ledger: {}", e.getMessage());
          keeper.schedule(this::write, afterFailure.toMillis(), TimeUnit.MILLISECONDS);
        }
        return;
      }
      unwritten.poll();
    }
  }

  /** Waits for what was handed over, but not for a ledger that is away. */
  @Override
  public void close() {
    background.shutdown();
    keeper.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    keeper.shutdown();
    try {
      if (!background.awaitTermination(firstWait.toMillis(), TimeUnit.MILLISECONDS)) {
        background.shutdownNow();
      }
      if (!keeper.awaitTermination(firstWait.toMillis(), TimeUnit.MILLISECONDS)) {
        keeper.shutdownNow();
      }
    } catch (InterruptedException e) {
      background.shutdownNow();
      keeper.shutdownNow();
      Thread.currentThread().interrupt();
    }
    ledger.close();
  }
}
