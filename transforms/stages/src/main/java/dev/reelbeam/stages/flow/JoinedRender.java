package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.Tracked;
import java.util.List;

/** A plan with all of its results, in order; failed ones are values here. */
public record JoinedRender(RenderPlan plan, List<SegmentResult> results) implements Derived {
  @Override
  public Tracked origin() {
    return plan;
  }
}
