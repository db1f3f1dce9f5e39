package dev.reelbeam.model.content;

import java.io.Serializable;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a gate decides: at once ({@code auto}), by a person ({@code manual}), or by a person until a
 * deadline decides ({@code manual 24h approve}, {@code manual 30m reject}). With {@code fallback}
 * in the place of {@code manual}, a person decides only where something else came out than was
 * planned, because a provider could not; the rest passes.
 *
 * @param manual whether a person decides
 * @param deadlineMs how long a person has, null for ever
 * @param approveAtDeadline what the deadline decides
 * @param onlyFallbacks whether what came out as planned passes
 */
public record ReviewMode(
    boolean manual, @Nullable Long deadlineMs, boolean approveAtDeadline, boolean onlyFallbacks)
    implements Serializable {
  /** Everything passes. */
  public static final ReviewMode AUTO = new ReviewMode(false, null, false, false);

  /** A person decides, however long it takes. */
  public static final ReviewMode MANUAL = new ReviewMode(true, null, false, false);

  /** A record that gives people longer is refused: until then each gate keeps it in its state. */
  public static final long LONGEST_DEADLINE_MS = 365L * 86_400_000;

  private static final Pattern DEADLINE =
      Pattern.compile("(?:manual|fallback) (\\d{1,6})([smhd]) (approve|reject)");

  /** A person decides until the deadline does. */
  public static ReviewMode until(long deadlineMs, boolean approve) {
    return new ReviewMode(true, deadlineMs, approve, false);
  }

  /** The mode of a text, empty when it is none. */
  public static Optional<ReviewMode> find(String text) {
    if (text.equals("auto")) {
      return Optional.of(AUTO);
    }
    if (text.equals("manual")) {
      return Optional.of(MANUAL);
    }
    if (text.equals("fallback")) {
      return Optional.of(MANUAL.fallbacksOnly());
    }
    Matcher matcher = DEADLINE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long unitMs =
        switch (matcher.group(2)) {
          case "s" -> 1_000;
          case "m" -> 60_000;
          case "h" -> 3_600_000;
          default -> 86_400_000;
        };
    ReviewMode mode =
        until(Long.parseLong(matcher.group(1)) * unitMs, matcher.group(3).equals("approve"));
    return Optional.of(text.startsWith("fallback") ? mode.fallbacksOnly() : mode);
  }

  private ReviewMode fallbacksOnly() {
    return new ReviewMode(manual, deadlineMs, approveAtDeadline, true);
  }

  /** The mode of a valid text. */
  public static ReviewMode parse(String text) {
    return find(text)
        .orElseThrow(() -> new IllegalArgumentException("no review mode: '" + text + "'"));
  }
}
