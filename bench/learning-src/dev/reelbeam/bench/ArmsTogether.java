package dev.reelbeam.bench;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.TitleStyle;
import dev.reelbeam.model.learning.ArmEvidence;
import dev.reelbeam.model.learning.ArmKind;
import dev.reelbeam.model.learning.ArmQuestion;
import dev.reelbeam.model.learning.ArmReward;
import dev.reelbeam.model.learning.LearningSettings;
import dev.reelbeam.model.learning.PostingHours;
import dev.reelbeam.model.learning.ThompsonSampling;
import java.awt.Color;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.Styler;

/**
 * Hook styles, titles, durations, voices and posting hours at once: every video shows an arm of
 * each kind, and its one reward teaches all of them. What the other kinds do is noise to each.
 */
final class ArmsTogether {
  private static final int DAYS = 150;
  private static final int SETTLED_DAY = 90;
  private static final int SITES = 12;
  private static final String[] PLATFORMS = {"youtube", "instagram", "tiktok"};
  private static final double VIDEOS_A_DAY = 0.5;
  private static final int REWARD_DELAY_DAYS = 7;
  private static final long DAY_MS = 86_400_000L;

  /** The best arm's effect on the logarithm of the rate when sites differ by as much as below. */
  private static final double FULL_EFFECT = 0.30;

  private static final double SITES_DIFFER = 0.12;
  private static final double PLACES_DIFFER = 0.10;

  /**
   * What is planted for a kind.
   *
   * @param planted effects on the logarithm of the engagement rate, dealt out on each platform
   */
  private record Planted(String label, Color colour, List<String> arms, double... planted) {
    /** How far its best arm is above none. */
    double scale() {
      return Arrays.stream(planted).max().orElseThrow() / FULL_EFFECT;
    }
  }

  private static final Map<ArmKind, Planted> KINDS =
      new EnumMap<>(
          Map.of(
              ArmKind.HOOK_STYLE,
              new Planted(
                  "hook styles",
                  Plots.TEAL,
                  List.of("question", "number", "contrast", "story", "promise"),
                  0.30,
                  0.12,
                  0.0,
                  -0.10,
                  -0.25),
              ArmKind.TITLE_STYLE,
              new Planted(
                  "titles",
                  Plots.RED,
                  Arrays.stream(TitleStyle.values()).map(TitleStyle::id).toList(),
                  0.20,
                  0.05,
                  -0.05,
                  -0.20),
              ArmKind.DURATION,
              new Planted("durations", Plots.VIOLET, ArmKind.DURATIONS, 0.15, 0.0, -0.15),
              ArmKind.VOICE,
              new Planted("voices", Plots.BLUE, List.of("ada", "ben", "cleo"), 0.15, 0.0, -0.15),
              ArmKind.POSTING_HOUR,
              new Planted(
                  "posting hours",
                  Plots.AMBER,
                  PostingHours.SUGGESTED,
                  0.20,
                  0.12,
                  0.04,
                  -0.04,
                  -0.12,
                  -0.20)));

  /** Which kinds are learned; the others keep one arm. */
  private enum Policy {
    NONE("nothing is learned", Plots.GREY, EnumSet.noneOf(ArmKind.class)),
    HOOKS("hook styles", Plots.TEAL, EnumSet.of(ArmKind.HOOK_STYLE)),
    TITLES(
        "hook styles and titles",
        Plots.RED,
        EnumSet.of(ArmKind.HOOK_STYLE, ArmKind.TITLE_STYLE)),
    ALL("all five", Plots.VIOLET, EnumSet.allOf(ArmKind.class));

    private final String label;
    private final Color colour;
    private final Set<ArmKind> learned;

    Policy(String label, Color colour, Set<ArmKind> learned) {
      this.label = label;
      this.colour = colour;
      this.learned = learned;
    }
  }

  /** Sums of one policy over all worlds. */
  private static final class Course {
    private final double[] lost = new double[DAYS];
    private final int[] videos = new int[DAYS];
    private final Map<ArmKind, int[]> best = new EnumMap<>(ArmKind.class);
    private final Map<ArmKind, double[]> lostBy = new EnumMap<>(ArmKind.class);

    Course() {
      for (ArmKind kind : KINDS.keySet()) {
        best.put(kind, new int[DAYS]);
        lostBy.put(kind, new double[DAYS]);
      }
    }

    double mean(double[] sums, int from, int to) {
      return Arrays.stream(sums, from, to).sum() / Arrays.stream(videos, from, to).sum();
    }

    double share(ArmKind kind, int from, int to) {
      return (double) Arrays.stream(best.get(kind), from, to).sum()
          / Arrays.stream(videos, from, to).sum();
    }
  }

  /** What is true. */
  private static final class World {
    private final double[] level = new double[SITES];
    private final Map<ArmKind, double[][][]> effects = new EnumMap<>(ArmKind.class);

    World(long seed) {
      Random random = new Random(seed);
      for (int site = 0; site < SITES; site++) {
        level[site] = Math.log(0.03) + 0.5 * random.nextGaussian();
      }
      KINDS.forEach((kind, planted) -> effects.put(kind, deal(planted, random)));
    }

