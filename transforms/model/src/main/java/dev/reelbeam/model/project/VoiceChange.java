package dev.reelbeam.model.project;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Payload of {@code voice_changed}.
 *
 * @param voiceId null: the voice stays
 * @param speedPermille 0: the pace stays
 */
public record VoiceChange(@Nullable String voiceId, int speedPermille) implements Serializable {}
