package dev.reelbeam.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.clients.ledger.FileProjectLedger;
import dev.reelbeam.clients.store.FileObjectStore;
import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.ControlType;
import dev.reelbeam.model.project.DeliveryOutcome;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.ProjectEdits;
import dev.reelbeam.model.project.ProjectEntry;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.store.MediaRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyDeliveryTest {
  @TempDir Path home;

  private ObjectStore store;
  private CopyDelivery step;

  @BeforeEach
  void open() {
    String bytes = home.resolve("store").toString();
    String books = home.resolve("projects").toString();
    store = new FileObjectStore(Path.of(bytes));
    step =
        new CopyDelivery(
            home.resolve("videos"),
            () -> new FileObjectStore(Path.of(bytes)),
            () -> FileProjectLedger.open(Path.of(books)));
    step.open();
  }

  @AfterEach
  void close() {
    step.close();
    store.close();
  }

  @Test
  void aFolderThatDoesNotTakeTheFilesIsThatDeliverysFailureAlone() throws IOException {
    admit(1);
    Delivery video = delivery(1, "video");
    settle(video, DeliveryState.COMPLETED);
    Files.createDirectories(home.resolve("videos/blog-42"));
    Files.writeString(home.resolve("videos/blog-42/tiktok"), "a file in the way");

    assertThatThrownBy(() -> step.apply(video))
        .isInstanceOfSatisfying(
            StageException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.STORAGE_UNAVAILABLE));
  }

  @Test
  void bytesThatTheStoreHasLostAreTheStoresAffair() {
    Delivery lost =
        new Delivery(
            new RecordKey("blog-42", 1),
            "tiktok",
            "v",
            "T",
            1,
            0,
            0,
            Map.of("video.mp4", new MediaRef("0".repeat(64), 5, "video/mp4")));

    assertThatThrownBy(() -> step.apply(lost)).isInstanceOf(StoreException.class);
  }

  @Test
  void anOlderRevisionIsNotLaidOverANewerOne() throws Exception {
    admit(1);
    Delivery older = delivery(1, "one");
    admit(2);
    Delivery newer = delivery(2, "two");
    settle(older, DeliveryState.COMPLETED);
    settle(newer, DeliveryState.COMPLETED);

    step.apply(newer);
    step.apply(older); // It had waited, for a store that was away.

    assertThat(home.resolve("videos/blog-42/tiktok/video.mp4")).hasContent("two");
    assertThat(home.resolve("videos/blog-42/tiktok/metadata.json")).hasContent("{\"of\":\"two\"}");
  }

  /** It was delivered, and stays so: what came after it was cancelled before it made anything. */
  @Test
  void aVideoThatStaysTheDeliveredOneIsCopiedThoughItsEpochIsOver() throws Exception {
    admit(1);
    Delivery video = delivery(1, "one");
    settle(video, DeliveryState.COMPLETED);
    retryAndCancel();

    step.apply(video);

    assertThat(home.resolve("videos/blog-42/tiktok/metadata.json")).hasContent("{\"of\":\"one\"}");
  }

  @Test
  void aVideoThatAPersonHasRejectedSinceIsNotCopied() throws Exception {
    admit(1);
    Delivery video = delivery(1, "one");
    settle(video, DeliveryState.COMPLETED);
    retry();
    settle(video.withEpoch(2), DeliveryState.REJECTED);

    step.apply(video);

    assertThat(home.resolve("videos/blog-42")).doesNotExist();
  }

  /** Its epoch ended while it was made, so the ledger did not take it: nobody would know of it. */
  @Test
  void aVideoThatTheLedgerDidNotTakeIsNotCopied() throws Exception {
    admit(1);
    Delivery video = delivery(1, "one");
    cancel(1);
    settle(video, DeliveryState.COMPLETED);

    step.apply(video);

    assertThat(home.resolve("videos/blog-42")).doesNotExist();
  }

  private void cancel(long epoch) {
    try (FileProjectLedger ledger = FileProjectLedger.open(home.resolve("projects"))) {
      ledger.apply(
          ControlEvent.of("cancel", ControlType.CANCEL, "blog-42", "editor", epoch),
          epoch,
          ProjectEdits.NONE,
          ProjectStatus.CANCELLED);
    }
  }

  private void retry() {
    try (FileProjectLedger ledger = FileProjectLedger.open(home.resolve("projects"))) {
      ledger.apply(
          ControlEvent.of("retry", ControlType.RETRY, "blog-42", "editor", 1),
          1,
          ProjectEdits.NONE,
          ProjectStatus.SCRIPTING);
    }
  }

  private void retryAndCancel() {
    retry();
    cancel(2);
    try (FileProjectLedger ledger = FileProjectLedger.open(home.resolve("projects"))) {
      assertThat(ledger.epoch("blog-42")).isGreaterThan(1);
      assertThat(ledger.outcomes("blog-42"))
          .extracting(DeliveryOutcome::state)
          .containsExactly(DeliveryState.COMPLETED);
    }
  }

  private void settle(Delivery delivery, DeliveryState state) {
    try (FileProjectLedger ledger = FileProjectLedger.open(home.resolve("projects"))) {
      ledger.settle(
          new DeliveryOutcome(
              delivery.key(),
              delivery.preset(),
              delivery.epoch(),
              state,
              state == DeliveryState.COMPLETED ? delivery : null,
              null));
    }
  }

  private void admit(int revision) {
    try (FileProjectLedger ledger = FileProjectLedger.open(home.resolve("projects"))) {
      ledger.admit(
          new ProjectEntry(
              new RecordKey("blog-42", revision),
              new MediaRef("c" + revision, 1, "application/json"),
              "Title",
              "acme",
              "u7",
              new ProjectRequest(
                  null,
                  List.of("tiktok"),
                  VideoSettings.DEFAULT,
                  ReviewPolicy.AUTO,
                  "normal",
                  true),
              "test"));
    }
  }

  private Delivery delivery(int revision, String video) {
    return new Delivery(
            new RecordKey("blog-42", revision),
            "tiktok",
            "v",
            "T",
            1,
            0,
            1,
            Map.of(
                "video.mp4",
                store.put(video.getBytes(StandardCharsets.UTF_8), "video/mp4"),
                "metadata.json",
                store.put(
                    ("{\"of\":\"" + video + "\"}").getBytes(StandardCharsets.UTF_8),
                    "application/json")))
        .withEpoch(revision);
  }
}
