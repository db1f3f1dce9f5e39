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
import dev.reelbeam.model.project.ProjectRow;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.project.WaitingArtifact;
import dev.reelbeam.stages.Happening;
import dev.reelbeam.stages.Videos;
import dev.reelbeam.stages.flow.ParsedRecord;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.render.JoinRenders;
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
import org.assertj.core.groups.Tuple;
import org.joda.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
                    ControlEvent.of("e1", ControlType.SCRIPT_EDITED, "c", "ann", 7),
                    1,
                    ProjectEdits.NONE,
                    ProjectStatus.SCRIPTING)),
        Happening.of(Videos.parsed("c", 1, "content", "normal")));

    assertThat(ADMITTED).containsExactly("a", "b", "c");
  }

  /** A provider was away, or the state of a job is given up: thousands come at once. */
  @ParameterizedTest
  @EnumSource(names = {"FAILED", "REVIEW", "RENDERING", "COMPLETED"})
  void whatIsSentThroughAgainAsItIsWaitsForAPlaceLikeOthers(ProjectStatus before) {
    ControlDesk desk = new ControlDesk(ledger, new FakeObjectStore(Path.of("unset")));
    List<Happening> retries = new ArrayList<>();
    for (String project : List.of("a", "b", "c")) {
      ledger.admit(Videos.entry(project, 1, "content", "normal"));
      ledger.status(project, 1, before);
      ControlDesk.Outcome outcome =
          desk.carryOut(ControlEvent.of("retry-" + project, ControlType.RETRY, project, "ann", 7));
      assertThat(outcome.goesOn()).isTrue();
      retries.add(Happening.of(known(project)));
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

  /** Else as many would be begun beside those that a gate has let go on. */
  @Test
  void whatAGateLetsGoOnHoldsAPlaceAgain() {
    run(
        arrives("a", "normal"),
        arrives("b", "normal"),
        Happening.edit(() -> ends("a", ProjectStatus.REVIEW)),
        Happening.edit(() -> ends("b", ProjectStatus.REVIEW)),
        Happening.seconds(1, 30),
        Happening.edit(
            () -> {
              assertThat(ledger.resume("a", 1, 2, ProjectStatus.COMPOSING)).isTrue();
              assertThat(ledger.resume("b", 1, 2, ProjectStatus.COMPOSING)).isTrue();
            }),
        Happening.seconds(1, 15),
        becomesDraft("c"),
        Happening.of(sentOn("c")),
        Happening.seconds(1, 15),
        Happening.edit(() -> assertThat(ADMITTED).containsExactly("a", "b")),
        Happening.edit(() -> ends("a", ProjectStatus.COMPLETED)),
        Happening.seconds(1, 15));

    assertThat(ADMITTED).containsExactly("a", "b", "c");
  }

  /** They stand in the one line, though no record comes, no place is taken and nobody tells. */
  @Test
  void whatFindsNoPlaceBehindAGateFollowsWithTheOthersTheUrgentFirst() {
    run(
        arrives("a", "normal"),
        Happening.edit(() -> ends("a", ProjectStatus.REVIEW)),
        arrives("b", "normal"),
        Happening.edit(() -> ends("b", ProjectStatus.REVIEW)),
        Happening.seconds(1, 30), // Both are at a gate.
        Happening.edit(
            () -> {
              assertThat(ledger.resume("a", 1, 0, ProjectStatus.COMPOSING)).isFalse();
              assertThat(ledger.resume("b", 1, 0, ProjectStatus.COMPOSING)).isFalse();
              ledger.admit(Videos.entry("urgent", 1, "content", "high"));
            }),
        Happening.seconds(1, 15));

    assertThat(ADMITTED).containsExactly("a", "b", "urgent", "a");
  }

  /** The desk writes it to the ledger before it sends it on. */
  @Test
  void aDraftThatIsReadFromTheLedgerBeforeItsRecordComesIsBegunOnce() {
    run(
        arrives("a", "normal"),
        becomesDraft("b"),
        Happening.seconds(1, 5),
        Happening.edit(() -> assertThat(ADMITTED).containsExactly("a", "b")),
        Happening.of(sentOn("b")));

    assertThat(ADMITTED).containsExactly("a", "b");
  }

  /** The ledger has it before its record comes, and it is active by then. */
  @Test
  void anEditIsSentOnThoughThePlaceThatItTakesWasCountedBefore() {
    run(
        arrives("a", "normal"),
        Happening.edit(() -> ends("a", ProjectStatus.REVIEW)),
        Happening.seconds(1, 15),
        Happening.edit(
            () ->
                ledger.apply(
                    ControlEvent.of("e1", ControlType.SCRIPT_EDITED, "a", "ann", 7),
                    1,
                    ProjectEdits.NONE,
                    ProjectStatus.SCRIPTING)),
        Happening.seconds(1, 15),
        Happening.of(
            ParsedRecord.of(
                ProjectRow.draft(
                    Videos.entry("a", 1, "content", "normal"), 2, ProjectEdits.NONE))));

    assertThat(ADMITTED).containsExactly("a", "a");
  }

  /** A decision about what a bounded run, or a gate after a month, has parked. */
  @Test
  void whatWasParkedAndComesByADecisionWaitsForAPlaceToo() {
    ledger.admit(Videos.entry("parked", 1, "content", "normal"));
    settles("parked", DeliveryState.WAITING);
    ledger.park(waits("parked", true));
    run(
        arrives("a", "normal"),
        arrives("b", "normal"),
        Happening.edit(() -> assertThat(ADMITTED).containsExactly("a", "b")),
        Happening.of(sentOn("parked")),
        Happening.edit(() -> assertThat(ADMITTED).containsExactly("a", "b")),
        Happening.edit(() -> ends("a", ProjectStatus.COMPLETED)),
        Happening.seconds(1, 15));

    assertThat(ADMITTED).containsExactly("a", "b", "parked");
  }

  /** An element went under in a live job: a defect, or somebody skipped it by hand. */
  @Test
  void whatHoldsAPlaceAndIsSilentForHoursComesBack() {
    run(
        arrives("a", "normal"),
        arrives("b", "normal"),
        Happening.edit(() -> ends("a", ProjectStatus.RENDERING)),
        Happening.edit(() -> ends("b", ProjectStatus.RENDERING)),
        // Of time in which the job was down nobody can be blamed, and a render may be waited for.
        Happening.edit(() -> ledger.silent("b")),
        Happening.seconds(21_600, 8),
        Happening.edit(() -> assertThat(ADMITTED).containsExactly("a", "b")),
        Happening.seconds(21_600, 40));

    assertThat(ADMITTED).as("once, until it is silent again").containsExactly("a", "b", "b");
  }

  @Test
  void nothingIsMissedAsLongAsAStageMayWaitForIt() {
    assertThat(JoinRenders.PATIENCE_ELSEWHERE).isGreaterThan(JoinRenders.PATIENCE);
    run(
        JoinRenders.PATIENCE_ELSEWHERE,
        arrives("a", "normal"),
        Happening.edit(() -> ends("a", ProjectStatus.RENDERING)),
        Happening.edit(() -> ledger.silent("a")),
        Happening.seconds(86_400, 7),
        Happening.edit(() -> assertThat(ADMITTED).containsExactly("a")),
        Happening.seconds(86_400, 20));

    assertThat(ADMITTED).containsExactly("a", "a");
  }

  /** A defect that loses it each time would begin it for ever, and hold a place. */
  @Test
  void whatIsSilentAfterItWasBegunAgainTwiceIsGivenUp() {
    ledger.admit(Videos.entry("a", 1, "content", "normal"));
    AdmittingLane lane = new AdmittingLane(ledger);
    lane.wake();
    lane.fires(0);
    ends("a", ProjectStatus.RENDERING);
    ledger.silent("a");
    lane.fires(4 * 86_400_000L);
    assertThat(lane.admitted()).containsExactly("a", "a");
    ledger.silent("a");
    lane.fires(60_000);
    assertThat(lane.admitted()).containsExactly("a", "a", "a");
    ledger.silent("a");
    lane.fires(60_000);

    assertThat(lane.admitted()).containsExactly("a", "a", "a");
    assertThat(ledger.find("a").orElseThrow().status()).isEqualTo(ProjectStatus.FAILED);
    assertThat(ledger.outcomes("a"))
        .extracting(DeliveryOutcome::state, DeliveryOutcome::detail)
        .containsExactly(
            Tuple.tuple(
                DeliveryState.DEAD, "nothing was heard of it, though it was begun again 2 times"));
  }

  /** It was begun from the ledger and is at its gate before its own record comes. */
  @Test
  void whatAGateHoldsIsNoDraftWhenItsRecordComesLate() {
    ledger.admit(Videos.entry("held", 1, "content", "normal"));
    ParsedRecord late = sentOn("held");
    run(
        Happening.seconds(1, 5),
        Happening.edit(() -> ends("held", ProjectStatus.REVIEW)),
        Happening.edit(() -> ledger.park(waits("held", false))),
        arrives("a", "high"),
        arrives("b", "high"),
        Happening.seconds(1, 15),
        Happening.of(late));

    assertThat(ledger.find("held").orElseThrow().status()).isEqualTo(ProjectStatus.REVIEW);
  }

  /** Else an idle lane, to which nothing comes, is looked at by nobody any more. */
  @Test
  void aClockThatIsSetBackEndsNoIdleLane() {
    AdmittingLane lane = new AdmittingLane(ledger);
    lane.wake();
    lane.fires(0);
    assertThat(lane.dueInMs()).isEqualTo(10_000L);
    for (int i = 0; i < 10; i++) {
      lane.fires(-1); // As where a clock is slowed down.
    }
    assertThat(lane.dueInMs()).isEqualTo(10_000L);
    lane.fires(-9_000); // A machine that was halted.
    lane.fires(0);
    lane.fires(-9_000);
    assertThat(lane.dueInMs()).isEqualTo(10_000L);

    lane.fires(-9_000);
    lane.fires(-9_000);
    assertThat(lane.dueInMs()).as("bounded input has ended").isNull();
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

  private static Happening becomesDraft(String project) {
    return Happening.edit(() -> ledger.admit(Videos.entry(project, 1, "content", "normal")));
  }

  /** The same of a project that the ledger will know by then. */
  private static ParsedRecord sentOn(String project) {
    return ParsedRecord.of(
        ProjectRow.draft(Videos.entry(project, 1, "content", "normal"), 1, ProjectEdits.NONE));
  }

  /** The record as the desk sends it on. */
  private static ParsedRecord known(String project) {
    return ParsedRecord.of(ledger.find(project).orElseThrow());
  }

  private static void ends(String project, ProjectStatus status) {
    ledger.status(project, 1, status);
  }

  private static void run(Happening... happenings) {
    run(JoinRenders.PATIENCE, happenings);
  }

  private static void run(Duration patience, Happening... happenings) {
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
        .apply(AdmitProjects.with(providers, AdmissionSettings.of(2, 1)).waitingUpTo(patience))
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
