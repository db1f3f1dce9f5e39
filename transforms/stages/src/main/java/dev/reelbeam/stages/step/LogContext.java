package dev.reelbeam.stages.step;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.failure.Stage;
import org.slf4j.MDC;

/**
 * Names the record and the stage in every log line that this thread writes until it is closed, also
 * in lines of libraries: a search for {@code blog-42@1} finds the whole way of that record through
 * all processes.
 */
public final class LogContext implements AutoCloseable {
  /** The record's id and revision. */
  public static final String RECORD = "record";

  /** The stage's label. */
  public static final String STAGE = "stage";

  private LogContext() {}

  /** Begins the context of one element in one stage. */
  public static LogContext of(Stage stage, Tracked element) {
    MDC.put(RECORD, element.recordKey().toString());
    MDC.put(STAGE, stage.label());
    return new LogContext();
  }

  @Override
  public void close() {
    MDC.remove(RECORD);
    MDC.remove(STAGE);
  }
}
