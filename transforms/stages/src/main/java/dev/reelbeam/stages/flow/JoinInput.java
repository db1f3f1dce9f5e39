package dev.reelbeam.stages.flow;

import org.jspecify.annotations.Nullable;

/** What meets in the join of a render: its plan, once, and a result for each of its segments. */
public record JoinInput(@Nullable RenderPlan plan, @Nullable SegmentResult result) {}
