package dev.reelbeam.clients.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.Admitted;
import dev.reelbeam.model.project.Applied;
import dev.reelbeam.model.project.AssetSwap;
import dev.reelbeam.model.project.AuditEntry;
import dev.reelbeam.model.project.Begun;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.ControlType;
import dev.reelbeam.model.project.Decision;
import dev.reelbeam.model.project.DeliveryOutcome;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.project.Lane;
import dev.reelbeam.model.project.ProjectEdits;
import dev.reelbeam.model.project.ProjectEntry;
import dev.reelbeam.model.project.ProjectRow;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.project.VoiceChange;
import dev.reelbeam.model.project.WaitingArtifact;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.video.VideoType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every project ledger does. */
abstract class ProjectLedgerContract {
  private static final MediaRef SCRIPT = new MediaRef("cd".repeat(32), 12, "application/json");

  /** Names of their own, so that a database may be shared by all tests. */
  private final String project = "p-" + UUID.randomUUID();

  abstract ProjectLedger open();

  @Test
  void aRecordBecomesAProjectOnceAndANewerRevisionRaisesItsEpoch() {
    try (ProjectLedger ledger = open()) {
      Admitted first = ledger.admit(entry(1, "a"));
      assertThat(first.verdict()).isEqualTo(Admitted.Verdict.NEW);
      assertThat(first.row().epoch()).isEqualTo(1);
      assertThat(first.row().entry()).isEqualTo(entry(1, "a"));
      assertThat(ledger.admit(entry(1, "a")).verdict()).isEqualTo(Admitted.Verdict.SAME);
      assertThat(ledger.admit(entry(1, "b")).verdict()).isEqualTo(Admitted.Verdict.CONFLICT);
      Admitted newer = ledger.admit(entry(3, "c"));
      assertThat(newer.verdict()).isEqualTo(Admitted.Verdict.NEWER);
      assertThat(newer.row().epoch()).isEqualTo(2);
      assertThat(ledger.admit(entry(2, "d")).verdict()).isEqualTo(Admitted.Verdict.OLDER);
      assertThat(ledger.find(project).orElseThrow().entry().key().revision()).isEqualTo(3);
      assertThat(ledger.epoch(project)).isEqualTo(2);
      assertThat(ledger.epoch("unknown-" + project)).isZero();
    }
  }

  @Test
  void aRecordThatIsAlwaysItsNewestTextTakesThePlaceOfWhatWasWithoutAnotherEpoch() {
    try (ProjectLedger ledger = open()) {
      assertThat(ledger.amend(entry(1, "a"), 1, ProjectEdits.NONE, List.of()).verdict())
          .isEqualTo(Applied.Verdict.UNKNOWN_PROJECT);
      ledger.admit(entry(2, "a"));
      ProjectEdits edits = ProjectEdits.NONE.withVoice(new VoiceChange("hers", 0));
      Applied amended = ledger.amend(entry(1, "b"), 1, edits, List.of());
      assertThat(amended.verdict()).isEqualTo(Applied.Verdict.APPLIED);
      assertThat(ledger.find(project)).contains(Objects.requireNonNull(amended.row()));
      assertThat(amended.row().entry()).isEqualTo(entry(1, "b"));
      assertThat(amended.row().edits()).isEqualTo(edits);
      assertThat(ledger.epoch(project)).isEqualTo(1);

      ledger.apply(event("e1", ControlType.RETRY), 1, edits, ProjectStatus.SCRIPTING);
      Applied stale = ledger.amend(entry(1, "c"), 1, ProjectEdits.NONE, List.of());
      assertThat(stale.verdict()).isEqualTo(Applied.Verdict.STALE);
      assertThat(Objects.requireNonNull(stale.row()).epoch()).isEqualTo(2);
      assertThat(ledger.find(project).orElseThrow().edits()).isEqualTo(edits);
    }
  }

  @Test
  void ofManyWhoBringTheSameRecordOneIsFirst() throws Exception {
    try (ProjectLedger ledger = open()) {
      List<Callable<Admitted.Verdict>> all =
          IntStream.range(0, 12)
              .<Callable<Admitted.Verdict>>mapToObj(
                  i -> () -> ledger.admit(entry(1, "a")).verdict())
              .toList();
      var executor = Executors.newFixedThreadPool(6);
      List<Admitted.Verdict> verdicts =
          executor.invokeAll(all).stream().map(ProjectLedgerContract::join).toList();
      executor.shutdown();
      assertThat(verdicts).containsOnlyOnce(Admitted.Verdict.NEW);
      assertThat(verdicts.stream().filter(Admitted.Verdict.SAME::equals)).hasSize(11);
    }
  }

  @Test
  void aNewerRevisionSupersedesWhatIsUnderWayAndLeavesWhatIsDone() {
    try (ProjectLedger ledger = open()) {
      ledger.admit(entry(1, "a"));
      ledger.expect(key(1), 1, List.of("tiktok", "youtube_short"));
      ledger.settle(completed(1, "tiktok", 1));
      ledger.park(waiting(1, 1, "script-1"));
      ledger.admit(entry(2, "b"));
      assertThat(states(ledger))
          .containsEntry("1/tiktok", DeliveryState.COMPLETED)
          .containsEntry("1/youtube_short", DeliveryState.SUPERSEDED);
      assertThat(ledger.waiting(project)).isEmpty();
    }
  }

