package dev.reelbeam.clients.script;

import dev.reelbeam.clients.http.CallPolicy;
import dev.reelbeam.clients.http.Secret;

/**
 * How one chat-completions server is spoken to. Names of models are settings, never constants:
 * providers retire them.
 *
 * @param name name of the provider in messages and keys, for example {@code openai}
 * @param baseUrl up to and with the version, for example {@code https://api.openai.com/v1}
 * @param tokenLimitField {@code max_completion_tokens} for OpenAI, {@code max_tokens} for Ollama
 * @param reasoningEffort how long a model thinks before it writes; empty to leave it to the model
 */
public record ChatSettings(
    String name,
    String baseUrl,
    Secret key,
    String model,
    String tokenLimitField,
    String reasoningEffort,
    CallPolicy policy) {}
