package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Tracked;
import java.util.List;

/** A plan with all of its results, in order; failed ones are values here. */
public record JoinedRender(RenderPlan plan, List<SegmentResult> results) implements Tracked {
  @Override
  public RecordKey recordKey() {
    return plan.recordKey();
  }

  @Override
  public List<String> presets() {
    return plan.presets();
  }

  @Override
  public long epoch() {
    return plan.epoch();
  }

  @Override
  public String priority() {
    return plan.priority();
  }
}