  @Test
  void anOlderEpochNeverOverwrites() {
    try (ProjectLedger ledger = open()) {
      ledger.admit(entry(1, "a"));
      ledger.expect(key(1), 1, List.of("tiktok"));
      ledger.apply(event("e1", ControlType.RETRY), 1, ProjectEdits.NONE, ProjectStatus.DRAFT);
      ledger.expect(key(1), 2, List.of("tiktok"));
      ledger.settle(completed(1, "tiktok", 1));
      ledger.status(project, 1, ProjectStatus.FAILED);
      ledger.park(waiting(1, 1, "script-1"));
      assertThat(states(ledger)).containsEntry("1/tiktok", DeliveryState.IN_PROGRESS);
      assertThat(ledger.find(project).orElseThrow().status()).isEqualTo(ProjectStatus.DRAFT);
      assertThat(ledger.waiting(project)).isEmpty();
      ledger.settle(completed(1, "tiktok", 2));
      assertThat(states(ledger)).containsEntry("1/tiktok", DeliveryState.COMPLETED);
    }
  }

  @Test
  void theLastDeliveryEndsTheProject() {
    try (ProjectLedger ledger = open()) {
      ledger.admit(entry(1, "a"));
      ledger.expect(key(1), 1, List.of("tiktok", "youtube_short"));
      ledger.status(project, 1, ProjectStatus.RENDERING);
      DeliveryOutcome done = completed(1, "tiktok", 1);
      ledger.settle(done);
      ledger.settle(done);
      assertThat(ledger.find(project).orElseThrow().status()).isEqualTo(ProjectStatus.RENDERING);
      ledger.settle(
          new DeliveryOutcome(key(1), "youtube_short", 1, DeliveryState.DEAD, null, "letter"));
      assertThat(ledger.find(project).orElseThrow().status()).isEqualTo(ProjectStatus.COMPLETED);
      assertThat(ledger.outcomes(project)).hasSize(2).contains(done);
    }
  }

  @Test
  void anEventRaisesTheEpochOnce() {
    try (ProjectLedger ledger = open()) {
      ledger.admit(entry(1, "a"));
      ProjectEdits edits = ProjectEdits.NONE.withVoice(new VoiceChange("mary:slt", 1050));
      ControlEvent event = event("e1", ControlType.VOICE_CHANGED);
      Applied applied = ledger.apply(event, 1, edits, ProjectStatus.DRAFT);
      assertThat(applied.verdict()).isEqualTo(Applied.Verdict.APPLIED);
      assertThat(ledger.apply(event, 1, edits, ProjectStatus.DRAFT)).isEqualTo(applied);
      assertThat(ledger.find(project).orElseThrow().edits()).isEqualTo(edits);
      assertThat(ledger.epoch(project)).isEqualTo(2);
      assertThat(
              ledger.apply(event("e2", ControlType.RETRY), 1, edits, ProjectStatus.DRAFT).verdict())
          .isEqualTo(Applied.Verdict.STALE);
      ledger.apply(event("e3", ControlType.RETRY), 2, edits, ProjectStatus.DRAFT);
      assertThat(ledger.apply(event, 1, edits, ProjectStatus.DRAFT).verdict())
          .isEqualTo(Applied.Verdict.REPEATED);
      ControlEvent nobody =
          ControlEvent.of(id("e4"), ControlType.RETRY, "unknown-" + project, "u1", 5);
      assertThat(ledger.apply(nobody, 1, edits, ProjectStatus.DRAFT).verdict())
          .isEqualTo(Applied.Verdict.UNKNOWN_PROJECT);
    }
  }

  @Test
  void aCancelEndsWhatIsUnderWay() {
    try (ProjectLedger ledger = open()) {
      ledger.admit(entry(1, "a"));
      ledger.expect(key(1), 1, List.of("tiktok", "youtube_short"));
      ledger.settle(completed(1, "tiktok", 1));
      ledger.apply(event("e1", ControlType.CANCEL), 1, ProjectEdits.NONE, ProjectStatus.CANCELLED);
      assertThat(states(ledger))
          .containsEntry("1/tiktok", DeliveryState.COMPLETED)
          .containsEntry("1/youtube_short", DeliveryState.CANCELLED);
    }
  }

  @Test
  void theNewestDecisionAboutAnArtifactHolds() {
    try (ProjectLedger ledger = open()) {
      ledger.admit(entry(1, "a"));
      Decision yes = decision("e1", true, "u1", 1000);
      Decision no = decision("e2", false, "u2", 2000);
      Decision yesAgain = decision("e3", true, "u2", 3000);
      assertThat(ledger.decide(yes)).isEqualTo(yes);
      assertThat(ledger.decide(no)).isEqualTo(no);
      assertThat(ledger.decide(yes)).isEqualTo(no);
      assertThat(ledger.decide(yesAgain)).isEqualTo(yesAgain);
      assertThat(ledger.decide(no)).isEqualTo(yesAgain);
      assertThat(ledger.decide(yesAgain)).isEqualTo(yesAgain);
      assertThat(ledger.decision(project, Gate.SCRIPT, "v1")).contains(yesAgain);
      assertThat(ledger.decision(project, Gate.SCRIPT, "v2")).isEmpty();
      assertThat(ledger.decision(project, Gate.FINAL, "v1")).isEmpty();
    }
  }

