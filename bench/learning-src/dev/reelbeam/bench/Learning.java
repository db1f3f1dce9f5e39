package dev.reelbeam.bench;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.learning.ArmEvidence;
import dev.reelbeam.model.learning.ArmKind;
import dev.reelbeam.model.learning.ArmQuestion;
import dev.reelbeam.model.learning.ArmReward;
import dev.reelbeam.model.learning.LearningSettings;
import dev.reelbeam.model.learning.ThompsonSampling;
import java.awt.Color;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.Styler;

/**
 * How fast the loop finds hook styles that were planted, what it pays for it, and what happens when
 * the truth changes; then all kinds of arms at once. Started by {@code bench/learning}.
 */
public final class Learning {
  private static final List<String> STYLES =
      List.of("question", "number", "contrast", "story", "promise");

  /** Effects on the logarithm of the engagement rate, dealt out anew on each platform. */
  private static final double[] PLANTED = {0.30, 0.12, 0.0, -0.10, -0.25};

  private static final int DAYS = 300;
  private static final int DRIFT_DAY = 150;
  private static final int NEW_SITES_DAY = 75;
  private static final int SITES = 12;
  private static final int NEW_SITES = 4;
  private static final String[] PLATFORMS = {"youtube", "instagram", "tiktok"};
  private static final double VIDEOS_A_DAY = 0.5;
  private static final int REWARD_DELAY_DAYS = 7;
  private static final int FIRST_VIDEOS = 30;
  private static final long DAY_MS = 86_400_000L;

  private final Path result;
  private final List<String> lines = new ArrayList<>();

  private Learning(Path result) {
    this.result = result;
  }

  /** Number of worlds, result file, picture. */
  public static void main(String[] args) throws Exception {
    Learning bench = new Learning(Path.of(args[1]));
    bench.run(Integer.parseInt(args[0]), Path.of(args[2]));
  }

  /** How an arm is chosen. */
  private enum Policy {
    UNIFORM("all alike", Plots.GREY),
    VIEWS("beta posterior over views, each place alone", Plots.RED),
    ALONE("ours, each place alone", Plots.AMBER),
    EVER("ours, nothing fades", Plots.VIOLET),
    MONTH("ours, half-life 30 days", Plots.BLUE),
    OURS("ours: half-life 90 days, a tenth held out", Plots.TEAL),
    OPEN("ours without a holdout", Plots.GREEN),
    ORACLE("oracle", Plots.DARK);

    private final String label;
    private final Color colour;

    Policy(String label, Color colour) {
      this.label = label;
      this.colour = colour;
    }

    int halfLifeDays() {
      return this == EVER ? 36_500 : this == MONTH ? 30 : LearningSettings.DEFAULT.halfLifeDays();
    }

    int holdoutPermille() {
      return this == OPEN ? 0 : LearningSettings.DEFAULT.holdoutPermille();
    }
  }

  /** Sums of one policy over all worlds. */
  private static final class Course {
    private final double[] lost = new double[DAYS];
    private final int[] best = new int[DAYS];
    private final int[] videos = new int[DAYS];
    private final int[] newBest = new int[FIRST_VIDEOS];
    private final int[] newVideos = new int[FIRST_VIDEOS];
  }

  /** What is true, and can be changed. */
  private static final class World {
    private final Random random;
    private final double[] level = new double[SITES + NEW_SITES];
    private final double[][][] effect =
        new double[SITES + NEW_SITES][PLATFORMS.length][STYLES.size()];

    World(long seed) {
      random = new Random(seed);
      for (int site = 0; site < level.length; site++) {
        level[site] = Math.log(0.03) + 0.5 * random.nextGaussian();
      }
      deal();
    }

    /** New effects everywhere. */
    void deal() {
      double[][] ofSite = new double[level.length][STYLES.size()];
      for (double[] row : ofSite) {
        Arrays.setAll(row, i -> 0.12 * random.nextGaussian());
      }
      for (int platform = 0; platform < PLATFORMS.length; platform++) {
        List<Double> dealt = new ArrayList<>();
        for (double planted : PLANTED) {
          dealt.add(planted);
        }
        Collections.shuffle(dealt, random);
        for (int site = 0; site < level.length; site++) {
          for (int arm = 0; arm < STYLES.size(); arm++) {
            effect[site][platform][arm] =
                dealt.get(arm) + ofSite[site][arm] + 0.10 * random.nextGaussian();
          }
        }
      }
    }

