package dev.reelbeam.pipelines.job;

import dev.reelbeam.clients.http.CallLimits;
import dev.reelbeam.clients.provider.ProviderSettings;
import dev.reelbeam.clients.store.S3Assets;
import dev.reelbeam.connectors.ContentRecordIO;
import dev.reelbeam.connectors.ControlEventIO;
import dev.reelbeam.connectors.DeadLetterIO;
import dev.reelbeam.connectors.VideoIO;
import dev.reelbeam.media.codec.Encoders;
import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.learning.LearningSettings;
import dev.reelbeam.model.port.PortFactory;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.pipelines.wiring.Installation;
import dev.reelbeam.pipelines.wiring.LocalProviders;
import dev.reelbeam.pipelines.wiring.StartProbes;
import dev.reelbeam.pipelines.wiring.WorldProviders;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import dev.reelbeam.stages.FlowSettings;
import dev.reelbeam.stages.ProduceVideos;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.ProgressReporter;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.flow.RecordOverrides;
import dev.reelbeam.stages.flow.RenderRoutes;
import dev.reelbeam.stages.pool.WorkerPool;
import dev.reelbeam.stages.project.AdmissionSettings;
import dev.reelbeam.stages.render.DispatchSettings;
import dev.reelbeam.stages.render.RenderSegments;
import dev.reelbeam.stages.step.AwaitSettings;
import dev.reelbeam.stages.step.AwaitStep;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.runners.flink.PoolSizes;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/**
 * The streaming job: content records from Kafka, {@link ProduceVideos}, deliveries and dead letters
 * out, segments rendered on their pool.
 */
public final class GenerateVideos {
  /** Offsets of this group tell where a job without a checkpoint goes on. */
  private static final String CONSUMER_GROUP = "generate-videos";

  /** The same of the job that renders. */
  private static final String RENDER_GROUP = "render-segments";

  /** Copies of videos into the folder of the cluster that are made at once. */
  private static final int COPIES = 2;

  private static final long CHECKPOINT_MS = 10_000;
  private static final long CHECKPOINT_TIMEOUT_MS = 30L * 60 * 1000;

  private GenerateVideos() {}

  /** Submits the job, or only checks what it would go on from, and ends. */
  public static void main(String[] args) {
    JobStart.main(
        () -> {
          GenerateVideosOptions options = options(args);
          checkEncoder(options.getRenderEncoder());
          checkPools(options);
          return options;
        },
        GenerateVideos::submit);
  }

  private static void submit(PrintStream out, GenerateVideosOptions options)
      throws IOException, StageException {
    RestoreChecks.check(out, graphOf(options));
    if (options.isCheckOnly()) {
      return;
    }
    JobStart.checkWorld(out, options);
    StartProbes.check(
        asked(options),
        System.getenv(),
        Clock.systemUTC(),
        line -> out.println("reelbeam: " + line));
    PipelineResult unused = graphOf(options).run();
  }

  /**
   * Whether it is an encoder's name; whether the pool's machines have it they find out.
   *
   * @throws StageException {@code 5039 CLUSTER_SETTINGS_INVALID} if it is none
   */
  static void checkEncoder(String name) throws StageException {
    if (!Encoders.isKnown(name)) {
      throw new StageException(
          FailureCode.CLUSTER_SETTINGS_INVALID,
          "--renderEncoder: '"
              + name
              + "' is neither "
              + Encoders.AUTO
              + " nor one of "
              + Encoders.KNOWN);
    }
  }

  /**
   * Whether every pool that is to render is one of the job's.
   *
   * @throws StageException {@code 5039 CLUSTER_SETTINGS_INVALID} naming the one that is not
   */
  static void checkPools(GenerateVideosOptions options) throws StageException {
    Set<String> pools;
    Set<String> asked = new LinkedHashSet<>(List.of(options.getRenderPool()));
    try {
      pools = PoolSizes.parse(options.getPools()).keySet();
      asked.addAll(routes(options).pools().keySet());
    } catch (IllegalArgumentException e) {
      throw new StageException(
          FailureCode.CLUSTER_SETTINGS_INVALID, String.valueOf(e.getMessage()), e);
    }
    asked.removeAll(pools);
    if (!asked.isEmpty()) {
      throw new StageException(
          FailureCode.CLUSTER_SETTINGS_INVALID,
          "segments are to be rendered on the pool '"
              + asked.iterator().next()
              + "'; --pools has "
              + pools);
    }
  }

