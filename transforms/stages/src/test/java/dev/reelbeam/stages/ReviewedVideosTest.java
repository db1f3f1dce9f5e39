package dev.reelbeam.stages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.fakes.FakeAssetReader;
import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.fakes.FakeProjectLedger;
import dev.reelbeam.fakes.FakeRenderCredits;
import dev.reelbeam.fakes.FakeScriptWriter;
import dev.reelbeam.fakes.FakeSpeechSynthesizer;
import dev.reelbeam.fakes.RecordingProgressSink;
import dev.reelbeam.media.probe.MediaInspector;
import dev.reelbeam.media.probe.MediaReport;
import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.Sentence;
import dev.reelbeam.model.content.TextOverlay;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.ControlType;
import dev.reelbeam.model.project.Decision;
import dev.reelbeam.model.project.DeliveryOutcome;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.project.MadeVideo;
import dev.reelbeam.model.project.OverlayChange;
import dev.reelbeam.model.project.ProgressBoard;
import dev.reelbeam.model.project.ProgressEvent;
import dev.reelbeam.model.project.ProjectRow;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.project.ScriptEdit;
import dev.reelbeam.model.project.WaitingArtifact;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.flow.ProgressReporter;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.project.AdmissionSettings;
import dev.reelbeam.stages.render.DispatchSettings;
import dev.reelbeam.stages.step.AwaitSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole graph with people in it: a bounded run that parks, and a streaming job that holds. */
class ReviewedVideosTest {
  private static final Queue<Delivery> DELIVERIES = new ConcurrentLinkedQueue<>();
  private static FakeObjectStore store = new FakeObjectStore(Path.of("unset"));
  private static FakeSpeechSynthesizer speech = new FakeSpeechSynthesizer();
  private static FakeProjectLedger ledger = new FakeProjectLedger();
  private static FakeRenderCredits credits = new FakeRenderCredits();
  private static RecordingProgressSink progress = new RecordingProgressSink();

  @TempDir Path folder;

  @BeforeEach
  void freshWorld() {
    CollectDead.LETTERS.clear();
    store = new FakeObjectStore(folder);
    speech = new FakeSpeechSynthesizer();
    ledger = new FakeProjectLedger();
    credits = new FakeRenderCredits();
    progress = new RecordingProgressSink();
  }

