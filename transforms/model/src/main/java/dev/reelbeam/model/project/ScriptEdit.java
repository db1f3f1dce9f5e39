package dev.reelbeam.model.project;

import dev.reelbeam.model.content.Script;
import java.io.Serializable;

/**
 * Payload of {@code script_edited}.
 *
 * @param variant id of the variant whose script it is
 * @param script the whole new script
 */
public record ScriptEdit(String variant, Script script) implements Serializable {}