  @Test
  void aDeadlineNeverCountsAgainstAPersonHoweverLateThatIsHeard() {
    try (ProjectLedger ledger = open()) {
      ledger.admit(entry(1, "a"));
      Decision deadline = decision("deadline:1", true, Decision.DEADLINE, 5000);
      Decision inTime = decision("e1", false, "u1", 4000);
      assertThat(ledger.decide(deadline)).isEqualTo(deadline);
      assertThat(ledger.decide(inTime)).isEqualTo(inTime);
      assertThat(ledger.decide(decision("deadline:2", true, Decision.DEADLINE, 9000)))
          .isEqualTo(inTime);
    }
  }

  @Test
  void aDecisionOfALaterEpochHoldsWhateverTheClocksSay() {
    try (ProjectLedger ledger = open()) {
      ledger.admit(entry(1, "a"));
      Decision ahead = decision("e1", false, "u1", 4_070_908_800_000L);
      Decision later = decision("e2", true, "u2", 4000, 2);
      assertThat(ledger.decide(ahead)).isEqualTo(ahead);
      assertThat(ledger.decide(later)).isEqualTo(later);
      assertThat(ledger.decide(ahead)).isEqualTo(later);
      Decision deadline = decision("deadline:3", false, Decision.DEADLINE, 5000, 3);
      assertThat(ledger.decide(deadline)).isEqualTo(deadline);
      Decision sameMillisecond = decision("e3", true, "u2", 6000, 3);
      assertThat(ledger.decide(decision("e4", false, "u1", 6000, 3)).approved()).isFalse();
      assertThat(ledger.decide(sameMillisecond)).isEqualTo(sameMillisecond);
    }
  }

  private Decision decision(String event, boolean approved, String who, long atMs) {
    return decision(event, approved, who, atMs, 1);
  }

  private Decision decision(String event, boolean approved, String who, long atMs, long epoch) {
    return new Decision(project, Gate.SCRIPT, "v1", approved, id(event), who, atMs, "why", epoch);
  }

  @Test
  void aNewerRevisionKeepsTheEditsThatItLeavesStanding() {
    try (ProjectLedger ledger = open()) {
      ledger.admit(entry(1, "a"));
      ProjectEdits edits =
          ProjectEdits.NONE
              .withVoice(new VoiceChange("hers", 900))
              .withScript("v", SCRIPT)
              .withAsset(new AssetSwap("a.png", SCRIPT));
      ledger.apply(event("e1", ControlType.VOICE_CHANGED), 1, edits, ProjectStatus.SCRIPTING);
      Admitted newer = ledger.admit(entry(2, "b"));
      assertThat(newer.before()).isEqualTo(edits);
      assertThat(newer.row().edits()).isEqualTo(edits.withoutScripts());
      assertThat(ledger.find(project)).contains(newer.row());
      assertThat(newer.before().lostIn(newer.row().edits()))
          .containsExactly("the edited script of v");
      // Written with the row: whoever took the record in may end right after.
      assertThat(givenUp(ledger))
          .containsExactly(
              "the edited script of v: revision 2 has another text or asks for others");
      ledger.admit(entry(2, "b"));
      assertThat(givenUp(ledger)).hasSize(1);
    }
  }

  @Test
  void whatIsGivenUpForARecordIsNotedIfItTakesThePlaceAndEachTimeThatIsSo() {
    try (ProjectLedger ledger = open()) {
      ledger.admit(entry(1, "a"));
      List<AuditEntry> first =
          List.of(AuditEntry.givenUp(entry(1, "b"), 1, "the edited script", "another text", 1));
      ledger.amend(entry(1, "b"), 7, ProjectEdits.NONE, first);
      assertThat(givenUp(ledger)).isEmpty();
      ledger.amend(entry(1, "b"), 1, ProjectEdits.NONE, first);
      assertThat(givenUp(ledger)).containsExactly("the edited script: another text");
      // Edited once more, and the same text comes again.
      ledger.apply(event("e1", ControlType.RETRY), 1, ProjectEdits.NONE, ProjectStatus.DRAFT);
      List<AuditEntry> second =
          List.of(AuditEntry.givenUp(entry(1, "b"), 2, "the edited script", "another text", 2));
      ledger.amend(entry(1, "b"), 2, ProjectEdits.NONE, second);
      assertThat(givenUp(ledger)).hasSize(2);
    }
  }

  private List<String> givenUp(ProjectLedger ledger) {
    return ledger.audited(project).stream()
        .filter(line -> line.decision().equals("given_up"))
        .map(AuditEntry::reason)
        .toList();
  }

