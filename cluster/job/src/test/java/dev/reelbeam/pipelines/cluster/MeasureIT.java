package dev.reelbeam.pipelines.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.clients.ledger.PostgresEngagementHistory;
import dev.reelbeam.clients.topic.TopicWriter;
import dev.reelbeam.connectors.DeadLetterIO;
import dev.reelbeam.fakes.FakeEngagementTables;
import dev.reelbeam.model.engagement.Counter;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.Measures;
import dev.reelbeam.model.engagement.SnapshotCodec;
import dev.reelbeam.model.engagement.SnapshotMessage;
import dev.reelbeam.model.engagement.WindowRow;
import dev.reelbeam.model.json.EngagementJson;
import dev.reelbeam.pipelines.job.MeasureEngagementJob;
import dev.reelbeam.pipelines.job.MeasureEngagementOptions;
import dev.reelbeam.pipelines.wiring.WorldProviders;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import dev.reelbeam.simulators.EngagementSimulator;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.engagement.MeasureEngagement;
import dev.reelbeam.stages.engagement.MeasureSettings;
import dev.reelbeam.stages.engagement.SnapshotMessageCoder;
import dev.reelbeam.stages.engagement.WriteEngagement;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job that measures between the services of a cluster: platforms that are asked by the poller,
 * a real broker, and the tables of a real database. Flink runs in this JVM; what becomes of a
 * worker that is killed shows where a whole cluster runs.
 */
class MeasureIT {
  private static final int PORT_OFFSET = 800;
  private static final int VIDEOS = 24;
  private static final int SNAPSHOTS = 20;
  private static final int TOO_LATE = 6;
  private static final long HOUR_S = 3600;
  private static final long DAY_S = 24 * HOUR_S;

  private static FakeEngagementTables recounted = new FakeEngagementTables();

  private final Path home =
      RunningServices.ROOT.resolve("cluster/job/target/measure-it").toAbsolutePath();
  private final Random random = new Random(5);
  private final long nowS = Instant.now().getEpochSecond();
  private @Nullable RunningServices services;
  @TempDir private Path folder;

  /** A snapshot on its way, and when it comes. */
  private record Coming(long atS, EngagementSnapshot snapshot) {}

  @BeforeEach
  void startServices() throws Exception {
    services =
        RunningServices.start(home, PORT_OFFSET, Map.of("measure.revenue.rates", "tiktok=21000"));
  }

  @AfterEach
  void stopServices() {
    if (services != null) {
      services.close();
    }
  }

  @Test
  @Timeout(value = 6, unit = TimeUnit.MINUTES)
  void whatPlatformsTellBecomesRowsThatAReplayCountsTheSame() throws Exception {
    try (EngagementSimulator youtube =
            EngagementSimulator.start(EngagementSimulator.Dialect.YOUTUBE, "yt-token");
        EngagementSimulator tiktok =
            EngagementSimulator.start(EngagementSimulator.Dialect.TIKTOK, "tt-token")) {
      Path accounts = accounts(youtube, tiktok);
      importVideos();
      PipelineResult job = job();
      try {
        List<EngagementSnapshot> history = history();
        send(history);
        count(youtube, "AAAAAAAAAAA", 30_000);
        count(tiktok, "7300000000000000001", 50_000);
        assertThat(poll(accounts)).contains("2 read");

        List<String> streamed = awaitRowsOfEverySnapshot(history);
        assertTotals(history);
        assertFirstDay("youtube/followed-1", 30_000);
        assertFirstDay("tiktok/followed-2", 50_000);

        assertThat(streamed).anyMatch(row -> row.startsWith("platform|tiktok|day|"));
        assertThat(count("select sum(estimated_revenue_micros) from engagement_window"))
            .as("by the rates that a replay reads, too")
            .isPositive();
        assertThat(streamed).as("a recount of the same history").isEqualTo(recount());

        assertWhatIsWrongIsSetAside();
        // Before any replay: after one the job counts all that is kept anew, late ones, too.
        assertWhatIsTooLateWaitsForAReplay(streamed);
        List<String> replayed = dump();
        execute("truncate engagement_window");
        assertThat(replay()).contains("count now: 0");
        assertThat(dump()).as("a second replay of the same history").isEqualTo(replayed);
        assertRemovedAfterASecondLook(youtube, accounts);
        assertWhatWaitsForAdmissionIsAnAlert();
      } finally {
        job.cancel();
      }
    }
  }

