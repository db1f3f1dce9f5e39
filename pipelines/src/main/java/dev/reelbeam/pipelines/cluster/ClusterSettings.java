package dev.reelbeam.pipelines.cluster;

import dev.reelbeam.media.codec.Encoders;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import dev.reelbeam.stages.deliver.VideoObject;
import dev.reelbeam.stages.engagement.MeasureSettings;
import dev.reelbeam.stages.flow.RenderRoutes;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/**
 * The settings of a cluster on one machine: {@code cluster.properties} in its home, all optional.
 *
 * <p>The first {@code up} writes the file with what it was told, so that every later command finds
 * the same cluster without flags.
 *
 * @param home folder that holds all of the cluster: settings, data, logs
 * @param ports where each service listens
 * @param pools pools of workers; one TaskManager each
 * @param renderPool the pool that renders segments
 * @param renderEncoder its encoder: a setting of its own, because a pool's tag says where work
 *     runs, not what the machine there can do
 * @param renderQuality one of {@link VideoSettings#QUALITIES}, for records that ask for none
 * @param renderRoutes presets and priorities that other pools render, as {@link RenderRoutes#parse}
 *     takes them; mostly empty
 * @param kafkaMemoryMb heap of the broker
 * @param jobManagerMemoryMb memory of the JobManager's JVM
 * @param s3MemoryMb heap of the S3 server
 * @param splitRender whether rendering is a job of its own behind a topic
 * @param checkpointSeconds time between checkpoints
 * @param measureSlots general slots of the job that measures engagement; 0 leaves it off
 * @param measureUpdateSeconds how often it writes windows that changed
 * @param measureBudgetMicros what a quarter of an hour may cost before it is an alert
 * @param revenueRates what a thousand views are taken to earn, as its option takes them; mostly
 *     empty
 * @param mediaBaseUrl where the files of deliveries will be on the web, for structured data; empty
 *     while nobody has said
 * @param secured whether Kafka, Postgres and S3 speak TLS and Kafka asks who signs in, as those of
 *     a real cluster do; chosen at the first {@code up}
 * @param limits how much is under way at once
 */