  @Test
  void whatIsAcceptedIsInAStateFromTheBeginning() {
    try (ProjectLedger ledger = open()) {
      ledger.admit(entry(1, "a"));
      assertThat(states(ledger))
          .isEqualTo(
              Map.of(
                  "1/tiktok", DeliveryState.IN_PROGRESS,
                  "1/youtube_short", DeliveryState.IN_PROGRESS));
      ledger.admit(entry(3, "b"));
      assertThat(states(ledger))
          .containsEntry("1/tiktok", DeliveryState.SUPERSEDED)
          .containsEntry("3/tiktok", DeliveryState.IN_PROGRESS);
      ledger.admit(entry(2, "c"));
      assertThat(states(ledger)).containsEntry("2/tiktok", DeliveryState.SUPERSEDED);
      ledger.apply(event("e1", ControlType.CANCEL), 2, ProjectEdits.NONE, ProjectStatus.CANCELLED);
      assertThat(states(ledger))
          .containsEntry("3/tiktok", DeliveryState.CANCELLED)
          .containsEntry("3/youtube_short", DeliveryState.CANCELLED);
    }
  }

  @Test
  void whatIsSkippedIsNotUnderWay() {
    try (ProjectLedger ledger = open()) {
      ledger.admit(entry(1, "a"));
      ledger.skip(key(1), 0);
      assertThat(states(ledger)).containsEntry("1/tiktok", DeliveryState.IN_PROGRESS);
      ledger.skip(key(1), 1);
      assertThat(states(ledger)).containsEntry("1/tiktok", DeliveryState.SKIPPED);
      assertThat(ledger.find(project).orElseThrow().status()).isEqualTo(ProjectStatus.SKIPPED);
    }
  }

  @Test
  void anOlderRevisionThatComesOnceMoreLeavesWhatWasMadeOfIt() {
    try (ProjectLedger ledger = open()) {
      ledger.admit(entry(1, "a"));
      DeliveryOutcome made = completed(1, "tiktok", 1);
      ledger.settle(made);
      ledger.admit(entry(2, "b"));
      ledger.expect(key(2), 2, List.of("tiktok"));
      ledger.settle(completed(2, "tiktok", 2));
      ledger.admit(entry(1, "a"));
      ledger.settle(
          new DeliveryOutcome(key(1), "tiktok", 2, DeliveryState.SUPERSEDED, null, "again"));
      assertThat(ledger.outcomes(project)).contains(made, completed(2, "tiktok", 2));
    }
  }

  /** The whole table, in one epoch: which state follows which. */
  @Test
  void whatIsMadeStaysMadeAndWhatIsOverStaysOver() {
    String all = "IN_PROGRESS WAITING COMPLETED SKIPPED DEAD CANCELLED REJECTED SUPERSEDED";
    Map<DeliveryState, String> table =
        Map.of(
            DeliveryState.IN_PROGRESS, all,
            DeliveryState.WAITING, all,
            DeliveryState.COMPLETED, "COMPLETED",
            DeliveryState.SKIPPED, "SKIPPED",
            DeliveryState.DEAD, "IN_PROGRESS WAITING COMPLETED DEAD REJECTED",
            DeliveryState.CANCELLED, "CANCELLED",
            DeliveryState.REJECTED, "IN_PROGRESS WAITING REJECTED",
            DeliveryState.SUPERSEDED, "SUPERSEDED");
    try (ProjectLedger ledger = open()) {
      int revision = 0;
      for (DeliveryState before : DeliveryState.values()) {
        for (DeliveryState after : DeliveryState.values()) {
          ledger.admit(entry(++revision, "a"));
          ledger.settle(outcome(revision, revision, before));
          ledger.settle(outcome(revision, revision, after));
          boolean follows = List.of(table.get(before).split(" ")).contains(after.name());
          assertThat(states(ledger).get(revision + "/tiktok"))
              .as(before + " and then " + after)
              .isEqualTo(follows ? after : before);
        }
      }
    }
  }

  @Test
  void aLaterEpochBeginsEverythingAgainButWhatIsSuperseded() {
    try (ProjectLedger ledger = open()) {
      long epoch = 0;
      int revision = 0;
      for (DeliveryState before : DeliveryState.values()) {
        ledger.admit(entry(++revision, "a"));
        epoch = ledger.epoch(project);
        ledger.settle(outcome(revision, epoch, before));
        ledger.apply(
            event("retry-" + before, ControlType.RETRY),
            epoch,
            ProjectEdits.NONE,
            ProjectStatus.SCRIPTING);
        ledger.settle(outcome(revision, epoch + 1, DeliveryState.SUPERSEDED));
        boolean open = !before.terminal() || before == DeliveryState.SUPERSEDED;
        assertThat(states(ledger).get(revision + "/tiktok"))
            .isEqualTo(open ? DeliveryState.SUPERSEDED : before);
        ledger.expect(key(revision), epoch + 1, List.of("tiktok"));
        assertThat(states(ledger).get(revision + "/tiktok"))
            .isEqualTo(open ? DeliveryState.SUPERSEDED : DeliveryState.IN_PROGRESS);
      }
    }
  }

