package dev.reelbeam.clients.engagement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.clients.TestServers;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.clients.store.FileObjectStore;
import dev.reelbeam.model.engagement.EngagementReading;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.PublishedPost;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.EngagementReader;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.store.MediaRef;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The poller over a real book, with a platform whose answers are told beforehand. */
class EngagementPollerTest {
  private static final long HOUR = 3_600_000L;
  private static final long START = 1_780_000_000_000L;

  @TempDir Path folder;

  /** A platform of its own, so that tests do not find each other's videos. */
  private final String platform = "p" + UUID.randomUUID();

  private final TurnedClock clock = new TurnedClock();
  private final Told platformSays = new Told();
  private final List<EngagementSnapshot> sent = new ArrayList<>();
  private PostgresPollBook book;
  private ObjectStore store;

  @BeforeEach
  void open() {
    book = PostgresPollBook.open(TestServers.postgres());
    store = new FileObjectStore(folder);
  }

  @AfterEach
  void close() {
    store.close();
    book.close();
  }

  private static final class TurnedClock extends Clock {
    private long ms = START;

    @Override
    public long millis() {
      return ms;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(ms);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  /** Answers with the hours since the start as views. */
  private final class Told implements EngagementReader {
    private final Set<String> gone = new HashSet<>();
    private final List<List<String>> asked = new ArrayList<>();
    private FailureCode failure;
    private String trap;
    private int more;

    @Override
    public String platform() {
      return platform;
    }

    @Override
    public int batch() {
      return 3;
    }

    @Override
    public int units(int videos) {
      return videos;
    }

    @Override
    public EngagementReading read(String account, List<PublishedPost> posts, long nowMs)
        throws StageException {
      asked.add(posts.stream().map(PublishedPost::platformVideoId).sorted().toList());
      if (posts.stream().anyMatch(post -> post.platformVideoId().equals(trap))) {
        throw new IllegalStateException("a trap");
      }
      if (failure != null && account.equals("a")) {
        throw new StageException(failure, "no");
      }
      assertThat(posts).allSatisfy(post -> assertThat(post.account()).isEqualTo(account));
      List<EngagementSnapshot> snapshots = new ArrayList<>();
      for (PublishedPost post : posts) {
        snapshots.add(
            gone.contains(post.platformVideoId())
                ? EngagementSnapshot.removed(post.videoId(), platform, null, nowMs)
                : new EngagementSnapshot(
                    post.videoId(),
                    platform,
                    post.siteId(),
                    nowMs,
                    (nowMs - START) / HOUR,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    false));
      }
      return new EngagementReading(
          snapshots, "{\"raw\":1}".getBytes(StandardCharsets.UTF_8), posts.size() + more);
    }
  }

  private EngagementPoller poller(long unitsPerDay) {
    return new EngagementPoller(
        List.of(platformSays),
        book,
        store,
        sent::addAll,
        new PollSettings(Duration.ofHours(12), Map.of(platform, unitsPerDay)),
        clock);
  }

  private PublishedPost post(String id, String account, long ageMs) {
    return new PublishedPost(platform + id, platform, id, "acme", account, START - ageMs);
  }

  @Test
  void youngVideosAreAskedAboutMoreOftenAndNoneMoreThanHourly() {
    PollSettings usual = new PollSettings(Duration.ofHours(12), Map.of());
    PollSettings hourly = new PollSettings(Duration.ofHours(1), Map.of());
    assertThat(hours(usual, 0)).isBetween(1.9, 2.0);
    assertThat(hours(usual, 30)).isBetween(3.8, 4.0);
    assertThat(hours(usual, 24 * 10)).isBetween(11.4, 12.0);
    assertThat(hours(usual, 24 * 100)).isBetween(45.6, 48.0);
    assertThat(hours(hourly, 0)).isBetween(0.95, 1.0);
  }

  private double hours(PollSettings settings, long ageHours) {
    PublishedPost post = post("x", "a", ageHours * HOUR);
    return (double) (settings.nextMs(post, START) - START) / HOUR;
  }

  @Test
  void whatIsDueIsReadInBatchesOfOneAccountKeptRawAndThenWaits() {
    book.add(
        List.of(
            post("1", "a", HOUR),
            post("2", "a", HOUR),
            post("3", "b", 240 * HOUR),
            post("4", "a", HOUR),
            post("5", "a", HOUR)),
        START);

    assertThat(poller(100).pollDue()).isEqualTo(new EngagementPoller.Round(5, 0, 0, 0));

    assertThat(platformSays.asked)
        .containsExactlyInAnyOrder(List.of("1", "2", "4"), List.of("3"), List.of("5"));
    assertThat(sent).hasSize(5);
    String ref = sent.get(0).rawRef();
    assertThat(ref).startsWith("sha256/");
    assertThat(
            store.read(new MediaRef(ref.substring(7), "{\"raw\":1}".length(), "application/json")))
        .asString()
        .isEqualTo("{\"raw\":1}");

    // A poller that starts anew knows it all.
    assertThat(poller(100).pollDue().read()).isZero();
    clock.ms += 2 * HOUR;
    assertThat(poller(100).pollDue().read()).as("the young ones").isEqualTo(4);
    clock.ms += 10 * HOUR;
    assertThat(poller(100).pollDue().read()).isEqualTo(5);
  }

  @Test
  void aVideoIsReadOnDemand() {
    book.add(List.of(post("1", "a", 240 * HOUR)), START);
    poller(100).pollDue();
    clock.ms += HOUR / 2;
    assertThat(book.demand(platform + "1")).isTrue();
    assertThat(book.demand("nobody's")).isFalse();

    assertThat(poller(100).pollDue().read()).isEqualTo(1);
  }

  @Test
  void whatIsDemandedIsReadBeforeAllThatIsOverdue() {
    List<PublishedPost> posts = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      posts.add(post("o" + i, "a", 240 * HOUR));
    }
    posts.add(post("wanted", "a", 240 * HOUR));
    book.add(posts, START);
    clock.ms += 100 * HOUR;
    assertThat(book.demand(platform + "wanted")).isTrue();

    // The day's quota is enough for one batch of three.
    assertThat(poller(3).pollDue().read()).isEqualTo(3);

    assertThat(platformSays.asked.get(0)).contains("wanted");
  }