public record ClusterSettings(
    Path home,
    Map<ClusterPort, Integer> ports,
    List<Pool> pools,
    String renderPool,
    String renderEncoder,
    String renderQuality,
    String renderRoutes,
    int kafkaMemoryMb,
    int jobManagerMemoryMb,
    int s3MemoryMb,
    boolean splitRender,
    int checkpointSeconds,
    int measureSlots,
    int measureUpdateSeconds,
    int measureBudgetMicros,
    String revenueRates,
    String mediaBaseUrl,
    boolean secured,
    Limits limits) {
  /**
   * How much is under way at once.
   *
   * @param callsInFlight calls of each provider, in each worker process
   * @param liveProjects projects of the live lane
   * @param lowProjects projects of a backfill
   * @param repeatsMinutes how long a revision that comes again is dropped without asking anybody
   */
  public record Limits(int callsInFlight, int liveProjects, int lowProjects, int repeatsMinutes) {}

  /** Its name in the home. */
  public static final String FILE = "cluster.properties";

  /** The pool that runs everything that is not tagged. */
  public static final String GENERAL = "general";

  private static final String POOLS = "pools";
  private static final String RENDER_POOL = "render.pool";
  private static final String RENDER_ENCODER = "render.encoder";
  private static final String RENDER_QUALITY = "render.quality";
  private static final String RENDER_ROUTES = "render.routes";
  private static final String KAFKA_MEMORY = "kafka.memory.mb";
  private static final String JOBMANAGER_MEMORY = "flink.jobmanager.memory.mb";
  private static final String S3_MEMORY = "s3.memory.mb";
  private static final String SPLIT_RENDER = "split.render";
  private static final String CHECKPOINT_SECONDS = "flink.checkpoint.seconds";
  private static final String MEASURE_SLOTS = "measure.slots";
  private static final String MEASURE_UPDATE_SECONDS = "measure.update.seconds";
  private static final String MEASURE_BUDGET_MICROS = "measure.budget.micros";
  private static final String REVENUE_RATES = WorldSettings.REVENUE_RATES;
  private static final String MEDIA_BASE_URL = "media.base.url";
  private static final String SECURED = "secured";
  private static final String CALLS_IN_FLIGHT = "calls.in.flight";
  private static final String PROJECTS_LIVE = "projects.live";
  private static final String PROJECTS_LOW = "projects.low";
  private static final String REPEATS_MINUTES = "repeats.minutes";
  private static final String USUAL_POOLS = "general:4:1800, gpu:2:1800";
  private static final int LAST_PORT = 65_535;
  private static final int FIRST_PORT = 1024;

  /**
   * Settings of the cluster in a folder.
   *
   * @param flags settings that win over the file's
   * @throws StageException {@code 5039 CLUSTER_SETTINGS_INVALID}, naming the setting
   */
  public static ClusterSettings read(Path home, Map<String, String> flags) throws StageException {
    Path folder = home.toAbsolutePath().normalize();
    if (folder.toString().matches(".*[,'\"\\\\].*")) {
      throw invalid(
          "the home '"
              + folder
              + "' has a comma, a quote or a backslash in its path, which the"
              + " services' configuration cannot hold: give another --home");
    }
    Properties file = new Properties();
    Path path = folder.resolve(FILE);
    if (Files.exists(path)) {
      try (Reader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
        file.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw invalid("'" + path + "' cannot be read: " + e.getMessage());
      }
    }
    flags.forEach(file::setProperty);
    Set<String> unknown = new TreeSet<>(file.stringPropertyNames());
    unknown.removeAll(keys());
    if (!unknown.isEmpty()) {
      throw invalid("no setting '" + unknown.iterator().next() + "'; there are " + keys());
    }
    Map<ClusterPort, Integer> ports = new EnumMap<>(ClusterPort.class);
    for (ClusterPort port : ClusterPort.values()) {
      ports.put(port, number(file, port.key(), port.usual(), FIRST_PORT, LAST_PORT));
    }
    if (new HashSet<>(ports.values()).size() < ports.size()) {
      throw invalid("two services have the same port: " + ports);
    }
    List<Pool> pools = pools(file.getProperty(POOLS, USUAL_POOLS));
    String renderPool = file.getProperty(RENDER_POOL, pools.get(pools.size() - 1).name()).strip();
    if (pools.stream().noneMatch(pool -> pool.name().equals(renderPool))) {
      throw invalid(RENDER_POOL + " '" + renderPool + "' is not one of the pools");
    }
    String renderQuality = file.getProperty(RENDER_QUALITY, "standard").strip();
    if (!VideoSettings.QUALITIES.contains(renderQuality)) {
      throw invalid(
          RENDER_QUALITY + " '" + renderQuality + "' is not one of " + VideoSettings.QUALITIES);
    }
    String renderRoutes = file.getProperty(RENDER_ROUTES, "").strip();
    checkRoutes(renderRoutes, pools);
    String mediaBaseUrl = file.getProperty(MEDIA_BASE_URL, "").strip();
    String fault = mediaBaseUrl.isEmpty() ? null : VideoObject.fault(mediaBaseUrl);
    if (fault != null) {
      throw invalid(MEDIA_BASE_URL + " " + fault);
    }
    String revenueRates = file.getProperty(REVENUE_RATES, "").strip();
    try {
      MeasureSettings.parseRates(revenueRates);
    } catch (IllegalArgumentException e) {
      throw invalid(REVENUE_RATES + ": " + e.getMessage());
    }
    String renderEncoder = file.getProperty(RENDER_ENCODER, Encoders.AUTO).strip();
    if (!Encoders.isKnown(renderEncoder)) {
      throw invalid(
          RENDER_ENCODER
              + " '"
              + renderEncoder
              + "' is neither "
              + Encoders.AUTO
              + " nor one of "
              + Encoders.KNOWN);
    }
    return new ClusterSettings(
        folder,
        Map.copyOf(ports),
        pools,
        renderPool,
        renderEncoder,
        renderQuality,
        renderRoutes,
        number(file, KAFKA_MEMORY, 512, 256, 65_536),
        number(file, JOBMANAGER_MEMORY, 900, 700, 65_536),
        number(file, S3_MEMORY, 256, 128, 65_536),
        Boolean.parseBoolean(file.getProperty(SPLIT_RENDER, "false").strip()),
        number(file, CHECKPOINT_SECONDS, 10, 1, 3600),
        number(file, MEASURE_SLOTS, 1, 0, 64),
        number(file, MEASURE_UPDATE_SECONDS, 120, 1, 86_400),
        number(file, MEASURE_BUDGET_MICROS, 10_000_000, 1, Integer.MAX_VALUE),
        revenueRates,
        mediaBaseUrl,
        Boolean.parseBoolean(file.getProperty(SECURED, "false").strip()),
        new Limits(
            number(file, CALLS_IN_FLIGHT, 8, 1, 1000),
            number(file, PROJECTS_LIVE, 32, 1, 10_000),
            number(file, PROJECTS_LOW, 16, 1, 10_000),
            number(file, REPEATS_MINUTES, 60, 1, 100_000)));
  }

  /** Writes {@code cluster.properties}, so that later commands need no flags. */
  void write() throws IOException {
    Files.createDirectories(home);
    Files.writeString(home.resolve(FILE), text(), StandardCharsets.UTF_8);
  }

  /** Whether the file that is there says something else. */
  boolean differFromFile() throws IOException {
    Path file = home.resolve(FILE);
    return Files.exists(file) && !Files.readString(file).equals(text());
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    text.append("# Settings of this cluster; read by every `reelbeam` command with this --home.\n");
    text.append("# A pool is name:slots:megabytes, one TaskManager each; the first is general.\n");
    line(
        text,
        POOLS,
        String.join(
            ", ",
            pools.stream()
                .map(pool -> pool.name() + ":" + pool.slots() + ":" + pool.memoryMb())
                .toList()));
    line(text, RENDER_POOL, renderPool);
    line(text, RENDER_ENCODER, renderEncoder);
    line(text, RENDER_QUALITY, renderQuality);
    line(text, RENDER_ROUTES, renderRoutes);
    line(text, SPLIT_RENDER, splitRender);
    line(text, CHECKPOINT_SECONDS, checkpointSeconds);
    line(text, MEASURE_SLOTS, measureSlots);
    line(text, MEASURE_UPDATE_SECONDS, measureUpdateSeconds);
    line(text, MEASURE_BUDGET_MICROS, measureBudgetMicros);
    line(text, REVENUE_RATES, revenueRates);
    line(text, MEDIA_BASE_URL, mediaBaseUrl);
    line(text, SECURED, secured);
    line(text, CALLS_IN_FLIGHT, limits.callsInFlight());
    line(text, PROJECTS_LIVE, limits.liveProjects());
    line(text, PROJECTS_LOW, limits.lowProjects());
    line(text, REPEATS_MINUTES, limits.repeatsMinutes());
    line(text, KAFKA_MEMORY, kafkaMemoryMb);
    line(text, JOBMANAGER_MEMORY, jobManagerMemoryMb);
    line(text, S3_MEMORY, s3MemoryMb);
    for (ClusterPort port : ClusterPort.values()) {
      line(text, port.key(), port(port));
    }
    return text.toString();
  }

  public int port(ClusterPort port) {
    Integer number = ports.get(port);
    return number == null ? port.usual() : number;
  }

  /** Every setting by its name in the file. */
  static Set<String> keys() {
    Set<String> keys =
        new TreeSet<>(
            Set.of(
                POOLS,
                RENDER_POOL,
                RENDER_ENCODER,
                RENDER_QUALITY,
                RENDER_ROUTES,
                KAFKA_MEMORY,
                JOBMANAGER_MEMORY,
                S3_MEMORY,
                SPLIT_RENDER,
                CHECKPOINT_SECONDS,
                MEASURE_SLOTS,
                MEASURE_UPDATE_SECONDS,
                MEASURE_BUDGET_MICROS,
                REVENUE_RATES,
                MEDIA_BASE_URL,
                SECURED,
                CALLS_IN_FLIGHT,
                PROJECTS_LIVE,
                PROJECTS_LOW,
                REPEATS_MINUTES));
    for (ClusterPort port : ClusterPort.values()) {
      keys.add(port.key());
    }
    return keys;
  }

  /**
   * The pools as a job's option takes them: {@code general:4,gpu:2}.
   *
   * @param renderOnly the job that only renders needs one general slot, to read and write topics
   */
  public String poolsOption(boolean renderOnly) {
    return String.join(
        ",",
        pools.stream()
            .map(
                pool ->
                    pool.name()
                        + ":"
                        + (renderOnly && pool.name().equals(GENERAL) ? 1 : pool.slots()))
            .toList());
  }

  /** The pools of the job that measures: it needs general slots alone. */
  public String measurePoolsOption() {
    return GENERAL + ":" + measureSlots;
  }

  /**
   * Slots that a pool's workers offer: general ones also for the jobs beside the one that makes
   * videos.
   */
  int slotsOffered(Pool pool) {
    return pool.name().equals(GENERAL)
        ? pool.slots() + (splitRender ? 1 : 0) + measureSlots
        : pool.slots();
  }

  private static List<Pool> pools(String text) throws StageException {
    List<Pool> pools = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String part : text.split(",", -1)) {
      String[] fields = part.strip().split(":", -1);
      try {
        Pool pool =
            new Pool(
                fields[0],
                fields.length > 1 ? Integer.parseInt(fields[1]) : 2,
                fields.length > 2 ? Integer.parseInt(fields[2]) : 1800);
        if (fields.length > 3 || !names.add(pool.name())) {
          throw invalid(POOLS + ": '" + part.strip() + "' is not name:slots:megabytes, once each");
        }
        pools.add(pool);
      } catch (NumberFormatException e) {
        throw invalid(POOLS + ": '" + part.strip() + "' is not name:slots:megabytes");
      } catch (IllegalArgumentException e) {
        throw invalid(POOLS + ": " + e.getMessage());
      }
    }
    if (!names.contains(GENERAL)) {
      throw invalid(POOLS + ": one pool must be named " + GENERAL + "; it runs what has no tag");
    }
    return List.copyOf(pools);
  }

  private static void checkRoutes(String text, List<Pool> pools) throws StageException {
    RenderRoutes routes;
    try {
      routes = RenderRoutes.parse(text);
    } catch (IllegalArgumentException e) {
      throw invalid(RENDER_ROUTES + ": " + e.getMessage());
    }
    for (String name : routes.pools().keySet()) {
      if (pools.stream().noneMatch(pool -> pool.name().equals(name))) {
        throw invalid(RENDER_ROUTES + " '" + name + "' is not one of the pools");
      }
    }
  }

  private static int number(Properties file, String key, int usual, int least, int most)
      throws StageException {
    String text = file.getProperty(key);
    if (text == null) {
      return usual;
    }
    try {
      int number = Integer.parseInt(text.strip());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw invalid(key + " = " + text + " is not a number from " + least + " to " + most);
  }

  private static void line(StringBuilder text, String key, Object value) {
    text.append(key).append(" = ").append(value).append('\n');
  }

  private static StageException invalid(String message) {
    return new StageException(FailureCode.CLUSTER_SETTINGS_INVALID, message);
  }
}
