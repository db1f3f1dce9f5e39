package dev.reelbeam.stages.visuals;

import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.model.visual.Visual;
import dev.reelbeam.stages.flow.Artifacts;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which visual a record shows for a scene, kept for good: another run, another variant, an edit
 * elsewhere and an approval show the same, also where somebody stood in and the preferred provider
 * is well again.
 */
final class Choices {
  private static final int VERSION = 1;

  private final Artifacts artifacts;

  Choices(Artifacts artifacts) {
    this.artifacts = artifacts;
  }

  /**
   * What was chosen.
   *
   * @param finder identity of who serves it; empty for nobody
   * @param visual what is seen; null for a card
   * @param failures of those who were asked before, for people
   * @param asPlanned whether nobody stood in and nothing was given up
   */
  record Chosen(String finder, @Nullable Visual visual, List<String> failures, boolean asPlanned)
      implements Serializable {}

  /** The newest choice for a scene. */
  Optional<Chosen> find(List<Object> scene) {
    return newest(scene).chosen();
  }

  /** Keeps a choice in the place of those before it. */
  void keep(List<Object> scene, Chosen chosen) {
    Newest newest = newest(scene);
    if (newest.chosen().filter(chosen::equals).isEmpty()) {
      MediaRef unused = artifacts.store().putIfAbsent(newest.next(), artifacts.putRecord(chosen));
    }
  }

  private record Newest(Optional<Chosen> chosen, StepKey next) {}

  private Newest newest(List<Object> scene) {
    Optional<MediaRef> newest = Optional.empty();
    for (int number = 1; ; number++) {
      StepKey key = StepKey.of("choose-visual", VERSION, scene, number);
      Optional<MediaRef> there = artifacts.store().find(key);
      if (there.isEmpty()) {
        return new Newest(newest.map(ref -> artifacts.read(ref, Chosen.class)), key);
      }
      newest = there;
    }
  }
}