  @Test
  void workThatRunsAgainAfterItsEndDoesNotUnmakeIt() {
    try (ProjectLedger ledger = open()) {
      ledger.admit(entry(1, "a"));
      ledger.settle(completed(1, "tiktok", 1));
      ledger.settle(completed(1, "youtube_short", 1));
      ledger.status(project, 1, ProjectStatus.SCRIPTING);
      ledger.expect(key(1), 1, List.of("tiktok"));
      ledger.settle(outcome(1, 1, DeliveryState.IN_PROGRESS));
      ledger.settle(outcome(1, 1, DeliveryState.DEAD));
      assertThat(ledger.outcomes(project)).contains(completed(1, "tiktok", 1));
      assertThat(ledger.find(project).orElseThrow().status()).isEqualTo(ProjectStatus.COMPLETED);
    }
  }

  @Test
  void whatWasMadeStaysThroughARetryThatCameToNothing() {
    try (ProjectLedger ledger = open()) {
      ledger.admit(entry(1, "a"));
      ledger.expect(key(1), 1, List.of("tiktok", "youtube_short"));
      ledger.settle(completed(1, "tiktok", 1));
      ledger.settle(completed(1, "youtube_short", 1));
      ledger.apply(event("e1", ControlType.RETRY), 1, ProjectEdits.NONE, ProjectStatus.SCRIPTING);
      ledger.expect(key(1), 2, List.of("tiktok", "youtube_short"));
      assertThat(states(ledger).values()).containsOnly(DeliveryState.IN_PROGRESS);

      ledger.settle(new DeliveryOutcome(key(1), "tiktok", 2, DeliveryState.DEAD, null, "letter"));
      ledger.apply(event("e2", ControlType.CANCEL), 2, ProjectEdits.NONE, ProjectStatus.CANCELLED);

      assertThat(ledger.outcomes(project))
          .allSatisfy(
              outcome -> {
                assertThat(outcome.state()).isEqualTo(DeliveryState.COMPLETED);
                assertThat(outcome.delivery())
                    .isEqualTo(completed(1, outcome.preset(), 1).delivery());
              })
          .extracting(DeliveryOutcome::detail)
          .containsExactlyInAnyOrder("dead: letter", "cancelled: " + id("e2"));
      assertThat(ledger.find(project).orElseThrow().status()).isEqualTo(ProjectStatus.COMPLETED);
    }
  }

  @Test
  void aRejectionInALaterEpochTakesAwayWhatWasMade() {
    try (ProjectLedger ledger = open()) {
      ledger.admit(entry(1, "a"));
      ledger.settle(completed(1, "tiktok", 1));
      ledger.apply(event("e1", ControlType.RETRY), 1, ProjectEdits.NONE, ProjectStatus.SCRIPTING);
      ledger.expect(key(1), 2, List.of("tiktok"));
      ledger.settle(new DeliveryOutcome(key(1), "tiktok", 2, DeliveryState.REJECTED, null, "no"));
      assertThat(ledger.outcomes(project))
          .contains(new DeliveryOutcome(key(1), "tiktok", 2, DeliveryState.REJECTED, null, "no"));
    }
  }

  @Test
  void theSameEventIdInTwoProjectsIsTwoEvents() {
    try (ProjectLedger ledger = open()) {
      ledger.admit(entry(1, "a"));
      String other = project + "-other";
      ledger.admit(entry(other, 1, "b", "normal"));
      ControlEvent here = event("e1", ControlType.RETRY);
      ControlEvent there = ControlEvent.of(here.eventId(), ControlType.RETRY, other, "u1", 5);
      for (ControlEvent event : List.of(here, there)) {
        assertThat(ledger.apply(event, 1, ProjectEdits.NONE, ProjectStatus.SCRIPTING).verdict())
            .isEqualTo(Applied.Verdict.APPLIED);
        assertThat(ledger.epoch(event.project())).isEqualTo(2);
      }
    }
  }

  @Test
  void everyStateOfADeliveryIsTaken() {
    try (ProjectLedger ledger = open()) {
      for (DeliveryState state : DeliveryState.values()) {
        String one = project + "-" + state.label();
        ledger.admit(entry(one, 1, "a", "normal"));
        RecordKey key = new RecordKey(one, 1);
        ledger.settle(new DeliveryOutcome(key, "tiktok", 1, state, null, null));
        assertThat(ledger.outcomes(one)).extracting(DeliveryOutcome::state).contains(state);
      }
    }
  }

  @Test
  void aCancelOfWhatHasComeToItsEndChangesNothing() {
    try (ProjectLedger ledger = open()) {
      ledger.admit(entry(1, "a"));
      ledger.settle(completed(1, "tiktok", 1));
      ledger.settle(completed(1, "youtube_short", 1));
      Applied late =
          ledger.apply(
              event("e1", ControlType.CANCEL), 1, ProjectEdits.NONE, ProjectStatus.CANCELLED);
      assertThat(late.verdict()).isEqualTo(Applied.Verdict.ENDED);
      assertThat(ledger.epoch(project)).isEqualTo(1);
      assertThat(ledger.find(project).orElseThrow().status()).isEqualTo(ProjectStatus.COMPLETED);
    }
  }

