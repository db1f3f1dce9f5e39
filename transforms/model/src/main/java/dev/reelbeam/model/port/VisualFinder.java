package dev.reelbeam.model.port;

import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Visual;
import dev.reelbeam.model.visual.VisualFile;
import java.util.List;
import java.util.Optional;

/**
 * Has pictures and clips for scenes, or makes them. Thread-safe: the scenes of a video are asked
 * for side by side.
 *
 * <p>Looking for one costs nothing, fetching it may: who asks stores what was fetched under the
 * {@link #identity} and the visual, so that it is bought once.
 */
public interface VisualFinder extends AutoCloseable {
  /** Scenes of a video that are illustrated unless the settings say otherwise. */
  int USUAL_SCENES = 6;

  /** Provider, model and every setting that changes what comes back. */
  String identity();

  /** The name in the settings. */
  String provider();

  /**
   * What there is for a scene, the best first; equal scenes get equal answers for at least a day. A
   * provider that makes pictures offers the one that it would make, without a call.
   *
   * @throws StageException {@code VISUAL_MISSING} if there is nothing, {@code PROVIDER_*}
   */
  List<Visual> find(Scene scene) throws StageException;

  /**
   * Fetches or makes a visual that {@link #find} offered for the scene.
   *
   * @throws StageException {@code PROVIDER_*}; {@code ADDRESS_FORBIDDEN} if its bytes lie where
   *     nothing may be fetched from
   */
  VisualFile fetch(Visual visual, Scene scene) throws StageException;

  /**
   * What it has of a scene without asking anybody, however little: for a provider that is away,
   * before another one is asked.
   */
  default Optional<Visual> kept(Scene scene) {
    return Optional.empty();
  }

  /**
   * The same finder, paying from this purse; one that costs nothing is the same. The original is
   * the one to close.
   */
  default VisualFinder paying(Purse purse) {
    return this;
  }

  /**
   * Whether it wants to hear a scene. Such a scene depends on its narration, too: another voice is
   * another clip.
   */
  default boolean narrated() {
    return false;
  }

  /**
   * Whether an order whose answer was lost is looked for when the same is fetched again, so that it
   * is not made, nor paid for, a second time.
   */
  default boolean probes() {
    return false;
  }

  /** How many scenes may be in hand at once. */
  default int parallel() {
    return 1;
  }

  /** At most so many scenes of one video. */
  default int scenes() {
    return USUAL_SCENES;
  }

  /** Who may serve a scene, the preferred one first; none where scenes get cards. */
  default List<VisualFinder> alternatives() {
    return List.of(this);
  }

  @Override
  default void close() {}
}
