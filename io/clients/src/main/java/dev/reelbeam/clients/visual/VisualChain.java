package dev.reelbeam.clients.visual;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.port.VisualFinder;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Visual;
import dev.reelbeam.model.visual.VisualFile;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Providers of visuals in order of preference; after the last come cards. Who plans a video asks
 * its {@link #alternatives} one after the other, so that it can say who stood in for whom.
 */
public final class VisualChain implements VisualFinder {
  private final List<VisualFinder> finders;

  /** A chain of any length; closing it closes them. */
  public VisualChain(List<VisualFinder> finders) {
    this.finders = List.copyOf(finders);
  }

  @Override
  public String identity() {
    return finders.stream().map(VisualFinder::identity).collect(Collectors.joining(" > "));
  }

  @Override
  public String provider() {
    return finders.stream().map(VisualFinder::provider).collect(Collectors.joining(" > "));
  }

  @Override
  public List<VisualFinder> alternatives() {
    return finders;
  }

  @Override
  public VisualFinder paying(Purse purse) {
    return new VisualChain(finders.stream().map(finder -> finder.paying(purse)).toList());
  }

  @Override
  public int parallel() {
    return finders.stream().mapToInt(VisualFinder::parallel).max().orElse(1);
  }

  @Override
  public int scenes() {
    return finders.stream().mapToInt(VisualFinder::scenes).max().orElse(0);
  }

  /** By the first that has anything. */
  @Override
  public List<Visual> find(Scene scene) throws StageException {
    StageException failure = null;
    for (VisualFinder finder : finders) {
      try {
        return finder.find(scene);
      } catch (StageException e) {
        if (e.code() == FailureCode.NO_TURN) {
          throw e;
        }
        if (failure != null) {
          e.addSuppressed(failure);
        }
        failure = e;
      }
    }
    throw failure != null
        ? failure
        : new StageException(FailureCode.VISUAL_MISSING, "no provider of visuals is named");
  }

  /** By the one that offered it. */
  @Override
  public VisualFile fetch(Visual visual, Scene scene) throws StageException {
    for (VisualFinder finder : finders) {
      if (finder.provider().equals(visual.provider())) {
        return finder.fetch(visual, scene);
      }
    }
    throw new StageException(
        FailureCode.VISUAL_MISSING, "no provider " + visual.provider() + " is named any longer");
  }

  @Override
  public void close() {
    finders.forEach(VisualFinder::close);
  }
}