  @Test
  void aRecordThatIsAmendedBeginsWhatItAsksForWhateverBecameOfItBefore() {
    try (ProjectLedger ledger = open()) {
      ledger.admit(entry(2, "a"));
      ledger.settle(completed(2, "tiktok", 1));
      ledger.amend(entry(1, "b"), 1, ProjectEdits.NONE, List.of());
      assertThat(states(ledger))
          .containsEntry("2/tiktok", DeliveryState.COMPLETED)
          .containsEntry("2/youtube_short", DeliveryState.SUPERSEDED)
          .containsEntry("1/tiktok", DeliveryState.IN_PROGRESS);
      ledger.amend(entry(2, "c"), 1, ProjectEdits.NONE, List.of());
      assertThat(states(ledger))
          .containsEntry("2/tiktok", DeliveryState.IN_PROGRESS)
          .containsEntry("2/youtube_short", DeliveryState.IN_PROGRESS)
          .containsEntry("1/tiktok", DeliveryState.SUPERSEDED);
    }
  }

  @Test
  void whatNobodyKnowsThatShouldBeUnderWayOrHeldIsAstray() {
    try (ProjectLedger ledger = open()) {
      ledger.admit(entry(1, "a"));
      assertThat(astray(ledger, Map.of())).as("a draft").isEmpty();
      ledger.begin(project, 1, new Begun("hand", 7));
      ledger.status(project, 1, ProjectStatus.SCRIPTING);
      assertThat(ledger.find(project).orElseThrow().begun()).isEqualTo(new Begun("hand", 7));
      assertThat(astray(ledger, Map.of("hand", 7L, "other", 1L))).isEmpty();
      assertThat(astray(ledger, Map.of("hand", 6L))).containsExactly(project);
      assertThat(astray(ledger, Map.of("other", 9L))).containsExactly(project);
      assertThat(
              ledger.astray(Lane.LOW, Map.of(), 1000, Set.of()).stream().map(ProjectRow::project))
          .doesNotContain(project);
      assertThat(
              ledger.astray(Lane.LIVE, Map.of(), 1000, Set.of(project)).stream()
                  .map(ProjectRow::project))
          .doesNotContain(project);

      // At a gate that holds it; a parked one waits in the ledger alone.
      ledger.settle(outcome(1, 1, DeliveryState.WAITING));
      ledger.settle(
          new DeliveryOutcome(key(1), "youtube_short", 1, DeliveryState.WAITING, null, null));
      WaitingArtifact parked = waiting(1, 1, "v1");
      ledger.park(
          new WaitingArtifact(
              parked.key(),
              parked.gate(),
              parked.variant(),
              parked.presets(),
              parked.artifact(),
              1,
              parked.refs(),
              5000,
              null,
              false));
      assertThat(ledger.find(project).orElseThrow().status()).isEqualTo(ProjectStatus.REVIEW);
      assertThat(astray(ledger, Map.of())).containsExactly(project);
      ledger.park(parked);
      assertThat(astray(ledger, Map.of())).isEmpty();

      // Released, and nobody has said yet what it is at now.
      ledger.settle(outcome(1, 1, DeliveryState.IN_PROGRESS));
      assertThat(astray(ledger, Map.of())).containsExactly(project);
      ledger.settle(completed(1, "tiktok", 1));
      ledger.settle(completed(1, "youtube_short", 1));
      assertThat(astray(ledger, Map.of())).isEmpty();
    }
  }

  private List<String> astray(ProjectLedger ledger, Map<String, Long> hands) {
    return ledger.astray(Lane.LIVE, hands, 1000, Set.of()).stream()
        .map(ProjectRow::project)
        .filter(id -> id.startsWith(project))
        .toList();
  }

  private DeliveryOutcome outcome(int revision, long epoch, DeliveryState state) {
    return state == DeliveryState.COMPLETED
        ? completed(revision, "tiktok", epoch)
        : new DeliveryOutcome(key(revision), "tiktok", epoch, state, null, null);
  }

  @Test
  void whatWaitsIsListedUntilItIsTakenAway() {
    try (ProjectLedger ledger = open()) {
      ledger.admit(entry(1, "a"));
      ledger.park(waiting(1, 1, "v1"));
      WaitingArtifact second = waiting(1, 1, "v2");
      ledger.park(second);
      assertThat(ledger.waiting(project)).containsExactly(second);
      assertThat(ledger.inbox(1_000)).contains(second);
      assertThat(ledger.inbox(0)).isEmpty();
      ledger.unpark(project, Gate.SCRIPT, "1080x1920", "v1");
      assertThat(ledger.waiting(project)).containsExactly(second);
      ledger.unpark(project, Gate.SCRIPT, "1080x1920", "v2");
      assertThat(ledger.waiting(project)).isEmpty();
    }
  }

