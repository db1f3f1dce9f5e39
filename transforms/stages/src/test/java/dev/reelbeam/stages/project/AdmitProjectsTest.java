package dev.reelbeam.stages.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.fakes.FakeAssetReader;
import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.fakes.FakeProjectLedger;
import dev.reelbeam.fakes.FakeScriptWriter;
import dev.reelbeam.fakes.FakeSpeechSynthesizer;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.project.Begun;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.ControlType;
import dev.reelbeam.model.project.DeliveryOutcome;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.project.ProjectEdits;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.project.WaitingArtifact;
import dev.reelbeam.stages.Happening;
import dev.reelbeam.stages.Videos;
import dev.reelbeam.stages.flow.ParsedRecord;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdmitProjectsTest {
  private static final Queue<String> ADMITTED = new ConcurrentLinkedQueue<>();
  private static FakeProjectLedger ledger = new FakeProjectLedger();

  @BeforeEach
  void freshLedger() {
    ADMITTED.clear();
    ledger = new FakeProjectLedger();
  }

  @Test
  void soManyAreUnderWayAtOnceAndTheOthersFollowAsPlacesBecomeFree() {
    run(
        arrives("a", "normal"),
        arrives("b", "normal"),
        arrives("c", "normal"),
        arrives("d", "high"),
        Happening.millis(3_000),
        Happening.edit(() -> assertThat(ADMITTED).containsExactly("a", "b")),
        Happening.edit(() -> ends("a", ProjectStatus.COMPLETED)),
        Happening.millis(3_000),
        Happening.edit(() -> assertThat(ADMITTED).containsExactly("a", "b", "d")),
        // Whoever waits for a decision holds no place.
        Happening.edit(() -> ends("b", ProjectStatus.REVIEW)),
        Happening.millis(3_000));

    assertThat(ADMITTED).containsExactly("a", "b", "d", "c");
  }

  @Test
  void theLowLaneHasPlacesOfItsOwn() {
    run(
        arrives("low-1", "low"),
        arrives("low-2", "low"),
        arrives("a", "normal"),
        Happening.millis(3_000));

    assertThat(ADMITTED).containsExactly("low-1", "a");
  }

  @Test
  void whatPeopleChangedNeverWaits() {
    run(
        arrives("a", "normal"),
        arrives("b", "normal"),
        arrives("c", "normal"),
        Happening.edit(
            () ->
                ledger.apply(
                    ControlEvent.of("e1", ControlType.RETRY, "c", "ann", 7),
                    1,
                    ProjectEdits.NONE,
                    ProjectStatus.SCRIPTING)),
        Happening.of(Videos.parsed("c", 1, "content", "normal")));

    assertThat(ADMITTED).containsExactly("a", "b", "c");
  }

  @Test
  void whatFailedAndIsSentThroughAgainWaitsForAPlaceLikeOthers() {
    ControlDesk desk = new ControlDesk(ledger, new FakeObjectStore(Path.of("unset")));
    List<Happening> retries = new ArrayList<>();
    for (String project : List.of("a", "b", "c")) {
      ledger.admit(Videos.entry(project, 1, "content", "normal"));
      ledger.status(project, 1, ProjectStatus.FAILED);
      ControlDesk.Outcome outcome =
          desk.carryOut(ControlEvent.of("retry-" + project, ControlType.RETRY, project, "ann", 7));
      assertThat(outcome.goesOn()).isTrue();
      retries.add(Happening.of(Videos.parsed(project, 1, "content", "normal")));
    }
    run(retries.toArray(new Happening[0]));

    assertThat(ADMITTED).containsExactly("a", "b");
    assertThat(ledger.find("c").orElseThrow().status()).isEqualTo(ProjectStatus.DRAFT);
  }

  @Test
  void whatWasBegunAfterTheStateThatAJobGoesOnFromComesBack() {
    // Of two places, one was filled from the ledger: its hand and number are in no state of the
    // next
    // run, as after a failure before the next checkpoint.
    ledger.admit(Videos.entry("lost", 1, "content", "normal"));
    ledger.begin("lost", 1, new Begun("rolled-back", 3));
    ends("lost", ProjectStatus.SCRIPTING);
    run(arrives("a", "normal"), Happening.millis(3_000));

    assertThat(ADMITTED).containsExactly("a", "lost");
    assertThat(ledger.find("lost").orElseThrow().begun()).isNotEqualTo(new Begun("rolled-back", 3));
  }

  @Test
  void aJobThatBeginsWithoutStateFindsAllThatIsUnderWayAndHeldAndNoMoreAtOnceThanThereArePlaces() {
    for (String project : List.of("at-work", "too", "held", "draft", "parked", "done")) {
      ledger.admit(Videos.entry(project, 1, "content", "normal"));
    }
    ends("at-work", ProjectStatus.RENDERING);
    ends("too", ProjectStatus.SCRIPTING);
    ends("held", ProjectStatus.REVIEW);
    ledger.park(waits("held", false));
    settles("parked", DeliveryState.WAITING);
    ledger.park(waits("parked", true));
    settles("done", DeliveryState.COMPLETED);
    // No record comes: nothing but the ledger tells of them.
    run(
        Happening.seconds(1, 8),
        Happening.edit(() -> assertThat(ADMITTED).containsExactly("at-work", "too")),
        Happening.edit(() -> ends("at-work", ProjectStatus.COMPLETED)),
        Happening.edit(() -> ends("too", ProjectStatus.COMPLETED)),
        Happening.seconds(1, 8));

    assertThat(ADMITTED).containsExactly("at-work", "too", "held", "draft");
  }

  @Test
  void aFinishedProjectWhoseRecordComesAgainIsNotBegunAgain() {
    run(
        arrives("a", "normal"),
        Happening.edit(() -> ends("a", ProjectStatus.COMPLETED)),
        Happening.seconds(3_600, 3),
        Happening.of(known("a")));
    assertThat(ADMITTED).containsExactly("a");

    // Nobody here has begun it: its deliveries may have been lost with the state.
    ADMITTED.clear();
    run(Happening.of(known("a")));
    assertThat(ADMITTED).containsExactly("a");
  }

  private static WaitingArtifact waits(String project, boolean parked) {
    return new WaitingArtifact(
        new RecordKey(project, 1),
        Gate.SCRIPT,
        "v",
        List.of("preview"),
        "s1",
        1,
        Map.of(),
        5,
        null,
        parked);
  }

  private static void settles(String project, DeliveryState state) {
    ledger.settle(new DeliveryOutcome(new RecordKey(project, 1), "preview", 1, state, null, null));
  }

  private static Happening arrives(String project, String priority) {
    ledger.admit(Videos.entry(project, 1, "content", priority));
    return Happening.of(known(project));
  }

  /** The record as the desk sends it on. */
  private static ParsedRecord known(String project) {
    return ParsedRecord.of(ledger.find(project).orElseThrow());
  }

  private static void ends(String project, ProjectStatus status) {
    ledger.status(project, 1, status);
  }

  private static void run(Happening... happenings) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    Providers providers =
        new Providers(
                () -> new FakeObjectStore(Path.of("unset")),
                FakeAssetReader::new,
                FakeScriptWriter::new,
                FakeSpeechSynthesizer::new,
                () -> Progress.NONE)
            .withProjects(() -> ledger);
    Happening.in(pipeline, ParsedRecord.class, happenings)
        .elements(ParsedRecord.class)
        .apply(AdmitProjects.with(providers, AdmissionSettings.of(2, 1)))
        .apply("Collect", ParDo.of(new CollectFn()));
    pipeline.run().waitUntilFinish();
  }

  private static final class CollectFn extends DoFn<ParsedRecord, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element ParsedRecord record) {
      ADMITTED.add(record.key().recordId());
    }
  }
}
