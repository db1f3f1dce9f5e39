package dev.reelbeam.stages.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.reelbeam.fakes.FakeAssetReader;
import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.fakes.FakeProjectLedger;
import dev.reelbeam.fakes.FakeRenderCredits;
import dev.reelbeam.fakes.FakeScriptWriter;
import dev.reelbeam.fakes.FakeSpeechSynthesizer;
import dev.reelbeam.media.codec.Encoders;
import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.composition.Motion;
import dev.reelbeam.media.composition.Shot;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.composition.Transition;
import dev.reelbeam.media.render.Segment;
import dev.reelbeam.media.render.SegmentCutter;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.ShortMemory;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.project.ProjectEntry;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.flow.SegmentRequest;
import dev.reelbeam.stages.flow.SegmentResult;
import dev.reelbeam.stages.pool.WorkerPool;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On the task's thread and beside it, the same. */
class RenderSegmentsTest {
  private static final Canvas CANVAS = new Canvas(160, 240, 15);
  private static final EncodingSettings SETTINGS = EncodingSettings.preview(CANVAS.frameRate());

  /** Far more than the few segments take: each waits a moment for those that are not done. */
  private static final int LOOKS = 400;

  // The direct runner serializes transforms: what they share with the test is static.
  private static final Queue<Boolean> FAILED = new ConcurrentLinkedQueue<>();
  private static final Progress COUNTING =
      new Progress() {
        @Override
        public void outcome(Stage stage, boolean failed) {
          assertThat(stage).isEqualTo(Stage.RENDER);
          FAILED.add(failed);
        }
      };
  private static final Queue<SegmentResult> RESULTS = new ConcurrentLinkedQueue<>();
  private static FakeObjectStore store = new FakeObjectStore(Path.of("unset"));
  private static FakeProjectLedger ledger = new FakeProjectLedger();
  private static FakeRenderCredits credits = new FakeRenderCredits();

  private static final Providers PROVIDERS =
      new Providers(
              () -> store,
              FakeAssetReader::new,
              FakeScriptWriter::new,
              FakeSpeechSynthesizer::new,
              () -> COUNTING)
          .withProjects(() -> ledger)
          .withCredits(() -> credits);

  @TempDir Path folder;