  @Test
  void aRecordGoesThroughTwoGatesAndAnEditMakesOnlyWhatItTouchesAgain() throws Exception {
    // The bounded run parks at each gate, and goes on from there after each decision.
    runBounded();
    assertThat(DELIVERIES).isEmpty();
    WaitingArtifact script = waiting(Gate.SCRIPT);
    assertThat(script.refs()).containsKey("script.json");
    approve(script);
    runBounded();
    assertThat(DELIVERIES).isEmpty();
    WaitingArtifact visuals = waiting(Gate.VISUALS);
    MediaReport preview =
        MediaInspector.inspect(store.localFile(visuals.refs().get("preview.mp4")));
    assertThat(preview.video().height()).isEqualTo(480);
    assertThat(preview.audio()).isNotNull();
    int spoken = speech.calls();
    approve(visuals);
    runBounded();
    assertThat(CollectDead.LETTERS).isEmpty();
    assertThat(DELIVERIES).hasSize(1);
    assertThat(speech.calls()).isEqualTo(spoken);
    assertThat(ledger.waiting("p")).isEmpty();
    assertThat(ledger.find("p").map(ProjectRow::status)).contains(ProjectStatus.COMPLETED);
    assertThat(ledger.outcomes("p"))
        .extracting(DeliveryOutcome::state)
        .containsExactly(DeliveryState.COMPLETED);
    assertProgressNeverFalls();
    MadeVideo made = ledger.described().get(0);
    assertThat(made.script().scriptText()).contains("Warm light");
    assertThat(made.delivered())
        .contains(new ArrayList<>(DELIVERIES).get(0).files().get("video.mp4"));
    assertThat(made.assets())
        .extracting(MadeVideo.Asset::type)
        .contains(MadeVideo.AssetType.SUBTITLE);

    MediaRef metadata = new ArrayList<>(DELIVERIES).get(0).files().get("metadata.json");
    assertThat(made.bookings().stream().mapToInt(MadeVideo.Booking::credits).sum())
        .as("what its own account says")
        .isPositive()
        .isEqualTo(
            RecordJson.readTree(new String(store.read(metadata), StandardCharsets.UTF_8))
                .path("cost")
                .path("credits")
                .asInt());

    // The same record in a streaming job: what was approved passes, the edit goes to the gates.
    Script before = RecordJson.read(store.read(script.refs().get("script.json")), Script.class);
    Script edited = reworded(before);
    MediaRef payload =
        store.put(
            RecordJson.canonicalBytes(new ScriptEdit(script.variant(), edited)),
            "application/json");
    String hash = RecordJson.sha256(RecordJson.canonicalBytes(edited));
    int sentences = edited.sections().stream().mapToInt(s -> s.sentences().size()).sum();
    MediaRef text =
        store.put(
            RecordJson.canonicalBytes(
                new OverlayChange(List.of(new TextOverlay(1_000, 3_000, "Only today")))),
            "application/json");
    DELIVERIES.clear();
    runStreaming(
        Happening.of(record()),
        settle(),
        Happening.of(ControlEvent.edit("e1", ControlType.SCRIPT_EDITED, "p", 0, "ann", 7, payload)),
        settle(),
        Happening.edit(() -> assertThat(waiting(Gate.SCRIPT).artifact()).isEqualTo(hash)),
        // An approval of the first version does not let the second one pass.
        Happening.of(approval("e2", Gate.SCRIPT, script.artifact())),
        Happening.edit(() -> assertThat(waiting(Gate.SCRIPT).artifact()).isEqualTo(hash)),
        Happening.of(approval("e3", Gate.SCRIPT, hash)),
        settle(),
        Happening.edit(() -> approve(waiting(Gate.VISUALS))),
        Happening.of(ControlEvent.of("e4", ControlType.RETRY, "p", "ann", 7)),
        settle(),
        settle(),
        settle(),
        // A text over the picture is looked at where pictures are, and nothing is said anew.
        Happening.of(ControlEvent.edit("e5", ControlType.OVERLAY_CHANGED, "p", 3, "ann", 7, text)),
        settle(),
        settle(),
        Happening.edit(
            () ->
                assertThat(
                        new String(
                            store.read(waiting(Gate.VISUALS).refs().get("storyboard.json")),
                            StandardCharsets.UTF_8))
                    .contains("Only today")));

    assertThat(CollectDead.LETTERS).isEmpty();
    assertThat(DELIVERIES).hasSize(2);
    Delivery second = new ArrayList<>(DELIVERIES).get(1);
    // The small video of the gate has the geometry of this preset: its segments are found.
    assertThat(second.segmentsRendered()).isZero();
    assertThat(second.segmentsFound()).isPositive();
    Delivery first = new ArrayList<>(DELIVERIES).get(0);
    assertThat(second.files().get("video.mp4")).isNotEqualTo(first.files().get("video.mp4"));
    // One sentence was reworded: it alone was spoken.
    assertThat(sentences).isGreaterThan(2);
    assertThat(speech.calls()).isEqualTo(spoken + 1);
    assertThat(ledger.epoch("p")).isEqualTo(4);
  }

  @Test
  void atTheLastGateAVideoIsDecidedAboutWithTheTextsThatGoOutWithIt() throws Exception {
    runBounded(lastGate(1, "lamps"));
    WaitingArtifact first = waiting(Gate.FINAL);
    assertThat(first.refs()).containsKeys("video.mp4", "proof.json", "thumbnail.jpg");
    assertThat(first.refs().get("proof.json").sha256()).isEqualTo(first.artifact());
    approve(first);
    runBounded(lastGate(1, "lamps"));
    Delivery delivered = new ArrayList<>(DELIVERIES).get(0);
    assertThat(text(delivered.files().get("metadata.json"))).contains("\"lamps\"");
    assertThat(delivered.files()).containsEntry("thumbnail.jpg", first.refs().get("thumbnail.jpg"));

    // The same picture and sound under other tags: nobody has seen them.
    runBounded(lastGate(2, "cushions"));
    assertThat(DELIVERIES).isEmpty();
    WaitingArtifact second = waiting(Gate.FINAL);
    assertThat(second.refs()).containsEntry("video.mp4", first.refs().get("video.mp4"));
    assertThat(text(second.refs().get("proof.json"))).contains("cushions");
    approve(second);
    runBounded(lastGate(2, "cushions"));
    assertThat(text(new ArrayList<>(DELIVERIES).get(0).files().get("metadata.json")))
        .contains("\"cushions\"");
    assertThat(CollectDead.LETTERS).isEmpty();
  }

  private static String text(MediaRef ref) {
    return new String(store.read(ref), StandardCharsets.UTF_8);
  }

  private static RawRecord lastGate(int revision, String keyword) throws Exception {
    ObjectNode record = (ObjectNode) RecordJson.readTree(record().json());
    record.put("revision", revision);
    record.putArray("keywords").add(keyword);
    ((ObjectNode) record.get("project")).putObject("review").put("final", "manual");
    return new RawRecord("test:0", "file:///", record.toString());
  }

