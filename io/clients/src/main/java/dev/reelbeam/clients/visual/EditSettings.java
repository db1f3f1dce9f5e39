package dev.reelbeam.clients.visual;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.config.SettingsEntry;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.Serializable;
import java.util.Map;
import java.util.Set;
import okhttp3.HttpUrl;

/**
 * What is changed about every clip of a provider, in words: the {@code edit} of an entry of {@code
 * visuals}, by a server that speaks Decart's jobs.
 *
 * @param name as rates and reports call it
 * @param prompt the instruction
 * @param key {@code env:NAME} or {@code file:PATH}
 * @param deadlineSeconds how long one clip may take
 */
record EditSettings(
    String name, String baseUrl, String model, String prompt, String key, int deadlineSeconds)
    implements Serializable {
  static final Set<String> KEYS =
      Set.of("name", "base_url", "model", "prompt", "key", "deadline_seconds");

  private static final int MAX_PROMPT_CHARS = 1_000;

  static EditSettings of(JsonNode node, String where, Map<String, String> environment)
      throws StageException {
    SettingsEntry entry = SettingsEntry.of(node, where, KEYS);
    String baseUrl = entry.text("base_url", "https://api.decart.ai");
    if (HttpUrl.parse(baseUrl) == null) {
      throw invalid(where + ".base_url: '" + baseUrl + "' is not an http address");
    }
    String prompt = entry.text("prompt");
    if (prompt.length() > MAX_PROMPT_CHARS) {
      throw invalid(where + ".prompt: at most " + MAX_PROMPT_CHARS + " characters");
    }
    EditSettings edit =
        new EditSettings(
            entry.text("name", "lucy"),
            baseUrl,
            entry.text("model", "lucy-clip"),
            prompt,
            entry.text("key"),
            entry.number("deadline_seconds", 600, 30, 1_500));
    entry.secret("key", edit.key(), environment);
    return edit;
  }

  private static StageException invalid(String message) {
    return new StageException(FailureCode.CONFIG_INVALID, message);
  }
}
