package dev.reelbeam.clients.speech;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.reelbeam.clients.config.SettingsFaults;
import dev.reelbeam.clients.http.CallPolicy;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.PortFactory;
import dev.reelbeam.model.port.SpeechModels;
import dev.reelbeam.model.port.SpeechSynthesizer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Opens providers as a settings file would name them, with less patience. */
final class SpeechTests {
  static final Map<String, String> KEYS = Map.of("KEY", "sk-right", "WRONG", "sk-wrong");

  static final CallPolicy QUICK =
      CallPolicy.DEFAULT
          .withPauses(Duration.ofMillis(1), Duration.ofSeconds(2))
          .withTimeouts(Duration.ofSeconds(30), Duration.ofSeconds(60))
          .withRates(100_000, 8);

  /** For servers that are silent: long enough for whatever is answered before or after that. */
  static final CallPolicy HASTY = QUICK.withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(60));

  /** For providers that run elsewhere. */
  static final PortFactory<SpeechModels> NO_MODELS =
      () -> {
        throw new AssertionError("this provider runs no model of a file");
      };

  private SpeechTests() {}

  /** The provider of one entry in YAML's short form. */
  static SpeechSynthesizer open(String entry) {
    return open(entry, QUICK);
  }

  static SpeechSynthesizer open(String entry, CallPolicy policy) {
    return open(entry, Path.of(""), NO_MODELS, policy);
  }

  /** The provider of one entry in a folder, with who runs models of files. */
  static SpeechSynthesizer open(
      String entry, Path folder, PortFactory<SpeechModels> models, CallPolicy policy) {
    try {
      return SpeechSettings.list(
              new YAMLMapper().readTree("[" + entry + "]"), KEYS, folder, SettingsFaults.END)
          .get(0)
          .open(KEYS, models, policy);
    } catch (StageException | IOException e) {
      throw new AssertionError(e);
    }
  }
}
