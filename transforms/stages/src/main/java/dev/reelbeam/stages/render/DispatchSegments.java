package dev.reelbeam.stages.render;

import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.flow.RenderPlan;
import dev.reelbeam.stages.flow.SegmentRequest;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * Sends the segments of a render to the workers.
 *
 * <p>On one machine every request is released at once, in the order of the video: the direct
 * runner's own queue is the lane, and no savepoint waits behind it.
 */
public final class DispatchSegments
    extends PTransform<PCollection<RenderPlan>, PCollection<SegmentRequest>> {
  private static final long serialVersionUID = 1L;

  private DispatchSegments() {}

  /** Releases requests in order. */
  public static DispatchSegments inOrder() {
    return new DispatchSegments();
  }

  @Override
  public PCollection<SegmentRequest> expand(PCollection<RenderPlan> plans) {
    return plans
        .apply("Release requests", ParDo.of(new ReleaseFn()))
        .setCoder(RecordCoder.of(SegmentRequest.class));
  }

  private static final class ReleaseFn extends DoFn<RenderPlan, SegmentRequest> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element RenderPlan plan, OutputReceiver<SegmentRequest> receiver) {
      for (int i = 0; i < plan.segments().size(); i++) {
        RenderPlan.PlannedSegment segment = plan.segments().get(i);
        receiver.output(
            new SegmentRequest(
                plan.recordKey(),
                plan.renderId(),
                i,
                segment.key(),
                segment.description(),
                segment.frames(),
                plan.settings(),
                plan.epoch(),
                null,
                plan.video().planned().handling().pool()));
      }
    }
  }
}
