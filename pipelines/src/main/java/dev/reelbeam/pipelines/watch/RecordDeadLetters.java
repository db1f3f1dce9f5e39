package dev.reelbeam.pipelines.watch;

import dev.reelbeam.connectors.DeadLetterIO;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/** Writes dead letters and tells the run of them: the sink of the graph's error handler. */
public final class RecordDeadLetters extends PTransform<PCollection<BadRecord>, PDone> {
  private static final long serialVersionUID = 1L;

  private final String runId;
  private final DeadLetterIO.Write write;

  private RecordDeadLetters(String runId, DeadLetterIO.Write write) {
    this.runId = runId;
    this.write = write;
  }

  /** Tells the run of this id, if it goes on in this JVM, and writes. */
  public static RecordDeadLetters of(String runId, DeadLetterIO.Write write) {
    return new RecordDeadLetters(runId, write);
  }

  @Override
  public PDone expand(PCollection<BadRecord> letters) {
    letters.apply("Tell", ParDo.of(new TellFn(runId)));
    return letters.apply("Write", write);
  }

  private static final class TellFn extends DoFn<BadRecord, Void> {
    private static final long serialVersionUID = 1L;

    private final String runId;

    TellFn(String runId) {
      this.runId = runId;
    }

    @ProcessElement
    public void process(@Element BadRecord letter) {
      RunProgress.setAside(runId, DeadLetterIO.letterOf(letter));
    }
  }
}
