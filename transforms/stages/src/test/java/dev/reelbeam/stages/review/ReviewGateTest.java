package dev.reelbeam.stages.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.fakes.FakeProjectLedger;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.project.AuditEntry;
import dev.reelbeam.model.project.Begun;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.ControlType;
import dev.reelbeam.model.project.Decision;
import dev.reelbeam.model.project.DeliveryOutcome;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.project.Lane;
import dev.reelbeam.model.project.ProjectRow;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.project.WaitingArtifact;
import dev.reelbeam.stages.Happening;
import dev.reelbeam.stages.Videos;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.flow.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReviewGateTest {
  private static final Queue<String> PASSED = new ConcurrentLinkedQueue<>();

  /** So long a gate listens after a deadline that passed while it was away. */
  private static final Happening AFTER_GRACE = Happening.seconds(61, 1);

  private static FakeProjectLedger ledger = new FakeProjectLedger();

  @BeforeEach
  void freshLedger() {
    PASSED.clear();
    ledger = new FakeProjectLedger();
    ledger.admit(Videos.entry("p", 1, "content", "normal"));
  }

  @Test
  void whatAsksForNoReviewPasses() {
    run(Happening.of(Videos.narrated("p", 1, "auto", "s1")));

    assertThat(PASSED).containsExactly("s1@1");
    assertThat(ledger.audited("p")).isEmpty();
  }

  @Test
  void aManualReviewHoldsUntilTheApproval() {
    run(Happening.of(Videos.narrated("p", 1, "manual", "s1")), Happening.days(2));
    assertThat(PASSED).isEmpty();
    assertThat(ledger.waiting("p")).extracting(WaitingArtifact::artifact).containsExactly("s1");
    assertThat(outcomes()).containsExactly(DeliveryState.WAITING);

    freshLedger();
    run(
        Happening.of(Videos.narrated("p", 1, "manual", "s1")),
        Happening.days(2),
        Happening.of(approved("e1", "s1", 1)));
    assertThat(PASSED).containsExactly("s1@1");
    assertThat(ledger.waiting("p")).isEmpty();
    assertThat(outcomes()).containsExactly(DeliveryState.IN_PROGRESS);
    assertThat(ledger.find("p").orElseThrow().status()).isEqualTo(ProjectStatus.COMPOSING);
    AuditEntry line = ledger.audited("p").get(0);
    assertThat(line.decision()).isEqualTo("approved");
    assertThat(line.who()).isEqualTo("ann");
    assertThat(line.version()).isEqualTo("s1");
  }

  /** A whole backfill may stand at a gate, and somebody approves it all. */
  @Test
  void ofWhatIsApprovedAtOnceNoMoreGoesOnThanThereArePlacesAndTheRestStandsInLine() {
    List<Happening> happenings = new ArrayList<>();
    List<String> projects = List.of("p1", "p2", "p3", "p4", "p5");
    for (String project : projects) {
      ledger.admit(Videos.entry(project, 1, "content", "normal"));
      ledger.begin(project, 1, new Begun("hand", 1));
      happenings.add(Happening.of(Videos.narrated(project, 1, "manual", "script-" + project)));
    }
    ledger.status("p", 1, ProjectStatus.COMPLETED); // That of the other tests holds no place.
    for (String project : projects) {
      happenings.add(
          Happening.of(
              ControlEvent.about(
                  "approve-" + project,
                  ControlType.APPROVED,
                  project,
                  Gate.SCRIPT,
                  "script-" + project,
                  1,
                  "ann",
                  7,
                  null)));
    }
    // The line has moved on: their records come through again.
    happenings.add(
        Happening.edit(
            () -> {
              assertThat(PASSED).containsExactly("script-p1@1", "script-p2@1");
              assertThat(ledger.queued(Lane.LIVE, 9, Set.of()))
                  .extracting(ProjectRow::project)
                  .containsExactly("p3", "p4", "p5");
              assertThat(ledger.waiting("p3")).isEmpty();
              ledger.begin("p3", 1, new Begun("hand", 2));
              ledger.status("p3", 1, ProjectStatus.SCRIPTING);
            }));
    happenings.add(Happening.of(Videos.narrated("p3", 1, "manual", "script-p3")));
    run(2, happenings.toArray(new Happening[0]));

    assertThat(PASSED).containsExactly("script-p1@1", "script-p2@1", "script-p3@1");
    assertThat(ledger.find("p3").orElseThrow().status()).isEqualTo(ProjectStatus.COMPOSING);
    assertThat(ledger.outcomes("p4"))
        .as("nothing is decided about it but that it goes on")
        .extracting(DeliveryOutcome::state)
        .containsExactly(DeliveryState.IN_PROGRESS);
  }

  @Test
  void approvingVersionOneNeverApprovesVersionTwo() {
    run(
        Happening.of(Videos.narrated("p", 1, "manual", "s1")),
        Happening.edit(() -> raise("edit-1")),
        Happening.of(Videos.narrated("p", 2, "manual", "s2")),
        Happening.of(approved("e1", "s1", 0)),
        Happening.of(approved("e2", "s1", 1)));
    assertThat(PASSED).isEmpty();
    assertThat(ledger.decision("p", Gate.SCRIPT, "s2")).isEmpty();
    assertThat(decisions()).contains("early", "stale");
    assertThat(ledger.waiting("p")).extracting(WaitingArtifact::artifact).containsExactly("s2");
  }

  @Test
  void anApprovalThatMeetsANewerEpochOnItsWayDoesNothing() {
    run(
        Happening.of(Videos.narrated("p", 1, "manual", "s1")),
        Happening.edit(() -> raise("edit-1")),
        Happening.of(approved("e1", "s1", 0)));

    assertThat(PASSED).isEmpty();
    assertThat(decisions()).containsExactly("stale");
  }

  @Test
  void anEventThatNamesAnEpochThatIsOverIsDroppedEvenIfTheBytesAreTheSame() {
    run(
        Happening.edit(() -> raise("edit-1")),
        Happening.of(Videos.narrated("p", 2, "manual", "s1")),
        Happening.of(approved("e1", "s1", 1)),
        Happening.of(approved("e2", "s1", 2)));

    assertThat(PASSED).containsExactly("s1@2");
    assertThat(decisions()).containsExactly("stale", "approved");
  }

  @Test
  void anEventThatComesBeforeItsArtifactWaitsForIt() {
    run(
        Happening.of(approved("e1", "s1", 0)),
        Happening.days(1),
        Happening.of(Videos.narrated("p", 1, "manual", "s1")));

    assertThat(PASSED).containsExactly("s1@1");
    assertThat(decisions()).containsExactly("early", "approved");
  }

  @Test
  void ofEarlyDecisionsTheNewestHoldsAndEachLeavesItsLine() {
    ControlEvent rejected =
        ControlEvent.about(
            "e2", ControlType.REJECTED, "p", Gate.SCRIPT, "s1", 0, "bob", 9, "too long");
    run(
        Happening.of(approved("e1", "s1", 0)),
        Happening.of(rejected),
        Happening.of(Videos.narrated("p", 1, "manual", "s1")));

    assertThat(PASSED).isEmpty();
    assertThat(outcomes()).containsExactly(DeliveryState.REJECTED);
    assertThat(decisions()).containsExactly("early", "early", "approved", "rejected");
  }

  @Test
  void anEventWhoseArtifactNeverComesLeavesATraceAndIsGivenUp() {
    run(
        Happening.of(approved("e1", "s9", 0)),
        Happening.days(8),
        AFTER_GRACE,
        Happening.of(Videos.narrated("p", 1, "manual", "s9")));

    assertThat(PASSED).isEmpty();
    assertThat(decisions()).containsExactly("early", "unknown");
  }

  @Test
  void aDecisionAboutAProjectThatNobodyKnowsIsNotKept() {
    run(
        Happening.of(
            ControlEvent.about(
                "e1", ControlType.APPROVED, "q", Gate.SCRIPT, "s1", 0, "ann", 7, null)),
        Happening.edit(() -> ledger.admit(Videos.entry("q", 1, "content", "normal"))),
        Happening.of(Videos.narrated("q", 1, "manual", "s1")));

    assertThat(PASSED).isEmpty();
    assertThat(ledger.waiting("q")).hasSize(1);
    assertThat(ledger.audited("q")).as("the desk has said that it is unknown").isEmpty();
  }

  @Test
  void aDecisionOfAnEpochThatHasNotBegunDecidesNothingAndIsNotKept() {
    run(
        Happening.of(decision("e1", ControlType.APPROVED, 2, 7)),
        Happening.of(Videos.narrated("p", 1, "manual", "s1")),
        Happening.of(decision("e2", ControlType.APPROVED, 99, 7)),
        Happening.edit(() -> assertThat(ledger.waiting("p")).hasSize(1)),
        Happening.edit(() -> raise("edit-1")),
        Happening.of(Videos.narrated("p", 2, "manual", "s1")));

    assertThat(PASSED).isEmpty();
    assertThat(ledger.waiting("p")).extracting(WaitingArtifact::epoch).containsExactly(2L);
  }

  @Test
  void aRepeatedApprovalDoesNothing() {
    run(
        Happening.of(Videos.narrated("p", 1, "manual", "s1")),
        Happening.of(approved("e1", "s1", 1)),
        Happening.of(approved("e1", "s1", 1)),
        Happening.of(approved("e1", "s1", 1)),
        Happening.of(approved("e2", "s1", 1)));

    assertThat(PASSED).containsExactly("s1@1");
    assertThat(decisions())
        .as("one line of what came again, however often it did")
        .containsExactly("approved", "repeated", "duplicate");
  }

  @Test
  void aRejectionEndsTheDeliveriesWithItsReason() {
    ControlEvent rejected =
        ControlEvent.about(
            "e1", ControlType.REJECTED, "p", Gate.SCRIPT, "s1", 1, "ann", 7, "too loud");
    run(Happening.of(Videos.narrated("p", 1, "manual", "s1")), Happening.of(rejected));

    assertThat(PASSED).isEmpty();
    assertThat(outcomes()).containsExactly(DeliveryState.REJECTED);
    assertThat(ledger.outcomes("p").get(0).detail()).isEqualTo("too loud");
    assertThat(ledger.find("p").orElseThrow().status()).isEqualTo(ProjectStatus.REJECTED);
    assertThat(ledger.audited("p").get(0).reason()).isEqualTo("too loud");
  }

  @Test
  void theDeadlineApprovesOrRejects() {
    run(
        Happening.of(Videos.narrated("p", 1, "manual 24h approve", "s1")),
        Happening.days(2),
        AFTER_GRACE);
    assertThat(PASSED).containsExactly("s1@1");
    assertThat(ledger.audited("p").get(0).who()).isEqualTo("deadline");

    freshLedger();
    run(
        Happening.of(Videos.narrated("p", 1, "manual 24h reject", "s1")),
        Happening.days(2),
        AFTER_GRACE);
    assertThat(PASSED).isEmpty();
    assertThat(outcomes()).containsExactly(DeliveryState.REJECTED);
  }

  @Test
  void aDecisionInTimeBeatsADeadlineThatPassedWhileTheJobWasAway() {
    // The clock jumps: the first that the job does is to fire its timers, and then it hears.
    ControlEvent rejected =
        ControlEvent.about(
            "e1", ControlType.REJECTED, "p", Gate.SCRIPT, "s1", 1, "ann", 7, "too loud");
    run(
        Happening.of(Videos.narrated("p", 1, "manual 24h approve", "s1")),
        Happening.days(2),
        Happening.of(rejected),
        AFTER_GRACE);

    assertThat(PASSED).isEmpty();
    assertThat(decisions()).containsExactly("rejected");
    assertThat(outcomes()).containsExactly(DeliveryState.REJECTED);
  }

  @Test
  void aDecisionOnItsWayIsHeardALittleAfterTheDeadline() {
    run(
        Happening.of(Videos.narrated("p", 1, "manual 24h reject", "s1")),
        Happening.seconds(86_430, 1),
        Happening.of(approved("e1", "s1", 1)),
        AFTER_GRACE);

    assertThat(PASSED).containsExactly("s1@1");
  }

  @Test
  void anOverdueGateThatHearsOfSomethingElseListensNoLonger() {
    run(
        Happening.of(Videos.narrated("p", 1, "manual 24h approve", "s1")),
        Happening.days(2),
        Happening.seconds(40, 1),
        Happening.of(approved("e1", "other", 1)),
        Happening.seconds(21, 1));

    assertThat(PASSED).containsExactly("s1@1");
  }

  @Test
  void whatWasRejectedIsAskedAboutAgainInALaterEpochAndNotInItsOwn() {
    ControlEvent rejected =
        ControlEvent.about("e1", ControlType.REJECTED, "p", Gate.SCRIPT, "s1", 1, "ann", 7, "no");
    ControlEvent approved =
        ControlEvent.about("e2", ControlType.APPROVED, "p", Gate.SCRIPT, "s1", 2, "bea", 8, null);
    run(
        Happening.of(Videos.narrated("p", 1, "manual", "s1")),
        Happening.of(rejected),
        // Its bundle failed after the ledger had taken it: both come again, in another order.
        Happening.of(rejected),
        Happening.of(Videos.narrated("p", 1, "manual", "s1")),
        Happening.edit(() -> assertThat(ledger.waiting("p")).isEmpty()),
        Happening.edit(() -> raise("retry-1")),
        Happening.of(Videos.narrated("p", 2, "manual", "s1")),
        Happening.edit(() -> assertThat(ledger.waiting("p")).hasSize(1)),
        Happening.of(approved));

    assertThat(PASSED).containsExactly("s1@2");
  }

  @Test
  void anApprovalInALaterEpochHoldsAgainstARejectionOfAClockThatIsAhead() {
    run(
        Happening.of(Videos.narrated("p", 1, "manual", "s1")),
        Happening.of(decision("e1", ControlType.REJECTED, 0, 4_070_908_800_000L)),
        Happening.edit(() -> raise("retry-1")),
        Happening.of(Videos.narrated("p", 2, "manual", "s1")),
        Happening.of(decision("e2", ControlType.APPROVED, 2, 7)));

    assertThat(PASSED).containsExactly("s1@2");
    assertThat(decisions()).containsExactly("rejected", "approved");
    assertThat(outcomes()).containsExactly(DeliveryState.IN_PROGRESS);
  }

  @Test
  void aDeadlineDecidesInItsEpochWhateverAPersonDecidedInAnEarlierOne() {
    run(
        Happening.of(Videos.narrated("p", 1, "manual 24h approve", "s1")),
        Happening.of(decision("e1", ControlType.REJECTED, 1, 4_070_908_800_000L)),
        Happening.edit(() -> raise("retry-1")),
        Happening.of(Videos.narrated("p", 2, "manual 24h approve", "s1")),
        Happening.days(2),
        AFTER_GRACE);

    assertThat(PASSED).containsExactly("s1@2");
  }

  @Test
  void aDecisionThatComesAgainIsNotOneAboutALaterEpoch() {
    ControlEvent rejected = decision("e1", ControlType.REJECTED, 0, 7);
    run(
        Happening.of(Videos.narrated("p", 1, "manual", "s1")),
        Happening.of(rejected),
        Happening.edit(() -> raise("retry-1")),
        // Once before its artifact comes anew, and once when somebody is asked about it.
        Happening.of(rejected),
        Happening.of(Videos.narrated("p", 2, "manual", "s1")),
        Happening.of(rejected),
        Happening.edit(() -> assertThat(ledger.waiting("p")).hasSize(1)),
        Happening.of(decision("e2", ControlType.APPROVED, 0, 8)));

    assertThat(PASSED).containsExactly("s1@2");
    assertThat(decisions()).containsExactly("rejected", "repeated", "approved");
  }

  private static ControlEvent decision(String id, ControlType type, long epoch, long atMs) {
    return ControlEvent.about(id, type, "p", Gate.SCRIPT, "s1", epoch, "ann", atMs, "why");
  }

  @Test
  void aGateWithoutStateKnowsFromTheLedgerSinceWhenSomethingWaits() {
    run(Happening.of(Videos.narrated("p", 1, "manual 24h approve", "s1")));
    WaitingArtifact before = ledger.waiting("p").get(0);
    run(Happening.days(30_000), Happening.of(Videos.narrated("p", 1, "manual 24h approve", "s1")));

    assertThat(ledger.waiting("p")).containsExactly(before);
  }

  @Test
  void aPersonIsQuickerThanTheDeadline() {
    run(
        Happening.of(Videos.narrated("p", 1, "manual 24h reject", "s1")),
        Happening.of(approved("e1", "s1", 1)),
        Happening.days(2),
        AFTER_GRACE);

    assertThat(PASSED).containsExactly("s1@1");
    assertThat(decisions()).containsExactly("approved");
  }

  @Test
  void anOldCancelThatComesAgainLeavesWhatIsHeld() {
    run(
        Happening.of(ControlEvent.of("cancel-1", ControlType.CANCEL, "p", "ann", 7)),
        Happening.of(Videos.narrated("p", 1, "manual", "s1")),
        Happening.of(ControlEvent.of("cancel-1", ControlType.CANCEL, "p", "ann", 7)),
        Happening.of(approved("e1", "s1", 1)));

    assertThat(PASSED).containsExactly("s1@1");
  }

  @Test
  void aCancelDropsWhatIsHeld() {
    run(
        Happening.of(Videos.narrated("p", 1, "manual 24h approve", "s1")),
        Happening.edit(() -> raise("cancel-1")),
        Happening.of(ControlEvent.of("cancel-1", ControlType.CANCEL, "p", "ann", 7)),
        Happening.days(2),
        AFTER_GRACE,
        Happening.of(approved("e1", "s1", 1)));

    assertThat(PASSED).isEmpty();
    assertThat(decisions()).containsExactly("stale");
  }

  @Test
  void aCancelThatComesHereBeforeTheDeskHearsItLeavesNothingBehind() {
    run(
        Happening.of(Videos.narrated("p", 1, "manual", "s1")),
        Happening.of(ControlEvent.of("cancel-1", ControlType.CANCEL, "p", "ann", 7)),
        Happening.edit(() -> raise("cancel-1")),
        AFTER_GRACE,
        Happening.of(approved("e1", "s1", 0)));

    assertThat(PASSED).isEmpty();
    // Nothing is held any more that it could be stale about.
    assertThat(decisions()).containsExactly("early");
  }

  @Test
  void aCancelThatWasNoneLeavesWhatWaits() {
    run(
        Happening.of(Videos.narrated("p", 1, "manual 24h approve", "s1")),
        Happening.of(ControlEvent.of("cancel-1", ControlType.CANCEL, "p", "ann", 7)),
        AFTER_GRACE,
        Happening.days(2),
        AFTER_GRACE);

    assertThat(PASSED).containsExactly("s1@1");
  }

  @Test
  void aHeldVersionWhoseNewerOneNeverComesIsDroppedWithinAnHour() {
    run(
        Happening.of(Videos.narrated("p", 1, "manual", "s1")),
        Happening.edit(() -> raise("e1")),
        Happening.millis(3_599_000),
        Happening.seconds(2, 3),
        Happening.of(approved("e2", "s1", 0)));

    // It is no longer held: as any decision about bytes that are not here.
    assertThat(PASSED).isEmpty();
    assertThat(decisions()).startsWith("early");
  }

  @Test
  void bytesThatWereApprovedPassInLaterEpochs() {
    run(
        Happening.of(Videos.narrated("p", 1, "manual", "s1")),
        Happening.of(approved("e1", "s1", 1)),
        Happening.edit(() -> raise("edit-1")),
        Happening.of(Videos.narrated("p", 2, "manual", "s1")));

    assertThat(PASSED).containsExactly("s1@1", "s1@2");
  }

  @Test
  void whatIsHeldForAMonthIsParkedAndLeavesTheState() {
    run(Happening.of(Videos.narrated("p", 1, "manual", "s1")), Happening.days(31), AFTER_GRACE);

    assertThat(PASSED).isEmpty();
    assertThat(ledger.waiting("p")).extracting(WaitingArtifact::parked).containsExactly(true);
  }

  @Test
  void aDeadlineOfMoreThanAMonthDecides() {
    run(
        Happening.of(Videos.narrated("p", 1, "manual 45d approve", "s1")),
        Happening.days(31),
        AFTER_GRACE,
        Happening.edit(
            () ->
                assertThat(ledger.waiting("p"))
                    .extracting(WaitingArtifact::parked)
                    .containsExactly(false)),
        Happening.days(15),
        AFTER_GRACE);

    assertThat(PASSED).containsExactly("s1@1");
  }

  @Test
  void aBoundedRunParksAndTheNextOneFindsTheDecision() {
    NarratedVideo video = Videos.narrated("p", 1, "manual", "s1");
    runBounded(video);
    assertThat(PASSED).isEmpty();
    assertThat(ledger.waiting("p")).extracting(WaitingArtifact::parked).containsExactly(true);

    ledger.decide(new Decision("p", Gate.SCRIPT, "s1", true, "e1", "ann", 7, null, 1));
    runBounded(video);
    assertThat(PASSED).containsExactly("s1@1");
    assertThat(ledger.waiting("p")).isEmpty();
  }

  @Test
  void anApprovalTakesThePlaceOfARejection() {
    NarratedVideo video = Videos.narrated("p", 1, "manual", "s1");
    ledger.decide(new Decision("p", Gate.SCRIPT, "s1", false, "e1", "ann", 7, "no", 1));
    runBounded(video);
    assertThat(outcomes()).containsExactly(DeliveryState.REJECTED);

    ledger.decide(new Decision("p", Gate.SCRIPT, "s1", true, "e2", "ann", 8, null, 1));
    runBounded(video);
    assertThat(PASSED).containsExactly("s1@1");
  }

  @Test
  void whatIsKeptInStateIsReadByLaterReleases() {
    EarlyEvents early = EarlyEvents.NONE.with(approved("e1", "s1", 2), 99);
    String golden =
        "{\"events\":[{\"artifact\":\"s1\",\"at_ms\":7,\"epoch\":2,\"event_id\":\"e1\","
            + "\"gate\":\"script\",\"project\":\"p\",\"type\":\"approved\",\"who\":\"ann\"}],"
            + "\"until_ms\":99}";
    assertThat(RecordJson.canonical(early)).isEqualTo(golden);
    assertThat(RecordJson.read(golden, EarlyEvents.class)).isEqualTo(early);
  }

  private static ControlEvent approved(String eventId, String artifact, long epoch) {
    return ControlEvent.about(
        eventId, ControlType.APPROVED, "p", Gate.SCRIPT, artifact, epoch, "ann", 7, null);
  }

  private static void raise(String eventId) {
    long epoch = ledger.epoch("p");
    ledger.apply(
        ControlEvent.of(eventId, ControlType.RETRY, "p", "ann", 7),
        epoch,
        dev.reelbeam.model.project.ProjectEdits.NONE,
        ProjectStatus.SCRIPTING);
  }

  private static List<String> decisions() {
    return ledger.audited("p").stream().map(AuditEntry::decision).toList();
  }

  private static List<DeliveryState> outcomes() {
    return ledger.outcomes("p").stream().map(DeliveryOutcome::state).toList();
  }

  private static void run(Happening... happenings) {
    run(Integer.MAX_VALUE, happenings);
  }

  private static void run(int places, Happening... happenings) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    Happening.Split split = Happening.in(pipeline, NarratedVideo.class, happenings);
    split
        .elements(NarratedVideo.class)
        .apply(
            ReviewGate.holding(Subject.script(), () -> Progress.NONE, () -> ledger, split.events())
                .within(lane -> places))
        .apply("Collect", ParDo.of(new CollectFn()));
    pipeline.run().waitUntilFinish();
  }

  private static void runBounded(NarratedVideo video) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    pipeline
        .apply(Create.of(video).withCoder(RecordCoder.of(NarratedVideo.class)))
        .apply(ReviewGate.parking(Subject.script(), () -> Progress.NONE, () -> ledger))
        .apply("Collect", ParDo.of(new CollectFn()));
    pipeline.run().waitUntilFinish();
  }

  private static final class CollectFn extends DoFn<NarratedVideo, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element NarratedVideo video) {
      PASSED.add(video.script().sha256() + "@" + video.epoch());
    }
  }
}
