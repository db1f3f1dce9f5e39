package dev.reelbeam.model.learning;

import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.learning.ArmEvidence.Place;
import dev.reelbeam.model.learning.ArmEvidence.Sums;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * Draws an arm as often as it is probably the best one.
 *
 * <p>Thompson sampling over Gaussian posteriors of the logarithm of the engagement rate, with
 * evidence that fades (discounted Thompson sampling: Raj and Kalyani, "Taming Non-stationary
 * Bandits: A Bayesian Approach", 2017), and with priors that are themselves learned one level up
 * (hierarchical Thompson sampling: Hong, Kveton, Zaheer and Ghavamzadeh, "Hierarchical Bayesian
 * Bandits", AISTATS 2022).
 *
 * <p>The unit of evidence is a video, not a view: videos of one arm differ far more from each other
 * than the count of views would let one think, and a posterior over views would be sure of itself
 * after a single one.
 *
 * <p>What an arm does is its difference to the other arms at the same place: sites and platforms
 * have levels of their own, which say nothing about arms and are estimated away. The effect of an
 * arm at a place is the sum of what it does on the platform (learned from all other sites), of what
 * it does for the site (learned from its other platforms) and of what it does just there. So a site
 * that is new on a platform starts with what is known of it elsewhere, a new site with what is
 * known of the platform, and a new platform with nothing: all arms alike.
 *
 * <p>Equal questions, evidence and settings give equal choices. Stateless, thread-safe.
 */
public final class ThompsonSampling {
  /** Draws behind the probability that is stored. */
  private static final int SIMULATED_DRAWS = 1_000;

  /** Prior variances of an arm's effect on the logarithm of the rate: 0.25 is about 28 %. */
  private static final double PLATFORM_VARIANCE = 0.25 * 0.25;

  private static final double SITE_VARIANCE = 0.12 * 0.12;
  private static final double PLACE_VARIANCE = 0.10 * 0.10;
  private static final double EFFECT_VARIANCE = PLATFORM_VARIANCE + SITE_VARIANCE + PLACE_VARIANCE;

  /** From one video to the next, until enough videos tell. */
  private static final double USUAL_VIDEO_VARIANCE = 0.36;

  /** Videos that the usual variance is worth. */
  private static final double USUAL_VARIANCE_VIDEOS = 10;

  private ThompsonSampling() {}

  /** The arm of one question. */
  public static ArmChoice choose(ArmQuestion question, ArmEvidence evidence, int holdoutPermille) {
    List<String> options = question.options();
    SplittableRandom random = new SplittableRandom(seed(question));
    List<Effects> effects = new ArrayList<>();
    for (String platform : new TreeSet<>(question.platforms())) {
      effects.add(effects(evidence, question.site(), platform, options));
    }
    boolean holdout = random.nextInt(1_000) < holdoutPermille;
    int even = random.nextInt(options.size());
    int drawn = best(effects, options.size(), random);
    int chosen = holdout ? even : drawn;
    int wins = 0;
    for (int draw = 0; draw < SIMULATED_DRAWS; draw++) {
      if (best(effects, options.size(), random) == chosen) {
        wins++;
      }
    }
    // One win and one draw more for each arm: what was drawn is never called impossible.
    double byPosterior = (wins + 1.0) / (SIMULATED_DRAWS + options.size());
    double share = holdoutPermille / 1_000.0;
    double probability = share / options.size() + (1 - share) * byPosterior;
    return new ArmChoice(
        question.kind(),
        question.key(),
        question.variant(),
        question.site(),
        question.platforms(),
        options,
        options.get(chosen),
        (int) Math.round(1_000_000 * (options.size() == 1 ? 1 : probability)),
        holdout);
  }

  /** From the record's key, so that a repeated draw over the same evidence is the same. */
  private static long seed(ArmQuestion question) {
    String hash =
        RecordJson.sha256(
            List.of("draw-arm", question.kind().id(), question.key(), question.variant()));
    return Long.parseUnsignedLong(hash.substring(0, 16), 16);
  }

  private static int best(List<Effects> places, int options, SplittableRandom random) {
    double[] worth = new double[options];
    for (Effects place : places) {
      place.addDraw(worth, random);
    }
    // Where nothing is known, not even a platform, the draw is even.
    int best = places.isEmpty() ? random.nextInt(options) : 0;
    for (int arm = 1; arm < options; arm++) {
      if (worth[arm] > worth[best]) {
        best = arm;
      }
    }
    return best;
  }

  /**
   * The joint posterior of the arms' effects at one place.
   *
   * @param prior mean of each arm's effect before the place's own videos
   * @param priorVariance its variance
   * @param weight videos' worth of own evidence of each arm, 0 for none
   * @param mean mean of those videos
   * @param videoVariance from one video to the next
   */
  private record Effects(
      double[] prior,
      double[] priorVariance,
      double[] weight,
      double[] mean,
      double videoVariance) {
    /** Adds one draw of every arm's effect, the place's level taken out. */
    void addDraw(double[] worth, SplittableRandom random) {
      double precision = 0;
      double sum = 0;
      for (int arm = 0; arm < prior.length; arm++) {
        if (weight[arm] > 0) {
          double own = 1 / (priorVariance[arm] + videoVariance / weight[arm]);
          precision += own;
          sum += own * (mean[arm] - prior[arm]);
        }
      }
      double level =
          precision == 0 ? 0 : sum / precision + random.nextGaussian() / Math.sqrt(precision);
      for (int arm = 0; arm < prior.length; arm++) {
        double own = weight[arm] / videoVariance;
        double total = own + 1 / priorVariance[arm];
        double centre = (own * (mean[arm] - level) + prior[arm] / priorVariance[arm]) / total;
        worth[arm] += centre + random.nextGaussian() / Math.sqrt(total);
      }
    }
  }

  private static Effects effects(
      ArmEvidence evidence, String site, String platform, List<String> options) {
    int count = options.size();
    double[] prior = new double[count];
    double[] priorVariance = new double[count];
    double[] weight = new double[count];
    double[] mean = new double[count];
    double videoVariance = videoVariance(evidence, platform);
    Map<String, double[]> onPlatform = platformEffects(evidence, site, platform, videoVariance);
    Map<String, double[]> ofSite = siteEffects(evidence, site, platform, videoVariance);
    Map<String, Sums> own = evidence.cells().getOrDefault(new Place(site, platform), Map.of());
    for (int arm = 0; arm < count; arm++) {
      String id = options.get(arm);
      double[] common = onPlatform.getOrDefault(id, new double[] {0, PLATFORM_VARIANCE});
      double[] sites = ofSite.getOrDefault(id, new double[] {0, SITE_VARIANCE});
      prior[arm] = common[0] + sites[0];
      priorVariance[arm] = common[1] + sites[1] + PLACE_VARIANCE;
      Sums sums = own.get(id);
      if (sums != null) {
        weight[arm] = sums.weight();
        mean[arm] = sums.mean();
      }
    }
    return new Effects(prior, priorVariance, weight, mean, videoVariance);
  }

  /** Pooled over all places of the platform, drawn towards the usual one. */
  private static double videoVariance(ArmEvidence evidence, String platform) {
    double squares = USUAL_VARIANCE_VIDEOS * USUAL_VIDEO_VARIANCE;
    double freedom = USUAL_VARIANCE_VIDEOS;
    for (Map.Entry<Place, Map<String, Sums>> cell : evidence.cells().entrySet()) {
      if (cell.getKey().platform().equals(platform)) {
        for (Sums sums : cell.getValue().values()) {
          if (sums.weight() > 1) {
            squares += Math.max(0, sums.squares() - sums.sum() * sums.mean());
            freedom += sums.weight() - 1;
          }
        }
      }
    }
    return squares / freedom;
  }

  /** Mean and variance by arm, from all sites but this one. */
  private static Map<String, double[]> platformEffects(
      ArmEvidence evidence, String site, String platform, double videoVariance) {
    List<Map<String, Sums>> others = new ArrayList<>();
    evidence
        .cells()
        .forEach(
            (place, arms) -> {
              if (place.platform().equals(platform) && !place.site().equals(site)) {
                others.add(arms);
              }
            });
    Map<String, double[]> effects = Map.of();
    // Levels and effects hang on each other; after the second round they hardly move.
    for (int round = 0; round < 2; round++) {
      effects =
          pooled(
              others,
              List.of(),
              effects,
              PLATFORM_VARIANCE,
              SITE_VARIANCE + PLACE_VARIANCE,
              videoVariance);
    }
    return effects;
  }

  /** Mean and variance by arm of what the site adds, from its other platforms. */
  private static Map<String, double[]> siteEffects(
      ArmEvidence evidence, String site, String platform, double videoVariance) {
    List<Map<String, Sums>> others = new ArrayList<>();
    List<Map<String, double[]>> known = new ArrayList<>();
    evidence
        .cells()
        .forEach(
            (place, arms) -> {
              if (place.site().equals(site) && !place.platform().equals(platform)) {
                others.add(arms);
                known.add(
                    platformEffects(
                        evidence,
                        site,
                        place.platform(),
                        videoVariance(evidence, place.platform())));
              }
            });
    return pooled(others, known, Map.of(), SITE_VARIANCE, PLACE_VARIANCE, videoVariance);
  }

  /**
   * Effects by arm, pooled over places.
   *
   * @param known by place, effects that are taken out first; empty for none
   * @param before effects as they were estimated before, for the levels of the places
   * @param variance prior variance of the effect
   * @param between variance of the effect from place to place
   */
  private static Map<String, double[]> pooled(
      List<Map<String, Sums>> places,
      List<Map<String, double[]>> known,
      Map<String, double[]> before,
      double variance,
      double between,
      double videoVariance) {
    Map<String, double[]> sums = new HashMap<>();
    for (int i = 0; i < places.size(); i++) {
      Map<String, double[]> taken = known.isEmpty() ? Map.of() : known.get(i);
      double precision = 0;
      double level = 0;
      for (Map.Entry<String, Sums> arm : places.get(i).entrySet()) {
        double own = 1 / (EFFECT_VARIANCE + videoVariance / arm.getValue().weight());
        precision += own;
        level += own * (arm.getValue().mean() - at(taken, arm) - at(before, arm));
      }
      level /= precision;
      for (Map.Entry<String, Sums> arm : places.get(i).entrySet()) {
        double[] of = taken.get(arm.getKey());
        double own =
            1 / (between + videoVariance / arm.getValue().weight() + (of == null ? 0 : of[1]));
        double[] sum = sums.computeIfAbsent(arm.getKey(), id -> new double[2]);
        sum[0] += own * (arm.getValue().mean() - at(taken, arm) - level);
        sum[1] += own;
      }
    }
    Map<String, double[]> effects = new HashMap<>();
    sums.forEach(
        (arm, sum) -> {
          double precision = sum[1] + 1 / variance;
          effects.put(arm, new double[] {sum[0] / precision, 1 / precision});
        });
    return effects;
  }

  private static double at(Map<String, double[]> effects, Map.Entry<String, Sums> arm) {
    double[] effect = effects.get(arm.getKey());
    return effect == null ? 0 : effect[0];
  }
}