  @Test
  void aVideoThatIsGoneIsLookedForTwiceAndToldOnce() {
    book.add(List.of(post("1", "a", 240 * HOUR), post("2", "a", 240 * HOUR)), START);
    platformSays.gone.add("1");
    assertThat(poller(100).pollDue()).isEqualTo(new EngagementPoller.Round(1, 0, 0, 0));
    assertThat(sent).noneMatch(EngagementSnapshot::removed);

    clock.ms += HOUR;
    assertThat(poller(100).pollDue()).isEqualTo(new EngagementPoller.Round(0, 1, 0, 0));
    assertThat(sent).filteredOn(EngagementSnapshot::removed).hasSize(1);
    assertThat(sent.get(sent.size() - 1).rawRef()).isNotNull();

    clock.ms += 100 * HOUR;
    poller(100).pollDue();
    assertThat(sent).filteredOn(EngagementSnapshot::removed).hasSize(1);
  }

  @Test
  void aVideoThatWasMissedOnceAndIsThereAgainIsNotRemoved() {
    book.add(List.of(post("1", "a", 240 * HOUR)), START);
    platformSays.gone.add("1");
    poller(100).pollDue();
    platformSays.gone.clear();
    clock.ms += HOUR;
    assertThat(poller(100).pollDue().read()).isEqualTo(1);
    platformSays.gone.add("1");
    clock.ms += 12 * HOUR;
    assertThat(poller(100).pollDue().removed()).isZero();
  }

  @Test
  void aQuotaOfADayIsKeptAndTheRestFollowsTheNextDay() {
    List<PublishedPost> posts = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      posts.add(post("a" + i, "a", 240 * HOUR));
    }
    posts.add(post("b0", "b", 240 * HOUR));
    book.add(posts, START);

    EngagementPoller.Round first = poller(6).pollDue();
    assertThat(first.read()).as("six of one account, one of the other").isEqualTo(7);
    assertThat(first.left()).isEqualTo(1);

    // The poller starts anew on the same day: nothing is left of it.
    assertThat(poller(6).pollDue().read()).isZero();
    clock.ms += 24 * HOUR;
    assertThat(poller(6).pollDue().read()).isGreaterThanOrEqualTo(6);
  }

