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
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MeasureEngagementTest {
  private static final long HOUR = 3600;
  private static final long DAY = 24 * HOUR;
  private static final long BEGIN = Instant.parse("2026-03-20T05:17:00Z").getEpochSecond();
  private static final long NOW_MS = Instant.parse("2026-06-01T00:00:00Z").toEpochMilli();
  private static final Map<String, Long> RATES = Map.of("tiktok", 21_000L);

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
    messages.add(message("ten minutes", counted(youtube, NOW_MS / 1000 + 600, 9L)));
    messages.add(message("an hour ahead", counted(youtube, NOW_MS / 1000 + HOUR, 9L)));
    messages.add(message("1970", counted(youtube, 5, 9L)));
    messages.add(message("before it was there", counted(youtube, BEGIN - 2 * DAY, 9L)));
    messages.add(message("nobody knows it", counted(facts(9, BEGIN), BEGIN + DAY, 9L)));
    messages.add(new SnapshotMessage("not JSON", "{".getBytes(StandardCharsets.UTF_8)));
    messages.add(new SnapshotMessage("empty", new byte[0]));
    messages.add(new SnapshotMessage("cut", new byte[] {1, 3, 9}));
    messages.add(
        new SnapshotMessage(
            "elsewhere",
            "{\"video_id\":\"v\",\"platform\":\"vimeo\",\"fetched_at\":\"2026-04-01T00:00:00Z\"}"
                .getBytes(StandardCharsets.UTF_8)));
    messages.add(
        message(
            "removed",
            EngagementSnapshot.removed(
                youtube.videoId(), "youtube", null, (BEGIN + 3 * DAY) * 1000)));
    replay(messages);

    assertThat(CollectDead.LETTERS)
        .extracting(DeadLetter::number)
        .containsExactlyInAnyOrder(4201, 4201, 4201, 4202, 4203, 4204, 4205, 4206, 4206, 4207);
    assertThat(CollectDead.LETTERS).allMatch(letter -> letter.stage().equals("measure"));
    assertThat(row(Dimension.VIDEO, youtube.videoKey(), WindowKind.FIRST_24H, BEGIN).measures()[0])
        .isEqualTo(240);
    assertThat(row(Dimension.VIDEO, tiktok.videoKey(), WindowKind.FIRST_24H, BEGIN).measures()[0])
        .isEqualTo(480);
    // What can be read is kept, of videos that nobody knows, too: the tables decide about those.
    assertThat(tables.snapshots())
        .extracting(EngagementSnapshot::views)
        .containsExactlyInAnyOrder(240L, 480L, 1L << 53, 9L, 9L, 9L);
    assertThat(tables.removed())
        .containsExactly(Map.entry(youtube.videoKey(), (BEGIN + 3 * DAY) * 1000));
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
    run(pipeline -> pipeline.apply(whole), MeasureSettings.streaming().withRates(RATES));
  }

  private static void replay(List<SnapshotMessage> messages) {
    run(
        pipeline -> pipeline.apply(Create.of(messages).withCoder(new SnapshotMessageCoder())),
        MeasureSettings.replay().withRates(RATES));
  }

  private static void run(
      java.util.function.Function<Pipeline, PCollection<SnapshotMessage>> source,
      MeasureSettings settings) {
    DirectOptions options = PipelineOptionsFactory.as(DirectOptions.class);
    // It would copy a shard's whole state at each look.
    options.setEnforceImmutability(false);
    options.setEnforceEncodability(false);
    Pipeline pipeline = Pipeline.create(options);
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
