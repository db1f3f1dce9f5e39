package dev.reelbeam.clients.visual;

import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Visual;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Orders what a search found by how well it serves a scene: by the words it is said to show, by its
 * shape, its pixels, for clips by their length, and by the provider's own order. Whole numbers, so
 * that equal results are ranked alike everywhere.
 */
final class StockRanking {
  /** The shorter side of the canvas of the full presets. */
  private static final int FULL_SIDE = 1_080;

  /** Below this a picture is enlarged so much that it shows. */
  private static final int LEAST_SIDE = 600;

  private static final int WORD = 40;
  private static final int SHAPE = 60;
  private static final int PIXELS = 25;
  private static final int LENGTH = 50;
  private static final int PLACE = 3;

  private StockRanking() {}

  /** Of a picture that lies where the canvas stands, a third would be seen: only if need be. */
  private static final long TURNED = 1_000;

  private record Ranked(Visual visual, long score) {}

  static List<Visual> best(List<Visual> found, Scene scene, SceneWords words, int most) {
    List<Ranked> ranked = new ArrayList<>();
    for (int place = 0; place < found.size(); place++) {
      Visual visual = found.get(place);
      int shorter = Math.min(visual.width(), visual.height());
      // Some say nothing about their size: the intake will tell.
      if (shorter > 0 && shorter < LEAST_SIDE) {
        continue;
      }
      ranked.add(new Ranked(visual, score(visual, scene, words) - (long) PLACE * place));
    }
    // Stable: of equal scores, what the provider put first.
    ranked.sort((a, b) -> Long.compare(b.score(), a.score()));
    return ranked.stream().limit(most).map(Ranked::visual).toList();
  }

  private static long score(Visual visual, Scene scene, SceneWords words) {
    Set<String> shown = SceneWords.stems(visual.words());
    long score = 0;
    int weight = words.words().size();
    for (String word : words.words()) {
      if (shown.contains(SceneWords.stem(word))) {
        score += (long) WORD * weight;
      }
      weight--;
    }
    if (visual.width() > 0 && visual.height() > 0) {
      long wanted = (long) scene.shape().width() * visual.height();
      long given = (long) visual.width() * scene.shape().height();
      score += SHAPE * Math.min(wanted, given) / Math.max(wanted, given);
      score -= 2 * Math.min(wanted, given) < Math.max(wanted, given) ? TURNED : 0;
      int shorter = Math.min(visual.width(), visual.height());
      score += (long) PIXELS * Math.min(FULL_SIDE, shorter) / FULL_SIDE;
    }
    if (visual.clip() && visual.durationMs() > 0) {
      score +=
          (long) LENGTH
              * Math.min(visual.durationMs(), scene.durationMs())
              / Math.max(1, scene.durationMs());
    }
    return score;
  }
}
