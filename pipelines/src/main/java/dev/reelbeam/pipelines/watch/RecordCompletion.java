package dev.reelbeam.pipelines.watch;

import dev.reelbeam.model.content.Delivery;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/** Tells the run which deliveries are in place. */
public final class RecordCompletion extends PTransform<PCollection<Delivery>, PDone> {
  private static final long serialVersionUID = 1L;

  private final String runId;

  private RecordCompletion(String runId) {
    this.runId = runId;
  }

  /** Tells the run of this id, if it goes on in this JVM. */
  public static RecordCompletion of(String runId) {
    return new RecordCompletion(runId);
  }

  @Override
  public PDone expand(PCollection<Delivery> deliveries) {
    deliveries.apply("Tell", ParDo.of(new TellFn(runId)));
    return PDone.in(deliveries.getPipeline());
  }

  private static final class TellFn extends DoFn<Delivery, Void> {
    private static final long serialVersionUID = 1L;

    private final String runId;

    TellFn(String runId) {
      this.runId = runId;
    }

    @ProcessElement
    public void process(@Element Delivery delivery) {
      RunProgress.delivered(runId, delivery);
    }
  }
}
