package dev.reelbeam.model.project;

import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.Sentence;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Payload of {@code script_edited}.
 *
 * @param variant id of the variant whose script it is
 * @param script the whole new script
 */
public record ScriptEdit(String variant, Script script) implements Serializable {
  private static final int MAX_SECTIONS = 200;
  private static final int MAX_SENTENCE_CHARS = 1_000;

  /** What is wrong with it, in words for whoever wrote it; null for nothing. */
  public @Nullable String fault() {
    if (variant == null || script == null || script.sections() == null) {
      return "it has no variant or no sections";
    }
    if (script.language() == null || script.language().isBlank()) {
      return "its script names no language";
    }
    int count = script.sections().size();
    if (count == 0 || count > MAX_SECTIONS) {
      return "its script has " + count + " sections instead of 1 to " + MAX_SECTIONS;
    }
    int number = 0;
    for (ScriptSection section : script.sections()) {
      number++;
      if (section == null || section.role() == null || section.sentences().isEmpty()) {
        return "section " + number + " has no role or says nothing";
      }
      for (Sentence sentence : section.sentences()) {
        if (sentence == null
            || sentence.text() == null
            || sentence.text().isBlank()
            || sentence.text().length() > MAX_SENTENCE_CHARS) {
          return "a sentence of section " + number + " has not 1 to 1000 characters";
        }
      }
    }
    return null;
  }
}
