package dev.reelbeam.clients.script;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.StageException;
import java.util.List;

/** Answers a prompt with JSON of a given schema. */
public interface LanguageModel {
  /** Provider and model; part of every key under which its answers are stored. */
  String identity();

  /**
   * Asks once.
   *
   * @param prompt fixed part and variable part
   * @param schemaName name of the schema, {@code [A-Za-z0-9_-]}, at most 64 characters
   * @param schema a strict schema: every property required, no additional ones
   * @throws StageException {@code PROVIDER_*}; {@code PROVIDER_REFUSED} when the model declines,
   *     {@code PROVIDER_REPLY_INVALID} when the answer is cut off or is no JSON
   */
  Answer ask(Prompt prompt, String schemaName, JsonNode schema) throws StageException;

  /** What tokens are billed as; none for a server that bills nothing. */
  default List<Charge> charges(Usage usage) {
    return List.of();
  }

  /**
   * What is asked.
   *
   * @param fixed the part that is the same for every record; it comes first, so that providers find
   *     it in their prompt cache
   * @param variable the record's own part
   * @param maxTokens bound of the answer
   */
  record Prompt(String fixed, String variable, int maxTokens) {
    /** The same with twice the room for the answer. */
    public Prompt withRoom() {
      return new Prompt(fixed, variable, 2 * maxTokens);
    }

    /** The same with words appended to the record's part. */
    public Prompt with(String more) {
      return new Prompt(fixed, variable + "\n\n" + more, maxTokens);
    }
  }

  /**
   * What came back.
   *
   * @param json the content
   * @param usage tokens as the provider counts them
   */
  record Answer(JsonNode json, Usage usage) {}

  /**
   * Tokens of one or more calls.
   *
   * @param promptTokens all of the prompts, cached ones included
   * @param cachedTokens of these, read from the provider's prompt cache
   */
  record Usage(int calls, long promptTokens, long cachedTokens, long completionTokens) {
    /** None. */
    public static final Usage NONE = new Usage(0, 0, 0, 0);

    /** Both together. */
    public Usage plus(Usage other) {
      return new Usage(
          calls + other.calls,
          promptTokens + other.promptTokens,
          cachedTokens + other.cachedTokens,
          completionTokens + other.completionTokens);
    }
  }
}
