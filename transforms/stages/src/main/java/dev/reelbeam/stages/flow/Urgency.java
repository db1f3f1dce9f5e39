package dev.reelbeam.stages.flow;

/** Who goes first where work stands in line. */
public final class Urgency {
  /** The rank of the low lane. */
  public static final int LOW = 2;

  private Urgency() {}

  /** Rank of a priority: 0 for {@code high}, 1, 2 for {@code low}. */
  public static int rank(String priority) {
    return switch (priority) {
      case "high" -> 0;
      case "low" -> LOW;
      default -> 1;
    };
  }
}