  @Test
  void theAuditLogKeepsEachEntryOnceInOrder() {
    try (ProjectLedger ledger = open()) {
      AuditEntry first = audit("1", "approved", null);
      AuditEntry second = audit("2", "stale", "of version 1");
      ledger.audit(first);
      ledger.audit(second);
      ledger.audit(first);
      assertThat(ledger.audited(project)).containsExactly(first, second);
      assertThat(ledger.audited(project, id("2"))).containsExactly(second);
      assertThat(ledger.audited(project, id("3"))).isEmpty();
      assertThat(ledger.audited(project + "-other", id("2"))).isEmpty();
    }
  }

  @Test
  void draftsComeByPriorityThenByAgeAndHoldAPlaceWhileTheyAreBusy() {
    String other = project + "-other";
    String high = project + "-high";
    String low = project + "-low";
    try (ProjectLedger ledger = open()) {
      ledger.admit(entry(1, "a"));
      ledger.admit(entry(other, 1, "a", "normal"));
      ledger.admit(entry(high, 1, "a", "high"));
      ledger.admit(entry(low, 1, "a", "low"));
      assertThat(mine(ledger, Lane.LIVE, Set.of())).containsExactly(high, project, other);
      assertThat(mine(ledger, Lane.LIVE, Set.of(high))).containsExactly(project, other);
      assertThat(mine(ledger, Lane.LOW, Set.of())).containsExactly(low);
      ledger.status(project, 1, ProjectStatus.RENDERING);
      ledger.status(other, 1, ProjectStatus.REVIEW);
      assertThat(mine(ledger, Lane.LIVE, Set.of())).containsExactly(high);
      assertThat(ledger.busy(List.of(project, other, high, "nobody"))).containsExactly(project);
      ledger.begin(high, 1, new Begun("hand", 1));
      assertThat(ledger.busy(List.of(project, other, high, "nobody")))
          .containsExactlyInAnyOrder(project, high);
    }
  }

  @Test
  void whatWasReleasedGoesOnIfItsLaneHasRoomAndNobodyWaitsAndStandsInLineElse() {
    String second = project + "-2";
    String third = project + "-3";
    try (ProjectLedger ledger = open()) {
      emptyLowLane(ledger);
      for (String one : List.of(project, second, third)) {
        ledger.admit(entry(one, 1, "a", "low"));
        ledger.begin(one, 1, new Begun("hand", 1));
        ledger.status(one, 1, ProjectStatus.REVIEW);
      }
      assertThat(ledger.resume(project, 1, 2, ProjectStatus.COMPOSING)).isTrue();
      assertThat(ledger.resume(second, 1, 1, ProjectStatus.COMPOSING)).isFalse();
      ProjectRow waits = ledger.find(second).orElseThrow();
      assertThat(waits.status()).isEqualTo(ProjectStatus.DRAFT);
      assertThat(waits.begun()).isNull();
      assertThat(mine(ledger, Lane.LOW, Set.of())).containsExactly(second);
      assertThat(ledger.busy(List.of(project, second))).containsExactly(project);
      assertThat(ledger.inHand(Lane.LOW, Map.of("hand", 1L))).containsExactly(project);
      assertThat(ledger.inHand(Lane.LOW, Map.of("hand", 0L))).isEmpty();
      assertThat(ledger.inHand(Lane.LIVE, Map.of("hand", 1L))).doesNotContain(project);

      // There is room, and somebody waits for it longer.
      assertThat(ledger.resume(third, 1, 2, ProjectStatus.COMPOSING)).isFalse();
      assertThat(mine(ledger, Lane.LOW, Set.of())).containsExactly(second, third);
      // Another variant of what is under way asks for no place of its own.
      assertThat(ledger.resume(project, 1, 1, ProjectStatus.RENDERING)).isTrue();
      assertThat(ledger.find(project).orElseThrow().status()).isEqualTo(ProjectStatus.RENDERING);
      // What is over changes nothing.
      assertThat(ledger.resume(project, 0, 0, ProjectStatus.COMPOSING)).isTrue();
      assertThat(ledger.find(project).orElseThrow().status()).isEqualTo(ProjectStatus.RENDERING);
      assertThat(ledger.epochs(List.of(project, second, "nobody")))
          .containsOnly(Map.entry(project, 1L), Map.entry(second, 1L));
    }
  }

