package dev.reelbeam.stages.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.project.AuditEntry;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.ControlType;
import dev.reelbeam.model.project.Gate;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditsTest {
  private final ControlEvent event =
      ControlEvent.about("e1", ControlType.APPROVED, "p", Gate.SCRIPT, "s1", 0, "ann", 7, null);

  /** Its sender tries again while the artifact has yet to come, and an edit raises the epoch. */
  @Test
  void anEarlyDecisionThatCameTwiceIsStillToBeCarriedOut() {
    for (List<AuditEntry> lines :
        List.of(
            List.of(line("early"), line("repeated")), List.of(line("repeated"), line("early")))) {
      assertThat(Audits.isSpent(lines, 4)).isFalse();
      assertThat(Audits.answer(lines, event)).isEmpty();
    }
  }

  @Test
  void whatWasCarriedOutIsSpentInALaterEpochHoweverOftenItCame() {
    AuditEntry approved = line("approved");
    for (List<AuditEntry> lines :
        List.of(
            List.of(line("early"), approved, line("repeated")),
            List.of(line("early"), line("repeated"), approved))) {
      assertThat(Audits.isSpent(lines, 4)).isTrue();
      assertThat(Audits.isSpent(lines, 3)).isFalse();
      assertThat(Audits.answer(lines, event)).contains(approved);
    }
  }

  private AuditEntry line(String decision) {
    return Audits.of(event, "script", decision, 3, null);
  }
}
