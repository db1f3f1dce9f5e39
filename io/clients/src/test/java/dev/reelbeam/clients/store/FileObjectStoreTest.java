package dev.reelbeam.clients.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.port.Lease;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
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
  void workIsDoneOnceWhoeverWantsItAtTheSameTime() throws Exception {
    StepKey key = StepKey.of("step", 1, "slow");
    AtomicInteger made = new AtomicInteger();
    List<Callable<MediaRef>> workers =
        IntStream.range(0, 8)
            .<Callable<MediaRef>>mapToObj(
                i ->
                    () -> {
                      // A store of its own, as every worker has.
                      try (FileObjectStore store = new FileObjectStore(folder);
                          Lease alone = store.lease(key)) {
                        Optional<MediaRef> there = store.find(key);
                        return there.isPresent()
                            ? there.get()
                            : store.putIfAbsent(
                                key, store.put(bytes("made " + made.incrementAndGet()), "text"));
                      }
                    })
            .toList();
    var executor = Executors.newFixedThreadPool(8);
    assertThat(executor.invokeAll(workers)).allSatisfy(f -> assertThat(join(f)).isNotNull());
    executor.shutdown();
    assertThat(made).hasValue(1);
    assertThat(Files.list(folder.resolve("leases"))).isEmpty();
  }

  @Test
  void aLeaseKeepsOtherProcessesWaitingAndEndsWithItsOwn() throws Exception {
    StepKey key = StepKey.of("step", 1, "held");
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                HoldLease.class.getName(),
                folder.toString(),
                key.hex())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var executor = Executors.newSingleThreadExecutor();
    try (FileObjectStore store = new FileObjectStore(folder)) {
      assertThat(holder.inputReader().readLine()).isEqualTo("held");
      Future<Lease> waiting = executor.submit(() -> store.lease(key));
      assertThatThrownBy(() -> waiting.get(500, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);

      holder.destroyForcibly();

      try (Lease taken = waiting.get(120, TimeUnit.SECONDS)) {
        assertThat(taken).isNotNull();
        assertThat(folder.resolve("leases").resolve(key.hex())).exists();
      }
      assertThat(folder.resolve("leases").resolve(key.hex())).doesNotExist();
    } finally {
      holder.destroyForcibly();
      executor.shutdownNow();
    }
  }

  /** Takes a lease and holds it until it is killed. */
  static final class HoldLease {
    private HoldLease() {}

    public static void main(String[] args) throws Exception {
      try (FileObjectStore store = new FileObjectStore(Path.of(args[0]));
          Lease held = store.lease(new StepKey(args[1]))) {
        System.out.println("held");
        int ignored = System.in.read();
      }
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
