package dev.reelbeam.pipelines.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.project.AuditEntry;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.ControlType;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.stages.review.Audits;
import org.junit.jupiter.api.Test;

class UnderWayTest {
  @Test
  void aDecisionThatWentWithTheStateEndsWithTheLineThatItsGateWouldHaveWritten() {
    ControlEvent event =
        ControlEvent.about(
            "e1", ControlType.REJECTED, "p", Gate.SCRIPT, "s1", 2, "ann", 7, "too long");

    AuditEntry line = UnderWay.givenUp(Audits.of(event, "script", "early", 2, "not here yet"));

    AuditEntry gates = Audits.of(event, "script", "unknown", 2, "its artifact never came");
    assertThat(line.id()).isEqualTo(gates.id());
    assertThat(line.version()).isEqualTo("s1");
    assertThat(line.who()).isEqualTo("ann");
    assertThat(line.epoch()).isEqualTo(2);
    assertThat(line.reason()).contains("given up");
  }
}