  /** The rows of the running job, once they are those of an undisturbed count in memory. */
  private List<String> awaitRowsOfEverySnapshot(List<EngagementSnapshot> history) throws Exception {
    long different =
        history.stream()
            .map(snapshot -> snapshot.videoKey() + snapshot.fetchedAtMs())
            .distinct()
            .count();
    // The two that were polled are there as well.
    RunningServices.await(
        () -> count("select count(*) from video_engagement") == different + 2, "the snapshots");
    List<String> expected = recount();
    RunningServices.await(
        () ->
            count("select count(*) from engagement_window") == expected.size()
                && dump().equals(expected),
        "the rows of the undisturbed count");
    assertThat(texts("select count(*) from dead_letter")).containsExactly("0");
    assertThat(texts("select count(*) from engagement_late")).containsExactly("0");
    return expected;
  }

  /** Whatever windows are, hours add up to what platforms showed last. */
  private void assertTotals(List<EngagementSnapshot> history) throws Exception {
    Map<String, Long> last =
        history.stream()
            .collect(
                Collectors.toMap(
                    EngagementSnapshot::videoKey,
                    snapshot -> snapshot,
                    (one, other) -> one.fetchedAtMs() > other.fetchedAtMs() ? one : other))
            .values()
            .stream()
            .collect(
                Collectors.toMap(
                    EngagementSnapshot::videoKey,
                    snapshot -> Objects.requireNonNull(snapshot.views())));
    for (Map.Entry<String, Long> video : last.entrySet()) {
      assertThat(
              count(
                  "select coalesce(sum(views), 0) from engagement_window where dimension = 'video'"
                      + " and kind = 'hour' and key = '%s'".formatted(video.getKey())))
          .as(video.getKey())
          .isEqualTo(video.getValue());
    }
    long all = last.values().stream().mapToLong(Long::longValue).sum() + 80_000;
    for (String dimension : List.of("platform", "site", "hook_style", "project")) {
      assertThat(
              count(
                  "select sum(views) from engagement_window where kind = 'day' and dimension = '%s'"
                      .formatted(dimension)))
          .as(dimension)
          .isEqualTo(all);
    }
  }

  /** Published thirty hours ago and seen once: the first day has its share of a straight line. */
  private void assertFirstDay(String video, long views) throws Exception {
    assertThat(
            texts(
                "select w.views || ' ' || w.provisional from engagement_window w where w.kind ="
                    + " 'first_24h' and w.dimension = 'video' and w.key = '"
                    + video
                    + "'"))
        .containsExactly(
            Math.floorDiv(views * DAY_S, fetchedS(video) - followedSinceS()) + " false");
  }

  private long fetchedS(String video) throws Exception {
    return count(
        "select floor(extract(epoch from fetched_at))::bigint from video_engagement where video_key"
            + " = '"
            + video
            + "'");
  }

  private void assertWhatIsWrongIsSetAside() throws Exception {
    List<byte[]> broken = broken();
    try (TopicWriter topic = TopicWriter.open(world().kafka())) {
      broken.forEach(message -> topic.send(Topic.ENGAGEMENT, "broken", message));
      topic.flush();
    }
    RunningServices.await(
        () -> count("select count(*) from dead_letter where stage = 'measure'") == broken.size(),
        "letters");
    List<String> letters =
        texts(
            "select number || ' ' || message from dead_letter where stage = 'measure' order by"
                + " number");
    assertThat(letters.stream().map(letter -> letter.substring(0, 4)))
        .containsExactly("4201", "4202", "4203", "4204", "4205", "4206", "4207");
    assertThat(letters).allMatch(letter -> letter.length() > "4201 ".length() + 10);
  }

