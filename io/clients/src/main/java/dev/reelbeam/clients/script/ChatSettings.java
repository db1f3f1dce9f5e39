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
 * @param inputMicrosPerMillion price of a million prompt tokens in micro-dollars; 0 when
 *     self-hosted
 * @param cachedMicrosPerMillion price of a million cached prompt tokens
 * @param outputMicrosPerMillion price of a million completion tokens
 */
public record ChatSettings(
    String name,
    String baseUrl,
    Secret key,
    String model,
    String tokenLimitField,
    CallPolicy policy) {}
