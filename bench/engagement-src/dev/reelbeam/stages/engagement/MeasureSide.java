package dev.reelbeam.stages.engagement;

import dev.reelbeam.bench.EngagementData;
import dev.reelbeam.clients.ledger.PostgresEngagement;
import dev.reelbeam.connectors.DeadLetterIO;
import dev.reelbeam.connectors.EngagementIO;
import dev.reelbeam.fakes.FakeVideoCatalog;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.LateSnapshot;
import dev.reelbeam.model.engagement.WindowRow;
import dev.reelbeam.model.port.EngagementTables;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import dev.reelbeam.stages.deadletter.DeadLetters;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;

/**
 * One side of the comparison in a process of its own: a local Flink that measures what is in the
 * topic, until everything was read and nothing was written for a while.
 */
public final class MeasureSide {
  static final LongAdder READ = new LongAdder();
  private static final AtomicLong ROWS = new AtomicLong();
  private static final AtomicLong LAST_WRITE_NS = new AtomicLong();
  private static final AtomicLong LAST_CPU_NS = new AtomicLong();
  private static Setup shared;
  private static final FakeVideoCatalog CATALOG = new FakeVideoCatalog();

  /**
   * How a side is run.
   *
   * @param sink whether rows go to Postgres or are counted only
   */
  record Setup(
      WorldSettings world, String group, int parallelism, long updateMs, long checkpointMs,
      boolean sink, Path flinkConf, Path work) {}

  private MeasureSide() {}

  /**
   * {@code beam|native}, connections, Flink's configuration, work folder, then the figures of the
   * data and of the run.
   */
  public static void main(String[] args) throws Exception {
    String side = args[0];
    EngagementData data =
        new EngagementData(
            Integer.parseInt(args[4]), Integer.parseInt(args[5]), Long.parseLong(args[6]),
            Integer.parseInt(args[7]), Double.parseDouble(args[8]));
    long messages = Long.parseLong(args[9]);
    Setup setup =
        new Setup(
            WorldSettings.read(Path.of(args[1])), "bench-" + UUID.randomUUID(),
            Integer.parseInt(args[10]), Long.parseLong(args[11]), Long.parseLong(args[12]),
            Boolean.parseBoolean(args[13]), Path.of(args[2]), Path.of(args[3]));
    shared = setup;
    for (int video = 0; video < data.videos(); video++) {
      CATALOG.add(data.facts(video));
    }
    long cpuBefore = cpuNs();
    long beganNs = System.nanoTime();
    Thread job =
        new Thread(
            () -> {
              try {
                if (side.equals("beam")) {
                  beam(setup);
                } else {
                  NativeJob.run(setup, CATALOG);
                }
              } catch (Exception e) {
                e.printStackTrace();
                Runtime.getRuntime().halt(1);
              }
            });
    job.setDaemon(true);
    job.start();
    long readNs = 0;
    while (true) {
      TimeUnit.MILLISECONDS.sleep(200);
      if (readNs == 0 && READ.sum() >= messages) {
        readNs = System.nanoTime();
        System.out.printf("read-s %.2f%n", (readNs - beganNs) / 1e9);
        System.out.printf("read-cpu-s %.2f%n", (cpuNs() - cpuBefore) / 1e9);
      }
      long quietSince = Math.max(readNs, LAST_WRITE_NS.get());
      // Both update timers of a row that was read last, and a checkpoint after them.
      long quietNs = (2 * setup.updateMs() + setup.checkpointMs() + 3_000) * 1_000_000;
      if (readNs > 0 && System.nanoTime() - quietSince > quietNs) {
        break;
      }
    }
    System.out.printf("read %d%n", READ.sum());
    System.out.printf("rows %d%n", ROWS.get());
    System.out.printf("wall-s %.2f%n", (LAST_WRITE_NS.get() - beganNs) / 1e9);
    System.out.printf("cpu-s %.2f%n", (LAST_CPU_NS.get() - cpuBefore) / 1e9);
    System.out.printf("start-cpu-s %.2f%n", cpuBefore / 1e9);
    System.out.println("done");
    System.out.flush();
    // The driver asks the JobManager about its checkpoints, then says so.
    while (System.in.read() >= 0) {}
    Runtime.getRuntime().halt(0);
  }

  private static long cpuNs() {
    return ((com.sun.management.OperatingSystemMXBean)
            ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  static Configuration configuration(Setup setup) {
    return GlobalConfiguration.loadConfiguration(setup.flinkConf().toString());
  }

  private static void beam(Setup setup) {
    FlinkPipelineOptions options = PipelineOptionsFactory.as(FlinkPipelineOptions.class);
    options.setRunner(FlinkRunner.class);
    options.setFlinkMaster("[local]");
    options.setFlinkConfDir(setup.flinkConf().toString());
    options.setStreaming(true);
    options.setParallelism(setup.parallelism());
    options.setMaxParallelism(256);
    options.setCheckpointingInterval(setup.checkpointMs());
    options.setMaxBundleSize(20_000L);
    options.setFasterCopy(true);
    options.setFailOnCheckpointingErrors(false);
    Pipeline pipeline = Pipeline.create(options);
    try (var handler =
        pipeline.registerBadRecordErrorHandler(DeadLetterIO.write(setup.work()))) {
      pipeline
          .apply("Read snapshots", EngagementIO.readTopic(setup.world().kafka(), setup.group()))
          .setCoder(new SnapshotMessageCoder())
          .apply(
              "Measure engagement",
              MeasureEngagement.with(
                      MeasureSettings.streaming().withUpdateMs(setup.updateMs()).withoutTrends(),
                      () -> CATALOG,
                      new DeadLetters.Lane(handler))
                  .withClock(
                      nothing -> {
                        READ.increment();
                        return System.currentTimeMillis();
                      }))
          .apply("Write engagement", WriteEngagement.to(() -> tables(shared)));
    }
    pipeline.run().waitUntilFinish();
  }

  /** The tables of both sides: they count, and note when the last rows were there. */
  static EngagementTables tables(Setup setup) {
    EngagementTables postgres =
        setup.sink() ? PostgresEngagement.open(setup.world().postgres()) : null;
    return new EngagementTables() {
      @Override
      public void put(List<WindowRow> rows) {
        if (postgres != null) {
          postgres.put(rows);
        }
        ROWS.addAndGet(rows.size());
        LAST_CPU_NS.set(cpuNs());
        LAST_WRITE_NS.set(System.nanoTime());
      }

      @Override
      public void keep(List<EngagementSnapshot> snapshots) {
        throw new IllegalStateException("not asked for");
      }

      @Override
      public void putLate(List<LateSnapshot> late) {
        throw new IllegalStateException("nothing is too late here");
      }

      @Override
      public void markRemoved(String videoKey, long atMs) {
        throw new IllegalStateException("nothing is removed here");
      }

      @Override
      public void markReturned(String videoKey, long atMs) {
        throw new IllegalStateException("nothing is removed here");
      }

      @Override
      public void close() {
        if (postgres != null) {
          postgres.close();
        }
      }
    };
  }
}
