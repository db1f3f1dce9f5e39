package dev.reelbeam.stages.review;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.stages.flow.Progress;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * The place in the graph where people decide about an artifact.
 *
 * <p>This gate is {@code auto}: it lets everything through and counts it. A local run has nobody to
 * wait for, so a record that asks for a manual review is made all the same and the run says so.
 */
public final class ReviewGate<T extends Tracked>
    extends PTransform<PCollection<T>, PCollection<T>> {
  private static final long serialVersionUID = 1L;

  private final String artifact;
  private final Progress.Factory progress;

  private ReviewGate(String artifact, Progress.Factory progress) {
    this.artifact = artifact;
    this.progress = progress;
  }

  /** The gate of one kind of artifact: script, voice, visuals or final. */
  public static <T extends Tracked> ReviewGate<T> auto(String artifact, Progress.Factory progress) {
    return new ReviewGate<>(artifact, progress);
  }

  @Override
  public PCollection<T> expand(PCollection<T> input) {
    return input
        .apply("Gate " + artifact, ParDo.of(new PassFn<>(artifact, progress)))
        .setCoder(input.getCoder());
  }

  private static final class PassFn<T extends Tracked> extends DoFn<T, T> {
    private static final long serialVersionUID = 1L;

    private final Progress.Factory factory;
    private final Counter passed;
    private transient Progress progress = Progress.NONE;

    PassFn(String artifact, Progress.Factory factory) {
      this.factory = factory;
      this.passed = Metrics.counter("gate-" + artifact, "passed");
    }

    @Setup
    public void setup() {
      progress = factory.open();
    }

    @ProcessElement
    public void process(@Element T element, OutputReceiver<T> receiver) {
      passed.inc();
      progress.stageDone(Stage.GATE, element, 0);
      receiver.output(element);
    }
  }
}