    int best(int site, int platform) {
      int best = 0;
      for (int arm = 1; arm < STYLES.size(); arm++) {
        if (effect[site][platform][arm] > effect[site][platform][best]) {
          best = arm;
        }
      }
      return best;
    }
  }

  private void run(int worlds, Path picture) throws Exception {
    Map<Policy, Course> courses = new LinkedHashMap<>();
    long beganNs = System.nanoTime();
    for (Policy policy : Policy.values()) {
      Course course = new Course();
      for (int world = 0; world < worlds; world++) {
        live(policy, world, course);
      }
      courses.put(policy, course);
      System.err.printf(
          Locale.ROOT, "%4d s  %s%n", (System.nanoTime() - beganNs) / 1_000_000_000, policy.label);
    }
    tell(worlds, courses, picture);
    draw(courses, picture);
    lines.addAll(ArmsTogether.live(worlds, picture));
    Files.writeString(result, String.join("\n", lines) + "\n");
    System.out.println(String.join("\n", lines));
  }

  /** All days of one world under one policy. */
  private static void live(Policy policy, int seed, Course course) {
    World world = new World(seed);
    // The same videos, views and luck under every policy.
    Random luck = new Random(seed * 31L + 7);
    List<List<ArmReward>> arriving = new ArrayList<>();
    for (int day = 0; day < DAYS + REWARD_DELAY_DAYS + 1; day++) {
      arriving.add(new ArrayList<>());
    }
    List<ArmReward> known = new ArrayList<>();
    Map<String, double[]> views = new LinkedHashMap<>();
    int[][] published = new int[SITES + NEW_SITES][PLATFORMS.length];
    int record = 0;
    for (int day = 0; day < DAYS; day++) {
      if (day == DRIFT_DAY) {
        world.deal();
      }
      known.addAll(arriving.get(day));
      for (ArmReward reward : arriving.get(day)) {
        double[] sums =
            views.computeIfAbsent(
                reward.site() + "|" + reward.platform() + "|" + reward.arm(), k -> new double[2]);
        sums[0] += reward.interactions();
        sums[1] += reward.views();
      }
      ArmEvidence evidence =
          ArmEvidence.of(
              policy == Policy.UNIFORM || policy == Policy.ORACLE ? List.of() : known,
              policy.halfLifeDays(),
              day * DAY_MS);
      int sites = day < NEW_SITES_DAY ? SITES : SITES + NEW_SITES;
      for (int site = 0; site < sites; site++) {
        for (int platform = 0; platform < PLATFORMS.length; platform++) {
          boolean publishes = luck.nextDouble() < VIDEOS_A_DAY;
          double quality = 0.6 * luck.nextGaussian();
          double viewCount = Math.exp(Math.log(2_000) + 1.3 * luck.nextGaussian());
          double noise = luck.nextGaussian();
          if (!publishes) {
            continue;
          }
          record++;
          int arm = choose(policy, evidence, views, world, site, platform, seed, record);
          int best = world.best(site, platform);
          double effect = world.effect[site][platform][arm];
          double loss = 1 - Math.exp(effect - world.effect[site][platform][best]);
          course.lost[day] += loss;
          course.videos[day]++;
          course.best[day] += arm == best ? 1 : 0;
          int number = published[site][platform]++;
          if (site >= SITES && number < FIRST_VIDEOS) {
            course.newVideos[number]++;
            course.newBest[number] += arm == best ? 1 : 0;
          }
          double rate = Math.min(0.9, Math.exp(world.level[site] + effect + quality));
          double mean = viewCount * rate;
          long interactions = Math.max(0, Math.round(mean + noise * Math.sqrt(mean * (1 - rate))));
          arriving
              .get(day + REWARD_DELAY_DAYS)
              .add(
                  new ArmReward(
                      ArmKind.HOOK_STYLE,
                      STYLES.get(arm),
                      siteName(policy, site),
                      platformName(policy, site, platform),
                      "v" + record,
                      interactions,
                      Math.round(viewCount),
                      day * DAY_MS,
                      1));
        }
      }
    }
  }

  private static String siteName(Policy policy, int site) {
    return policy == Policy.ALONE ? "" : "site-" + site;
  }

