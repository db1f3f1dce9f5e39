package dev.reelbeam.clients.engagement;

import dev.reelbeam.model.engagement.EngagementReading;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.PublishedPost;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.EngagementReader;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.store.MediaRef;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks platforms about the videos that are due, within quotas, and hands on what they counted.
 *
 * <p>The order is: read, keep the raw answer, hand on, note it in the book. A poller that ends in
 * between has handed on a snapshot that is read once more when its claim is over; snapshots may
 * come twice, none is lost. A platform or an account that fails holds up no other, nor does a batch
 * that a defect ends.
 *
 * <p>A video that a platform does not know is asked about again after {@link #SECOND_LOOK}; only
 * then it is told as removed, once.
 */
public final class EngagementPoller {
  /** A claim ends by itself when its poller does not. */
  static final Duration CLAIM = Duration.ofMinutes(15);

  static final Duration SECOND_LOOK = Duration.ofHours(1);

  /** After a failure that may pass. */
  static final Duration AFTER_FAILURE = Duration.ofMinutes(30);

  /** After a token was refused: somebody has to connect the account again. */
  static final Duration AFTER_TOKEN = Duration.ofHours(6);

  private static final Logger log = LoggerFactory.getLogger(EngagementPoller.class);

  private final List<EngagementReader> readers;
  private final PostgresPollBook book;
  private final ObjectStore store;
  private final Consumer<List<EngagementSnapshot>> sink;
  private final PollSettings settings;
  private final Clock clock;

  /**
   * A poller.
   *
   * @param readers one for each platform
   * @param store where raw answers are kept
   * @param sink takes snapshots on; they are there when it returns
   */
  public EngagementPoller(
      List<EngagementReader> readers,
      PostgresPollBook book,
      ObjectStore store,
      Consumer<List<EngagementSnapshot>> sink,
      PollSettings settings,
      Clock clock) {
    this.readers = List.copyOf(readers);
    this.book = book;
    this.store = store;
    this.sink = sink;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * What a round did.
   *
   * @param read videos whose counters were handed on
   * @param removed videos that were told as removed
   * @param failed videos that could not be read
   * @param left videos that have to wait for their account's quota
   */
  public record Round(int read, int removed, int failed, int left) {}

  /** Takes in what was published since, and asks about everything that is due. */
  public Round pollDue() {
    book.adopt(clock.millis());
    int[] counts = new int[4];
    for (EngagementReader reader : readers) {
      Set<String> passedOver = new HashSet<>();
      while (true) {
        long nowMs = clock.millis();
        List<PostgresPollBook.Due> due =
            book.claim(
                reader.platform(), reader.batch(), passedOver, nowMs, nowMs + CLAIM.toMillis());
        if (due.isEmpty()) {
          break;
        }
        pollOrGoOn(reader, due, passedOver, counts);
      }
    }
    return new Round(counts[0], counts[1], counts[2], counts[3]);
  }

  /** A defect that one batch meets costs that batch alone, until its next turn. */
  private void pollOrGoOn(
      EngagementReader reader,
      List<PostgresPollBook.Due> due,
      Set<String> passedOver,
      int[] counts) {
    try {
      poll(reader, due, passedOver, counts);
    } catch (RuntimeException e) {
      if (e instanceof StoreException service && service.code() != FailureCode.VALUE_REFUSED) {
        throw e; // Others would meet the same: what is away ends the round.
      }
      if (e instanceof CancellationException) {
        throw e; // Somebody stops the poller: nothing is wrong with the batch.
      }
      List<PublishedPost> posts = due.stream().map(PostgresPollBook.Due::post).toList();
      String told = describe(e);
      log.error("{} {}: {}", reader.platform(), posts.get(0).account(), told);
      log.debug("{}", told, e);
      book.failed(posts, told, clock.millis() + AFTER_FAILURE.toMillis());
      counts[2] += posts.size();
    }
  }

  /**
   * Of a defect where it is and not its message: that may hold anything, an address for example.
   */
  private static String describe(RuntimeException e) {
    if (e instanceof StoreException refused) {
      return refused.code().label() + ": " + refused.getMessage();
    }
    StackTraceElement[] frames = e.getStackTrace();
    return FailureCode.UNEXPECTED.label()
        + ": "
        + e.getClass().getSimpleName()
        + (frames.length == 0 ? "" : " at " + frames[0]);
  }

  private void poll(
      EngagementReader reader,
      List<PostgresPollBook.Due> due,
      Set<String> passedOver,
      int[] counts) {
    List<PublishedPost> posts = due.stream().map(PostgresPollBook.Due::post).toList();
    String account = posts.get(0).account();
    long nowMs = clock.millis();
    LocalDate day = day(reader.platform(), nowMs);
    String bearer = PollSettings.bearer(reader.platform(), account);
    int units = reader.units(posts.size());
    long limit = settings.units(reader.platform(), bearer);
    if (!book.spend(reader.platform(), bearer, day, units, limit)) {
      log.info("{} {} has no units left for today", reader.platform(), account);
      book.unclaim(posts);
      passedOver.add(account);
      counts[3] += posts.size();
      return;
    }
    EngagementReading reading;
    try {
      reading = reader.read(account, posts, nowMs);
    } catch (StageException e) {
      log.warn("{} {}: {}", reader.platform(), account, e.describe());
      long again = again(reader.platform(), e, nowMs);
      book.failed(posts, e.describe(), again);
      if (e.code() == FailureCode.PROVIDER_QUOTA) {
        book.block(reader.platform(), bearer, day, again);
      } else if (e.code() == FailureCode.TOKEN_EXPIRED) {
        book.block(reader.platform(), account, day, again);
      }
      passedOver.add(account);
      counts[2] += posts.size();
      return;
    }
    if (reading.units() > units) {
      book.spent(reader.platform(), bearer, day, reading.units() - units);
    }
    handOn(reading, due, nowMs, counts);
  }

  private void handOn(
      EngagementReading reading, List<PostgresPollBook.Due> due, long nowMs, int[] counts) {
    MediaRef raw = store.put(reading.raw(), "application/json");
    List<EngagementSnapshot> told = new ArrayList<>();
    for (int i = 0; i < due.size(); i++) {
      EngagementSnapshot snapshot = reading.snapshots().get(i);
      if (!snapshot.removed() || due.get(i).missed() > 0) {
        told.add(with(snapshot, "sha256/" + raw.sha256()));
      }
    }
    for (EngagementSnapshot report : reading.reports()) {
      told.add(with(report, "sha256/" + raw.sha256()));
    }
    sink.accept(told);
    for (int i = 0; i < due.size(); i++) {
      PublishedPost post = due.get(i).post();
      if (!reading.snapshots().get(i).removed()) {
        book.read(post, due.get(i).missed() > 0, nowMs, settings.nextMs(post, nowMs));
        counts[0]++;
      } else {
        boolean removed = due.get(i).missed() > 0;
        book.missed(post, due.get(i).missed() + 1, removed, nowMs, nowMs + SECOND_LOOK.toMillis());
        counts[1] += removed ? 1 : 0;
      }
    }
  }

  private static EngagementSnapshot with(EngagementSnapshot snapshot, String rawRef) {
    return new EngagementSnapshot(
        snapshot.videoId(),
        snapshot.platform(),
        snapshot.siteId(),
        snapshot.fetchedAtMs(),
        snapshot.views(),
        snapshot.likes(),
        snapshot.comments(),
        snapshot.shares(),
        snapshot.watchTimeSeconds(),
        snapshot.impressions(),
        snapshot.clicks(),
        snapshot.avgViewDurationMs(),
        snapshot.revenueMicros(),
        rawRef,
        snapshot.removed());
  }

  private static long again(String platform, StageException e, long nowMs) {
    return switch (e.code()) {
      case PROVIDER_QUOTA ->
          day(platform, nowMs)
              .plusDays(1)
              .atStartOfDay(PollSettings.zone(platform))
              .toInstant()
              .toEpochMilli();
      case TOKEN_EXPIRED, PROVIDER_UNAUTHORIZED -> nowMs + AFTER_TOKEN.toMillis();
      default -> nowMs + AFTER_FAILURE.toMillis();
    };
  }

  private static LocalDate day(String platform, long nowMs) {
    ZoneId zone = PollSettings.zone(platform);
    return Instant.ofEpochMilli(nowMs).atZone(zone).toLocalDate();
  }
}
