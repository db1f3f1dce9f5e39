package dev.reelbeam.pipelines.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.project.AuditEntry;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.ControlType;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.stages.review.Audits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnderWayTest {
  /** A long audit log, or a database that stumbles over it, keeps nobody's project. */
  @Test
  void whatWasUnderWayIsSentThroughThoughTheLogCannotBeLookedThrough() throws Exception {
    List<String> said = new ArrayList<>();

    UnderWay.stateIsGone(
        () -> 3,
        () -> {
          assertThat(said).hasSize(1);
          throw new StoreException(
              FailureCode.DATABASE_UNAVAILABLE, "no answer in 60 s", new IOException());
        },
        said::add);

    assertThat(said.get(0)).startsWith("3 projects");
    assertThat(said.get(1)).contains("the audit log does not tell").contains("no answer in 60 s");
  }

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
