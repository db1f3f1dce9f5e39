package dev.reelbeam.clients.visual;

import dev.reelbeam.model.visual.Scene;
import java.util.List;
import java.util.Locale;

/** A scene in words for a model that draws. */
final class ScenePrompt {
  private ScenePrompt() {}

  /**
   * What should be seen comes first: models weigh the beginning most.
   *
   * @param what is asked for: "A picture", "A shot"
   * @param angle more about how it is seen; empty for nothing
   * @param most characters
   */
  static String of(Scene scene, String what, String style, String angle, int most) {
    StringBuilder prompt = new StringBuilder();
    sentence(prompt, seen(scene));
    sentence(prompt, entities(scene));
    sentence(prompt, what + " for a video about " + scene.topic());
    sentence(prompt, style);
    sentence(prompt, scene.style());
    sentence(prompt, angle);
    sentence(prompt, "No text, no letters, no logos");
    return cut(prompt, most);
  }

  /** The scene and its look, and nothing else. */
  static String simple(Scene scene, String style, int most) {
    StringBuilder prompt = new StringBuilder();
    sentence(prompt, seen(scene));
    sentence(prompt, style);
    sentence(prompt, scene.style());
    return cut(prompt, most);
  }

  /** What should be seen: the cue, else what is said meanwhile. */
  static String seen(Scene scene) {
    return scene.cue().isEmpty() ? scene.text() : scene.cue();
  }

  /** What has to be seen and is not yet named. */
  private static String entities(Scene scene) {
    String seen = seen(scene).toLowerCase(Locale.ROOT);
    List<String> missing =
        scene.entities().stream()
            .filter(entity -> !seen.contains(entity.toLowerCase(Locale.ROOT)))
            .toList();
    return missing.isEmpty() ? "" : "It shows " + String.join(", ", missing);
  }

  private static String cut(StringBuilder prompt, int most) {
    return prompt.substring(0, Math.min(most, prompt.length()));
  }

  private static void sentence(StringBuilder prompt, String text) {
    String plain = text.replaceAll("\\s+", " ").strip();
    if (!plain.isEmpty()) {
      prompt.append(prompt.isEmpty() ? "" : " ").append(plain);
      if (".!?".indexOf(plain.charAt(plain.length() - 1)) < 0) {
        prompt.append('.');
      }
    }
  }
}