  @Test
  void whatHadToBeAskedAgainCountsForTheDay() {
    List<PublishedPost> posts = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      posts.add(post("a" + i, "a", 240 * HOUR));
    }
    book.add(posts, START);
    platformSays.more = 2;
    // Three and two more; three and two more; nothing is left of ten.
    assertThat(poller(10).pollDue()).isEqualTo(new EngagementPoller.Round(6, 0, 0, 3));
  }

  @Test
  void eachAccountHasItsOwnUnitsAndYouTubesAreEverybodys() {
    PollSettings settings =
        new PollSettings(Duration.ofHours(12), Map.of("x", 2_000L, "x/a", 10L, "youtube/*", 500L));
    assertThat(settings.units("x", PollSettings.bearer("x", "a"))).isEqualTo(10);
    assertThat(settings.units("x", PollSettings.bearer("x", "b"))).isEqualTo(2_000);
    assertThat(settings.units("youtube", PollSettings.bearer("youtube", "a"))).isEqualTo(500);
    assertThat(PollSettings.bearer("youtube", "b")).isEqualTo(PollSettings.bearer("youtube", "a"));
  }

  @Test
  void anAccountThatFailsHoldsUpNoOtherAndIsLeftAloneForAWhile() {
    book.add(List.of(post("1", "a", 240 * HOUR), post("2", "b", 240 * HOUR)), START);
    platformSays.failure = FailureCode.PROVIDER_QUOTA;
    assertThat(poller(100).pollDue()).isEqualTo(new EngagementPoller.Round(1, 0, 1, 0));

    clock.ms += HOUR / 4;
    platformSays.failure = null;
    assertThat(book.demand(platform + "1")).isTrue();
    assertThat(poller(100).pollDue().read()).as("blocked until the day ends").isZero();

    clock.ms += 24 * HOUR;
    assertThat(poller(100).pollDue().read()).isEqualTo(2);
  }

  /**
   * Eleven videos of one account in batches of three: one of them is more than the reader bears.
   */
  @Test
  void aBatchThatADefectEndsHoldsUpNoOtherAndComesAgain() {
    List<PublishedPost> posts = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      posts.add(post("v" + i, "a", 240 * HOUR));
    }
    book.add(posts, START);
    platformSays.trap = "v4";
    EngagementPoller.Round round = poller(100).pollDue();
    assertThat(round.failed()).isBetween(1, 3);
    assertThat(round.read()).isEqualTo(11 - round.failed());
    assertThat(platformSays.asked).as("batches").hasSize(4);
    assertThat(sent).noneMatch(snapshot -> snapshot.videoId().equals(platform + "v4"));
    assertThat(lastError(platform + "v4")).startsWith("9001 UNEXPECTED: IllegalStateException at");

    // Again and again, and when it is mended.
    clock.ms += EngagementPoller.AFTER_FAILURE.toMillis();
    assertThat(poller(100).pollDue())
        .isEqualTo(new EngagementPoller.Round(0, 0, round.failed(), 0));
    platformSays.trap = null;
    clock.ms += EngagementPoller.AFTER_FAILURE.toMillis();
    assertThat(poller(100).pollDue())
        .isEqualTo(new EngagementPoller.Round(round.failed(), 0, 0, 0));
    assertThat(sent).hasSize(11);
  }

  private static String lastError(String video) {
    try (Database database = Database.open(TestServers.postgres())) {
      return database.with(
          handle ->
              handle
                  .createQuery("select last_error from engagement_poll where video_id = :video")
                  .bind("video", video)
                  .mapTo(String.class)
                  .one());
    }
  }

  @Test
  void whatCouldNotBeHandedOnIsReadAgainWhenTheClaimIsOver() {
    book.add(List.of(post("1", "a", 240 * HOUR)), START);
    EngagementPoller broken =
        new EngagementPoller(
            List.of(platformSays),
            book,
            store,
            snapshots -> {
              throw new StoreException(FailureCode.KAFKA_UNAVAILABLE, "the topic is away", null);
            },
            PollSettings.DEFAULT,
            clock);
    assertThatThrownBy(broken::pollDue).hasMessage("the topic is away");

    assertThat(poller(100).pollDue().read()).as("still claimed").isZero();
    clock.ms += EngagementPoller.CLAIM.toMillis();
    assertThat(poller(100).pollDue().read()).isEqualTo(1);
    assertThat(sent).hasSize(1);
  }
}
