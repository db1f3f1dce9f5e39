package dev.reelbeam.clients.visual;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.reelbeam.clients.config.SettingsFaults;
import dev.reelbeam.clients.http.CallPolicy;
import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.port.VisualFinder;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Finders as a settings file names them, without the pauses. */
final class VisualTests {
  static final Map<String, String> ENVIRONMENT = Map.of("KEY", "sk-right", "WRONG", "sk-wrong");

  /**
   * Looks so often, and with so many calls, that no limit of its own keeps a fast machine waiting.
   */
  static final CallPolicy QUICK =
      CallPolicy.DEFAULT
          .withPauses(Duration.ofMillis(10), Duration.ofSeconds(2))
          .withTimeouts(Duration.ofSeconds(60), Duration.ofSeconds(120))
          .withRates(100_000, 8);

  private VisualTests() {}

  static VisualFinder open(String entry) {
    return open(entry, cache());
  }

  static VisualFinder open(String entry, SearchCache cache) {
    return open(entry, cache, QUICK);
  }

  static VisualFinder open(String entry, SearchCache cache, CallPolicy policy) {
    try {
      return VisualSettings.list(
              new YAMLMapper().readTree("[" + entry + "]"),
              ENVIRONMENT,
              Path.of("."),
              SettingsFaults.END)
          .get(0)
          .open(ENVIRONMENT, cache, policy);
    } catch (StageException e) {
      throw new IllegalStateException(e.describe(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A purse that says what was settled. */
  static Purse booking(List<Charge> booked) {
    return (provider, price) ->
        new Purse.Hold() {
          @Override
          public void settle(List<Charge> billed) {
            booked.addAll(billed);
          }

          @Override
          public void release() {}
        };
  }

  /** Remembers nothing of other tests. */
  static SearchCache cache() {
    try {
      Path folder = Files.createTempDirectory("reelbeam-test-");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder)));
      return new SearchCache(new FakeObjectStore(folder), Clock.systemUTC());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A scene that is heard for two seconds, by whoever keeps its audio. */
  static Scene heard(Scene scene, SearchCache cache, int voice) {
    byte[] wav = new byte[44 + 2 * 2 * 8_000];
    java.nio.ByteBuffer.wrap(wav)
        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
        .putInt(28, 16_000)
        .putInt(44, voice);
    return scene.narratedBy(cache.store().put(wav, "audio/wav"), 2_000);
  }

  static Scene scene(String cue, Shape shape) {
    return new Scene(
        cue,
        "Freshly ground beans make the difference in the cup.",
        "Better espresso at home",
        List.of("espresso", "coffee"),
        "en",
        shape,
        4_000);
  }
}
