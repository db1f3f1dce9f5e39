package dev.reelbeam.clients.engagement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.clients.http.CallPolicy;
import dev.reelbeam.model.engagement.EngagementReading;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.PublishedPost;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.AccessTokens;
import dev.reelbeam.model.port.EngagementReader;
import dev.reelbeam.simulators.EngagementSimulator;
import dev.reelbeam.simulators.EngagementSimulator.Dialect;
import dev.reelbeam.simulators.EngagementSimulator.Metric;
import dev.reelbeam.simulators.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every reader promises, against its platform's wire protocol. */
@Timeout(60)
class EngagementReaderTest {
  private static final long HOUR = 3_600_000L;
  private static final long NOW = 1_780_000_000_000L;

  /** Long enough ago for reports of days to speak of it. */
  private static final long SINCE = NOW - 70 * HOUR;

  private static final String TOKEN = "token-first";
  private static final CallPolicy QUICK =
      CallPolicy.DEFAULT
          .withPauses(Duration.ofMillis(1), Duration.ofMillis(20))
          .withTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(20))
          .withRates(100_000, 8)
          .withMaxReplyBytes(2_000_000);

  private EngagementSimulator simulator;
  private final MovingTokens tokens = new MovingTokens();

  @AfterEach
  void stop() {
    if (simulator != null) {
      simulator.close();
    }
  }

  /** A token that changes when it is asked for anew. */
  private static final class MovingTokens implements AccessTokens {
    private String current = TOKEN;
    private String next = TOKEN;
    private int renewed;

    @Override
    public String token(String platform, String account) {
      return current;
    }

    @Override
    public String renewed(String platform, String account, String refused) {
      renewed++;
      current = next;
      return current;
    }
  }

  private EngagementReader open(Dialect dialect) {
    return open(dialect, QUICK);
  }

  private EngagementReader open(Dialect dialect, CallPolicy policy) {
    try {
      simulator = EngagementSimulator.start(dialect, TOKEN);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    simulator.now(NOW);
    String url = simulator.baseUrl();
    return switch (dialect) {
      case YOUTUBE -> new YouTubeEngagement(url, url, tokens, policy);
      case INSTAGRAM -> MetaEngagement.instagram(url + "/v26.0", tokens, policy);
      case FACEBOOK -> MetaEngagement.facebook(url + "/v26.0", tokens, policy);
      case TIKTOK -> new TikTokEngagement(url, tokens, policy);
      case X -> new XEngagement(url, tokens, policy);
      case LINKEDIN -> new LinkedInEngagement(url, LinkedInEngagement.VERSION, tokens, policy);
    };
  }

  private static String id(Dialect dialect, int number) {
    return switch (dialect) {
      case YOUTUBE -> "vid-" + number + "_Ab";
      // Beyond 2^53.
      case TIKTOK -> Long.toString(7_400_000_000_000_000_000L + number);
      case X -> Long.toString(1_900_000_000_000_000_000L + number);
      case LINKEDIN ->
          (number % 2 == 0 ? "urn:li:ugcPost:" : "urn:li:share:") + (7_100_000_000L + number);
      case INSTAGRAM, FACEBOOK -> Long.toString(17_900_000_000_000_000L + number);
    };
  }

  private static String account(Dialect dialect) {
    return dialect == Dialect.LINKEDIN ? "urn:li:organization:12" : "account-1";
  }

  private static PublishedPost post(Dialect dialect, EngagementReader reader, int number) {
    return new PublishedPost(
        "public-" + number,
        reader.platform(),
        id(dialect, number),
        "acme",
        account(dialect),
        NOW - 100 * HOUR);
  }

  private static Map<Metric, Long> counts(long views) {
    Map<Metric, Long> counts = new HashMap<>();
    counts.put(Metric.VIEWS, views);
    counts.put(Metric.LIKES, views / 10);
    counts.put(Metric.COMMENTS, views / 100);
    counts.put(Metric.SHARES, views / 50);
    counts.put(Metric.WATCH_TIME_SECONDS, views * 12 / 60 * 60);
    counts.put(Metric.AVG_VIEW_MS, 12_000L);
    counts.put(Metric.IMPRESSIONS, views * 3);
    counts.put(Metric.CLICKS, views / 20);
    return counts;
  }

  private static Long value(EngagementSnapshot snapshot, Metric metric) {
    return switch (metric) {
      case VIEWS -> snapshot.views();
      case LIKES -> snapshot.likes();
      case COMMENTS -> snapshot.comments();
      case SHARES -> snapshot.shares();
      case WATCH_TIME_SECONDS -> snapshot.watchTimeSeconds();
      case AVG_VIEW_MS -> snapshot.avgViewDurationMs();
      case IMPRESSIONS -> snapshot.impressions();
      case CLICKS -> snapshot.clicks();
      case REVENUE_MICROS -> snapshot.revenueMicros();
    };
  }

  /** What a platform tells at all. */
  private static Set<Metric> told(Dialect dialect) {
    EnumSet<Metric> told = EnumSet.of(Metric.VIEWS, Metric.LIKES, Metric.COMMENTS, Metric.SHARES);
    switch (dialect) {
      case YOUTUBE, INSTAGRAM, FACEBOOK -> {
        told.add(Metric.WATCH_TIME_SECONDS);
        told.add(Metric.AVG_VIEW_MS);
      }
      case X, LINKEDIN -> {
        told.add(Metric.IMPRESSIONS);
        told.add(Metric.CLICKS);
      }
      case TIKTOK -> {}
    }
    return told;
  }

  private EngagementSnapshot readOne(EngagementReader reader, Dialect dialect)
      throws StageException {
    EngagementReading reading =
        reader.read(account(dialect), List.of(post(dialect, reader, 1)), NOW);
    assertThat(reading.snapshots()).hasSize(1);
    return with(reading.snapshots().get(0), reading.reports());
  }

  /** What was told of a video, whatever moment it is of. */
  private static EngagementSnapshot with(EngagementSnapshot now, List<EngagementSnapshot> reports) {
    if (reports.isEmpty()) {
      return now;
    }
    EngagementSnapshot then = reports.get(0);
    assertThat(then.videoId()).isEqualTo(now.videoId());
    return new EngagementSnapshot(
        now.videoId(),
        now.platform(),
        now.siteId(),
        now.fetchedAtMs(),
        now.views(),
        now.likes(),
        now.comments(),
        then.shares(),
        then.watchTimeSeconds(),
        now.impressions(),
        now.clicks(),
        then.avgViewDurationMs(),
        then.revenueMicros(),
        now.rawRef(),
        now.removed());
  }

  @Test
  void whatYouTubeReportsByDaysIsToldAsOfTheEndOfTheLastDay() throws StageException {
    EngagementReader reader = open(Dialect.YOUTUBE);
    simulator.count(id(Dialect.YOUTUBE, 1), SINCE, counts(1_200));
    simulator.count(id(Dialect.YOUTUBE, 1), NOW - HOUR, counts(6_000));

    EngagementReading reading =
        reader.read(account(Dialect.YOUTUBE), List.of(post(Dialect.YOUTUBE, reader, 1)), NOW);

    EngagementSnapshot now = reading.snapshots().get(0);
    assertThat(now.views()).isEqualTo(6_000);
    assertThat(now.watchTimeSeconds()).as("nobody knows today's").isNull();
    EngagementSnapshot then = reading.reports().get(0);
    assertThat(then.views()).isNull();
    assertThat(then.watchTimeSeconds()).isEqualTo(counts(1_200).get(Metric.WATCH_TIME_SECONDS));
    ZonedDateTime end =
        Instant.ofEpochMilli(then.fetchedAtMs()).atZone(ZoneId.of("America/Los_Angeles"));
    assertThat(end.toLocalTime()).isEqualTo(LocalTime.MIDNIGHT);
    assertThat(NOW - then.fetchedAtMs()).isBetween(24 * HOUR, 48 * HOUR);
  }

  @Test
  void aVideoYoungerThanTheLastReportHasNone() throws StageException {
    EngagementReader reader = open(Dialect.YOUTUBE);
    simulator.count(id(Dialect.YOUTUBE, 1), SINCE, counts(1_200));
    PublishedPost young =
        new PublishedPost(
            "public-1",
            "youtube",
            id(Dialect.YOUTUBE, 1),
            "acme",
            account(Dialect.YOUTUBE),
            NOW - HOUR);
    assertThat(reader.read(account(Dialect.YOUTUBE), List.of(young), NOW).reports()).isEmpty();
  }

  @Test
  void onePostOfXThatMayNotBeSeenHoldsUpNoOther() throws StageException {
    EngagementReader reader = open(Dialect.X);
    List<PublishedPost> posts = new ArrayList<>();
    for (int number = 0; number < 4; number++) {
      posts.add(post(Dialect.X, reader, number));
      simulator.count(id(Dialect.X, number), SINCE, counts(6_000));
    }
    simulator.hide(id(Dialect.X, 2));
    // And none of the others lets its owner's metrics be seen.
    simulator.retire("non_public_metrics", true);

    EngagementReading reading = reader.read(account(Dialect.X), posts, NOW);

    assertThat(reading.snapshots())
        .extracting(EngagementSnapshot::views)
        .containsExactly(6_000L, 6_000L, null, 6_000L);
    assertThat(reading.snapshots()).noneMatch(EngagementSnapshot::removed);
    assertThat(reading.units()).as("four posts, and three again").isEqualTo(7);
  }

  @Test
  void whatIsProbedIsCounted() throws StageException {
    EngagementReader reader = open(Dialect.INSTAGRAM);
    simulator.count(id(Dialect.INSTAGRAM, 1), SINCE, counts(6_000));
    simulator.retire("ig_reels_avg_watch_time", false);
    List<PublishedPost> posts = List.of(post(Dialect.INSTAGRAM, reader, 1));
    assertThat(reader.read(account(Dialect.INSTAGRAM), posts, NOW).units())
        .as("all of them, then each of six")
        .isEqualTo(7);
    assertThat(reader.read(account(Dialect.INSTAGRAM), posts, NOW).units()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void whatAPlatformTellsIsReadAndWhatItDoesNotTellIsNotZero(Dialect dialect)
      throws StageException {
    EngagementReader reader = open(dialect);
    simulator.count(id(dialect, 1), SINCE, counts(6_000));

    EngagementSnapshot snapshot = readOne(reader, dialect);

    assertThat(snapshot.videoId()).isEqualTo("public-1");
    assertThat(snapshot.siteId()).isEqualTo("acme");
    assertThat(snapshot.platform()).isEqualTo(reader.platform());
    assertThat(snapshot.fetchedAtMs()).isEqualTo(NOW);
    assertThat(snapshot.removed()).isFalse();
    for (Metric metric : Metric.values()) {
      assertThat(value(snapshot, metric))
          .as(metric.name())
          .isEqualTo(told(dialect).contains(metric) ? counts(6_000).get(metric) : null);
    }
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void aFullBatchIsReadInOrderWithWhatIsGoneInIt(Dialect dialect) throws StageException {
    EngagementReader reader = open(dialect);
    List<PublishedPost> posts = new ArrayList<>();
    for (int number = 0; number < reader.batch(); number++) {
      posts.add(post(dialect, reader, number));
      simulator.count(id(dialect, number), SINCE, counts(1_000L + number * 100));
    }
    int gone = reader.batch() / 2;
    simulator.remove(id(dialect, gone));

    EngagementReading reading = reader.read(account(dialect), posts, NOW);

    assertThat(reading.snapshots()).hasSize(posts.size());
    for (int number = 0; number < posts.size(); number++) {
      EngagementSnapshot snapshot = reading.snapshots().get(number);
      assertThat(snapshot.videoId()).isEqualTo("public-" + number);
      assertThat(snapshot.removed()).isEqualTo(number == gone);
      assertThat(snapshot.views()).isEqualTo(number == gone ? null : 1_000L + number * 100);
    }
    String raw = new String(reading.raw(), StandardCharsets.UTF_8);
    assertThat(raw).contains(reader.platform()).doesNotContain(TOKEN);
    assertThat(simulator.requests().toString()).doesNotContain(TOKEN);
    assertThat(simulator.requests().size())
        .as("calls of a batch")
        .isLessThanOrEqualTo(dialect == Dialect.YOUTUBE ? 4 : reader.units(posts.size()));
  }

  @Test
  void revenueIsReadWhereTheAccountMayTellIt() throws StageException {
    EngagementReader reader = open(Dialect.YOUTUBE);
    Map<Metric, Long> counts = counts(6_000);
    counts.put(Metric.REVENUE_MICROS, 12_345_678L);
    simulator.count(id(Dialect.YOUTUBE, 1), SINCE, counts);
    simulator.monetized();
    EngagementSnapshot snapshot = readOne(reader, Dialect.YOUTUBE);
    assertThat(snapshot.revenueMicros()).isEqualTo(12_345_678L);
    assertThat(snapshot.views()).isEqualTo(6_000);
  }

  @Test
  void anAccountThatMayNotTellRevenueIsAskedForItOnce() throws StageException {
    EngagementReader reader = open(Dialect.YOUTUBE);
    simulator.count(id(Dialect.YOUTUBE, 1), SINCE, counts(6_000));
    assertThat(readOne(reader, Dialect.YOUTUBE).revenueMicros()).isNull();
    assertThat(readOne(reader, Dialect.YOUTUBE).shares()).isNotNull();
    assertThat(simulator.requests())
        .filteredOn(call -> call.contains("estimatedRevenue"))
        .hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void countersComeLateAndAreCorrectedDownwards(Dialect dialect) throws StageException {
    EngagementReader reader = open(dialect);
    simulator.count(id(dialect, 1), NOW - 60 * HOUR, counts(1_200));
    simulator.count(id(dialect, 1), NOW - 10 * HOUR, counts(6_000));
    simulator.delay(48 * HOUR);
    assertThat(readOne(reader, dialect).likes()).isEqualTo(120);

    simulator.delay(0);
    assertThat(readOne(reader, dialect).likes()).isEqualTo(600);

    simulator.count(id(dialect, 1), NOW, counts(4_800));
    assertThat(readOne(reader, dialect).likes()).isEqualTo(480);
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void aMetricThatIsMissingStaysUnknown(Dialect dialect) throws StageException {
    EngagementReader reader = open(dialect);
    Map<Metric, Long> counts = counts(6_000);
    counts.remove(Metric.LIKES);
    counts.remove(Metric.WATCH_TIME_SECONDS);
    simulator.count(id(dialect, 1), SINCE, counts);

    EngagementSnapshot snapshot = readOne(reader, dialect);

    assertThat(snapshot.likes()).isNull();
    assertThat(snapshot.watchTimeSeconds()).isNull();
    assertThat(snapshot.views()).isEqualTo(6_000);
  }

  static List<Arguments> retired() {
    List<Arguments> all = new ArrayList<>();
    for (boolean named : new boolean[] {true, false}) {
      all.add(
          Arguments.of(Dialect.INSTAGRAM, "ig_reels_avg_watch_time", named, Metric.AVG_VIEW_MS));
      all.add(
          Arguments.of(Dialect.FACEBOOK, "post_video_view_time", named, Metric.WATCH_TIME_SECONDS));
    }
    all.add(Arguments.of(Dialect.YOUTUBE, "averageViewDuration", true, Metric.AVG_VIEW_MS));
    all.add(Arguments.of(Dialect.X, "non_public_metrics", true, Metric.CLICKS));
    all.add(Arguments.of(Dialect.LINKEDIN, "VIDEO_VIEW", true, Metric.VIEWS));
    return all;
  }

  @ParameterizedTest
  @MethodSource("retired")
  void oneMetricThatIsNotSupportedCostsThatMetricAlone(
      Dialect dialect, String name, boolean named, Metric lost) throws StageException {
    EngagementReader reader = open(dialect);
    simulator.count(id(dialect, 1), SINCE, counts(6_000));
    simulator.retire(name, named);

    EngagementSnapshot snapshot = readOne(reader, dialect);

    for (Metric metric : told(dialect)) {
      assertThat(value(snapshot, metric))
          .as(metric.name())
          .isEqualTo(metric == lost ? null : counts(6_000).get(metric));
    }
    if (dialect == Dialect.INSTAGRAM) {
      int calls = simulator.requests().size();
      readOne(reader, dialect);
      assertThat(simulator.requests()).as("it is left out from now on").hasSize(calls + 1);
    }
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void anExpiredTokenIsRenewedOnceAndOneThatCannotBeIsTold(Dialect dialect) throws StageException {
    EngagementReader reader = open(dialect);
    simulator.count(id(dialect, 1), SINCE, counts(6_000));
    simulator.renew("token-second");
    tokens.next = "token-second";

    assertThat(readOne(reader, dialect).views()).isEqualTo(6_000);
    assertThat(tokens.renewed).isEqualTo(1);

    simulator.renew("token-third");
    StageException failure =
        catchThrowableOfType(StageException.class, () -> readOne(reader, dialect));
    assertThat(failure.code()).isEqualTo(FailureCode.TOKEN_EXPIRED);
    assertThat(failure.describe()).doesNotContain("token-");
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void aQuotaThatIsUsedUpIsToldAtOnce(Dialect dialect) {
    EngagementReader reader = open(dialect);
    simulator.count(id(dialect, 1), SINCE, counts(6_000));
    simulator.unitsLeft(0);

    StageException failure =
        catchThrowableOfType(StageException.class, () -> readOne(reader, dialect));

    assertThat(failure.code())
        .isEqualTo(
            dialect == Dialect.TIKTOK ? FailureCode.PROVIDER_BUSY : FailureCode.PROVIDER_QUOTA);
    assertThat(simulator.requests()).hasSize(1);
  }

  static List<Arguments> passing() {
    List<Arguments> all =
        each(
            Fault.RATE_LIMIT,
            Fault.SERVER_ERROR,
            Fault.OVERLOADED,
            Fault.CONNECTION_RESET,
            Fault.BODY_CUT,
            Fault.SILENCE);
    all.removeIf(each -> each.get()[1] == Fault.RATE_LIMIT && isDaily((Dialect) each.get()[0]));
    return all;
  }

  static List<Arguments> lasting() {
    return each(Fault.HTML_PAGE, Fault.TRUNCATED_JSON, Fault.NONSENSE, Fault.ENDLESS_BODY);
  }

  private static List<Arguments> each(Fault... faults) {
    List<Arguments> all = new ArrayList<>();
    for (Dialect dialect : Dialect.values()) {
      for (Fault fault : faults) {
        all.add(Arguments.of(dialect, fault));
      }
    }
    return all;
  }

  @ParameterizedTest
  @EnumSource(
      value = Dialect.class,
      names = {"INSTAGRAM", "FACEBOOK", "LINKEDIN"})
  void aLimitOfAnHourOrADayIsNotWaitedFor(Dialect dialect) {
    EngagementReader reader = open(dialect);
    simulator.count(id(dialect, 1), SINCE, counts(6_000));
    simulator.next(Fault.RATE_LIMIT);

    StageException failure =
        catchThrowableOfType(StageException.class, () -> readOne(reader, dialect));

    assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_QUOTA);
    assertThat(simulator.requests()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("passing")
  void aPassingFaultIsOvercome(Dialect dialect, Fault fault) throws StageException {
    EngagementReader reader =
        open(
            dialect,
            fault == Fault.SILENCE
                ? QUICK.withTimeouts(Duration.ofMillis(700), Duration.ofSeconds(20))
                : QUICK);
    simulator.count(id(dialect, 1), SINCE, counts(6_000));
    simulator.next(fault);

    assertThat(readOne(reader, dialect).views()).isEqualTo(6_000);
  }

  /** Their limits are of an hour or a day: no pause of a call mends them. */
  private static boolean isDaily(Dialect dialect) {
    return switch (dialect) {
      case INSTAGRAM, FACEBOOK, LINKEDIN -> true;
      case YOUTUBE, TIKTOK, X -> false;
    };
  }

  @ParameterizedTest
  @MethodSource("lasting")
  void anAnswerThatIsNoneIsRefusedAndNoCounterIsInvented(Dialect dialect, Fault fault) {
    EngagementReader reader = open(dialect);
    simulator.count(id(dialect, 1), SINCE, counts(6_000));
    simulator.next(fault);

    StageException failure =
        catchThrowableOfType(StageException.class, () -> readOne(reader, dialect));

    assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_REPLY_INVALID);
    assertThat(failure.getMessage()).doesNotContain(TOKEN).doesNotContain("<html");
  }

  @Test
  void linkedInsPostWithoutAnythingCountedIsNotTakenForOneThatIsGone() throws StageException {
    EngagementReader reader = open(Dialect.LINKEDIN);
    simulator.count(id(Dialect.LINKEDIN, 1), SINCE, Map.of());

    EngagementSnapshot snapshot = readOne(reader, Dialect.LINKEDIN);

    assertThat(snapshot.removed()).isFalse();
    assertThat(snapshot.likes()).isNull();
    assertThat(simulator.requests().get(0))
        .contains("shares=List(urn%3Ali%3Ashare%3A7100000001)")
        .contains("organizationalEntity=urn%3Ali%3Aorganization%3A12");
  }
}
