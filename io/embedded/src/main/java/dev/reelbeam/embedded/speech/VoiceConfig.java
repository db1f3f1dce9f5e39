package dev.reelbeam.embedded.speech;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.SpeechModels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What stands beside a network of Piper. It is looked at here, because the native code believes all
 * of it.
 */
record VoiceConfig(JsonNode json, Path file) {
  private static final long MAX_BYTES = 5_000_000;

  /**
   * Reads it.
   *
   * @throws StageException {@code MODEL_UNUSABLE} naming what is not there
   */
  static VoiceConfig read(Path file) throws StageException {
    JsonNode json;
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw unusable(file, "it is larger than 5 MB");
      }
      json = RecordJson.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw unusable(file, "it is no JSON");
    } catch (IOException e) {
      throw new StageException(
          FailureCode.MODEL_UNUSABLE, "'" + file + "' is not there, or may not be read", e);
    }
    int rate = json.path("audio").path("sample_rate").asInt();
    if (rate < 8_000 || rate > 48_000) {
      throw unusable(file, "audio.sample_rate is not 8000 to 48000");
    }
    JsonNode ids = json.path("phoneme_id_map");
    if (!ids.isObject() || !ids.path("_").isArray() || !ids.path("^").isArray()) {
      throw unusable(file, "phoneme_id_map is not that of a voice");
    }
    VoiceConfig config = new VoiceConfig(json, file);
    if (config.speakers() < 1) {
      throw unusable(file, "num_speakers is not a number of persons");
    }
    return config;
  }

  private static StageException unusable(Path file, String what) {
    return new StageException(
        FailureCode.MODEL_UNUSABLE,
        "'" + file + "' is no configuration of a voice of Piper: " + what);
  }

  SpeechModels.VoiceFacts facts() {
    Map<String, Integer> names = new LinkedHashMap<>();
    if (speakers() > 1) {
      json.path("speaker_id_map")
          .fields()
          .forEachRemaining(
              entry -> {
                int number = entry.getValue().asInt(-1);
                if (number >= 0 && number < speakers()) {
                  names.put(entry.getKey(), number);
                }
              });
      // Names may be numbers themselves, and not their own.
      Set<Integer> named = Set.copyOf(names.values());
      for (int i = 0; i < speakers(); i++) {
        if (!named.contains(i)) {
          names.putIfAbsent(String.valueOf(i), i);
        }
      }
    }
    return new SpeechModels.VoiceFacts(
        json.path("audio").path("sample_rate").asInt(), language(), names);
  }

  /** Sees to it that a person is in it; the network would read behind its table. */
  void check(int speaker) throws StageException {
    if (speaker >= speakers()) {
      throw new StageException(
          FailureCode.VOICE_MISSING,
          "'" + file + "' has " + speakers() + " speakers, and no number " + speaker);
    }
  }

  /** The same at another pace: how long, not how fast. */
  byte[] atPace(int speedPermille) {
    ObjectNode copy = json.deepCopy();
    JsonNode inference = copy.path("inference");
    double usual = inference.path("length_scale").asDouble(1);
    ObjectNode changed =
        inference.isObject() ? (ObjectNode) inference : copy.putObject("inference");
    changed.put("length_scale", usual * 1000 / speedPermille);
    return copy.toString().getBytes(StandardCharsets.UTF_8);
  }

  private int speakers() {
    return json.path("num_speakers").asInt(1);
  }

  private String language() {
    String code = json.path("language").path("code").asText("");
    String tag = code.isEmpty() ? json.path("espeak").path("voice").asText("") : code;
    return tag.isEmpty() ? "mul" : tag.replace('_', '-');
  }
}
