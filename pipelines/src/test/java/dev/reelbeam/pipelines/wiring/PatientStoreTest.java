package dev.reelbeam.pipelines.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.clients.store.FileObjectStore;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.port.MediaAddresses;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.StoreException;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatientStoreTest {
  @TempDir Path folder;

  private final List<String> said = new ArrayList<>();
  private final List<Duration> paused = new ArrayList<>();
  private final PatientStore.Pauses clock =
      new PatientStore.Pauses() {
        private long nowNs;

        @Override
        public long nowNs() {
          return nowNs;
        }

        @Override
        public void pause(Duration time) {
          paused.add(time);
          nowNs += time.toNanos();
        }
      };

  @Test
  void aStoreThatComesBackIsUsedAndTheUserWasToldOnce() {
    int[] calls = {0};
    ObjectStore store =
        PatientStore.open(
            () -> {
              if (calls[0]++ < 3) {
                throw away();
              }
              return new FileObjectStore(folder);
            },
            PatientStore.PATIENCE,
            clock,
            said::add);
    byte[] bytes = "hello".getBytes(StandardCharsets.UTF_8);
    assertThat(store.read(store.put(bytes, "text/plain"))).isEqualTo(bytes);
    assertThat(said).hasSize(1).first().asString().contains("trying again for 60 s");
    assertThat(paused).extracting(Duration::toMillis).containsExactly(250L, 500L, 1000L);
  }

  /** What it left to a default would be answered by that, and not by the store. */
  @Test
  void everyQuestionReachesTheStoreAsItWasAsked() throws Exception {
    List<String> asked = new ArrayList<>();
    ObjectStore inner =
        (ObjectStore)
            Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(),
                new Class<?>[] {ObjectStore.class, MediaAddresses.class},
                (proxy, method, arguments) -> {
                  asked.add(method.toString());
                  return method.getReturnType() == boolean.class ? Boolean.TRUE : null;
                });
    ObjectStore store = PatientStore.open(() -> inner, PatientStore.PATIENCE, clock, said::add);
    List<String> expected = new ArrayList<>();
    for (Class<?> port : List.of(ObjectStore.class, MediaAddresses.class)) {
      for (Method method : port.getDeclaredMethods()) {
        if (!Modifier.isStatic(method.getModifiers()) && !method.isSynthetic()) {
          expected.add(method.toString());
          Object unused = method.invoke(store, new Object[method.getParameterCount()]);
        }
      }
    }
    assertThat(expected).hasSizeGreaterThan(10);
    assertThat(asked).containsExactlyElementsOf(expected);
  }

  @Test
  void afterAMinuteItGivesUp() {
    assertThatThrownBy(
            () ->
                PatientStore.open(
                    () -> {
                      throw away();
                    },
                    PatientStore.PATIENCE,
                    clock,
                    said::add))
        .isInstanceOf(StoreException.class);
    Duration waited = paused.stream().reduce(Duration.ZERO, Duration::plus);
    assertThat(waited).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(65));
    assertThat(paused)
        .allSatisfy(pause -> assertThat(pause).isLessThanOrEqualTo(Duration.ofSeconds(5)));
  }

  @Test
  void aFullDiskIsNotWaitedFor() {
    assertThatThrownBy(
            () ->
                PatientStore.open(
                    () -> {
                      throw new StoreException(
                          FailureCode.STORAGE_FULL, "full", new IOException("full"));
                    },
                    PatientStore.PATIENCE,
                    clock,
                    said::add))
        .isInstanceOf(StoreException.class);
    assertThat(paused).isEmpty();
  }

  private static StoreException away() {
    return new StoreException(FailureCode.STORAGE_UNAVAILABLE, "away", new IOException("away"));
  }
}