    private static double[][][] deal(Planted planted, Random random) {
      int arms = planted.arms().size();
      double[][][] effect = new double[SITES][PLATFORMS.length][arms];
      double[][] ofSite = new double[SITES][arms];
      for (double[] row : ofSite) {
        Arrays.setAll(row, i -> SITES_DIFFER * planted.scale() * random.nextGaussian());
      }
      for (int platform = 0; platform < PLATFORMS.length; platform++) {
        List<Double> dealt = new ArrayList<>();
        Arrays.stream(planted.planted()).forEach(dealt::add);
        Collections.shuffle(dealt, random);
        for (int site = 0; site < SITES; site++) {
          for (int arm = 0; arm < arms; arm++) {
            effect[site][platform][arm] =
                dealt.get(arm)
                    + ofSite[site][arm]
                    + PLACES_DIFFER * planted.scale() * random.nextGaussian();
          }
        }
      }
      return effect;
    }
  }

  private ArmsTogether() {}

  /**
   * Lives through the worlds and draws what came of it.
   *
   * @param beside the picture of the other simulation; this one's lies beside it
   * @return lines of Markdown
   */
  static List<String> live(int worlds, Path beside) throws Exception {
    Map<Policy, Course> courses = new EnumMap<>(Policy.class);
    for (Policy policy : Policy.values()) {
      Course course = new Course();
      for (int world = 0; world < worlds; world++) {
        live(policy, world, course);
      }
      courses.put(policy, course);
      System.err.println("       together: " + policy.label);
    }
    Path picture =
        beside.resolveSibling(beside.getFileName().toString().replace(".png", "-arms.png"));
    draw(courses, picture);
    return told(worlds, courses, picture);
  }

  private static void live(Policy policy, int seed, Course course) {
    World world = new World(seed);
    // The same videos, views and luck under every policy.
    Random luck = new Random(seed * 31L + 7);
    List<List<ArmReward>> arriving = new ArrayList<>();
    for (int day = 0; day <= DAYS + REWARD_DELAY_DAYS; day++) {
      arriving.add(new ArrayList<>());
    }
    Map<ArmKind, List<ArmReward>> known = new EnumMap<>(ArmKind.class);
    policy.learned.forEach(kind -> known.put(kind, new ArrayList<>()));
    int record = 0;
    for (int day = 0; day < DAYS; day++) {
      arriving.get(day).forEach(reward -> known.get(reward.kind()).add(reward));
      Map<ArmKind, ArmEvidence> evidence = new EnumMap<>(ArmKind.class);
      for (Map.Entry<ArmKind, List<ArmReward>> kind : known.entrySet()) {
        evidence.put(
            kind.getKey(),
            ArmEvidence.of(
                kind.getValue(), LearningSettings.DEFAULT.halfLifeDays(), day * DAY_MS));
      }
      for (int site = 0; site < SITES; site++) {
        for (int platform = 0; platform < PLATFORMS.length; platform++) {
          boolean publishes = luck.nextDouble() < VIDEOS_A_DAY;
          double quality = 0.6 * luck.nextGaussian();
          double views = Math.exp(Math.log(2_000) + 1.3 * luck.nextGaussian());
          double noise = luck.nextGaussian();
          if (!publishes) {
            continue;
          }
          record++;
          double logRate = world.level[site] + quality;
          double behind = 0;
          Map<ArmKind, Integer> shown = new EnumMap<>(ArmKind.class);
          for (Map.Entry<ArmKind, Planted> kind : KINDS.entrySet()) {
            double[] effects = world.effects.get(kind.getKey())[site][platform];
            ArmEvidence learned = evidence.get(kind.getKey());
            int arm =
                learned == null
                    ? 0
                    : choose(kind.getKey(), kind.getValue(), learned, site, platform, seed, record);
            double best = Arrays.stream(effects).max().orElseThrow();
            shown.put(kind.getKey(), arm);
            logRate += effects[arm];
            behind += best - effects[arm];
            course.best.get(kind.getKey())[day] += effects[arm] == best ? 1 : 0;
            course.lostBy.get(kind.getKey())[day] += 1 - Math.exp(effects[arm] - best);
          }
          course.lost[day] += 1 - Math.exp(-behind);
          course.videos[day]++;
          double rate = Math.min(0.9, Math.exp(logRate));
          double mean = views * rate;
          long interactions = Math.max(0, Math.round(mean + noise * Math.sqrt(mean * (1 - rate))));
          for (ArmKind kind : policy.learned) {
            arriving
                .get(day + REWARD_DELAY_DAYS)
                .add(
                    new ArmReward(
                        kind,
                        KINDS.get(kind).arms().get(shown.get(kind)),
                        "site-" + site,
                        PLATFORMS[platform],
                        "v" + record,
                        interactions,
                        Math.round(views),
                        day * DAY_MS,
                        1));
          }
        }
      }
    }
  }

