package dev.reelbeam.stages.step;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.failure.Stage;
import org.jspecify.annotations.Nullable;
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

  private final @Nullable String recordBefore = MDC.get(RECORD);
  private final @Nullable String stageBefore = MDC.get(STAGE);

  private LogContext() {}

  /** Begins the context of one element in one stage. */
  public static LogContext of(Stage stage, Tracked element) {
    return of(stage, element.recordKey().toString());
  }

  /**
   * Begins the context of what is no element, for example an event.
   *
   * @param record what a search finds it by
   */
  public static LogContext of(Stage stage, String record) {
    LogContext context = new LogContext();
    MDC.put(RECORD, record);
    MDC.put(STAGE, stage.label());
    return context;
  }

  /** Ends it; the context that it began in is there again. */
  @Override
  public void close() {
    put(RECORD, recordBefore);
    put(STAGE, stageBefore);
  }

  private static void put(String key, @Nullable String value) {
    if (value == null) {
      MDC.remove(key);
    } else {
      MDC.put(key, value);
    }
  }
}