  @Test
  void onlyWhoStandsInLineBeforeAProjectGoesFirstAndABegunDraftHasAPlace() {
    String first = project + "-1";
    String second = project + "-2";
    String last = project + "-3";
    try (ProjectLedger ledger = open()) {
      emptyLowLane(ledger);
      for (String one : List.of(first, second, last)) {
        ledger.admit(entry(one, 1, "a", "low"));
      }
      ledger.status(first, 1, ProjectStatus.REVIEW);
      // Two younger ones wait in line, which is none of its business.
      assertThat(ledger.resume(first, 1, 1, ProjectStatus.COMPOSING)).isTrue();
      ledger.status(first, 1, ProjectStatus.COMPLETED);

      ledger.status(last, 1, ProjectStatus.REVIEW);
      ledger.begin(second, 1, new Begun("hand", 1));
      assertThat(ledger.resume(last, 1, 1, ProjectStatus.COMPOSING)).isFalse();
      // In line it stays there, whichever of its variants asks, and all of it comes through.
      assertThat(ledger.resume(last, 1, 2, ProjectStatus.COMPOSING)).isFalse();
      ledger.status(last, 1, ProjectStatus.REVIEW);
      assertThat(ledger.resume(last, 1, 2, ProjectStatus.COMPOSING)).isTrue();
      // It was begun, and its next variant is approved before workers have told of it.
      assertThat(ledger.resume(second, 1, 0, ProjectStatus.COMPOSING)).isTrue();
      assertThat(ledger.find(second).orElseThrow().begun()).isEqualTo(new Begun("hand", 1));

      // Who is sent through once more has no place by what he was before.
      ledger.apply(
          ControlEvent.of("retry-" + second, ControlType.RETRY, second, "ann", 7),
          1,
          ProjectEdits.NONE,
          ProjectStatus.DRAFT);
      assertThat(ledger.find(second).orElseThrow().begun()).isNull();
      assertThat(ledger.busy(List.of(second))).isEmpty();
      ledger.begin(last, 1, new Begun("hand", 2));
      ledger.status(last, 1, ProjectStatus.DRAFT);
      assertThat(ledger.find(last).orElseThrow().begun()).isNull();
      emptyLowLane(ledger);
    }
  }

  /** Who shares these books has projects of his own in the lane: they end first. */
  private static void emptyLowLane(ProjectLedger ledger) {
    for (ProjectRow row : ledger.queued(Lane.LOW, 1_000, Set.of())) {
      ledger.status(row.project(), row.epoch(), ProjectStatus.COMPLETED);
    }
    for (ProjectRow row : ledger.astray(Lane.LOW, Map.of(), 1_000, Set.of())) {
      ledger.status(row.project(), row.epoch(), ProjectStatus.COMPLETED);
    }
  }

  /** Many of them, faster than any clock of a file system ticks, and one changed in between. */
  @Test
  void ageIsTheOrderInWhichProjectsCameWhateverHappensToThemLater() {
    List<String> came = new ArrayList<>();
    try (ProjectLedger ledger = open()) {
      for (int i = 0; i < 30; i++) {
        String next = project + "-" + (i * 7919) % 31;
        came.add(next);
        ledger.admit(entry(next, 1, "a", "normal"));
        ledger.status(came.get(i / 2), 1, ProjectStatus.DRAFT);
        ledger.admit(entry(came.get(i / 2), 2, "b", "normal"));
      }
      assertThat(mine(ledger, Lane.LIVE, Set.of())).containsExactlyElementsOf(came);
    }
  }

  static <T> T join(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> mine(ProjectLedger ledger, Lane lane, Set<String> except) {
    return ledger.queued(lane, 1000, except).stream()
        .map(row -> row.project())
        .filter(id -> id.startsWith(project))
        .toList();
  }

  private Map<String, DeliveryState> states(ProjectLedger ledger) {
    return ledger.outcomes(project).stream()
        .collect(
            java.util.stream.Collectors.toMap(
                outcome -> outcome.key().revision() + "/" + outcome.preset(),
                DeliveryOutcome::state));
  }

  private RecordKey key(int revision) {
    return new RecordKey(project, revision);
  }

  private String id(String event) {
    return project + "-" + event;
  }

  private ControlEvent event(String id, ControlType type) {
    return ControlEvent.of(id(id), type, project, "u1", 1000);
  }

  private AuditEntry audit(String id, String decision, String reason) {
    return new AuditEntry(
        id(id), project, "script", id(id), "approved", "u1", 1000, "v1", 1, decision, reason);
  }

  private WaitingArtifact waiting(int revision, long epoch, String artifact) {
    return new WaitingArtifact(
        key(revision),
        Gate.SCRIPT,
        "1080x1920",
        List.of("tiktok"),
        artifact,
        epoch,
        Map.of("script.json", SCRIPT),
        5000,
        9000L,
        true);
  }

  private DeliveryOutcome completed(int revision, String preset, long epoch) {
    return new DeliveryOutcome(
        key(revision),
        preset,
        epoch,
        DeliveryState.COMPLETED,
        new Delivery(
            key(revision),
            preset,
            "1080x1920",
            "Title",
            31_000,
            3,
            4,
            Map.of("video.mp4", new MediaRef("ef".repeat(32), 1234, "video/mp4"))),
        null);
  }

  private ProjectEntry entry(int revision, String content) {
    return entry(project, revision, content, "normal");
  }

  private static ProjectEntry entry(String project, int revision, String content, String priority) {
    return new ProjectEntry(
        new RecordKey(project, revision),
        new MediaRef(content.repeat(64), 10, "application/json"),
        "Title of " + content,
        "acme",
        null,
        new ProjectRequest(
            VideoType.SHORT,
            List.of("tiktok", "youtube_short"),
            VideoSettings.DEFAULT,
            ReviewPolicy.AUTO,
            priority,
            true),
        "topic-0@1");
  }
}
