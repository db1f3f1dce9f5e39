package dev.reelbeam.model.learning;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was learned about one kind of arm: sums over videos, by site, platform and arm, with older
 * videos faded. Immutable.
 */
public final class ArmEvidence {
  /** Nothing was learned yet. */
  public static final ArmEvidence EMPTY = new ArmEvidence(List.of());

  private final Map<Place, Map<String, Sums>> cells;

  /** A site on a platform. */
  record Place(String site, String platform) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int bySite = site.compareTo(other.site);
      return bySite != 0 ? bySite : platform.compareTo(other.platform);
    }
  }

  /**
   * Faded sums over the videos of one arm at one place.
   *
   * @param weight sum of the weights: how many videos' worth of evidence there is
   * @param sum weighted sum of {@link ArmReward#logRate}
   * @param squares weighted sum of its square
   */
  public record Cell(
      String site, String platform, String arm, double weight, double sum, double squares) {}

  /** What is in a cell. */
  record Sums(double weight, double sum, double squares) {
    double mean() {
      return sum / weight;
    }

    Sums plus(Sums other) {
      return new Sums(weight + other.weight, sum + other.sum, squares + other.squares);
    }
  }

  private ArmEvidence(List<Cell> from) {
    cells = new TreeMap<>();
    for (Cell cell : from) {
      if (cell.weight() > 0) {
        cells
            .computeIfAbsent(new Place(cell.site(), cell.platform()), place -> new TreeMap<>())
            .merge(cell.arm(), new Sums(cell.weight(), cell.sum(), cell.squares()), Sums::plus);
      }
    }
  }

  /** The evidence of these cells; cells of the same place and arm are added up. */
  public static ArmEvidence of(List<Cell> cells) {
    return cells.isEmpty() ? EMPTY : new ArmEvidence(cells);
  }

  /**
   * The evidence of single videos.
   *
   * @param nowMs they are faded up to this moment
   */
  public static ArmEvidence of(Iterable<ArmReward> rewards, int halfLifeDays, long nowMs) {
    List<Cell> cells = new ArrayList<>();
    for (ArmReward reward : rewards) {
      double weight =
          reward.weight() * faded(Math.max(0, nowMs - reward.publishedAtMs()), halfLifeDays);
      double y = reward.logRate();
      cells.add(
          new Cell(
              reward.site(), reward.platform(), reward.arm(), weight, weight * y, weight * y * y));
    }
    return of(cells);
  }

  private static double faded(long ageMs, int halfLifeDays) {
    return Math.pow(0.5, ageMs / (halfLifeDays * 86_400_000.0));
  }

  Map<Place, Map<String, Sums>> cells() {
    return cells;
  }

  /** The part of it that one platform gave. */
  public ArmEvidence on(String platform) {
    List<Cell> here = new ArrayList<>();
    cells.forEach(
        (place, arms) -> {
          if (place.platform().equals(platform)) {
            arms.forEach(
                (arm, sums) ->
                    here.add(
                        new Cell(
                            place.site(),
                            platform,
                            arm,
                            sums.weight(),
                            sums.sum(),
                            sums.squares())));
          }
        });
    return of(here);
  }

  /** Sum of all weights: how many videos' worth of evidence there is. */
  public double weight() {
    return cells.values().stream()
        .flatMap(arms -> arms.values().stream())
        .mapToDouble(Sums::weight)
        .sum();
  }
}
