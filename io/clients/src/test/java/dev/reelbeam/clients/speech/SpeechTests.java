package dev.reelbeam.clients.speech;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.reelbeam.clients.config.SettingsFaults;
import dev.reelbeam.clients.http.CallPolicy;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.SpeechSynthesizer;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** Opens providers as a settings file would name them, with less patience. */
final class SpeechTests {
  static final Map<String, String> KEYS = Map.of("KEY", "sk-right", "WRONG", "sk-wrong");

  static final CallPolicy QUICK =
      CallPolicy.DEFAULT
          .withPauses(Duration.ofMillis(1), Duration.ofMillis(20))
          .withTimeouts(Duration.ofMillis(400), Duration.ofSeconds(3))
          .withRates(100_000, 8);

  private SpeechTests() {}

  /** The provider of one entry in YAML's short form. */
  static SpeechSynthesizer open(String entry) {
    return open(entry, QUICK);
  }

  static SpeechSynthesizer open(String entry, CallPolicy policy) {
    try {
      return SpeechSettings.list(
              new YAMLMapper().readTree("[" + entry + "]"), KEYS, SettingsFaults.END)
          .get(0)
          .open(KEYS, policy);
    } catch (StageException | IOException e) {
      throw new AssertionError(e);
    }
  }
}
