package dev.reelbeam.stages.engagement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.fakes.FakeEngagementTables;
import dev.reelbeam.fakes.FakeVideoCatalog;
import dev.reelbeam.model.engagement.Dimension;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.Measures;
import dev.reelbeam.model.engagement.SnapshotCodec;
import dev.reelbeam.model.engagement.SnapshotMessage;
import dev.reelbeam.model.engagement.VideoFacts;
import dev.reelbeam.model.engagement.WindowKind;
import dev.reelbeam.model.engagement.WindowRow;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.json.EngagementJson;
import dev.reelbeam.stages.CollectDead;
import dev.reelbeam.stages.deadletter.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.joda.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MeasureEngagementTest {
  private static final long HOUR = 3600;
  private static final long DAY = 24 * HOUR;
  private static final long BEGIN = Instant.parse("2026-03-20T05:17:00Z").getEpochSecond();
  private static final long NOW_MS = Instant.parse("2026-06-01T00:00:00Z").toEpochMilli();
  private static final Map<String, Long> RATES = Map.of("tiktok", 21_000L);

  /** In these tests each shard of videos tells each of days that it is done. */
  private static final int SHARDS = 5;

  private static final SnapshotMessage TICK = new SnapshotMessage("tick", new byte[0]);
  private static final SnapshotMessage REPLAY = new SnapshotMessage("replay", new byte[0]);
  private static final TupleTag<SnapshotMessage> MESSAGES = new TupleTag<>("messages") {};
  private static final TupleTag<Long> TICKS = new TupleTag<>("ticks") {};

  private static Runnable replayInBetween = () -> {};
  private static FakeEngagementTables tables = new FakeEngagementTables();
  private static FakeVideoCatalog catalog = new FakeVideoCatalog();

  @BeforeEach
  void freshWorld() {
    tables = new FakeEngagementTables();
    catalog = new FakeVideoCatalog();
    CollectDead.LETTERS.clear();
  }

  @Test
  void streamingAndReplayAndTheSlowReferenceGiveTheSameRows() {
    Random random = new Random(7);
    List<VideoFacts> videos = new ArrayList<>();
    List<EngagementSnapshot> snapshots = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      VideoFacts facts = facts(i, BEGIN + random.nextInt(20 * (int) DAY));
      videos.add(facts);
      catalog.add(facts);
      long views = 0;
      long second = facts.publishedAtMs() / 1000;
      for (int j = 0; j < 14; j++) {
        second += HOUR + random.nextInt(20 * (int) HOUR);
        views = Math.max(0, views + random.nextInt(2000) - 100);
        Long likes = random.nextInt(4) == 0 ? null : views / 20;
        snapshots.add(
            new EngagementSnapshot(
                facts.videoId(),
                facts.platform(),
                null,
                second * 1000,
                views,
                likes,
                null,
                3L,
                null,
                views * 5,
                views / 2,
                26_000L,
                i % 2 == 0 ? views * 3 : null,
                null,
                false));
      }
    }
    for (int i = 0; i < 9; i++) {
      snapshots.add(snapshots.get(random.nextInt(snapshots.size())));
    }

    stream(delayed(snapshots, random));
    Map<String, WindowRow> streamed = tables.rows();
    assertThat(tables.late()).isEmpty();
    tables = new FakeEngagementTables();
    List<EngagementSnapshot> shuffled = new ArrayList<>(snapshots);
    Collections.shuffle(shuffled, random);
    replay(messages(shuffled));
    Map<String, WindowRow> replayed = tables.rows();

    assertThat(replayed).isEqualTo(streamed);
    assertThat(streamed).isEqualTo(recount(videos, snapshots));
    assertThat(CollectDead.LETTERS).isEmpty();
    // By site there are two rows of days, by the clock of each.
    assertThat(streamed.keySet()).anyMatch(name -> name.startsWith("site acme day"));
    assertThat(streamed.values())
        .anyMatch(row -> row.measures()[Measures.ESTIMATED_REVENUE_MICROS] > 0);
  }

  @Test
  void aSecondRunOverTheSameMessagesChangesNothing() {
    VideoFacts facts = facts(0, BEGIN);
    catalog.add(facts);
    List<EngagementSnapshot> snapshots = new ArrayList<>();
    for (int i = 1; i <= 10; i++) {
      snapshots.add(counted(facts, BEGIN + i * 6 * HOUR, 100L * i));
    }
    stream(snapshots);
    Map<String, WindowRow> first = tables.rows();
    // A job that lost its state begins anew in the middle of things: what it knows is less.
    stream(snapshots.subList(6, 10));
    assertThat(tables.rows()).isEqualTo(first);
    stream(snapshots);
    assertThat(tables.rows()).isEqualTo(first);
  }

  @Test
  void aReplayBesideARunningJobAndTheJobAfterItCountTheSame() {
    List<VideoFacts> videos = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      videos.add(facts(3 * i, BEGIN));
    }
    VideoFacts a = videos.get(0);
    VideoFacts b = videos.get(1);
    // Nobody told the job of these: a file of snapshots that a replay takes in.
    List<EngagementSnapshot> file = new ArrayList<>();
    for (VideoFacts facts : videos.subList(2, 4)) {
      for (int i = 1; i <= 20; i++) {
        file.add(counted(facts, BEGIN + i * DAY, 500L * i));
      }
    }
    videos.forEach(catalog::add);
    // Was shown under a style that it does not have, until the list is corrected.
    catalog.add(withHook(b, "mistaken"));
    List<EngagementSnapshot> told = new ArrayList<>();
    told.add(counted(a, BEGIN + DAY, 100L));
    told.add(counted(b, BEGIN + DAY, 900L));
    told.add(counted(a, BEGIN + 20 * DAY, 40_000L));
    // Too late by a week.
    told.add(counted(a, BEGIN + 5 * DAY, 25_100L));
    List<EngagementSnapshot> after = new ArrayList<>();
    after.add(counted(b, BEGIN + 21 * DAY, 90_000L));
    after.add(counted(a, BEGIN + 22 * DAY, 50_000L));

    List<SnapshotMessage> steps = new ArrayList<>();
    steps.add(TICK);
    steps.addAll(messages(told));
    steps.add(REPLAY);
    steps.add(TICK);
    steps.addAll(messages(after));
    replayInBetween =
        () -> {
          assertThat(tables.late()).hasSize(1);
          assertThat(tables.rows().keySet()).anyMatch(name -> name.startsWith("hook_style mist"));
          catalog.add(b);
          tables.keep(file);
          replayAll();
        };
    job(steps);

    List<EngagementSnapshot> all = new ArrayList<>(told);
    all.addAll(after);
    all.addAll(file);
    assertSame(withoutGenerations(), recount(videos, all));
    assertThat(tables.late()).as("nothing of the history is late again").hasSize(1);
  }

  @Test
  void whatIsEstimatedIsNeverCountedByTwoSetsOfRates() {
    VideoFacts tiktok = facts(1, BEGIN);
    VideoFacts youtube = facts(3, BEGIN);
    catalog.add(tiktok);
    catalog.add(youtube);
    List<EngagementSnapshot> before = new ArrayList<>();
    before.add(counted(tiktok, BEGIN + DAY, 50_000L));
    before.add(counted(youtube, BEGIN + DAY, 50_000L));
    List<EngagementSnapshot> after = new ArrayList<>();
    // Bends what was counted by the other rates.
    after.add(counted(tiktok, BEGIN + DAY / 2, 5_000L));
    after.add(counted(tiktok, BEGIN + 2 * DAY, 80_000L));
    List<SnapshotMessage> steps = new ArrayList<>(List.of(TICK));
    steps.addAll(messages(before));
    steps.add(REPLAY);
    steps.add(TICK);
    steps.addAll(messages(after));
    long[] replayed = new long[1];
    replayInBetween =
        () -> {
          replayed[0] = replayAll(Map.of("youtube", 3_000L));
          assertThat(row(Dimension.PLATFORM, "tiktok", WindowKind.DAY, BEGIN / DAY * DAY))
              .satisfies(row -> assertThat(estimated(row)).isZero());
        };
    job(steps);

    List<EngagementSnapshot> all = new ArrayList<>(before);
    all.addAll(after);
    Map<String, WindowRow> expected = recount(List.of(tiktok, youtube), all);
    assertSame(withoutGenerations(), expected);
    assertThat(tables.rows().values())
        .as("the job begins a generation of its own")
        .allMatch(row -> row.generation() > replayed[0]);
    assertThat(expected.values()).anyMatch(row -> estimated(row) > 0);
    assertThat(expected.values())
        .filteredOn(row -> row.key().equals("youtube"))
        .isNotEmpty()
        .allMatch(row -> estimated(row) == 0);
  }

  private static long estimated(WindowRow row) {
    return row.measures()[Measures.ESTIMATED_REVENUE_MICROS];
  }

  @Test
  void aJobThatLostItsStateBeginsWithTheHistory() {
    VideoFacts a = facts(0, BEGIN);
    VideoFacts b = facts(3, BEGIN);
    catalog.add(a);
    catalog.add(b);
    List<EngagementSnapshot> before = new ArrayList<>();
    for (int i = 1; i <= 6; i++) {
      before.add(counted(a, BEGIN + i * 6 * HOUR, 1000L * i));
      before.add(counted(b, BEGIN + i * 6 * HOUR, 10L * i * i));
    }
    List<SnapshotMessage> steps = new ArrayList<>(messages(before));
    steps.add(0, TICK);
    job(steps);
    // Of the other video nothing comes any more, and what comes before the history was read waits.
    List<EngagementSnapshot> after = new ArrayList<>();
    for (int i = 7; i <= 40; i++) {
      after.add(counted(a, BEGIN + i * 6 * HOUR, 1000L * i + i % 3));
    }
    steps = new ArrayList<>(messages(after));
    steps.add(30, TICK);
    job(steps);

    List<EngagementSnapshot> all = new ArrayList<>(before);
    all.addAll(after);
    assertSame(withoutGenerations(), recount(List.of(a, b), all));
  }

  @Test
  void aVideoIsGoneOnlyAfterItsLastCountersAndIsBackWithNewerOnes() {
    VideoFacts facts = facts(0, BEGIN);
    catalog.add(facts);
    String key = facts.videoKey();
    stream(List.of(counted(facts, BEGIN + 3 * DAY, 100L), gone(facts, BEGIN + 2 * DAY)));
    assertThat(tables.removed()).as("it was seen later").isEmpty();
    stream(List.of(gone(facts, BEGIN + 4 * DAY), counted(facts, BEGIN + 3 * DAY, 100L)));
    assertThat(tables.removed()).containsExactly(Map.entry(key, (BEGIN + 4 * DAY) * 1000));
    List<SnapshotMessage> steps = new ArrayList<>(List.of(TICK));
    steps.addAll(messages(List.of(gone(facts, BEGIN + 4 * DAY))));
    steps.addAll(messages(List.of(counted(facts, BEGIN + 5 * DAY, 120L))));
    job(steps);
    assertThat(tables.removed()).isEmpty();
  }

  @Test
  void whatComesTooLateForTheSumsOfItsDaysIsLeftToAReplay() {
    VideoFacts young = facts(0, BEGIN);
    VideoFacts old = facts(3, BEGIN);
    catalog.add(young);
    catalog.add(old);
    // The first that is told of it is 68 days behind: its sums are given up, its own rows are not.
    stream(List.of(counted(young, BEGIN + 70 * DAY, 1_000L), counted(old, BEGIN + 2 * DAY, 500L)));
    assertThat(tables.late()).hasSize(1);
    assertThat(tables.late().get(0).videoKey()).isEqualTo(old.videoKey());

    replayAll();
    assertSame(withoutGenerations(), recount(List.of(young, old), tables.snapshots()));
  }

  @Test
  void aVideoThatComesBackAfterMonthsGoesOnWhereItWas() {
    VideoFacts quiet = facts(0, BEGIN - 200 * DAY);
    VideoFacts busy = facts(3, BEGIN - 200 * DAY);
    catalog.add(quiet);
    catalog.add(busy);
    List<SnapshotMessage> steps = new ArrayList<>();
    steps.add(TICK);
    List<EngagementSnapshot> all = new ArrayList<>();
    all.add(counted(quiet, BEGIN - 199 * DAY, 4_000L));
    for (int i = -198; i <= 40; i += 14) {
      all.add(counted(busy, BEGIN + i * DAY, 10_000L + i));
    }
    all.add(counted(quiet, BEGIN + 41 * DAY, 4_900L));
    steps.addAll(messages(all));
    job(steps);

    Map<String, WindowRow> expected = recount(List.of(quiet, busy), all);
    // Sums of months ago are not kept, and so never hear that their last hour is covered.
    expected.keySet().removeIf(name -> !name.startsWith("video "));
    Map<String, WindowRow> told = withoutGenerations();
    told.keySet().removeIf(name -> !name.startsWith("video "));
    assertSame(told, expected);
  }

  /** Thousands of rows: names the first one that differs. */
  private static void assertSame(Map<String, WindowRow> told, Map<String, WindowRow> expected) {
    expected.forEach((name, row) -> assertThat(told.get(name)).as(name).isEqualTo(row));
    assertThat(told).hasSameSizeAs(expected);
  }

  private static EngagementSnapshot gone(VideoFacts facts, long second) {
    return EngagementSnapshot.removed(facts.videoId(), facts.platform(), null, second * 1000);
  }

  @Test
  void badInputIsADeadLetterAndTheRestGoesOn() {
    VideoFacts youtube = facts(0, BEGIN);
    VideoFacts tiktok =
        new VideoFacts(
            youtube.videoId(),
            "tiktok",
            "tiktok",
            "acme",
            "UTC",
            null,
            null,
            null,
            null,
            "p",
            BEGIN * 1000,
            0,
            0);
    catalog.add(youtube);
    catalog.add(tiktok);
    List<SnapshotMessage> messages = new ArrayList<>();
    messages.add(message("good", counted(youtube, BEGIN + DAY, 240L)));
    messages.add(message("same id elsewhere", counted(tiktok, BEGIN + DAY, 480L)));
    messages.add(message("negative", counted(youtube, BEGIN + 2 * DAY, -1L)));
    messages.add(message("2^53", counted(youtube, BEGIN + 2 * DAY, 1L << 53)));
    messages.add(message("beyond 2^53", counted(youtube, BEGIN + 2 * DAY, (1L << 53) + 1)));
    messages.add(message("nine minutes", counted(youtube, NOW_MS / 1000 + 540, 9L)));
    messages.add(message("an hour ahead", counted(youtube, NOW_MS / 1000 + HOUR, 9L)));
    messages.add(message("1970", counted(youtube, 5, 9L)));
    messages.add(message("before it was there", counted(youtube, BEGIN - 2 * DAY, 9L)));
    messages.add(message("nobody knows it", counted(facts(9, BEGIN), BEGIN + DAY, 9L)));
    messages.add(new SnapshotMessage("not JSON", "{".getBytes(StandardCharsets.UTF_8)));
    messages.add(new SnapshotMessage("empty", new byte[0]));
    messages.add(message("NUL", counted(withId(youtube, "a\0b"), BEGIN + DAY, 9L)));
    messages.add(message("long", counted(withId(youtube, "長".repeat(171)), BEGIN + DAY, 9L)));
    messages.add(message("no id", counted(withId(youtube, ""), BEGIN + DAY, 9L)));
    messages.add(message("raw", withRaw(counted(youtube, BEGIN + DAY, 9L), "sha256/\0")));
    messages.add(new SnapshotMessage("cut", new byte[] {1, 3, 9}));
    messages.add(
        new SnapshotMessage(
            "elsewhere",
            "{\"video_id\":\"v\",\"platform\":\"vimeo\",\"fetched_at\":\"2026-04-01T00:00:00Z\"}"
                .getBytes(StandardCharsets.UTF_8)));
    messages.add(
        message(
            "removed",
            EngagementSnapshot.removed(youtube.videoId(), "youtube", null, NOW_MS + 600_000)));
    replay(messages);

    assertThat(CollectDead.LETTERS)
        .extracting(DeadLetter::number)
        .containsExactlyInAnyOrder(
            4201, 4201, 4201, 4201, 4201, 4201, 4201, 4202, 4203, 4204, 4205, 4206, 4206, 4207);
    assertThat(CollectDead.LETTERS).allMatch(letter -> letter.stage().equals("measure"));
    assertThat(row(Dimension.VIDEO, youtube.videoKey(), WindowKind.FIRST_24H, BEGIN).measures()[0])
        .isEqualTo(240);
    assertThat(row(Dimension.VIDEO, tiktok.videoKey(), WindowKind.FIRST_24H, BEGIN).measures()[0])
        .isEqualTo(480);
    // What can be read is kept, of videos that nobody knows, too: the tables decide about those.
    assertThat(tables.snapshots())
        .extracting(EngagementSnapshot::views)
        .containsExactlyInAnyOrder(240L, 480L, 1L << 53, 9L, 9L, 9L);
    assertThat(tables.removed()).containsExactly(Map.entry(youtube.videoKey(), NOW_MS + 600_000));
  }

  @Test
  void whatComesTooLateIsKeptAndAReplayAppliesIt() {
    VideoFacts facts = facts(0, BEGIN);
    catalog.add(facts);
    EngagementSnapshot late = counted(facts, BEGIN + 5 * DAY, 1000L);
    List<EngagementSnapshot> onTime =
        List.of(counted(facts, BEGIN + DAY, 100L), counted(facts, BEGIN + 20 * DAY, 2000L));
    List<EngagementSnapshot> all = new ArrayList<>(onTime);
    all.add(late);
    stream(all);
    assertThat(tables.late()).hasSize(1);
    assertThat(tables.late().get(0).tooLateS()).isEqualTo(8 * DAY);
    assertThat(
            EngagementJson.readSnapshot(
                    tables.late().get(0).snapshotJson().getBytes(StandardCharsets.UTF_8))
                .views())
        .isEqualTo(1000);
    replay(messages(all));
    Map<String, WindowRow> expected = recount(List.of(facts), all);
    // The replay knows more, so its rows win over what the running job had written.
    assertThat(tables.rows()).isEqualTo(expected);
  }

  @Test
  void rowsAndMessagesCrossTheNetworkWhole() throws Exception {
    long[] measures = new long[Measures.SIZE];
    measures[0] = -7;
    measures[Measures.VERSION] = 1L << 60;
    CoderProperties.coderDecodeEncodeEqual(
        new WindowRowCoder(),
        new WindowRow(Dimension.TOPIC, "pumps|é", WindowKind.FIRST_7D, -1, measures));
    CoderProperties.coderDecodeEncodeEqual(
        new SnapshotMessageCoder(), new SnapshotMessage("topic-0@7", new byte[] {1, 2, 3}));
  }

  private static VideoFacts withId(VideoFacts facts, String id) {
    return new VideoFacts(
        id,
        facts.platform(),
        facts.preset(),
        facts.siteId(),
        facts.timeZone(),
        facts.hookStyle(),
        facts.voice(),
        facts.durationClass(),
        facts.topic(),
        facts.project(),
        facts.publishedAtMs(),
        facts.costMicros(),
        facts.credits());
  }

  private static EngagementSnapshot withRaw(EngagementSnapshot snapshot, String rawRef) {
    return new EngagementSnapshot(
        snapshot.videoId(),
        snapshot.platform(),
        null,
        snapshot.fetchedAtMs(),
        snapshot.views(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        rawRef,
        false);
  }

  private static VideoFacts withHook(VideoFacts facts, String hookStyle) {
    return new VideoFacts(
        facts.videoId(),
        facts.platform(),
        facts.preset(),
        facts.siteId(),
        facts.timeZone(),
        hookStyle,
        facts.voice(),
        facts.durationClass(),
        facts.topic(),
        facts.project(),
        facts.publishedAtMs(),
        facts.costMicros(),
        facts.credits());
  }

  private static Map<String, WindowRow> withoutGenerations() {
    Map<String, WindowRow> rows = new HashMap<>();
    tables
        .rows()
        .forEach(
            (name, row) ->
                rows.put(
                    name,
                    new WindowRow(
                        row.dimension(), row.key(), row.kind(), row.startS(), row.measures())));
    return rows;
  }

  private static void replayAll() {
    replayAll(RATES);
  }

  /**
   * What the command does.
   *
   * @return the generation that it counted
   */
  private static long replayAll(Map<String, Long> rates) {
    MeasureSettings replay = MeasureSettings.replay().withRates(rates);
    long generation = tables.raise(replay.ratesText());
    List<SnapshotMessage> kept = messages(tables.snapshots());
    run(
        pipeline -> pipeline.apply(Create.of(kept).withCoder(new SnapshotMessageCoder())),
        replay.withShards(SHARDS).withGeneration(generation));
    tables.settle(generation);
    return generation;
  }

  /** A job as it runs on the cluster: message by message, with looks at the history in between. */
  private static void job(List<SnapshotMessage> steps) {
    TestStream.Builder<SnapshotMessage> stream = TestStream.create(new SnapshotMessageCoder());
    for (SnapshotMessage step : steps) {
      stream =
          stream
              .addElements(step)
              .advanceProcessingTime(Duration.standardMinutes(2))
              .advanceProcessingTime(Duration.standardMinutes(2));
    }
    TestStream<SnapshotMessage> whole = stream.advanceWatermarkToInfinity();
    Pipeline pipeline = pipeline();
    try (var handler = pipeline.registerBadRecordErrorHandler(new CollectDead())) {
      PCollectionTuple parts =
          pipeline
              .apply(whole)
              .apply(
                  "Steps", ParDo.of(new StepFn()).withOutputTags(MESSAGES, TupleTagList.of(TICKS)));
      PCollection<SnapshotMessage> messages =
          parts.get(MESSAGES).setCoder(new SnapshotMessageCoder());
      messages.apply("Keep snapshots", KeepSnapshots.in(() -> tables).withClock(nothing -> NOW_MS));
      messages
          .apply(
              "Measure engagement",
              MeasureEngagement.with(
                      MeasureSettings.streaming().withRates(RATES).withShards(SHARDS),
                      () -> catalog,
                      new DeadLetters.Lane(handler))
                  .withClock(nothing -> NOW_MS)
                  .seededFrom(() -> tables, parts.get(TICKS)))
          .apply("Write engagement", WriteEngagement.to(() -> tables));
    }
    pipeline.run().waitUntilFinish();
  }

  private static final class StepFn extends DoFn<SnapshotMessage, SnapshotMessage> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element SnapshotMessage step, MultiOutputReceiver receiver) {
      if (step.equals(TICK)) {
        receiver.get(TICKS).output(1L);
      } else if (step.equals(REPLAY)) {
        replayInBetween.run();
      } else {
        receiver.get(MESSAGES).output(step);
      }
    }
  }

  private static WindowRow row(Dimension dimension, String key, WindowKind kind, long start) {
    return tables
        .rows()
        .get(
            FakeEngagementTables.name(
                new WindowRow(dimension, key, kind, start, new long[Measures.SIZE])));
  }

  private static Map<String, WindowRow> recount(
      List<VideoFacts> videos, List<EngagementSnapshot> snapshots) {
    Map<String, WindowRow> rows = new HashMap<>();
    for (VideoFacts facts : videos) {
      List<EngagementSnapshot> own =
          snapshots.stream().filter(each -> each.videoKey().equals(facts.videoKey())).toList();
      List<EngagementSnapshot> watched = new ArrayList<>();
      for (EngagementSnapshot each : own) {
        Long watch =
            each.avgViewDurationMs() == null
                ? null
                : each.views() * each.avgViewDurationMs() / 1000;
        watched.add(
            new EngagementSnapshot(
                each.videoId(),
                each.platform(),
                null,
                each.fetchedAtMs(),
                each.views(),
                each.likes(),
                each.comments(),
                each.shares(),
                watch,
                each.impressions(),
                each.clicks(),
                null,
                each.revenueMicros(),
                null,
                false));
      }
      SiteDays days = SiteDays.of(facts.timeZone());
      new Recount(facts, RATES.getOrDefault(facts.platform(), 0L), watched)
          .windows()
          .forEach(
              (window, measures) -> {
                for (int i = 0; i < Dimension.count(); i++) {
                  String key = Dimension.of(i).key(facts);
                  if (key == null) {
                    continue;
                  }
                  boolean first =
                      window.kind() == WindowKind.FIRST_24H || window.kind() == WindowKind.FIRST_7D;
                  long start = first && i > 0 ? days.dayOf(window.start()) * DAY : window.start();
                  WindowRow row =
                      new WindowRow(Dimension.of(i), key, window.kind(), start, measures.clone());
                  rows.merge(
                      FakeEngagementTables.name(row),
                      row,
                      (sum, next) -> {
                        Measures.add(sum.measures(), next.measures(), 1);
                        return sum;
                      });
                }
              });
    }
    return rows;
  }

  private static VideoFacts facts(int number, long publishedS) {
    String platform = number % 3 == 0 ? "youtube" : number % 3 == 1 ? "tiktok" : "instagram";
    return new VideoFacts(
        "v" + number,
        platform,
        platform,
        number % 2 == 0 ? "acme" : "blog",
        number % 2 == 0 ? "Europe/Berlin" : "America/Los_Angeles",
        number % 4 == 0 ? "question" : "number",
        "anna",
        "short",
        number == 5 ? null : "pumps",
        "project-" + number / 3,
        publishedS * 1000,
        1000 + number,
        17);
  }

  private static EngagementSnapshot counted(VideoFacts facts, long second, long views) {
    return new EngagementSnapshot(
        facts.videoId(),
        facts.platform(),
        null,
        second * 1000,
        views,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        false);
  }

  private static SnapshotMessage message(String position, EngagementSnapshot snapshot) {
    return new SnapshotMessage(position, SnapshotCodec.encode(snapshot));
  }

  /** Every other one in the other form. */
  private static List<SnapshotMessage> messages(List<EngagementSnapshot> snapshots) {
    List<SnapshotMessage> messages = new ArrayList<>();
    for (EngagementSnapshot snapshot : snapshots) {
      boolean json = messages.size() % 2 == 0;
      messages.add(
          new SnapshotMessage(
              "test@" + messages.size(),
              json ? EngagementJson.write(snapshot) : SnapshotCodec.encode(snapshot)));
    }
    return messages;
  }

  private static List<EngagementSnapshot> delayed(
      List<EngagementSnapshot> snapshots, Random random) {
    Map<EngagementSnapshot, Long> at = new HashMap<>();
    snapshots.forEach(
        each -> at.put(each, each.fetchedAtMs() / 1000 + random.nextInt(7 * (int) DAY)));
    List<EngagementSnapshot> arrivals = new ArrayList<>(snapshots);
    arrivals.sort(Comparator.comparing(at::get));
    return arrivals;
  }

  private static void stream(List<EngagementSnapshot> snapshots) {
    TestStream.Builder<SnapshotMessage> stream = TestStream.create(new SnapshotMessageCoder());
    List<SnapshotMessage> messages = messages(snapshots);
    for (int i = 0; i < messages.size(); i += 25) {
      List<SnapshotMessage> some = messages.subList(i, Math.min(messages.size(), i + 25));
      stream =
          stream
              .addElements(
                  some.get(0), some.subList(1, some.size()).toArray(new SnapshotMessage[0]))
              .advanceProcessingTime(Duration.standardMinutes(2));
    }
    TestStream<SnapshotMessage> whole = stream.advanceWatermarkToInfinity();
    run(
        pipeline -> pipeline.apply(whole),
        MeasureSettings.streaming().withRates(RATES).withShards(SHARDS));
  }

  private static Pipeline pipeline() {
    DirectOptions options = PipelineOptionsFactory.as(DirectOptions.class);
    // It would copy a shard's whole state at each look.
    options.setEnforceImmutability(false);
    options.setEnforceEncodability(false);
    return Pipeline.create(options);
  }

  private static void replay(List<SnapshotMessage> messages) {
    run(
        pipeline -> pipeline.apply(Create.of(messages).withCoder(new SnapshotMessageCoder())),
        MeasureSettings.replay().withRates(RATES).withShards(SHARDS));
  }

  private static void run(
      java.util.function.Function<Pipeline, PCollection<SnapshotMessage>> source,
      MeasureSettings settings) {
    Pipeline pipeline = pipeline();
    try (var handler = pipeline.registerBadRecordErrorHandler(new CollectDead())) {
      PCollection<SnapshotMessage> messages = source.apply(pipeline);
      messages.apply("Keep snapshots", KeepSnapshots.in(() -> tables).withClock(nothing -> NOW_MS));
      messages
          .apply(
              "Measure engagement",
              MeasureEngagement.with(settings, () -> catalog, new DeadLetters.Lane(handler))
                  .withClock(nothing -> NOW_MS))
          .apply("Write engagement", WriteEngagement.to(() -> tables));
    }
    pipeline.run().waitUntilFinish();
  }
}
