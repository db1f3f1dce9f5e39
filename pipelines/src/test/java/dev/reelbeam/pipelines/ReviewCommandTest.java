package dev.reelbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.clients.ledger.FileProjectLedger;
import dev.reelbeam.clients.store.FileObjectStore;
import dev.reelbeam.model.content.ContentImage;
import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.TextOverlay;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.AuditEntry;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.project.ProjectEdits;
import dev.reelbeam.model.project.ProjectEntry;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.project.VoiceChange;
import dev.reelbeam.model.project.WaitingArtifact;
import dev.reelbeam.model.store.MediaRef;
import java.awt.image.BufferedImage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.assertj.core.groups.Tuple;
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
      ContentRecord content =
          new ContentRecord(
              new RecordKey("blog/42", 1),
              null,
              null,
              ContentKind.ARTICLE,
              "en",
              "Title",
              null,
              List.of(),
              List.of(),
              List.of(new ContentImage("a.png", null, null, null, null)),
              null,
              new ProjectRequest(
                  null,
                  List.of("tiktok"),
                  VideoSettings.DEFAULT,
                  ReviewPolicy.AUTO,
                  "normal",
                  true),
              folder.toUri().toString());
      ledger.admit(
          new ProjectEntry(
              content.key(),
              objects.put(RecordJson.canonicalBytes(content), "application/json"),
              "Title",
              null,
              null,
              content.project(),
              "test"));
      ledger.park(
          new WaitingArtifact(
              new RecordKey("blog/42", 1),
              Gate.FINAL,
              "1080x1920",
              List.of("tiktok"),
              video.sha256(),
              1,
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
  void whatFitsNothingIsSaid() {
    assertThat(review("blog/42", "reject")).isEqualTo(2);
    assertThat(review("blog/42", "edit")).isEqualTo(2);
    assertThat(review("blog/42", "edit", "--voice", "a", "--no-overlays")).isEqualTo(2);
    assertThat(err.toString()).contains("--reason").contains("an edit is one of");
    assertThat(review("blog/42", "approve", "--gate", "script")).isEqualTo(3);
    assertThat(review("nobody", "approve")).isEqualTo(3);
  }

  private ProjectEdits edits() {
    try (ProjectLedger ledger = ledger()) {
      return ledger.find("blog/42").orElseThrow().edits();
    }
  }

  @Test
  void anotherVoiceAndAnotherPaceStandFromNowOn() {
    assertThat(review("blog/42", "edit", "--voice", "espeak:de", "--who", "ann")).isZero();
    assertThat(review("blog/42", "edit", "--speed", "1.05")).isZero();

    assertThat(edits().voice()).isEqualTo(new VoiceChange("espeak:de", 1050));
    try (ProjectLedger ledger = ledger()) {
      assertThat(ledger.epoch("blog/42")).isEqualTo(3);
      assertThat(ledger.waiting("blog/42")).describedAs("of an older version").isEmpty();
      assertThat(ledger.audited("blog/42"))
          .extracting(AuditEntry::decision, AuditEntry::eventType)
          .containsOnly(Tuple.tuple("applied", "voice_changed"));
    }
    assertThat(review("blog/42")).isZero();
    assertThat(out.toString()).contains("edited: voice espeak:de at 1.05 times the pace");
    assertThat(review("blog/42", "edit", "--speed", "3")).isNotZero();
  }

  @Test
  void anEditOfWhatNoLongerWaitsDoesNothing() {
    assertThat(review("blog/42", "edit", "--speed", "1.1", "--artifact", "ffff")).isEqualTo(3);
    assertThat(
            review(
                "blog/42", "edit", "--speed", "1.1", "--artifact", video.sha256().substring(0, 8)))
        .isZero();
    assertThat(edits().voice()).isEqualTo(new VoiceChange(null, 1100));
  }

  @Test
  void textsAreSetChangedAndTakenAwayByTheirTime() {
    assertThat(review("blog/42", "edit", "--overlay", "12.5,3,Only today")).isZero();
    assertThat(
            review(
                "blog/42",
                "edit",
                "--overlay",
                "2,,New, and dear",
                "--overlay",
                "12.5,4,Till noon"))
        .isZero();
    assertThat(edits().overlays())
        .containsExactly(
            new TextOverlay(2_000, 5_000, "New, and dear"),
            new TextOverlay(12_500, 16_500, "Till noon"));

    assertThat(review("blog/42", "edit", "--overlay", "2")).isZero();
    assertThat(edits().overlays()).extracting(TextOverlay::startMs).containsExactly(12_500);
    for (String wrong : List.of("7", "x,3,Soon", "1,3," + "long ".repeat(20), "1,99,Soon")) {
      assertThat(review("blog/42", "edit", "--overlay", wrong)).as(wrong).isNotZero();
    }
    assertThat(edits().overlays()).hasSize(1);
    assertThat(review("blog/42", "edit", "--no-overlays")).isZero();
    assertThat(edits().overlays()).isEmpty();
    assertThat(review("blog/42", "edit", "--own-overlays")).isZero();
    assertThat(edits().overlays()).isNull();
  }

  @Test
  void aPictureIsSwappedByItsNameAndOnlyForOne() throws Exception {
    Path picture = folder.resolve("new=second.png");
    assertThat(
            ImageIO.write(
                new BufferedImage(200, 100, BufferedImage.TYPE_INT_RGB), "png", picture.toFile()))
        .isTrue();
    Path page = Files.writeString(folder.resolve("page.html"), "<html>");

    assertThat(review("blog/42", "edit", "--swap", "b.png=" + picture)).isNotZero();
    assertThat(err.toString()).contains("nothing is called 'b.png'; there are a.png");
    assertThat(review("blog/42", "edit", "--swap", "a.png=" + page)).isNotZero();
    assertThat(edits().assets()).isEmpty();

    assertThat(review("blog/42", "edit", "--swap", "a.png=" + picture)).isZero();
    assertThat(edits().assets()).containsOnlyKeys("a.png");
  }

  @Test
  void aScriptIsEditedAsPeopleReadIt() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("script.json"),
            """
            {"hook": "Why is it so good?", "points": [{"text": "One. Two."}], "language": "en"}
            """);

    assertThat(review("blog/42", "edit", "--script", file.toString(), "--variant", "other"))
        .isNotZero();
    assertThat(err.toString()).contains("no variant 'other'; there are 1080x1920");
    assertThat(review("blog/42", "edit", "--script", file.toString())).isZero();

    try (ObjectStore objects = new FileObjectStore(store)) {
      Script script =
          RecordJson.read(objects.read(edits().scripts().get("1080x1920")), Script.class);
      assertThat(script.version()).isEqualTo(2);
      assertThat(script.scriptText()).isEqualTo("Why is it so good?\nOne. Two.");
      assertThat(script.sections().get(1).sentences()).hasSize(2);
    }
    Files.writeString(file, "{\"points\": []");
    assertThat(review("blog/42", "edit", "--script", file.toString())).isNotZero();
  }

  @Test
  void aCancelIsHeardByARunThatGoesOn() {
    assertThat(review("blog/42", "cancel", "--reason", "too early")).isZero();
    try (ProjectLedger ledger = ledger()) {
      assertThat(ledger.epoch("blog/42")).isEqualTo(2);
      assertThat(ledger.find("blog/42").orElseThrow().status()).isEqualTo(ProjectStatus.CANCELLED);
    }
    assertThat(review("blog/42", "approve")).isEqualTo(3);
  }
}
