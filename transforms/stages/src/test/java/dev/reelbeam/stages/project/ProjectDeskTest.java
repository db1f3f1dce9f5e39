package dev.reelbeam.stages.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.reelbeam.fakes.FakeAssetReader;
import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.fakes.FakeProjectLedger;
import dev.reelbeam.fakes.FakeScriptWriter;
import dev.reelbeam.fakes.FakeSpeechSynthesizer;
import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.SectionRole;
import dev.reelbeam.model.content.Sentence;
import dev.reelbeam.model.content.TextOverlay;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.BookLedger;
import dev.reelbeam.model.port.PortFactory;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.project.Admitted;
import dev.reelbeam.model.project.AssetSwap;
import dev.reelbeam.model.project.AuditEntry;
import dev.reelbeam.model.project.Begun;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.ControlType;
import dev.reelbeam.model.project.Decision;
import dev.reelbeam.model.project.DeliveryOutcome;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.project.OverlayChange;
import dev.reelbeam.model.project.ProjectBook;
import dev.reelbeam.model.project.ProjectEdits;
import dev.reelbeam.model.project.ProjectEntry;
import dev.reelbeam.model.project.ProjectRow;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.project.ScriptEdit;
import dev.reelbeam.model.project.VoiceChange;
import dev.reelbeam.model.project.WaitingArtifact;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.stages.CollectDead;
import dev.reelbeam.stages.Happening;
import dev.reelbeam.stages.Videos;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.flow.ParsedRecord;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.review.Audits;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProjectDeskTest {
  private static final long REPEATS_MS = 3_600_000;
  private static final Queue<ParsedRecord> SENT_ON = new ConcurrentLinkedQueue<>();
  private static FakeProjectLedger ledger = new FakeProjectLedger();
  private static FakeObjectStore store = new FakeObjectStore(Path.of("unset"));

  @BeforeEach
  void freshLedger() {
    SENT_ON.clear();
    CollectDead.LETTERS.clear();
    ledger = new FakeProjectLedger();
    store = new FakeObjectStore(Path.of("unset"));
  }

  @Test
  void aNewerRevisionTakesThePlaceOfAnOlderOne() {
    run(
        record(1, "one"),
        Happening.edit(() -> ledger.expect(new RecordKey("p", 1), 1, List.of("preview"))),
        record(2, "two"));

    assertThat(sentOn()).containsExactly("1@1", "2@2");
    assertThat(ledger.outcomes("p"))
        .extracting(DeliveryOutcome::state)
        .containsExactly(DeliveryState.SUPERSEDED, DeliveryState.IN_PROGRESS);
  }

  @Test
  void anOlderRevisionAfterANewerOneIsSuperseded() {
    run(record(2, "two"), record(1, "one"));

    assertThat(sentOn()).containsExactly("2@1");
    assertThat(ledger.outcomes("p"))
        .extracting(DeliveryOutcome::key, DeliveryOutcome::state)
        .containsExactly(
            tuple(new RecordKey("p", 2), DeliveryState.IN_PROGRESS),
            tuple(new RecordKey("p", 1), DeliveryState.SUPERSEDED));
  }

  @Test
  void aRevisionThatComesTwiceIsSentOnOnce() {
    run(record(1, "one"), record(1, "one"));

    assertThat(sentOn()).containsExactly("1@1");
    assertThat(CollectDead.LETTERS).isEmpty();
  }

  @Test
  void aRevisionThatTheLedgerKnowsButThisStateDoesNotIsSentOn() {
    // As after a failure between the ledger's commit and the bundle's.
    ledger.admit(Videos.entry("p", 1, "one", "normal"));
    run(record(1, "one"));

    assertThat(sentOn()).containsExactly("1@1");
  }

  @Test
  void theSameRevisionWithOtherContentIsADeadLetter() {
    run(record(1, "one"), record(1, "other"));

    assertThat(sentOn()).containsExactly("1@1");
    assertThat(CollectDead.LETTERS)
        .extracting(DeadLetter::code)
        .containsExactly("REVISION_CONFLICT");
  }

  @Test
  void editsSendTheRecordOnWithEverythingThatStands() {
    Script script = script("New words.", 2);
    MediaRef picture = store.put(new byte[] {1}, "image/png");
    TextOverlay today = new TextOverlay(1_000, 3_000, "Only today");
    run(
        record(1, "one"),
        edit("e1", ControlType.SCRIPT_EDITED, new ScriptEdit("v", script)),
        edit("e2", ControlType.ASSET_SWAPPED, new AssetSwap("a.png", picture)),
        edit("e3", ControlType.VOICE_CHANGED, new VoiceChange("espeak:de", 0)),
        edit("e4", ControlType.OVERLAY_CHANGED, new OverlayChange(List.of(today))),
        edit("e5", ControlType.VOICE_CHANGED, new VoiceChange(null, 900)));

    assertThat(sentOn()).containsExactly("1@1", "1@2", "1@3", "1@4", "1@5", "1@6");
    ProjectEdits edits = SENT_ON.stream().reduce((a, b) -> b).orElseThrow().edits();
    assertThat(RecordJson.read(store.read(edits.scripts().get("v")), Script.class))
        .isEqualTo(script);
    assertThat(edits.assets()).containsEntry("a.png", picture);
    assertThat(edits.overlays()).containsExactly(today);
    assertThat(edits.voice()).isEqualTo(new VoiceChange("espeak:de", 900));
    assertThat(decisions()).containsOnly("applied");
  }

  @Test
  void aNewerRevisionKeepsAVoiceAndSaysThatAScriptIsGivenUp() {
    run(
        record(1, "one"),
        edit("e1", ControlType.SCRIPT_EDITED, new ScriptEdit("v", script("New words.", 2))),
        edit("e2", ControlType.VOICE_CHANGED, new VoiceChange("espeak:de", 0)),
        record(2, "two"));

    ParsedRecord last = SENT_ON.stream().reduce((a, b) -> b).orElseThrow();
    assertThat(last.edits().voice()).isEqualTo(new VoiceChange("espeak:de", 0));
    assertThat(last.edits().scripts()).isEmpty();
    assertThat(decisions()).containsExactly("applied", "applied", "given_up");
    assertThat(ledger.audited("p").get(2).reason())
        .startsWith("the edited script of v: revision 2");
  }

  @Test
  void anEventIsAppliedOnceHoweverOftenItComes() {
    run(
        record(1, "one"),
        Happening.of(retry("e1", 0)),
        Happening.of(retry("e1", 0)),
        Happening.of(retry("e2", 1)));

    assertThat(sentOn()).containsExactly("1@1", "1@2");
    assertThat(decisions()).containsExactly("applied", "duplicate", "stale");
  }

  @Test
  void textsAreTakenAwayAndGivenBackToTheRecord() {
    run(
        record(1, "one"),
        edit("e1", ControlType.OVERLAY_CHANGED, new OverlayChange(List.of())),
        edit("e2", ControlType.OVERLAY_CHANGED, new OverlayChange(null)));

    assertThat(SENT_ON)
        .extracting(record -> record.edits().overlays())
        .containsExactly(null, List.of(), null);
  }

  @Test
  void anEditedScriptIsANewVersionWhateverItSays() {
    run(
        record(1, "one"),
        edit("e1", ControlType.SCRIPT_EDITED, new ScriptEdit("v", script("One.", 1))),
        edit("e2", ControlType.SCRIPT_EDITED, new ScriptEdit("v", script("Two.", 1))));

    assertThat(SENT_ON.stream().skip(1))
        .extracting(
            record ->
                RecordJson.read(store.read(record.edits().scripts().get("v")), Script.class)
                    .version())
        .containsExactly(2, 3);
  }

  @Test
  void anEditThatTheLedgerTookBeforeItsBundleFailedIsSentOnAllTheSame() {
    ControlEvent event =
        new ControlEvent("e1", ControlType.RETRY.label(), "p", null, null, 1, "ann", 7, null, null);
    run(record(1, "one"), Happening.of(event));
    // The state of the bundle is lost, the ledger's transaction is not.
    run(Happening.of(event));

    assertThat(sentOn()).containsExactly("1@1", "1@2", "1@2");
    assertThat(ledger.epoch("p")).isEqualTo(2);
    assertThat(decisions()).containsExactly("applied");
  }

  @Test
  void aBundleThatRunsAgainLeavesNothingOutAndNoFurtherLines() {
    Happening[] bundle = {
      Happening.of(retry("e0", 0)), // Nobody knows the project yet.
      record(1, "one"),
      Happening.of(retry("e1", 1)),
      Happening.of(
          new ControlEvent(
              "p1", ControlType.PUBLISH.label(), "p", null, null, 2, "ann", 7, null, null)),
      edit("e2", ControlType.VOICE_CHANGED, new VoiceChange(null, 900)),
      Happening.of(retry("e3", 1))
    };
    run(bundle);
    List<String> lines = decisions();
    assertThat(sentOn()).containsExactly("1@1", "1@2", "1@3");
    assertThat(lines).containsExactly("unknown", "applied", "recorded", "applied", "stale");

    SENT_ON.clear();
    run(bundle); // Its state is lost, what it wrote to the ledger is not.

    assertThat(sentOn()).containsExactly("1@3");
    assertThat(SENT_ON.element().edits().voice()).isEqualTo(new VoiceChange(null, 900));
    assertThat(ledger.epoch("p")).isEqualTo(3);
    assertThat(decisions()).isEqualTo(lines);
  }

  @Test
  void anEditOfWhatSomebodySawIsFencedByItsHash() {
    MediaRef payload =
        store.put(RecordJson.canonicalBytes(new VoiceChange(null, 900)), "application/json");
    Happening edit = Happening.of(voiceOf("e1", "s1", payload));
    run(record(1, "one"), edit);
    assertThat(sentOn()).containsExactly("1@1");
    assertThat(decisions()).containsExactly("stale");

    // Whoever sent it was told so: read again, as after a restart, it stays that.
    run(Happening.edit(() -> ledger.park(waiting("s1", false))), edit);
    assertThat(sentOn()).containsExactly("1@1");
    assertThat(decisions()).containsExactly("stale");

    run(Happening.of(voiceOf("e2", "s1", payload)));
    assertThat(sentOn()).containsExactly("1@1", "1@2");
  }

  private static ControlEvent voiceOf(String eventId, String artifact, MediaRef payload) {
    return new ControlEvent(
        eventId,
        ControlType.VOICE_CHANGED.label(),
        "p",
        null,
        artifact,
        0,
        "ann",
        7,
        null,
        payload);
  }

  private static WaitingArtifact waiting(String artifact, boolean parked) {
    return new WaitingArtifact(
        new RecordKey("p", 1),
        Gate.SCRIPT,
        "v",
        List.of("preview"),
        artifact,
        1,
        Map.of(),
        0,
        null,
        parked);
  }

  private static Script script(String sentence, int version) {
    return new Script(
        List.of(
            new ScriptSection(
                SectionRole.POINT, List.of(new Sentence(sentence, -1)), "", "", "", 900)),
        "en",
        version,
        "ann");
  }

  @Test
  void whatMakesNoSenseDoesNothingAndLeavesATrace() {
    ControlEvent unknownType =
        new ControlEvent("e1", "sing", "p", null, null, 0, "ann", 7, null, null);
    ControlEvent unknownGate =
        new ControlEvent("e2", "approved", "p", "colour", "s1", 0, "ann", 7, null, null);
    ControlEvent noPayload = ControlEvent.of("e3", ControlType.SCRIPT_EDITED, "p", "ann", 7);
    run(
        Happening.of(retry("e0", 0)),
        record(1, "one"),
        Happening.of(unknownType),
        Happening.of(unknownGate),
        Happening.of(noPayload),
        edit("e4", ControlType.VOICE_CHANGED, new VoiceChange(null, 9_999)),
        edit("e5", ControlType.ASSET_SWAPPED, Map.of("colour", "red")),
        edit("e6", ControlType.ASSET_SWAPPED, new AssetSwap("a.png", Videos.ref("nowhere"))),
        edit("e7", ControlType.SCRIPT_EDITED, new ScriptEdit("v", script(" ", 2))),
        edit(
            "e8",
            ControlType.OVERLAY_CHANGED,
            new OverlayChange(List.of(new TextOverlay(5_000, 4_000, "backwards")))),
        // Its payload was never stored: whoever reads it would wait for ever.
        Happening.of(
            ControlEvent.edit(
                "e9", ControlType.VOICE_CHANGED, "p", 0, "ann", 7, Videos.ref("0".repeat(64)))));

    assertThat(sentOn()).containsExactly("1@1");
    assertThat(decisions()).hasSize(10).startsWith("unknown", "unknown", "unknown");
    assertThat(decisions().subList(3, 10)).containsOnly("invalid");
    assertThat(ledger.epoch("p")).isEqualTo(1);
  }

  @Test
  void aCancelEndsTheProjectAndARetryBeginsItAgain() {
    run(
        record(1, "one"),
        Happening.edit(() -> ledger.expect(new RecordKey("p", 1), 1, List.of("preview"))),
        Happening.of(ControlEvent.of("e1", ControlType.CANCEL, "p", "ann", 7)));
    assertThat(sentOn()).containsExactly("1@1");
    assertThat(ledger.epoch("p")).isEqualTo(2);
    assertThat(ledger.find("p").map(ProjectRow::status)).contains(ProjectStatus.CANCELLED);
    assertThat(ledger.outcomes("p"))
        .extracting(DeliveryOutcome::state)
        .containsExactly(DeliveryState.CANCELLED);

    run(Happening.of(retry("e2", 0)));
    assertThat(sentOn()).containsExactly("1@1", "1@3");
  }

  @Test
  void anApprovalOfWhatWasParkedSendsTheRecordThroughAgain() {
    run(
        record(1, "one"),
        Happening.edit(() -> ledger.park(waiting("s1", true))),
        approval("e1", "other"),
        approval("e2", "s1"));

    assertThat(sentOn()).containsExactly("1@1", "1@1");
    assertThat(ledger.decision("p", Gate.SCRIPT, "s1")).isPresent();
    assertThat(decisions()).containsExactly("approved");
  }

  @Test
  void anEventThatNoDatabaseTakesIsNone() {
    String event =
        "{\"event_id\":\"e1\",\"type\":\"retry\",\"project\":\"p\",\"who\":\"ann\",\"at_ms\":7,"
            + "\"reason\":\"a\\u0000b\"}";
    assertThat(ControlEvent.parse(event).reason()).isEqualTo("ab");
    for (String wrong :
        List.of(
            event.replace("\"e1\"", "\"" + "e".repeat(400) + "\""),
            event.replace("\"ann\"", "\"an\\u0000n\""),
            event.replace("\"at_ms\":7", "\"at_ms\":1795910400000000000"))) {
      assertThatThrownBy(() -> ControlEvent.parse(wrong))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void anEventWhosePayloadNoDatabaseTakesIsInvalidAndTheNextOneGoesOn() {
    MediaRef lost = store.put(RecordJson.canonicalBytes(script("Lost.", 1)), "application/json");
    run(
        record(1, "one"),
        Happening.of(
            ControlEvent.edit(
                "e1",
                ControlType.VOICE_CHANGED,
                "p",
                0,
                "ann",
                7,
                new MediaRef("a\0b", 1, "application/json"))),
        edit("e2", ControlType.VOICE_CHANGED, new VoiceChange("\0", 0)),
        edit("e3", ControlType.ASSET_SWAPPED, new AssetSwap("\0", lost)),
        edit("e4", ControlType.SCRIPT_EDITED, new ScriptEdit("\0", script("New.", 2))),
        edit(
            "e5",
            ControlType.OVERLAY_CHANGED,
            new OverlayChange(List.of(new TextOverlay(5_000, 4_000, "a\0b")))),
        edit(
            "e6",
            ControlType.OVERLAY_CHANGED,
            new OverlayChange(List.of(new TextOverlay(1_000, 4_000, "a\0b")))),
        edit("e7", ControlType.SCRIPT_EDITED, new ScriptEdit("v", script("New.", 2))),
        // The script that it would take the place of is lost.
        Happening.edit(() -> store.lose(lastScript())),
        edit("e8", ControlType.SCRIPT_EDITED, new ScriptEdit("v", script("Newer.", 2))),
        Happening.of(retry("e9", 0)));

    assertThat(decisions())
        .containsExactly(
            "invalid", "invalid", "invalid", "invalid", "invalid", "invalid", "applied", "invalid",
            "applied");
    assertThat(sentOn()).containsExactly("1@1", "1@2", "1@3");
  }

  private static MediaRef lastScript() {
    return ledger.find("p").orElseThrow().edits().scripts().get("v");
  }

  @Test
  void aRecordThatTheDatabaseRefusesIsALetterAndTheNextOneGoesOn() {
    OneProjectLedger refusing = new OneProjectLedger(Set.of("refused"), 0);
    run(refusing, record(1, "refused"), record(1, "one"));

    assertThat(sentOn()).containsExactly("1@1");
    assertThat(CollectDead.LETTERS).extracting(DeadLetter::code).containsExactly("VALUE_REFUSED");
  }

  @Test
  void aRejectionOfWhatWasParkedHoldsWhenTheLedgerFailedHalfWay() {
    OneProjectLedger failing = new OneProjectLedger(Set.of(), 1);
    failing.admit(Videos.entry("p", 1, "one", "normal"));
    failing.park(waiting("s1", true));
    ControlEvent rejected =
        ControlEvent.about(
            "e1", ControlType.REJECTED, "p", Gate.SCRIPT, "s1", 1, "ann", 7, "too long");
    ControlDesk desk = new ControlDesk(failing, store);

    assertThatThrownBy(() -> desk.carryOut(rejected)).isInstanceOf(StoreException.class);
    assertThat(desk.carryOut(rejected).decision()).isEqualTo("rejected");

    assertThat(failing.outcomes("p"))
        .extracting(DeliveryOutcome::state)
        .containsExactly(DeliveryState.REJECTED);
    assertThat(failing.waiting("p")).isEmpty();
    assertThat(failing.audited("p")).extracting(AuditEntry::decision).containsExactly("rejected");
  }

  @Test
  void anEventIsJudgedWithoutReadingTheProjectsWholeHistory() {
    OneProjectLedger projects = new OneProjectLedger(Set.of(), 0);
    projects.admit(Videos.entry("p", 1, "one", "normal"));
    ControlDesk desk = new ControlDesk(projects, store);

    assertThat(desk.carryOut(retry("e2", 1)).decision()).isEqualTo("applied");
    assertThat(desk.carryOut(retry("e2", 1)).decision()).isEqualTo("applied");
    assertThat(projects.histories).isZero();
  }

  @Test
  void aRecordThatComesAgainLongAfterItsCancelStaysCancelled() {
    run(
        record(1, "one"),
        Happening.of(ControlEvent.of("e1", ControlType.CANCEL, "p", "ann", 7)),
        Happening.millis(2 * REPEATS_MS),
        record(1, "one"));

    assertThat(sentOn()).containsExactly("1@1");
    assertThat(ledger.find("p").map(ProjectRow::status)).contains(ProjectStatus.CANCELLED);
  }

  @Test
  void aCancelThatComesTooLateLeavesATraceAndNothingElse() {
    run(
        record(1, "one"),
        Happening.edit(
            () ->
                ledger.settle(
                    new DeliveryOutcome(
                        new RecordKey("p", 1), "preview", 1, DeliveryState.COMPLETED, null, null))),
        Happening.of(ControlEvent.of("e1", ControlType.CANCEL, "p", "ann", 7)));

    assertThat(decisions()).containsExactly("stale");
    assertThat(ledger.find("p").map(ProjectRow::status)).contains(ProjectStatus.COMPLETED);
    assertThat(ledger.epoch("p")).isEqualTo(1);
  }

  @Test
  void aRejectionInTimeTurnsTheApprovalOfADeadlineRound() {
    run(
        record(1, "one"),
        Happening.edit(() -> decide("deadline:1", true, Decision.DEADLINE, 50)),
        decision("e1", ControlType.REJECTED, "s1", 40),
        // The same once more, as after a failure of the bundle.
        decision("e1", ControlType.REJECTED, "s1", 40));

    // What is under way ends with its epoch, and the gate refuses the bytes in the next one.
    assertThat(sentOn()).containsExactly("1@1", "1@2");
    Decision holds = ledger.decision("p", Gate.SCRIPT, "s1").orElseThrow();
    assertThat(holds.approved()).isFalse();
    assertThat(holds.epoch()).isEqualTo(2);
    assertThat(decisions()).startsWith("rejected");
  }

  @Test
  void anApprovalTurnsARejectionRoundAndAnOlderOneDoesNot() {
    run(
        record(1, "one"),
        Happening.edit(() -> decide("e1", false, "ann", 50)),
        decision("e2", ControlType.APPROVED, "s1", 40),
        Happening.edit(() -> assertThat(sentOn()).containsExactly("1@1")),
        Happening.edit(() -> ledger.status("p", 1, ProjectStatus.SCRIPTING)),
        decision("e3", ControlType.APPROVED, "s1", 60));

    assertThat(sentOn()).containsExactly("1@1", "1@2");
    // Of a deadline that is turned a thousand times no more than there are places go on at once.
    assertThat(ledger.find("p").map(ProjectRow::status)).contains(ProjectStatus.DRAFT);
    assertThat(ledger.decision("p", Gate.SCRIPT, "s1").orElseThrow().approved()).isTrue();
  }

  @Test
  void anEventOfAnEpochThatHasNotBegunIsInvalid() {
    run(
        record(1, "one"),
        Happening.of(retry("e1", 2)),
        Happening.of(
            ControlEvent.about(
                "e2", ControlType.REJECTED, "p", Gate.SCRIPT, "s1", 99, "ann", 7, null)),
        Happening.of(retry("e3", 1)),
        // What epoch 2 is was not known to whoever sent it.
        Happening.of(retry("e1", 2)));

    assertThat(sentOn()).containsExactly("1@1", "1@2");
    assertThat(decisions()).containsExactly("invalid", "invalid", "applied");
  }

  @Test
  void ofTwoDecisionsOfTheSameMillisecondTheLaterOneHolds() {
    run(
        record(1, "one"),
        Happening.edit(() -> decide("e1", false, "ann", 50)),
        decision("e2", ControlType.APPROVED, "s1", 50));

    assertThat(sentOn()).containsExactly("1@1", "1@2");
  }

  @Test
  void aDecisionThatComesAgainInALaterEpochTurnsNothing() {
    Happening rejection = decision("e1", ControlType.REJECTED, "s1", 50);
    run(
        record(1, "one"),
        Happening.edit(() -> decide("e0", true, "ann", 40)),
        rejection,
        decision("e2", ControlType.APPROVED, "s1", 60),
        Happening.of(retry("e3", 0)));
    assertThat(sentOn()).containsExactly("1@1", "1@2", "1@3", "1@4");

    // A job without its state reads the topic again.
    run(rejection, Happening.seconds(5, 3));

    assertThat(sentOn()).hasSize(4);
    assertThat(ledger.decision("p", Gate.SCRIPT, "s1").orElseThrow().eventId()).isEqualTo("e2");
  }

  @Test
  void aTurnThatTheLedgerTookBeforeItsBundleFailedIsSentOnAllTheSame() {
    run(record(1, "one"), Happening.edit(() -> decide("e1", false, "ann", 50)));
    Happening approval = decision("e2", ControlType.APPROVED, "s1", 60);
    run(approval);
    run(approval);

    assertThat(sentOn()).containsExactly("1@1", "1@2", "1@2");
    assertThat(ledger.epoch("p")).isEqualTo(2);
  }

  @Test
  void ofTwoDecisionsThatAreHeardTogetherTheNewerOneHolds() {
    run(
        record(1, "one"),
        Happening.edit(() -> ledger.park(waiting("s1", false))),
        decision("e1", ControlType.APPROVED, "s1", 40),
        decision("e2", ControlType.REJECTED, "s1", 60),
        // The gate hears them now: it carries out the first and leaves the second to the desk.
        Happening.edit(
            () -> {
              decide("e1", true, "ann", 40);
              ledger.unpark("p", Gate.SCRIPT, "v", "s1");
            }),
        Happening.seconds(5, 3));

    assertThat(sentOn()).containsExactly("1@1", "1@2");
    assertThat(ledger.decision("p", Gate.SCRIPT, "s1").orElseThrow().eventId()).isEqualTo("e2");
    assertThat(decisions()).containsExactly("rejected");
  }

  @Test
  void theNewerOfTwoDecisionsHoldsWhenTheGateIsLongBehind() {
    run(
        record(1, "one"),
        Happening.edit(() -> ledger.park(waiting("s1", false))),
        decision("e1", ControlType.APPROVED, "s1", 40),
        decision("e2", ControlType.REJECTED, "s1", 60),
        Happening.seconds(60, 10),
        Happening.edit(
            () -> {
              decide("e1", true, "ann", 40);
              ledger.unpark("p", Gate.SCRIPT, "v", "s1");
            }),
        Happening.seconds(60, 10));

    assertThat(sentOn()).containsExactly("1@1", "1@2");
  }

  @Test
  void whatItsGateHasAnsweredIsLookedAtNoLonger() {
    ControlEvent event =
        ControlEvent.about("e1", ControlType.APPROVED, "p", Gate.SCRIPT, "s1", 0, "ann", 7, null);
    ledger.admit(Videos.entry("p", 1, "one", "normal"));
    ledger.park(waiting("s1", false));
    ControlDesk desk = new ControlDesk(ledger, store);

    assertThat(desk.carryOut(event).effect()).isEqualTo(ControlDesk.Effect.ELSEWHERE);
    ledger.audit(Audits.of(event, "script", "early", 1, null));
    assertThat(desk.carryOut(event).effect()).isEqualTo(ControlDesk.Effect.ELSEWHERE);
    ledger.audit(Audits.of(event, "script", "approved", 1, null));
    assertThat(desk.carryOut(event).effect()).isEqualTo(ControlDesk.Effect.DONE);
  }

  private static void decide(String eventId, boolean approved, String who, long atMs) {
    Decision unused =
        ledger.decide(new Decision("p", Gate.SCRIPT, "s1", approved, eventId, who, atMs, "why", 1));
  }

  private static Happening decision(String eventId, ControlType type, String artifact, long atMs) {
    return Happening.of(
        ControlEvent.about(eventId, type, "p", Gate.SCRIPT, artifact, 0, "ann", atMs, null));
  }

  @Test
  void aWishToPublishIsRecorded() {
    run(record(1, "one"), Happening.of(ControlEvent.of("e1", ControlType.PUBLISH, "p", "ann", 7)));

    assertThat(decisions()).containsExactly("recorded");
    assertThat(ledger.epoch("p")).isEqualTo(1);
  }

  @Test
  void aWishToPublishOtherBytesThanWereDeliveredIsStale() {
    MediaRef video = store.put(new byte[] {7}, "video/mp4");
    Delivery delivery =
        new Delivery(
            new RecordKey("p", 1), "preview", "v", "T", 1, 0, 1, Map.of("video.mp4", video));
    run(
        record(1, "one"),
        Happening.edit(
            () ->
                ledger.settle(
                    new DeliveryOutcome(
                        delivery.key(), "preview", 1, DeliveryState.COMPLETED, delivery, null))),
        publish("e1", "0".repeat(64)),
        publish("e2", video.sha256()));

    assertThat(decisions()).containsExactly("stale", "recorded");

    // A job without its state reads the topic again, and a retry is under way by now.
    run(publish("e1", "0".repeat(64)), Happening.of(retry("e3", 0)), publish("e2", video.sha256()));
    run(publish("e4", video.sha256()));
    assertThat(decisions()).containsExactly("stale", "recorded", "applied", "recorded");
  }

  @Test
  void aRetryOfWhatDiedLastWaitsForAPlaceThoughAnEarlierVideoStands() {
    RecordKey key = new RecordKey("p", 1);
    Delivery delivery = new Delivery(key, "preview", "v", "T", 1, 0, 1, Map.of()).withEpoch(1);
    run(
        record(1, "one"),
        Happening.edit(
            () -> {
              ledger.settle(
                  new DeliveryOutcome(key, "preview", 1, DeliveryState.COMPLETED, delivery, null));
            }),
        Happening.of(retry("e1", 0)),
        Happening.edit(
            () -> {
              ledger.expect(key, 2, List.of("preview"));
              ledger.settle(
                  new DeliveryOutcome(key, "preview", 2, DeliveryState.DEAD, null, "letter"));
            }));
    assertThat(ledger.find("p").map(ProjectRow::status)).contains(ProjectStatus.COMPLETED);

    run(Happening.of(retry("e2", 0)));

    assertThat(ledger.find("p").map(ProjectRow::status)).contains(ProjectStatus.DRAFT);
  }

  private static Happening publish(String eventId, String artifact) {
    return Happening.of(
        new ControlEvent(
            eventId, ControlType.PUBLISH.label(), "p", null, artifact, 0, "ann", 7, null, null));
  }

  @Test
  void whatIsKeptInStateIsReadByLaterReleases() {
    Known known = Known.NOTHING.sentOn(2, "c", 3).heard("e1");
    String golden = "{\"content\":\"c\",\"epoch\":3,\"events\":[\"e1\"],\"revision\":2}";
    assertThat(RecordJson.canonical(known)).isEqualTo(golden);
    assertThat(RecordJson.read(golden, Known.class)).isEqualTo(known);
    Undecided undecided =
        Undecided.NONE.with(ControlEvent.of("e1", ControlType.APPROVED, "p", "ann", 7));
    golden =
        "{\"events\":[{\"at_ms\":7,\"epoch\":0,\"event_id\":\"e1\",\"project\":\"p\","
            + "\"type\":\"approved\",\"who\":\"ann\"}],\"looks\":0}";
    assertThat(RecordJson.canonical(undecided)).isEqualTo(golden);
    assertThat(RecordJson.read(golden, Undecided.class)).isEqualTo(undecided);
    Places places = Places.EMPTY.with("p", 3, new Begun("hand", 2)).withBacklog(true);
    golden = "{\"backlog\":true,\"hands\":{\"hand\":2},\"taken\":{\"p\":3}}";
    assertThat(RecordJson.canonical(places)).isEqualTo(golden);
    assertThat(RecordJson.read(golden, Places.class)).isEqualTo(places);
    golden = "{\"backlog\":true,\"taken\":{\"p\":3}}";
    assertThat(RecordJson.read(golden, Places.class))
        .isEqualTo(new Places(Map.of("p", 3L), true, Map.of(), null));
  }

  private static Happening record(int revision, String content) {
    return Happening.of(Videos.parsed("p", revision, content, "normal"));
  }

  private static ControlEvent retry(String eventId, long epoch) {
    return new ControlEvent(
        eventId, ControlType.RETRY.label(), "p", null, null, epoch, "ann", 7, null, null);
  }

  private static Happening approval(String eventId, String artifact) {
    return Happening.of(
        ControlEvent.about(
            eventId, ControlType.APPROVED, "p", Gate.SCRIPT, artifact, 0, "ann", 7, null));
  }

  private static Happening edit(String eventId, ControlType type, Object payload) {
    MediaRef stored = store.put(RecordJson.canonicalBytes(payload), "application/json");
    return Happening.of(ControlEvent.edit(eventId, type, "p", 0, "ann", 7, stored));
  }

  private static List<String> sentOn() {
    return SENT_ON.stream().map(r -> r.key().revision() + "@" + r.epoch()).toList();
  }

  private static List<String> decisions() {
    return ledger.audited("p").stream().map(AuditEntry::decision).toList();
  }

  private static void run(Happening... happenings) {
    run(ledger, happenings);
  }

  private static void run(ProjectLedger projects, Happening... happenings) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    Providers providers =
        new Providers(
                () -> store,
                FakeAssetReader::new,
                FakeScriptWriter::new,
                FakeSpeechSynthesizer::new,
                () -> Progress.NONE)
            .withProjects(new Opened(projects));
    try (var handler = pipeline.registerBadRecordErrorHandler(new CollectDead())) {
      Happening.Split split = Happening.in(pipeline, ParsedRecord.class, happenings);
      split
          .elements(ParsedRecord.class)
          .apply(
              ProjectDesk.streaming(
                  providers, REPEATS_MS, split.events(), new DeadLetters.Lane(handler)))
          .apply("Collect", ParDo.of(new CollectFn()));
    }
    pipeline.run().waitUntilFinish();
  }

  /** Of one project; takes not every content, and is away when deliveries are settled at first. */
  private static final class OneProjectLedger extends BookLedger {
    private final Set<String> refused;
    private int failures;
    private int histories;
    private ProjectBook book = ProjectBook.empty("p");

    OneProjectLedger(Set<String> refused, int failures) {
      this.refused = refused;
      this.failures = failures;
    }

    @Override
    protected ProjectBook read(String project) {
      return book;
    }

    @Override
    protected Collection<ProjectBook> readAll() {
      return List.of(book);
    }

    @Override
    protected <T> T change(String project, Function<ProjectBook, ProjectBook.Change<T>> change) {
      ProjectBook.Change<T> done = change.apply(book);
      book = done.book();
      return done.answer();
    }

    @Override
    public Admitted admit(ProjectEntry entry) {
      if (refused.contains(entry.content().sha256())) {
        throw failure(FailureCode.VALUE_REFUSED);
      }
      return super.admit(entry);
    }

    @Override
    public List<AuditEntry> audited(String project) {
      histories++;
      return super.audited(project);
    }

    @Override
    public void settle(DeliveryOutcome outcome) {
      if (failures > 0) {
        failures--;
        throw failure(FailureCode.STORAGE_UNAVAILABLE);
      }
      super.settle(outcome);
    }

    private static StoreException failure(FailureCode code) {
      return new StoreException(code, "no", new IllegalStateException("no"));
    }

    @Override
    public void close() {}
  }

  /** The ledger of this test, which is not copied when the graph is. */
  private record Opened(String id) implements PortFactory<ProjectLedger> {
    private static final Map<String, ProjectLedger> ALL = new ConcurrentHashMap<>();

    Opened(ProjectLedger ledger) {
      this("ledger-" + System.identityHashCode(ledger));
      ALL.put(id, ledger);
    }

    @Override
    public ProjectLedger open() {
      return ALL.get(id);
    }
  }

  private static final class CollectFn extends DoFn<ParsedRecord, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element ParsedRecord record) {
      SENT_ON.add(record);
    }
  }
}
