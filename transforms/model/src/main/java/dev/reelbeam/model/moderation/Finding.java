package dev.reelbeam.model.moderation;

import java.io.Serializable;

/**
 * Something that a rule found.
 *
 * @param rule who says so, for example {@code words/self-harm}, {@code brand/forbidden}, {@code
 *     openai/violence}, {@code tiktok/gambling}
 * @param where in words of an editor: {@code script sentence 3}, {@code frame at 0:12}
 * @param excerpt the words that were found with a few around them; empty for a picture
 * @param reason why, in a sentence
 */
public record Finding(Verdict verdict, String rule, String where, String excerpt, String reason)
    implements Serializable {
  /** One line for people. */
  public String describe() {
    return where
        + ": "
        + reason
        + " ("
        + rule
        + ")"
        + (excerpt.isEmpty() ? "" : ": “" + excerpt + "”");
  }
}
