package dev.reelbeam.stages.moderation;

import dev.reelbeam.stages.visuals.ShotKind;
import dev.reelbeam.stages.visuals.Storyboard;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When to look at a finished video: in the middle of shots, where nothing fades. Every picture is
 * looked at before any is a second time, clips and cards come after that. If there are more than
 * looks, they are spread evenly.
 */
final class Looks {
  private Looks() {}

  /**
   * A look.
   *
   * @param atUs from the start of the video
   * @param what is seen, by its name; empty for what was drawn here
   */
  record Look(long atUs, String what) {}

  /** Every picture that a video or its thumbnail shows, each once, in their order. */
  static Collection<Storyboard.Picture> shown(Storyboard storyboard) {
    Map<String, Storyboard.Picture> shown = new LinkedHashMap<>();
    for (Storyboard.Shot shot : storyboard.shots()) {
      // A card has the colours of a picture that is not seen.
      if (shot.kind() == ShotKind.PICTURE) {
        add(shown, shot.picture());
      }
      add(shown, shot.inset());
    }
    add(shown, storyboard.hero());
    return shown.values();
  }

  private static void add(
      Map<String, Storyboard.Picture> shown, Storyboard.@Nullable Picture picture) {
    if (picture != null) {
      shown.putIfAbsent(picture.bytes().sha256(), picture);
    }
  }

  /** At most {@code most} looks, in their order. */
  static List<Look> of(Storyboard storyboard, int most) {
    List<Look> first = new ArrayList<>();
    List<Look> again = new ArrayList<>();
    List<Look> drawn = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    List<Storyboard.Shot> shots = storyboard.shots();
    for (int i = 0; i < shots.size(); i++) {
      Storyboard.Shot shot = shots.get(i);
      long endUs =
          i + 1 < shots.size() ? shots.get(i + 1).startUs() : storyboard.durationMs() * 1000L;
      long middleUs = (shot.startUs() + endUs) / 2;
      Storyboard.Picture inset = shot.inset();
      Storyboard.Picture picture = shot.kind() == ShotKind.PICTURE ? shot.picture() : null;
      Storyboard.Picture shown = picture != null ? picture : inset;
      if (shown == null) {
        drawn.add(new Look(middleUs, ""));
        continue;
      }
      boolean anew = seen.add(shown.url());
      if (inset != null) {
        anew |= seen.add(inset.url());
      }
      (anew ? first : again).add(new Look(middleUs, shown.url()));
    }
    List<Look> looks = new ArrayList<>();
    for (List<Look> wave : List.of(first, again, drawn)) {
      looks.addAll(spread(wave, most - looks.size()));
    }
    looks.sort(Comparator.comparingLong(Look::atUs));
    return List.copyOf(looks);
  }

  private static List<Look> spread(List<Look> looks, int most) {
    if (looks.size() <= most) {
      return looks;
    }
    List<Look> some = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      some.add(looks.get((int) (looks.size() * (2L * i + 1) / (2L * most))));
    }
    return some;
  }
}