  /** A place that is alone is a platform of its own: nothing is known of it from elsewhere. */
  private static String platformName(Policy policy, int site, int platform) {
    return policy == Policy.ALONE ? PLATFORMS[platform] + "@" + site : PLATFORMS[platform];
  }

  private static int choose(
      Policy policy,
      ArmEvidence evidence,
      Map<String, double[]> views,
      World world,
      int site,
      int platform,
      int seed,
      int record) {
    Random random = new Random(seed * 1_000_003L + record);
    return switch (policy) {
      case ORACLE -> world.best(site, platform);
      case UNIFORM -> random.nextInt(STYLES.size());
      case VIEWS -> {
        int best = 0;
        double most = -1;
        for (int arm = 0; arm < STYLES.size(); arm++) {
          double[] sums =
              views.getOrDefault(
                  "site-" + site + "|" + PLATFORMS[platform] + "|" + STYLES.get(arm),
                  new double[2]);
          double draw = beta(1 + sums[0], 1 + sums[1] - sums[0], random);
          if (draw > most) {
            most = draw;
            best = arm;
          }
        }
        yield best;
      }
      case OURS, OPEN, EVER, MONTH, ALONE ->
          STYLES.indexOf(
              ThompsonSampling.choose(
                      new ArmQuestion(
                          ArmKind.HOOK_STYLE,
                          new RecordKey(seed + "-" + record, 1),
                          "v",
                          siteName(policy, site),
                          List.of(platformName(policy, site, platform)),
                          STYLES),
                      evidence,
                      policy.holdoutPermille())
                  .arm());
    };
  }

  private static double beta(double a, double b, Random random) {
    double x = gamma(a, random);
    return x / (x + gamma(b, random));
  }

  /** Marsaglia and Tsang, "A Simple Method for Generating Gamma Variables", 2000; shape from 1. */
  private static double gamma(double shape, Random random) {
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double v = Math.pow(1 + c * x, 3);
      if (v > 0 && Math.log(random.nextDouble()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
        return d * v;
      }
    }
  }

  private static double lost(Course course, int from, int to) {
    double lost = 0;
    int videos = 0;
    for (int day = from; day < to; day++) {
      lost += course.lost[day];
      videos += course.videos[day];
    }
    return lost / videos;
  }

  private static double best(Course course, int from, int to) {
    double best = 0;
    int videos = 0;
    for (int day = from; day < to; day++) {
      best += course.best[day];
      videos += course.videos[day];
    }
    return best / videos;
  }

  private static double newBest(Course course, int from, int to) {
    double best = 0;
    int videos = 0;
    for (int number = from; number < to; number++) {
      best += course.newBest[number];
      videos += course.newVideos[number];
    }
    return best / videos;
  }

  private void tell(int worlds, Map<Policy, Course> courses, Path picture) {
    Course ours = courses.get(Policy.OURS);
    int videos = Arrays.stream(ours.videos).sum() / worlds;
    lines.add("# What the loop learns, and what it pays\n");
    lines.add(
        "Written by `bench/learning`; a simulation, the same on every machine. "
            + worlds
            + " worlds of "
            + SITES
            + " sites on "
            + PLATFORMS.length
            + " platforms, a video every other day at each place ("
            + videos
            + " in "
            + DAYS
            + " days), engagement known "
            + REWARD_DELAY_DAYS
            + " days later. Planted: five hook styles that change a platform's engagement rate by"
            + " +35, +13, 0, -10 and -22 %, with sites (12 %) and places (10 %) that differ from"
            + " it; videos of one style differ by a factor of 1.8 (one standard deviation), sites'"
            + " levels by 1.6, views by 3.7. Day "
            + NEW_SITES_DAY
            + ": "
            + NEW_SITES
            + " new sites. Day "
            + DRIFT_DAY
            + ": all effects are dealt anew, everywhere at once.\n");
    lines.add("![Learning](" + picture.getFileName() + ")\n");
    lines.add(
        "Lost: engagement against an oracle that always takes the best style of the place. Best:"
            + " share of videos with that style (an even draw: 20 %).\n");
    lines.add(
        "| policy | lost, days 0-29 | days 60-149 | best, days 60-149 | lost, 30 days after the"
            + " change | lost, last 60 days | best, last 60 days | best, first 5 videos of a new"
            + " place | lost in all |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|");
    courses.forEach(
        (policy, course) ->
            lines.add(
                String.format(
                    Locale.ROOT,
                    "| %s | %.1f %% | %.1f %% | %.0f %% | %.1f %% | %.1f %% | %.0f %% | %.0f %% |"
                        + " %.1f %% |",
                    policy == Policy.OURS ? "**" + policy.label + "**" : policy.label,
                    100 * lost(course, 0, 30),
                    100 * lost(course, 60, DRIFT_DAY),
                    100 * best(course, 60, DRIFT_DAY),
                    100 * lost(course, DRIFT_DAY, DRIFT_DAY + 30),
                    100 * lost(course, DAYS - 60, DAYS),
                    100 * best(course, DAYS - 60, DAYS),
                    100 * newBest(course, 0, 5),
                    100 * lost(course, 0, DAYS))));
    Course even = courses.get(Policy.UNIFORM);
    lines.add(
        String.format(
            Locale.ROOT,
            "%nAgainst an even draw the loop loses **%.0f %% less** over all days, the change"
                + " included; it needs **%d days** from the start to lose half of what an even draw"
                + " loses (14-day means), and **%d days** after everything has changed.",
            100 * (1 - lost(ours, 0, DAYS) / lost(even, 0, DAYS)),
            half(ours, even, 0),
            half(ours, even, DRIFT_DAY)));
  }

