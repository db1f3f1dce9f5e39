package dev.reelbeam.stages.flow;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.VisualFinder;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Visual;
import dev.reelbeam.model.visual.VisualFile;
import java.util.List;

/** No providers of visuals: scenes without a picture of the record get cards. */
public final class NoVisuals implements VisualFinder {
  @Override
  public String identity() {
    return "none";
  }

  @Override
  public String provider() {
    return "none";
  }

  @Override
  public int scenes() {
    return 0;
  }

  @Override
  public List<VisualFinder> alternatives() {
    return List.of();
  }

  @Override
  public List<Visual> find(Scene scene) throws StageException {
    throw new StageException(FailureCode.VISUAL_MISSING, "no provider of visuals is named");
  }

  @Override
  public VisualFile fetch(Visual visual, Scene scene) throws StageException {
    throw new StageException(FailureCode.VISUAL_MISSING, "no provider of visuals is named");
  }
}