  private static int choose(
      ArmKind kind,
      Planted planted,
      ArmEvidence evidence,
      int site,
      int platform,
      int seed,
      int record) {
    return planted
        .arms()
        .indexOf(
            ThompsonSampling.choose(
                    new ArmQuestion(
                        kind,
                        new RecordKey(seed + "-" + record, 1),
                        "v",
                        "site-" + site,
                        List.of(PLATFORMS[platform]),
                        planted.arms()),
                    evidence,
                    LearningSettings.DEFAULT.holdoutPermille())
                .arm());
  }

  private static List<String> told(int worlds, Map<Policy, Course> courses, Path picture) {
    List<String> lines = new ArrayList<>();
    Course all = courses.get(Policy.ALL);
    lines.add("\n## Five kinds of arms at once\n");
    lines.add(
        ("%d worlds of %d sites on %d platforms, %d videos in %d days, nothing changes. Every video has a hook, a"
                + " title, a length, a voice and an hour; its one rate is what all five did together, and each kind is"
                + " learned apart, as in the product. What is not learned keeps one arm.%n")
            .formatted(
                worlds,
                SITES,
                PLATFORMS.length,
                Arrays.stream(all.videos).sum() / worlds,
                DAYS));
    lines.add("![Five kinds of arms](" + picture.getFileName() + ")\n");
    lines.add(
        "| learned | lost, days 0-29 | lost, days %d-%d | lost in all |%n|---|---:|---:|---:|"
            .formatted(SETTLED_DAY, DAYS - 1));
    courses.forEach(
        (policy, course) ->
            lines.add(
                String.format(
                    Locale.ROOT,
                    "| %s | %.1f %% | %.1f %% | %.1f %% |",
                    policy.label,
                    100 * course.mean(course.lost, 0, 30),
                    100 * course.mean(course.lost, SETTLED_DAY, DAYS),
                    100 * course.mean(course.lost, 0, DAYS))));
    lines.add(
        "%n| all five: kind | arms | best one planted | even draw finds | best arm, days 0-29 | best arm, days %d-%d | lost by it then | by one arm kept |%n|---|---:|---:|---:|---:|---:|---:|---:|"
            .formatted(SETTLED_DAY, DAYS - 1));
    Course none = courses.get(Policy.NONE);
    KINDS.forEach(
        (kind, planted) ->
            lines.add(
                String.format(
                    Locale.ROOT,
                    "| %s | %d | %+.0f %% | %.0f %% | %.0f %% | %.0f %% | %.1f %% | %.1f %% |",
                    planted.label(),
                    planted.arms().size(),
                    100 * (Math.exp(Arrays.stream(planted.planted()).max().orElseThrow()) - 1),
                    100.0 / planted.arms().size(),
                    100 * all.share(kind, 0, 30),
                    100 * all.share(kind, SETTLED_DAY, DAYS),
                    100 * all.mean(all.lostBy.get(kind), SETTLED_DAY, DAYS),
                    100 * none.mean(none.lostBy.get(kind), SETTLED_DAY, DAYS))));
    lines.add(
        String.format(
            Locale.ROOT,
            "%nHook styles are the best of their place in %.0f %% of the videos when all five are tried out, in %.0f %%"
                + " when they are alone (days %d-%d): what the other kinds do is noise to them, beside which videos"
                + " differ by far more anyway.",
            100 * all.share(ArmKind.HOOK_STYLE, SETTLED_DAY, DAYS),
            100 * courses.get(Policy.HOOKS).share(ArmKind.HOOK_STYLE, SETTLED_DAY, DAYS),
            SETTLED_DAY,
            DAYS - 1));
    return lines;
  }

  private static void draw(Map<Policy, Course> courses, Path picture) throws Exception {
    XYChart lost =
        Plots.chart("Engagement lost against the oracle, by what is learned, %", "day", DAYS);
    XYChart best =
        Plots.chart("All five: videos with the best arm of their place, %", "day", DAYS);
    best.getStyler().setYAxisMax(100.0);
    List<Double> days = new ArrayList<>();
    for (int day = 0; day < DAYS; day += 5) {
      days.add((double) day);
    }
    courses.forEach(
        (policy, course) -> {
          List<Double> losses = smooth(days, (from, to) -> course.mean(course.lost, from, to));
          if (policy == Policy.ALL) {
            Plots.strong(lost, policy.label, policy.colour, days, losses);
          } else {
            Plots.line(lost, policy.label, policy.colour, days, losses);
          }
        });
    Course all = courses.get(Policy.ALL);
    KINDS.forEach(
        (kind, planted) ->
            Plots.strong(
                best,
                planted.label() + " (" + planted.arms().size() + ")",
                planted.colour(),
                days,
                smooth(days, (from, to) -> all.share(kind, from, to))));
    Plots.legend(lost, Styler.LegendPosition.InsideSW);
    Plots.legend(best, Styler.LegendPosition.InsideNW);
    Plots.save(List.of(lost, best), picture);
  }

  @FunctionalInterface
  private interface Span {
    double mean(int from, int to);
  }

  /** In percent, over the eleven days around. */
  private static List<Double> smooth(List<Double> days, Span of) {
    return days.stream()
        .map(day -> 100 * of.mean(Math.max(0, (int) (day - 5)), Math.min(DAYS, (int) (day + 6))))
        .toList();
  }
}
