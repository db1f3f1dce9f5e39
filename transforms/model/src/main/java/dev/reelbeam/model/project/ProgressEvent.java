package dev.reelbeam.model.project;

import dev.reelbeam.model.store.MediaRef;
import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where a project stands, as one stage saw it; every stage sends this one shape.
 *
 * <p>Events of several workers may cross on their way: {@link ProgressBoard} merges them so that
 * progress never falls within an epoch.
 *
 * @param status wire name of a {@link ProjectStatus}
 * @param currentStage label of the stage
 * @param progress of the whole job, 0-100, as far as the sender knows
 * @param deliveries progress by preset, 0-100; only those that the sender knows of
 * @param queuePosition how many renders go first, null when nothing waits
 * @param estimatedTimeRemainingS null when nothing was measured yet
 * @param refs intermediate results by name, for example {@code script.json}
 * @param error null when all is well
 * @param atMs when it was seen, ms since 1970 UTC
 * @param ended presets whose deliveries came to an end and are no videos: rejected, cancelled,
 *     skipped or dead. An event that tells of an end without naming any is about all of its
 *     deliveries, and if it has none about the whole project
 */
public record ProgressEvent(
    String project,
    int revision,
    long epoch,
    String status,
    String currentStage,
    int progress,
    Map<String, Integer> deliveries,
    @Nullable Integer queuePosition,
    @Nullable Long estimatedTimeRemainingS,
    Map<String, MediaRef> refs,
    @Nullable ProgressError error,
    long atMs,
    Set<String> ended)
    implements Serializable {
  public ProgressEvent {
    // Events and rows of earlier releases have none.
    ended = ended == null ? Set.of() : Collections.unmodifiableSet(new TreeSet<>(ended));
  }

  /** Of deliveries that go on, or are there. */
  public ProgressEvent(
      String project,
      int revision,
      long epoch,
      String status,
      String currentStage,
      int progress,
      Map<String, Integer> deliveries,
      @Nullable Integer queuePosition,
      @Nullable Long estimatedTimeRemainingS,
      Map<String, MediaRef> refs,
      @Nullable ProgressError error,
      long atMs) {
    this(
        project,
        revision,
        epoch,
        status,
        currentStage,
        progress,
        deliveries,
        queuePosition,
        estimatedTimeRemainingS,
        refs,
        error,
        atMs,
        Set.of());
  }

  /** Progress of a delivery before its render. */
  public static final int BEFORE_RENDER = 30;

  /** How much of the progress of a delivery its render is. */
  public static final int OF_RENDER = 60;

  /** The same event with the status that is known to hold. */
  public ProgressEvent withStatus(ProjectStatus known) {
    return new ProgressEvent(
        project,
        revision,
        epoch,
        known.label(),
        currentStage,
        progress,
        deliveries,
        queuePosition,
        estimatedTimeRemainingS,
        refs,
        error,
        atMs,
        ended);
  }

  /**
   * What went wrong, or what is waited for.
   *
   * @param code number and name, for example {@code 2001 PROVIDER_FAILED}; {@value #WAITS} while
   *     work goes on by itself as soon as a provider is back or has a turn
   * @param retryable whether the same input can succeed later
   */
  public record ProgressError(String code, String message, String remedy, boolean retryable)
      implements Serializable {
    /** Nothing has failed yet. */
    static final String WAITS = "waiting";

    /** What is waited for; gone with the next event that does not wait. */
    public static ProgressError waits(String message) {
      return new ProgressError(WAITS, message, "It goes on by itself.", true);
    }

    boolean passes() {
      return code.equals(WAITS);
    }
  }
}