  private void assertWhatIsTooLateWaitsForAReplay(List<String> before) throws Exception {
    List<EngagementSnapshot> late = new ArrayList<>();
    for (int i = 0; i < TOO_LATE; i++) {
      late.add(snapshot(i, nowS - HOUR_S - 8 * DAY_S, 5_000));
    }
    send(late);
    RunningServices.await(
        () -> count("select count(*) from engagement_late") == TOO_LATE, "late ones");
    assertThat(dump()).as("what came too late changes nothing").isEqualTo(before);
    assertThat(replay()).contains("count now: " + TOO_LATE);
    assertThat(dump()).isEqualTo(recount()).isNotEqualTo(before);
  }

  private void assertRemovedAfterASecondLook(EngagementSimulator youtube, Path accounts)
      throws Exception {
    youtube.remove("AAAAAAAAAAA");
    for (int look = 0; look < 2; look++) {
      assertThat(reelbeam("engagement", "now", "followed-1")).contains("due now");
      assertThat(poll(accounts)).contains(look + " removed");
    }
    RunningServices.await(
        () ->
            texts("select video_id from imported_video where removed_at is not null")
                .equals(List.of("followed-1")),
        "the removed video");
  }

  /** Nothing moves, and nobody is told of drafts: the books are asked. */
  private void assertWhatWaitsForAdmissionIsAnAlert() throws Exception {
    execute(
        "insert into video_project (record_id, revision, title, target_platforms, settings, status,"
            + " lane, priority, epoch, entry, edits) select 'draft-' || n, 1, 't', '{preview}',"
            + " '{}', 'draft', 'live', 1, 1, '{}', '{}' from generate_series(1, 150) n");
    List<String> alerts = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            world().kafka().clientProperties(),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(world().kafka().topic(Topic.ALERTS)).stream()
              .map(each -> new TopicPartition(each.topic(), each.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      RunningServices.await(
          () -> {
            consumer
                .poll(Duration.ofMillis(500))
                .forEach(alert -> alerts.add(new String(alert.value(), StandardCharsets.UTF_8)));
            return alerts.stream().anyMatch(alert -> alert.contains("queue_depth"));
          },
          "an alert");
    }
    assertThat(alerts)
        .filteredOn(alert -> alert.contains("queue_depth"))
        .allMatch(alert -> alert.contains("\"name\":\"all\""))
        .allMatch(alert -> alert.contains("\"value\":150"));
  }

  private PipelineResult job() throws Exception {
    MeasureEngagementOptions options =
        MeasureEngagementJob.options(
            "--flinkMaster=[local]",
            "--connections=" + connections(),
            "--updateSeconds=1",
            "--checkpointingInterval=2000");
    // Pools are of TaskManagers, of which there is none.
    options.setRunner(FlinkRunner.class);
    options.setParallelism(2);
    return MeasureEngagementJob.graph(options).run();
  }

  private Path accounts(EngagementSimulator youtube, EngagementSimulator tiktok) throws Exception {
    Path settings = folder.resolve("poll.yaml");
    return Files.writeString(
        settings,
        """
        engagement:
          accounts:
            - {platform: youtube, account: channel, token: "file:%s", base_url: "%s"}
            - {platform: tiktok, account: creator, token: "file:%s", base_url: "%s"}
        """
            .formatted(
                Files.writeString(folder.resolve("yt"), "yt-token"),
                youtube.baseUrl(),
                Files.writeString(folder.resolve("tt"), "tt-token"),
                tiktok.baseUrl()));
  }

  private long followedSinceS() {
    return nowS - 30 * HOUR_S;
  }

  private void count(EngagementSimulator platform, String id, long views) {
    platform.now(Instant.now().toEpochMilli());
    platform.count(
        id,
        followedSinceS() * 1000,
        Map.of(
            EngagementSimulator.Metric.VIEWS, views, EngagementSimulator.Metric.LIKES, views / 30));
  }

  private String poll(Path settings) {
    return reelbeam("engagement", "poll", "--once", "--settings", settings.toString());
  }

  private String replay() {
    return reelbeam("engagement", "replay");
  }

  private void importVideos() throws Exception {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < VIDEOS; i++) {
      list.append(video(videoId(i), platform(i), publishedS(i), i)).append('\n');
    }
    ObjectNode followed = video("followed-1", "youtube", followedSinceS(), VIDEOS);
    list.append(followed.put("platform_video_id", "AAAAAAAAAAA").put("account", "channel"));
    followed = video("followed-2", "tiktok", followedSinceS(), VIDEOS + 1);
    list.append('\n')
        .append(followed.put("platform_video_id", "7300000000000000001").put("account", "creator"));
    Path file = Files.writeString(folder.resolve("videos.jsonl"), list);
    assertThat(reelbeam("engagement", "import", file.toString()))
        .contains(VIDEOS + 2 + " videos known, 2 of them new to the poller");
  }