  /** Days until the mean of the 14 days around is half of the even draw's; -1: never. */
  private static int half(Course ours, Course even, int from) {
    for (int day = from; day + 14 < (from < DRIFT_DAY ? DRIFT_DAY : DAYS); day++) {
      if (lost(ours, day, day + 14) <= lost(even, day, day + 14) / 2) {
        return day + 7 - from;
      }
    }
    return -1;
  }

  private static void draw(Map<Policy, Course> courses, Path picture) throws Exception {
    XYChart lost = Plots.chart("Engagement lost against the oracle, %", "day", DAYS);
    XYChart best = Plots.chart("Videos with the best style of their place, %", "day", DAYS);
    XYChart total = Plots.chart("Lost so far, in whole videos' engagement, a place", "day", DAYS);
    XYChart fresh =
        Plots.chart("New sites: best style by the n-th video of a place, %", "video", FIRST_VIDEOS);
    fresh.getStyler().setYAxisMax(100.0);
    best.getStyler().setYAxisMax(105.0);
    courses.forEach(
        (policy, course) -> {
          if (policy != Policy.OPEN) {
            List<Double> days = new ArrayList<>();
            List<Double> losses = new ArrayList<>();
            List<Double> shares = new ArrayList<>();
            List<Double> sums = new ArrayList<>();
            double sum = 0;
            double videos = 0;
            for (int day = 0; day < DAYS; day++) {
              sum += course.lost[day];
              videos += course.videos[day];
              if (day % 5 == 0) {
                int from = Math.max(0, day - 5);
                int to = Math.min(DAYS, day + 6);
                // A mean across the change would show what never was.
                from = day >= DRIFT_DAY ? Math.max(from, DRIFT_DAY) : from;
                to = day < DRIFT_DAY ? Math.min(to, DRIFT_DAY) : to;
                days.add((double) day);
                losses.add(100 * lost(course, from, to));
                shares.add(100 * best(course, from, to));
                sums.add(sum / videos * VIDEOS_A_DAY * (day + 1));
              }
            }
            add(lost, policy, days, losses);
            add(best, policy, days, shares);
            add(total, policy, days, sums);
            List<Double> numbers = new ArrayList<>();
            List<Double> news = new ArrayList<>();
            for (int number = 2; number < FIRST_VIDEOS - 2; number++) {
              numbers.add(number + 1.0);
              news.add(100 * newBest(course, number - 2, number + 3));
            }
            if (policy != Policy.ORACLE) {
              add(fresh, policy, numbers, news);
            }
          }
        });
    Plots.legend(total, Styler.LegendPosition.InsideNW);
    Plots.save(List.of(lost, best, total, fresh), picture);
  }

  private static void add(XYChart chart, Policy policy, List<Double> x, List<Double> y) {
    switch (policy) {
      case ORACLE -> Plots.dashed(chart, policy.label, x, y);
      case OURS -> Plots.strong(chart, policy.label, policy.colour, x, y);
      default -> Plots.line(chart, policy.label, policy.colour, x, y);
    }
  }
}