  @BeforeEach
  void fresh() {
    store = new FakeObjectStore(folder);
    ledger = new FakeProjectLedger();
    credits = new FakeRenderCredits();
    ShortMemory.sufficed();
    RESULTS.clear();
    FAILED.clear();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void equalSegmentsOfSeveralRendersAreRenderedOnce(boolean beside) throws Exception {
    List<SegmentRequest> requests = new ArrayList<>();
    for (String render : List.of("a", "b", "c")) {
      requests.addAll(requests(render, 0, picture(0x336699)));
    }
    requests.addAll(requests("other", 0, picture(0x993366)));

    run(beside, requests);

    assertThat(RESULTS).hasSameSizeAs(requests);
    assertThat(RESULTS).allMatch(result -> result.bytes() != null);
    for (int index = 0; index < 2; index++) {
      int segment = index;
      assertThat(RESULTS)
          .filteredOn(result -> result.index() == segment && !result.renderId().equals("other"))
          .hasSize(3)
          .as("one of three is rendered, the others have its bytes")
          .satisfies(same -> assertThat(same).filteredOn(result -> !result.found()).hasSize(1))
          .extracting(SegmentResult::bytes)
          .containsOnly(bytes("a", segment));
    }
    assertThat(bytes("other", 0)).isNotEqualTo(bytes("a", 0));

    RESULTS.clear();
    run(beside, requests);
    assertThat(RESULTS).hasSameSizeAs(requests).allMatch(SegmentResult::found);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSegmentThatCannotBeRenderedFailsAloneAndEachRequestOfItHearsWhy(boolean beside)
      throws Exception {
    MediaRef broken = store.put("no picture".getBytes(StandardCharsets.UTF_8), "image/png");
    List<SegmentRequest> requests = new ArrayList<>(requests("a", 0, broken));
    requests.addAll(requests("b", 0, broken));
    requests.addAll(requests("whole", 0, picture(0x336699)));

    run(beside, requests);

    assertThat(RESULTS).hasSameSizeAs(requests);
    assertThat(RESULTS)
        .filteredOn(result -> !result.renderId().equals("whole"))
        .extracting(SegmentResult::failureCode)
        .containsOnly("PICTURE_UNDECODABLE");
    assertThat(bytes("whole", 0)).isNotNull();
    assertThat(FAILED)
        .as("each segment counts, whatever becomes of its render")
        .containsExactlyInAnyOrderElementsOf(
            RESULTS.stream().map(result -> result.bytes() == null).toList());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSegmentThatEndsItsWorkersFailsAlone(boolean beside) throws Exception {
    List<SegmentRequest> requests = new ArrayList<>(requests("deadly", 0, picture(0x336699)));
    requests.addAll(requests("harmless", 0, picture(0x993366)));
    store.lost(new StepKey(requests.get(0).segmentKey()), 4);
    store.lost(new StepKey(requests.get(1).segmentKey()), 3);

    run(beside, requests);

    assertThat(RESULTS).hasSameSizeAs(requests);
    assertThat(RESULTS)
        .filteredOn(result -> result.bytes() == null)
        .extracting(SegmentResult::renderId, SegmentResult::index, SegmentResult::failureCode)
        .containsExactly(tuple("deadly", 0, "WORKERS_LOST"));
  }

  /** Else a worker without room for classes would make a failure of every segment that waits. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSickWorkerFailsNoSegment(boolean beside) throws Exception {
    for (String told : List.of("Metaspace", "unable to create native thread")) {
      store =
          new FakeObjectStore(folder) {
            @Override
            public Path localFile(MediaRef ref) {
              throw new OutOfMemoryError(told);
            }
          };
      List<SegmentRequest> requests = requests("a", 0, picture(0x123456));

      assertThatThrownBy(() -> run(beside, requests))
          .hasStackTraceContaining("OutOfMemoryError: " + told);
      assertThat(RESULTS).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSegmentThatFailedInAWayThatMayPassIsTriedAgainAlone(boolean beside) throws Exception {
    Set<String> shortOnce = ConcurrentHashMap.newKeySet();
    store =
        new FakeObjectStore(folder) {
          @Override
          public Path localFile(MediaRef ref) {
            assertThat(credits.givenBack(List.of("ticket")))
                .as("it keeps its place while it is tried again")
                .isEmpty();
            if (shortOnce.remove(ref.sha256())) {
              throw new OutOfMemoryError("Java heap space");
            }
            return super.localFile(ref);
          }
        };
    MediaRef picture = picture(0x234567);
    List<SegmentRequest> requests = List.of(withTicket("ticket", requests("a", 0, picture).get(0)));
    shortOnce.add(picture.sha256());

    run(beside, requests, RenderSegments.with(PROVIDERS).pausing(20));

    assertThat(shortOnce).isEmpty();
    assertThat(RESULTS).hasSize(1).allMatch(result -> result.bytes() != null);
    assertThat(FAILED).as("one end for each segment").containsExactly(false);
    assertThat(credits.givenBack(List.of("ticket"))).containsExactly("ticket");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatFailsEachTimeIsGivenUpAfterTheLastTryAndEachRequestOfItHears(boolean beside)
      throws Exception {
    AtomicInteger tries = new AtomicInteger();
    store =
        new FakeObjectStore(folder) {
          @Override
          public Path localFile(MediaRef ref) {
            tries.incrementAndGet();
            throw new OutOfMemoryError("Java heap space");
          }
        };
    MediaRef picture = picture(0x345678);
    List<SegmentRequest> requests = new ArrayList<>();
    requests.add(requests("a", 0, picture).get(0));
    requests.add(requests("b", 0, picture).get(0));

    run(beside, requests, RenderSegments.with(PROVIDERS).pausing(20));

    assertThat(RESULTS)
        .extracting(SegmentResult::renderId, SegmentResult::failureCode)
        .containsExactlyInAnyOrder(tuple("a", "MEMORY_SHORT"), tuple("b", "MEMORY_SHORT"));
    assertThat(tries).hasValue(2 * RenderSegments.ATTEMPTS);
    assertThat(FAILED).containsExactly(true, true);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatBelongsToAnEpochThatIsOverIsDroppedAndItsTwinIsRendered(boolean beside)
      throws Exception {
    ledger.admit(entry(1));
    ledger.admit(entry(2));
    MediaRef picture = picture(0x336699);
    List<SegmentRequest> requests = new ArrayList<>(requests("over", 1, picture));
    requests.addAll(requests("now", 0, picture));

    run(beside, requests);

    assertThat(RESULTS)
        .filteredOn(SegmentResult::isDropped)
        .extracting(SegmentResult::renderId)
        .containsExactly("over", "over");
    assertThat(bytes("now", 0)).isNotNull();
    assertThat(bytes("now", 1)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRequestIsRenderedByTheWorkersOfThePoolThatItNames(boolean beside) throws Exception {
    List<SegmentRequest> requests = new ArrayList<>(requests("usual", 0, picture(0x336699)));
    requests.addAll(
        requests("there", 0, picture(0x993366)).stream()
            .map(request -> on("cpu-render", request))
            .toList());
    requests.addAll(
        requests("nowhere", 0, picture(0x669933)).stream()
            .map(request -> on("nobodys", request))
            .toList());
    RenderSegments render =
        RenderSegments.with(PROVIDERS)
            .alsoOn(new WorkerPool("cpu-render"), Encoders.choose(List.of(Encoders.AUTO)));

    // The worker of this test is of no pool at first: it refuses what is for another one.
    assertThatThrownBy(() -> run(beside, requests, render))
        .hasStackTraceContaining("this work belongs on the pool 'cpu-render'");
    assertThat(RESULTS).noneMatch(result -> result.renderId().equals("there"));

    RESULTS.clear();
    System.setProperty(WorkerPool.PROPERTY, "cpu-render");
    try {
      run(beside, requests, render);
    } finally {
      System.clearProperty(WorkerPool.PROPERTY);
    }
    assertThat(RESULTS).hasSameSizeAs(requests).allMatch(result -> result.bytes() != null);
    assertThat(bytes("there", 0)).isNotEqualTo(bytes("usual", 0));
  }

  private static MediaRef bytes(String render, int index) {
    return RESULTS.stream()
        .filter(result -> result.renderId().equals(render) && result.index() == index)
        .map(SegmentResult::bytes)
        .findFirst()
        .orElseThrow();
  }

  private static List<SegmentRequest> requests(String render, long epoch, MediaRef picture) {
    List<Shot> shots = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      shots.add(
          new Shot(
              i * 15,
              Still.cover(picture, 500, 500),
              Motion.zoom(1000, 1100 + i * 100),
              Transition.CUT));
    }
    List<SegmentRequest> requests = new ArrayList<>();
    for (Segment segment : SegmentCutter.cut(new Timeline(CANVAS, shots, List.of(), 30))) {
      requests.add(
          new SegmentRequest(
              new RecordKey("record", 1),
              render,
              requests.size(),
              segment.key(SETTINGS).hex(),
              store.put(RecordJson.canonicalBytes(segment), "application/json"),
              segment.frames(),
              RecordJson.canonical(SETTINGS),
              epoch,
              null,
              null));
    }
    return requests;
  }

  private static SegmentRequest on(String pool, SegmentRequest request) {
    return copy(request, request.ticket(), pool);
  }

  private static SegmentRequest withTicket(String ticket, SegmentRequest request) {
    return copy(request, ticket, request.pool());
  }

  private static SegmentRequest copy(SegmentRequest request, String ticket, String pool) {
    return new SegmentRequest(
        request.key(),
        request.renderId(),
        request.index(),
        request.segmentKey(),
        request.description(),
        request.frames(),
        request.settings(),
        request.epoch(),
        ticket,
        pool);
  }

  private static MediaRef picture(int colour) throws Exception {
    BufferedImage image = new BufferedImage(160, 240, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 240; y++) {
      for (int x = 0; x < 160; x++) {
        image.setRGB(x, y, (x / 16 + y / 16) % 2 == 0 ? colour : 0xFFFFFF);
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return store.put(bytes.toByteArray(), "image/png");
  }

  private static ProjectEntry entry(int revision) {
    return new ProjectEntry(
        new RecordKey("record", revision),
        new MediaRef("c" + revision, 1, "application/json"),
        "t",
        null,
        null,
        new ProjectRequest(
            null, List.of(), VideoSettings.DEFAULT, ReviewPolicy.AUTO, "normal", true),
        "test");
  }

  private static void run(boolean beside, List<SegmentRequest> requests) {
    run(beside, requests, RenderSegments.with(PROVIDERS));
  }

  private static void run(boolean beside, List<SegmentRequest> requests, RenderSegments render) {
    DirectOptions options = PipelineOptionsFactory.create().as(DirectOptions.class);
    options.setRunner(DirectRunner.class);
    // One task, as there is one for each key on Flink: this runner has a copy for each thread.
    options.setTargetParallelism(1);
    Pipeline pipeline = Pipeline.create(options);
    RecordCoder<SegmentRequest> coder = RecordCoder.of(SegmentRequest.class);
    PCollection<SegmentRequest> input;
    if (beside) {
      TestStream.Builder<SegmentRequest> stream = TestStream.create(coder);
      for (SegmentRequest request : requests) {
        stream = stream.addElements(request);
      }
      for (int look = 0; look < LOOKS; look++) {
        stream = stream.advanceProcessingTime(Duration.standardSeconds(1));
      }
      input = pipeline.apply(stream.advanceWatermarkToInfinity());
    } else {
      input = pipeline.apply(Create.of(requests).withCoder(coder));
    }
    input
        .apply("Render segments", beside ? render.beside() : render)
        .apply("Collect", ParDo.of(new CollectFn()));
    pipeline.run().waitUntilFinish();
  }

  private static final class CollectFn extends DoFn<SegmentResult, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element SegmentResult result) {
      RESULTS.add(result);
    }
  }
}