  private static RenderRoutes routes(GenerateVideosOptions options) {
    try {
      return RenderRoutes.parse(options.getRenderRoutes());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--renderRoutes: " + e.getMessage(), e);
    }
  }

  /** The graph that the options ask for: that of the job, or of the one that renders for it. */
  public static Pipeline graphOf(GenerateVideosOptions options) throws StageException {
    return options.isRenderOnly() ? renderGraph(options) : graph(options);
  }

  /** Options with the job's own defaults; see {@code deploy/conf/flink.yaml} for the reasons. */
  public static GenerateVideosOptions options(String... args) {
    GenerateVideosOptions options =
        JobStart.options(GenerateVideosOptions.class, CHECKPOINT_MS, args);
    options.setCheckpointTimeoutMillis(CHECKPOINT_TIMEOUT_MS);
    options.setUnalignedCheckpointEnabled(true);
    return options;
  }

  /** The graph of the job. */
  public static Pipeline graph(GenerateVideosOptions options) throws StageException {
    WorldSettings world = WorldSettings.read(Path.of(options.getConnections()));
    Providers providers = providers(world, options);
    Pipeline pipeline = Pipeline.create(options);
    try (var handler =
        pipeline.registerBadRecordErrorHandler(
            DeadLetterIO.writeTopic(world.kafka(), WorldProviders.deadLetters(world)))) {
      PCollection<ControlEvent> events =
          pipeline
              .apply(
                  "Read control events",
                  ControlEventIO.readTopic(world.kafka(), CONSUMER_GROUP).withDeadLetters(handler))
              .setCoder(RecordCoder.of(ControlEvent.class));
      PCollection<Delivery> deliveries =
          pipeline
              .apply(
                  "Read content records",
                  ContentRecordIO.readTopic(
                          world.kafka(), CONSUMER_GROUP, S3Assets.base(world.s3()))
                      .withDeadLetters(handler))
              .setCoder(RecordCoder.of(RawRecord.class))
              .apply(
                  "Produce videos",
                  ProduceVideos.with(providers, produceOptions(options, world.mediaBaseUrl()))
                      .renderedBy(
                          options.isSplitRender()
                              ? RenderTopics.elsewhere(world.kafka(), CONSUMER_GROUP, handler)
                              : render(providers, options))
                      .withFlow(flow(options))
                      .withControl(events)
                      .withDeadLetters(new DeadLetters.Lane(handler)));
      if (options.isCopyVideos()) {
        // Beside the flow: a video is there, and told of, whether it can be copied or not.
        PCollection<Delivery> unused =
            deliveries.apply(
                "Write deliveries",
                AwaitStep.apply(
                        Stage.DELIVER,
                        "copies",
                        new CopyDelivery(
                            Path.of(options.getHome(), "videos"),
                            providers.store(),
                            providers.projects()),
                        Delivery.class,
                        Delivery.class,
                        AwaitSettings.STREAMING.forWork().withInFlight(COPIES),
                        () -> Progress.NONE,
                        new DeadLetters.Lane(handler))
                    .settledIn(providers.projects())
                    .countedAs("copy"));
      }
      deliveries.apply("Tell of videos", VideoIO.write(world.kafka()));
    }
    return pipeline;
  }

  private static FlowSettings flow(GenerateVideosOptions options) throws StageException {
    ProviderSettings asked = asked(options);
    FlowSettings flow =
        FlowSettings.streaming(
                AwaitSettings.STREAMING.withInFlight(options.getCallsInFlight()),
                AdmissionSettings.of(options.getLiveProjects(), options.getLowProjects())
                    .withRepeatsMs(options.getRepeatsMinutes() * 60_000L),
                DispatchSettings.of(renderSlots(options)).withPools(otherSlots(options)))
            .withAwayMs(asked.patienceMinutes() * 60_000L);
    boolean nobodyIsCalled = asked.script().isEmpty() && asked.speech().isEmpty();
    return nobodyIsCalled ? flow.withOwnVoices() : flow;
  }

  private static ProviderSettings asked(GenerateVideosOptions options) throws StageException {
    // Keys are looked for here as well as on the workers: a missing one is told before the job
    // runs.
    String file = options.getProviders();
    return file == null
        ? ProviderSettings.EMBEDDED
        : ProviderSettings.read(Path.of(file), System.getenv());
  }