  private static void assertProgressNeverFalls() {
    ProgressEvent shown = null;
    List<Integer> seen = new ArrayList<>();
    for (ProgressEvent event : progress.events()) {
      shown = shown == null ? event : ProgressBoard.merge(shown, event);
      seen.add(shown.progress());
    }
    assertThat(seen).isSorted();
    assertThat(seen.get(seen.size() - 1)).isEqualTo(100);
  }

  /** Time enough for every timer and every call that is out. */
  private static Happening settle() {
    return Happening.seconds(5, 24);
  }

  private static Script reworded(Script script) {
    List<ScriptSection> sections = new ArrayList<>(script.sections());
    int last = sections.size() - 1;
    ScriptSection section = sections.get(last);
    List<Sentence> sentences = new ArrayList<>(section.sentences());
    Sentence sentence = sentences.get(sentences.size() - 1);
    sentences.set(sentences.size() - 1, new Sentence("Try it tomorrow.", sentence.sourceBlock()));
    sections.set(
        last,
        new ScriptSection(
            section.role(),
            List.copyOf(sentences),
            section.visualCue(),
            section.textOverlay(),
            section.heading(),
            section.durationEstMs()));
    return new Script(List.copyOf(sections), script.language(), 2, "ann", script.seo());
  }

  private static WaitingArtifact waiting(Gate gate) {
    return ledger.waiting("p").stream()
        .filter(row -> row.gate() == gate)
        .findFirst()
        .orElseThrow(() -> new AssertionError(gate + " of " + ledger.waiting("p")));
  }

  private static void approve(WaitingArtifact row) {
    Decision unused =
        ledger.decide(new Decision("p", row.gate(), row.artifact(), true, "d", "ann", 7, null, 1));
  }

  private static ControlEvent approval(String eventId, Gate gate, String artifact) {
    return ControlEvent.about(
        eventId, ControlType.APPROVED, "p", gate, artifact, 0, "ann", 7, null);
  }

  private static RawRecord record() {
    ObjectNode record = RecordJson.newObject();
    record.put("record_id", "p");
    record.put("title", "Warm light at home");
    record.put("language", "en");
    record.put(
        "content_html",
        "<p>Warm light makes a room calm. Three small lamps do more than one big one.</p>"
            + "<p>Put one in each corner. Try it tonight.</p>");
    ObjectNode project = record.putObject("project");
    project.putArray("target_platforms").add("preview");
    project.putObject("review").put("script", "manual").put("visuals", "manual 7d reject");
    return new RawRecord("test:0", "file:///", record.toString());
  }

  private static void runBounded() {
    runBounded(record());
  }

  private static void runBounded(RawRecord record) {
    DELIVERIES.clear();
    Pipeline pipeline = pipeline();
    PCollection<RawRecord> input =
        pipeline.apply(Create.of(record).withCoder(RecordCoder.of(RawRecord.class)));
    produce(pipeline, input, FlowSettings.BOUNDED, null);
    pipeline.run().waitUntilFinish();
  }

  private static void runStreaming(Happening... happenings) {
    Pipeline pipeline = pipeline();
    Happening.Split split = Happening.in(pipeline, RawRecord.class, happenings);
    FlowSettings streaming =
        FlowSettings.streaming(
            AwaitSettings.STREAMING.withInFlight(0),
            AdmissionSettings.DEFAULT,
            DispatchSettings.of(1));
    produce(pipeline, split.elements(RawRecord.class), streaming, split.events());
    pipeline.run().waitUntilFinish();
  }

  private static Pipeline pipeline() {
    DirectOptions options = PipelineOptionsFactory.create().as(DirectOptions.class);
    options.setRunner(DirectRunner.class);
    options.setTargetParallelism(2);
    return Pipeline.create(options);
  }

  private static void produce(
      Pipeline pipeline,
      PCollection<RawRecord> input,
      FlowSettings flow,
      PCollection<ControlEvent> control) {
    Providers providers =
        new Providers(
                () -> store,
                FakeAssetReader::new,
                FakeScriptWriter::new,
                () -> speech,
                ProgressReporter.to(() -> progress))
            .withProjects(() -> ledger)
            .withCredits(() -> credits);
    try (var handler = pipeline.registerBadRecordErrorHandler(new CollectDead())) {
      ProduceVideos videos =
          ProduceVideos.with(providers, ProduceVideos.Options.DEFAULT)
              .withFlow(flow)
              .withDeadLetters(new DeadLetters.Lane(handler));
      input
          .apply(control == null ? videos : videos.withControl(control))
          .apply("Collect", ParDo.of(new CollectFn()));
    }
  }

  private static final class CollectFn extends DoFn<Delivery, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element Delivery delivery) {
      DELIVERIES.add(delivery);
    }
  }
}
