package dev.reelbeam.stages;

import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.stages.deadletter.DeadLetters;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.values.PCollection;

/** Keeps the dead letters of a test; the runner serializes transforms, so they are static. */
public final class CollectDead extends PTransform<PCollection<BadRecord>, PCollection<BadRecord>> {
  private static final long serialVersionUID = 1L;

  public static final Queue<DeadLetter> LETTERS = new ConcurrentLinkedQueue<>();

  @Override
  public PCollection<BadRecord> expand(PCollection<BadRecord> letters) {
    return letters.apply("Collect dead", ParDo.of(new CollectFn()));
  }

  private static final class CollectFn extends DoFn<BadRecord, BadRecord> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element BadRecord letter, OutputReceiver<BadRecord> receiver) {
      LETTERS.add(DeadLetters.fromBadRecord(letter));
      receiver.output(letter);
    }
  }
}