  private static int renderSlots(GenerateVideosOptions options) {
    Integer slots = PoolSizes.parse(options.getPools()).get(options.getRenderPool());
    return slots == null ? 1 : slots;
  }

  private static Map<String, Integer> otherSlots(GenerateVideosOptions options) {
    Map<String, Integer> slots = new LinkedHashMap<>(PoolSizes.parse(options.getPools()));
    slots.keySet().retainAll(otherPools(options).keySet());
    return slots;
  }

  /** Encoders, empty for the usual one, of the pools that render beside the usual pool. */
  private static Map<String, String> otherPools(GenerateVideosOptions options) {
    Map<String, String> others = new LinkedHashMap<>(routes(options).pools());
    others.remove(options.getRenderPool());
    return others;
  }

  /** The graph of the job that renders alone: requests from a topic, results to another. */
  static Pipeline renderGraph(GenerateVideosOptions options) throws StageException {
    WorldSettings world = WorldSettings.read(Path.of(options.getConnections()));
    Pipeline pipeline = Pipeline.create(options);
    try (var handler =
        pipeline.registerBadRecordErrorHandler(
            DeadLetterIO.writeTopic(world.kafka(), WorldProviders.deadLetters(world)))) {
      pipeline
          .apply("Read requests", RenderTopics.requests(world.kafka(), RENDER_GROUP, handler))
          .apply("Render segments", render(providers(world, options), options))
          .apply("Write results", RenderTopics.writeResults(world.kafka()));
    }
    return pipeline;
  }

  /** The encoder by its name: it is part of what a segment is. */
  private static String encoder(GenerateVideosOptions options) throws StageException {
    String name = options.getRenderEncoder();
    return name.equals(Encoders.AUTO) ? Encoders.choose(List.of(name)) : name;
  }

  private static RenderSegments render(Providers providers, GenerateVideosOptions options)
      throws StageException {
    String usual = encoder(options);
    RenderSegments render =
        RenderSegments.with(providers)
            .on(new WorkerPool(options.getRenderPool()))
            .encodingBy(usual)
            .beside();
    for (Map.Entry<String, String> other : otherPools(options).entrySet()) {
      String own = other.getValue();
      render = render.alsoOn(new WorkerPool(other.getKey()), own.isEmpty() ? usual : own);
    }
    return render;
  }

  private static Providers providers(WorldSettings world, GenerateVideosOptions options)
      throws StageException {
    ProviderSettings asked = asked(options);
    PortFactory<CallLimits> limits = WorldProviders.limits(world);
    return new Providers(
            WorldProviders.store(world),
            WorldProviders.assets(world),
            LocalProviders.scripts(asked, limits),
            LocalProviders.speech(
                asked, LocalProviders.speech(Installation.voices().orElse(null)), limits),
            ProgressReporter.to(WorldProviders.progress(world)))
        .withProjects(WorldProviders.projects(world))
        .withCredits(WorldProviders.credits(world))
        .withVisuals(LocalProviders.visuals(asked.visuals(), WorldProviders.store(world), limits))
        .withRates(asked.rates())
        .withModeration(LocalProviders.moderation(asked.moderation(), limits))
        .withSpending(LocalProviders.spending(asked, WorldProviders.spending(world)))
        .withArms(
            WorldProviders.arms(
                world, asked.learning() == null ? LearningSettings.DEFAULT : asked.learning()));
  }

  private static ProduceVideos.Options produceOptions(
      GenerateVideosOptions options, @Nullable String mediaBaseUrl) throws StageException {
    String quality = options.getRenderQuality();
    if (!VideoSettings.QUALITIES.contains(quality)) {
      throw new IllegalArgumentException(
          "--renderQuality " + quality + " is not one of " + VideoSettings.QUALITIES);
    }
    // One that is named is not tried out: it is this machine that would answer, not the pool's.
    RecordOverrides overrides =
        new RecordOverrides(
            null,
            List.of(),
            null,
            VideoSettings.DEFAULT,
            false,
            Brand.DEFAULT,
            /* assumeEnabled= */ false,
            encoder(options),
            quality,
            routes(options));
    return new ProduceVideos.Options(
        overrides, false, ProduceVideos.StopAfter.NOTHING, mediaBaseUrl);
  }
}
