package dev.reelbeam.clients.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileObjectStoreTest {
  @TempDir Path folder;

  @Test
  void bytesAreFoundByTheirContent() throws Exception {
    try (FileObjectStore store = new FileObjectStore(folder)) {
      MediaRef ref = store.put(bytes("hello"), "text/plain");
      assertThat(store.put(bytes("hello"), "text/plain")).isEqualTo(ref);
      assertThat(store.read(ref)).isEqualTo(bytes("hello"));
      Path file = Files.writeString(folder.resolve("in.txt"), "hello");
      assertThat(store.put(file, "text/plain")).isEqualTo(ref);
      assertThat(Files.list(folder.resolve("tmp"))).isEmpty();
    }
  }

  @Test
  void theFirstResultUnderAKeyWinsAndEveryLoserReadsIt() throws Exception {
    try (FileObjectStore store = new FileObjectStore(folder)) {
      StepKey key = StepKey.of("step", 1, "input");
      List<Callable<MediaRef>> writers =
          IntStream.range(0, 16)
              .<Callable<MediaRef>>mapToObj(
                  i -> () -> store.putIfAbsent(key, store.put(bytes("result " + i), "text/plain")))
              .toList();
      var executor = Executors.newFixedThreadPool(8);
      List<MediaRef> results =
          executor.invokeAll(writers).stream().map(FileObjectStoreTest::join).toList();
      executor.shutdown();
      assertThat(results).hasSize(16);
      assertThat(results.stream().distinct()).hasSize(1);
      assertThat(store.find(key)).contains(results.get(0));
    }
  }

  @Test
  void aResultWhoseBytesAreGoneCountsAsNeverMadeAndCanBeMadeAgain() throws Exception {
    try (FileObjectStore store = new FileObjectStore(folder)) {
      StepKey key = StepKey.of("step", 1, "input");
      MediaRef lost = store.putIfAbsent(key, store.put(bytes("lost"), "text/plain"));
      Files.delete(store.localFile(lost));
      assertThat(store.find(key)).isEmpty();
      MediaRef made = store.put(bytes("made again"), "text/plain");
      assertThat(store.putIfAbsent(key, made)).isEqualTo(made);
      assertThat(store.find(key)).contains(made);
    }
  }

  @Test
  void aNameThatIsNoHashNeverReachesTheFileSystem() {
    try (FileObjectStore store = new FileObjectStore(folder)) {
      assertThatThrownBy(() -> store.read(new MediaRef("../../etc/passwd", 1, "text/plain")))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aStoreThatCannotBeMadeSaysSo() throws Exception {
    Path file = Files.writeString(folder.resolve("occupied"), "not a folder");
    assertThatThrownBy(() -> new FileObjectStore(file))
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.STORAGE_UNAVAILABLE));
  }

  private static MediaRef join(java.util.concurrent.Future<MediaRef> future) {
    try {
      return future.get();
    } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
