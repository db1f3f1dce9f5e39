package dev.reelbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.pipelines.watch.RunProgress;
import dev.reelbeam.pipelines.watch.RunReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpTimeoutException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.Pipeline.PipelineExecutionException;
import org.junit.jupiter.api.Test;

class FailuresTest {
  private static final StoreException FULL =
      new StoreException(
          FailureCode.STORAGE_FULL,
          "cannot store 12 bytes: No space left on device",
          new IOException("No space left on device"));

  @Test
  void aJobManagerThatIsSlowToAnswerIsNoDefect() {
    Failures.Verdict verdict =
        Failures.of(new IOException(new HttpTimeoutException("request timed out")));
    assertThat(verdict.code()).isEqualTo(FailureCode.SERVICE_SLOW);
  }

  @Test
  void theStoresFailureIsFoundUnderTheRunnersWrappings() {
    StringWriter err = new StringWriter();
    int code =
        Failures.report(
            new PipelineExecutionException(new RuntimeException("bundle", FULL)),
            false,
            new PrintWriter(err));
    assertThat(code).isEqualTo(74);
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            "reelbeam: 5001 STORAGE_FULL: cannot store 12 bytes: No space left on device."
                + " Free some disk space, then run the same command again.\n");
  }

  @Test
  void theStackTraceIsShownOnRequestOnly() {
    StringWriter err = new StringWriter();
    Failures.report(new PipelineExecutionException(FULL), true, new PrintWriter(err));
    assertThat(err.toString()).contains("\tat ").contains("Caused by");
  }

  @Test
  void whatNobodyExpectedIsADefect() {
    Failures.Verdict verdict = Failures.of(new IllegalStateException("odd\nstate"));
    assertThat(verdict.exitCode()).isEqualTo(ExitCode.DEFECT);
    assertThat(verdict.line()).startsWith("9001 UNEXPECTED: IllegalStateException: odd state.");
  }

  @Test
  void everyFailureHasAnExitCode() {
    for (FailureCode code : FailureCode.values()) {
      assertThat(ExitCode.of(code)).isNotIn(ExitCode.COMPLETED, ExitCode.INTERRUPTED);
    }
    assertThat(ExitCode.of(FailureCode.PROVIDER_OUTCOME_UNKNOWN))
        .as("something was begun, and may be billed")
        .isEqualTo(ExitCode.PROVIDER_FAILED);
    assertThat(ExitCode.of(FailureCode.MEDIA_UNREADABLE)).isEqualTo(ExitCode.INPUT_UNUSABLE);
    assertThat(Failures.of(new StageException(FailureCode.BRAND_INVALID, "b")).exitCode())
        .isEqualTo(ExitCode.USAGE);
    assertThat(Failures.of(new OutOfMemoryError("heap")).exitCode())
        .isEqualTo(ExitCode.PART_MISSING);
  }

  @Test
  void aRunEndsByItsCounts() {
    Delivery done = new Delivery(new RecordKey("a", 1), "tiktok", "v", "T", 1, 0, 0, Map.of());
    DeadLetter dead =
        new DeadLetter("1", "a", 1, "landscape", "parse", "X", 1, "m", "r", false, "{}", null);
    Set<RunProgress.DeliveryKey> one = Set.of(new RunProgress.DeliveryKey("a", 1, "tiktok"));
    assertThat(code(one, List.of(done), List.of())).isEqualTo(ExitCode.COMPLETED);
    assertThat(code(one, List.of(done), List.of(dead))).isEqualTo(ExitCode.SOME_DEAD);
    assertThat(code(Set.of(), List.of(), List.of(dead))).isEqualTo(ExitCode.NOTHING_COMPLETED);
    assertThat(code(Set.of(), List.of(), List.of())).isEqualTo(ExitCode.NOTHING_COMPLETED);
    assertThat(code(one, List.of(), List.of(dead))).isEqualTo(ExitCode.DEFECT);
  }

  @Test
  void suggestionsAreNearAndFew() {
    List<String> presets = List.of("youtube_short", "youtube_long", "tiktok", "landscape");
    assertThat(Suggestions.near("tiktoc", presets)).containsExactly("tiktok");
    assertThat(Suggestions.near("YouTube_Short", presets)).startsWith("youtube_short");
    assertThat(Suggestions.near("zzz", presets)).isEmpty();
    assertThat(Suggestions.didYouMean("zzz", presets)).isEqualTo(".");
  }

  @Test
  void anInterruptedRunTellsHowToGoOnAndAFinishedOneDoesNot() {
    StringWriter err = new StringWriter();
    boolean[] stopped = {false};
    Interruption interruption =
        Interruption.watch(() -> stopped[0] = true, new PrintWriter(err, true));
    interruption.stopped();
    interruption.stopped();
    interruption.close();
    assertThat(stopped[0]).isTrue();
    assertThat(err.toString())
        .isEqualToNormalizingNewlines("stopped; run the same command again to go on\n");

    StringWriter quiet = new StringWriter();
    Interruption finished = Interruption.watch(() -> {}, new PrintWriter(quiet, true));
    finished.close();
    finished.stopped();
    assertThat(quiet.toString()).isEmpty();
  }

  private static ExitCode code(
      Set<RunProgress.DeliveryKey> planned, List<Delivery> completed, List<DeadLetter> dead) {
    return LocalRun.exitCode(
        new RunReport(
            planned, completed, Map.of(), Map.of(), Set.of(), dead, Set.of(), List.of(), Map.of(),
            Map.of(), Map.of()));
  }
}