  private static ObjectNode video(String id, String platform, long publishedS, int i) {
    return new ObjectMapper()
        .createObjectNode()
        .put("video_id", id)
        .put("platform", platform)
        .put("preset", platform.equals("youtube") ? "youtube_short" : "tiktok")
        .put("site_id", "site-" + i % 3)
        .put("time_zone", i % 3 == 0 ? "Europe/Berlin" : "America/New_York")
        .put("hook_style", i % 5 == 0 ? "question" : "number")
        .put("duration_class", "short")
        .put("topic", "topic-" + i % 4)
        .put("project", "project-" + i / 2)
        .put("published_at", Instant.ofEpochSecond(publishedS).toString())
        .put("cost_micros", 1000L + i)
        .put("credits", i % 4);
  }

  private static String videoId(int i) {
    return "v" + i;
  }

  private static String platform(int i) {
    return i % 2 == 0 ? "youtube" : "tiktok";
  }

  private long publishedS(int i) {
    return nowS - 12 * DAY_S + i * 600L;
  }

  /** Counters that mostly grow, in the order of their coming: 5 % late, 5 % twice. */
  private List<EngagementSnapshot> history() {
    List<Coming> coming = new ArrayList<>();
    for (int i = 0; i < VIDEOS; i++) {
      TreeSet<Long> moments = new TreeSet<>();
      while (moments.size() < SNAPSHOTS) {
        moments.add(
            publishedS(i)
                + 600
                + (long) (random.nextDouble() * (nowS - publishedS(i) - 2 * HOUR_S)));
      }
      // The last one is the same age for all: what comes eight days behind it is too late.
      moments.add(nowS - HOUR_S);
      long views = 0;
      for (long momentS : moments) {
        views = Math.max(0, views + random.nextInt(200) - 5);
        EngagementSnapshot snapshot = snapshot(i, momentS, views);
        long atS = momentS + (random.nextInt(20) == 0 ? random.nextInt((int) (3 * DAY_S)) : 0);
        coming.add(new Coming(atS, snapshot));
        if (random.nextInt(20) == 0) {
          coming.add(new Coming(atS + random.nextInt((int) (2 * DAY_S)), snapshot));
        }
      }
    }
    coming.sort(Comparator.comparingLong(Coming::atS));
    return coming.stream().map(Coming::snapshot).toList();
  }

  private static EngagementSnapshot snapshot(int i, long momentS, long views) {
    return new EngagementSnapshot(
        videoId(i),
        platform(i),
        null,
        momentS * 1000,
        views,
        views / 20,
        views % 2 == 0 ? null : Long.valueOf(views / 50),
        null,
        null,
        null,
        null,
        platform(i).equals("youtube") ? Long.valueOf(21_500) : null,
        null,
        null,
        false);
  }

  /** One of each kind: negative, too large, of nobody, ahead, of 1970, no JSON, no platform. */
  private List<byte[]> broken() {
    return Stream.concat(
            Stream.of(
                    snapshot(0, nowS, -1),
                    snapshot(0, nowS, (1L << 53) + 1),
                    snapshot(VIDEOS, nowS, 1),
                    snapshot(0, nowS + 2 * HOUR_S, 1),
                    snapshot(0, 5, 1))
                .map(EngagementJson::write),
            Stream.of(
                    "{",
                    "{\"video_id\":\"v\",\"platform\":\"vimeo\","
                        + "\"fetched_at\":\"2026-04-01T00:00:00Z\"}")
                .map(text -> text.getBytes(StandardCharsets.UTF_8)))
        .toList();
  }

