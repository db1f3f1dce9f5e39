package dev.reelbeam.clients.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.reelbeam.clients.script.WriterSettings;
import dev.reelbeam.clients.speech.SpeechSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The providers of a settings file, each port's in the order in which they are asked; the embedded
 * ones come after the last. It travels to workers, so it names keys and never holds them.
 *
 * @param script language models that write scripts
 * @param speech voices that speak them
 */
public record ProviderSettings(List<WriterSettings> script, List<SpeechSettings> speech)
    implements Serializable {
  /** The embedded providers alone. */
  public static final ProviderSettings EMBEDDED = new ProviderSettings(List.of(), List.of());

  private static final long MAX_BYTES = 200_000;
  private static final YAMLMapper YAML = new YAMLMapper();

  public ProviderSettings {
    script = List.copyOf(script);
    speech = List.copyOf(speech);
  }

  /**
   * Reads a settings file and sees to it that every key it names is there.
   *
   * @param environment usually {@code System.getenv()}
   * @throws StageException {@code CONFIG_INVALID} naming the entry, {@code INPUT_UNREADABLE}
   */
  public static ProviderSettings read(Path file, Map<String, String> environment)
      throws StageException {
    JsonNode root;
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw invalid(file + " is larger than 200 kB");
      }
      root = YAML.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw invalid(file.getFileName() + " is not YAML: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new StageException(
          FailureCode.INPUT_UNREADABLE, "settings file '" + file + "' cannot be read", e);
    }
    for (var names = root.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!name.equals("script") && !name.equals("speech")) {
        throw invalid("unknown key '" + name + "'; known are script and speech");
      }
    }
    if (root.path("script").isMissingNode() && root.path("speech").isMissingNode()) {
      throw invalid("script or speech: a list of providers is expected");
    }
    return new ProviderSettings(
        root.has("script") ? WriterSettings.list(root.path("script"), environment) : List.of(),
        root.has("speech") ? SpeechSettings.list(root.path("speech"), environment) : List.of());
  }

  private static StageException invalid(String message) {
    return new StageException(FailureCode.CONFIG_INVALID, message);
  }
}
