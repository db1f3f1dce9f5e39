package dev.reelbeam.clients.visual;

import dev.reelbeam.clients.visual.VisualSettings.PictureSize;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.port.VisualFinder;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Visual;
import dev.reelbeam.model.visual.VisualFile;
import java.util.ArrayList;
import java.util.List;

/**
 * Pictures that a model makes of the scene's words.
 *
 * <p>It offers two, the second from another angle, so that two scenes that are told in the same
 * words are not shown the same picture. Nothing is made before it is fetched.
 */
final class GeneratedFinder implements VisualFinder {
  /** Raised whenever the same scene would be described in other words. */
  private static final int VERSION = 1;

  private static final List<String> ANGLES = List.of("", "Seen from another angle.");
  private static final String LICENCE = "generated";
  private static final int ID_LETTERS = 20;
  private static final long SEEDS = 2_147_483_647;

  private final VisualSettings settings;
  private final PictureMaker maker;
  private final Purse purse;

  GeneratedFinder(VisualSettings settings, PictureMaker maker) {
    this(settings, maker, Purse.OPEN);
  }

  private GeneratedFinder(VisualSettings settings, PictureMaker maker, Purse purse) {
    this.settings = settings;
    this.maker = maker;
    this.purse = purse;
  }

  @Override
  public VisualFinder paying(Purse from) {
    return new GeneratedFinder(settings, maker, from);
  }

  @Override
  public String identity() {
    return settings.name() + ":" + settings.model() + "/" + maker.manner() + "/scene-" + VERSION;
  }

  @Override
  public String provider() {
    return settings.name();
  }

  @Override
  public boolean probes() {
    return maker.probes();
  }

  @Override
  public int parallel() {
    return settings.parallel();
  }

  @Override
  public int scenes() {
    return settings.scenes();
  }

  @Override
  public List<Visual> find(Scene scene) {
    PictureSize size = maker.size(scene.shape());
    List<Visual> offers = new ArrayList<>();
    for (String angle : ANGLES) {
      String prompt =
          ScenePrompt.of(scene, "A picture", settings.style(), angle, maker.maxPromptChars());
      offers.add(
          new Visual(
              settings.name(),
              Visual.GENERATED,
              RecordJson.sha256(List.of(identity(), prompt, size)).substring(0, ID_LETTERS),
              /* clip= */ false,
              "",
              "",
              settings.model().isEmpty() ? settings.kind() : settings.model(),
              LICENCE,
              prompt,
              scene.cue().isEmpty() ? scene.text() : scene.cue(),
              size.width(),
              size.height(),
              0,
              maker.price()));
    }
    return List.copyOf(offers);
  }

  @Override
  public VisualFile fetch(Visual visual, Scene scene) throws StageException {
    // Of the words alone, so that the same scene is drawn alike wherever the server allows it.
    long seed = Math.floorMod((long) visual.id().hashCode() * 2_654_435_761L, SEEDS);
    PictureSize size = new PictureSize(visual.width(), visual.height());
    return purse.buy(
        settings.name(),
        maker.held(size),
        () -> maker.make(visual.prompt(), size, seed),
        VisualFile::charges);
  }
}
