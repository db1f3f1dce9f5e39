package dev.reelbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.clients.ledger.FileProjectLedger;
import dev.reelbeam.clients.store.FileObjectStore;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.project.WaitingArtifact;
import dev.reelbeam.model.store.MediaRef;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Decisions about what {@code make} has left at a gate. */
class ReviewCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private MediaRef video;

  @TempDir Path folder;
  private Path store;

  private int review(String... arguments) {
    List<String> all = new java.util.ArrayList<>(List.of("review", "--store", store.toString()));
    all.addAll(List.of(arguments));
    return Reelbeam.commandLine(new PrintWriter(out), new PrintWriter(err))
        .execute(all.toArray(new String[0]));
  }

  private ProjectLedger ledger() {
    return FileProjectLedger.open(store.resolve("projects"));
  }

  @BeforeEach
  void somethingWaits() {
    store = folder.resolve("store");
    try (ObjectStore objects = new FileObjectStore(store);
        ProjectLedger ledger = ledger()) {
      video = objects.put("a video".getBytes(StandardCharsets.UTF_8), "video/mp4");
      ledger.park(
          new WaitingArtifact(
              new RecordKey("blog/42", 1),
              Gate.FINAL,
              "1080x1920",
              List.of("tiktok"),
              video.sha256(),
              0,
              Map.of("video.mp4", video),
              1_000,
              null,
              true));
    }
  }

  @Test
  void whatWaitsIsListedAndShownAsFilesToLookAt() {
    assertThat(review()).isZero();
    assertThat(out.toString()).contains("blog/42").contains("final").contains("tiktok");
    assertThat(review("blog/42")).isZero();
    assertThat(out.toString())
        .contains(
            store.resolve("review").resolve("final-" + video.sha256().substring(0, 12))
                + "/video.mp4");
    assertThat(store.resolve("review/final-" + video.sha256().substring(0, 12) + "/video.mp4"))
        .hasContent("a video");
  }

  @Test
  void aDecisionIsKeptAboutTheseBytesAndWrittenToTheAuditLog() {
    assertThat(review("blog/42", "approve", "--who", "ann")).isZero();
    try (ProjectLedger ledger = ledger()) {
      assertThat(ledger.decision("blog/42", Gate.FINAL, video.sha256()))
          .hasValueSatisfying(
              decision -> {
                assertThat(decision.approved()).isTrue();
                assertThat(decision.who()).isEqualTo("ann");
              });
      assertThat(ledger.audited("blog/42")).hasSize(1);
      assertThat(ledger.decision("blog/42", Gate.FINAL, "0".repeat(64))).isEmpty();
    }
  }

  @Test
  void whatCannotBeDecidedHereIsSaid() {
    assertThat(review("blog/42", "reject")).isEqualTo(2);
    assertThat(review("blog/42", "cancel")).isEqualTo(2);
    assertThat(err.toString()).contains("--reason").contains("run `make` again");
    assertThat(review("blog/42", "approve", "--gate", "script")).isEqualTo(3);
    assertThat(review("nobody", "approve")).isEqualTo(3);
  }
}