  /** Both forms by turns; those of a video stay in their order. */
  private void send(List<EngagementSnapshot> snapshots) throws Exception {
    try (TopicWriter topic = TopicWriter.open(world().kafka())) {
      for (int i = 0; i < snapshots.size(); i++) {
        EngagementSnapshot snapshot = snapshots.get(i);
        topic.send(
            Topic.ENGAGEMENT,
            snapshot.videoKey(),
            i % 2 == 0 ? SnapshotCodec.encode(snapshot) : EngagementJson.write(snapshot));
      }
      topic.flush();
    }
  }

  /** What the database keeps of the snapshots as a bounded run in this JVM, into memory. */
  private List<String> recount() throws Exception {
    recounted = new FakeEngagementTables();
    List<SnapshotMessage> messages = new ArrayList<>();
    try (PostgresEngagementHistory kept = PostgresEngagementHistory.open(world().postgres())) {
      kept.read(bytes -> messages.add(new SnapshotMessage("it", bytes)));
    }
    DirectOptions options = PipelineOptionsFactory.as(DirectOptions.class);
    options.setEnforceImmutability(false);
    options.setEnforceEncodability(false);
    options.setRunner(DirectRunner.class);
    Pipeline pipeline = Pipeline.create(options);
    try (var handler = pipeline.registerBadRecordErrorHandler(DeadLetterIO.write(folder))) {
      pipeline
          .apply("Read snapshots", Create.of(messages).withCoder(new SnapshotMessageCoder()))
          .apply(
              "Measure engagement",
              MeasureEngagement.with(
                  MeasureSettings.replay().withRates(world().revenueRates()),
                  WorldProviders.videos(world()),
                  new DeadLetters.Lane(handler)))
          .apply("Write engagement", WriteEngagement.to(() -> recounted));
    }
    pipeline.run().waitUntilFinish();
    return recounted.rows().values().stream().map(MeasureIT::line).sorted().toList();
  }

  private static String line(WindowRow row) {
    long[] measures = row.measures();
    StringBuilder line = new StringBuilder();
    line.append(row.dimension().label()).append('|').append(row.key()).append('|');
    line.append(row.kind().label()).append('|').append(row.startS());
    for (Counter counter : Counter.values()) {
      line.append('|');
      if (measures[Measures.KNOWN + counter.ordinal()] > 0) {
        line.append(measures[counter.ordinal()]);
      }
    }
    for (int place = Measures.ENGAGEMENTS; place <= Measures.VIDEOS; place++) {
      line.append('|').append(measures[place]);
    }
    return line.append('|')
        .append(measures[Measures.PROVISIONAL] > 0)
        .append('|')
        .append(row.version())
        .toString();
  }

  /** The table as {@link #line} tells it. */
  private List<String> dump() throws Exception {
    String columns =
        Stream.of(
                "dimension",
                "key",
                "kind",
                "extract(epoch from window_start)::bigint",
                "views",
                "likes",
                "comments",
                "shares",
                "watch_time_seconds",
                "impressions",
                "clicks",
                "revenue_micros",
                "engagements",
                "engagement_views",
                "watched_views",
                "click_impressions",
                "estimated_revenue_micros",
                "cost_micros",
                "credits",
                "videos",
                "provisional",
                "version")
            .map(column -> "coalesce((" + column + ")::text, '')")
            .collect(Collectors.joining(" || '|' || "));
    return texts("select " + columns + " from engagement_window").stream().sorted().toList();
  }

  private long count(String sql) throws Exception {
    return Long.parseLong(texts(sql).get(0));
  }

  private List<String> texts(String sql) throws Exception {
    return services().texts(sql);
  }

  private void execute(String sql) throws Exception {
    services().execute(sql);
  }

  private WorldSettings world() throws Exception {
    return services().world();
  }

  private Path connections() {
    return services().connections();
  }

  private String reelbeam(String... arguments) {
    return services().reelbeam(arguments);
  }

  private RunningServices services() {
    return Objects.requireNonNull(services);
  }
}
