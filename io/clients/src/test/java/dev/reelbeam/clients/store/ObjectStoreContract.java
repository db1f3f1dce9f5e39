package dev.reelbeam.clients.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every object store does. */
abstract class ObjectStoreContract {
  @TempDir Path folder;

  /** Opens the store; a second one sees what the first one stored. */
  abstract ObjectStore open();

  @Test
  void bytesAreFoundByTheirContentInEveryWay() throws Exception {
    try (ObjectStore store = open()) {
      MediaRef ref = store.put(bytes("hello"), "text/plain");
      Path file = Files.writeString(folder.resolve("in.txt"), "hello");
      assertThat(store.put(file, "text/plain")).isEqualTo(ref);
      assertThat(store.read(ref)).isEqualTo(bytes("hello"));
      assertThat(Files.readString(store.localFile(ref))).isEqualTo("hello");
      try (InputStream in = store.open(ref)) {
        assertThat(in.readAllBytes()).isEqualTo(bytes("hello"));
      }
    }
  }

  @Test
  void whatSomebodySaysIsHereIsLookedForAndNeverReadElsewhere() {
    try (ObjectStore store = open()) {
      MediaRef ref = store.put(bytes("here"), "text/plain");
      assertThat(store.holds(ref)).isTrue();
      assertThat(store.holds(new MediaRef(ref.sha256(), 5, "text/plain"))).isFalse();
      for (String name : List.of("0".repeat(64), "../../../../etc/hostname", "", "A".repeat(64))) {
        assertThat(store.holds(new MediaRef(name, 4, "text/plain"))).as(name).isFalse();
      }
    }
  }

  @Test
  void noBytesAtAllAreBytesToo() {
    try (ObjectStore store = open()) {
      MediaRef ref = store.put(new byte[0], "text/plain");
      assertThat(ref.sizeBytes()).isZero();
      assertThat(store.read(ref)).isEmpty();
    }
  }

  @Test
  void theFirstResultUnderAKeyWinsAndEveryLoserReadsIt() throws Exception {
    try (ObjectStore store = open()) {
      StepKey key = StepKey.of("step", 1, UUID.randomUUID().toString());
      assertThat(store.find(key)).isEmpty();
      List<Callable<MediaRef>> writers =
          IntStream.range(0, 16)
              .<Callable<MediaRef>>mapToObj(
                  i -> () -> store.putIfAbsent(key, store.put(bytes("result " + i), "text/plain")))
              .toList();
      var executor = Executors.newFixedThreadPool(8);
      List<MediaRef> results =
          executor.invokeAll(writers).stream().map(ObjectStoreContract::join).toList();
      executor.shutdown();
      assertThat(results).hasSize(16);
      assertThat(results.stream().distinct()).hasSize(1);
      assertThat(store.find(key)).contains(results.get(0));
    }
  }

  @Test
  void ofManyKeysThoseAreFoundThatAreThere() {
    try (ObjectStore store = open()) {
      StepKey first = StepKey.of("step", 1, UUID.randomUUID().toString());
      StepKey second = StepKey.of("step", 1, UUID.randomUUID().toString());
      StepKey lost = StepKey.of("step", 1, UUID.randomUUID().toString());
      StepKey never = StepKey.of("step", 1, UUID.randomUUID().toString());
      MediaRef one = store.putIfAbsent(first, store.put(bytes("one"), "text/plain"));
      MediaRef two = store.putIfAbsent(second, store.put(bytes("two"), "text/plain"));
      MediaRef unused = store.putIfAbsent(lost, new MediaRef("cd".repeat(32), 5, "text/plain"));

      assertThat(store.findAll(List.of(first, second, lost, never, first)))
          .containsOnly(Map.entry(first, one), Map.entry(second, two));
      assertThat(store.findAll(List.of())).isEmpty();
    }
  }

  @Test
  void whatOneStoredAnotherFinds() {
    StepKey key = StepKey.of("step", 1, UUID.randomUUID().toString());
    MediaRef ref;
    try (ObjectStore store = open()) {
      ref = store.putIfAbsent(key, store.put(bytes("shared " + key.hex()), "text/plain"));
    }
    try (ObjectStore store = open()) {
      assertThat(store.find(key)).contains(ref);
      assertThat(store.read(ref)).isEqualTo(bytes("shared " + key.hex()));
    }
  }

  @Test
  void aResultWhoseBytesWereNeverStoredCountsAsNeverMade() {
    try (ObjectStore store = open()) {
      StepKey key = StepKey.of("step", 1, UUID.randomUUID().toString());
      MediaRef lost = new MediaRef("ab".repeat(32), 7, "text/plain");
      store.putIfAbsent(key, lost);
      assertThat(store.find(key)).isEmpty();
      MediaRef made = store.put(bytes("made again"), "text/plain");
      assertThat(store.putIfAbsent(key, made)).isEqualTo(made);
      assertThat(store.find(key)).contains(made);
    }
  }

  @Test
  void whatIsNotThereIsNoReasonToWaitForTheStore() {
    try (ObjectStore store = open()) {
      MediaRef never = new MediaRef("ab".repeat(32), 5, "text/plain");
      assertThatThrownBy(() -> store.read(never))
          .isInstanceOfSatisfying(
              StoreException.class,
              failure -> assertThat(failure.code()).isEqualTo(FailureCode.CONTENT_MISSING));
    }
  }

  @Test
  void aNameThatIsNoHashNeverReachesTheStore() {
    try (ObjectStore store = open()) {
      assertThatThrownBy(() -> store.read(new MediaRef("../../etc/passwd", 1, "text/plain")))
          .isInstanceOf(RuntimeException.class);
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static MediaRef join(Future<MediaRef> future) {
    try {
      return future.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
