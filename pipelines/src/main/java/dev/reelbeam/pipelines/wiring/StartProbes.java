package dev.reelbeam.pipelines.wiring;

import dev.reelbeam.clients.http.Probed;
import dev.reelbeam.clients.provider.ProviderSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks everybody who has a key whether it is theirs, all at once and before anything is made: with
 * a wrong one a run would end well, by others than were wanted.
 */
public final class StartProbes {
  private static final long PATIENCE_SECONDS = 10;

  /** A model that ends within so many days is told of. */
  private static final long SOON_DAYS = 90;

  /**
   * A key that is made for some calls alone is right, although it may not ask for lists; OpenAI and
   * ElevenLabs say so, others by a plain 403.
   */
  private static final Pattern SCOPED =
      Pattern.compile("(missing|insufficient) (the )?(permission|scope)", Pattern.CASE_INSENSITIVE);

  /** A 403 of somebody who means the key itself. */
  private static final Pattern WRONG_KEY =
      Pattern.compile(
          "(invalid|incorrect|wrong|unknown|malformed|expired)[^.]{0,30}(key|token|credential)"
              + "|(key|token|credentials?) (is|are) (not valid|invalid|wrong|unknown|expired)",
          Pattern.CASE_INSENSITIVE);

  private StartProbes() {}

  /**
   * A question that costs nothing.
   *
   * @param question answers what is worth knowing, empty for nothing
   */
  private record Asked(
      String port, String name, String key, boolean forbidsWrongKeys, FutureTask<String> question) {
    static Asked of(
        String port, String name, String key, boolean forbidsWrongKeys, Callable<String> question) {
      return new Asked(port, name, key, forbidsWrongKeys, new FutureTask<>(question));
    }

    /** Whether the key is wrong, and not only made for other calls. */
    boolean refusedBy(StageException failure) {
      String message = String.valueOf(failure.getMessage());
      return failure.code() == FailureCode.PROVIDER_UNAUTHORIZED
          && !SCOPED.matcher(message).find()
          && (forbidsWrongKeys
              || !message.contains(" answered 403")
              || WRONG_KEY.matcher(message).find());
    }
  }

  /**
   * Asks.
   *
   * @param tell gets what is worth knowing and stops nobody: who cannot be asked now is stood in
   *     for, as the settings say
   * @throws StageException {@code PROVIDER_UNAUTHORIZED} naming the keys, never their values;
   *     {@code CONFIG_INVALID} for a budget that cannot hold somebody back
   */
  public static void check(
      ProviderSettings settings,
      Map<String, String> environment,
      Clock clock,
      Consumer<String> tell)
      throws StageException {
    settings.checkBudgets();
    List<Asked> asked = questions(settings, environment, LocalDate.now(clock));
    for (Asked each : asked) {
      Thread thread = new Thread(each.question(), "reelbeam-probe-" + each.name());
      thread.setDaemon(true);
      thread.start();
    }
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    List<String> refused = new ArrayList<>();
    for (Asked each : asked) {
      try {
        String worthKnowing =
            each.question().get(Math.max(0, endNs - System.nanoTime()), TimeUnit.NANOSECONDS);
        if (!worthKnowing.isEmpty()) {
          tell.accept(each.name() + ": " + worthKnowing);
        }
      } catch (ExecutionException e) {
        if (e.getCause() instanceof StageException failure && each.refusedBy(failure)) {
          refused.add(each.port() + ", " + each.key() + ": " + failure.getMessage());
        } else {
          tell.accept(each.name() + " was asked how it is: " + told(e.getCause()));
        }
      } catch (TimeoutException e) {
        tell.accept(each.name() + " has not said yet how it is");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    if (!refused.isEmpty()) {
      throw new StageException(FailureCode.PROVIDER_UNAUTHORIZED, String.join("; ", refused));
    }
  }

  private static List<Asked> questions(
      ProviderSettings settings, Map<String, String> environment, LocalDate today) {
    List<Asked> asked = new ArrayList<>();
    for (ProviderProbes.Probe probe : ProviderProbes.of(settings, environment)) {
      if (!probe.key().isEmpty()) {
        asked.add(
            Asked.of(
                probe.port(),
                probe.name(),
                probe.key(),
                probe.forbidsWrongKeys(),
                () -> endingSoon(probe.question().ask(), today)));
      }
    }
    return asked;
  }

  private static String endingSoon(Probed told, LocalDate today) {
    return told.endings().entrySet().stream()
        .filter(end -> !end.getValue().isAfter(today.plus(SOON_DAYS, ChronoUnit.DAYS)))
        .map(
            end ->
                "model "
                    + end.getKey()
                    + " is switched off on "
                    + end.getValue()
                    + "; name another one in the settings")
        .sorted()
        .collect(Collectors.joining("; "));
  }

  private static String told(@Nullable Throwable failure) {
    return failure instanceof StageException stage ? stage.describe() : String.valueOf(failure);
  }
}
