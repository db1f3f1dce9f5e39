package dev.reelbeam.embedded.script;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Chooses the sentences of the points so that they fill a length.
 *
 * <p>First an order that does not know the length: greedy by maximal marginal relevance (Carbonell
 * and Goldstein, SIGIR 1998), with a share for every section, so a longer target keeps what a
 * shorter one had. The order is followed as far as the length allows; then a few of the last
 * choices are exchanged until the length is met.
 */
final class Selection {
  private static final int MAX_SENTENCES_PER_POINT = 3;
  private static final double REDUNDANCY = 0.7;
  private static final double CROWDING = 0.9;
  private static final double CONTIGUITY = 0.25;
  private static final double SAME_THING = 0.55;
  private static final int EXCHANGE_TAIL = 6;
  private static final int EXCHANGE_POOL = 28;

  private final List<Candidate> candidates;
  private final Pace pace;

  /** How long words and the pauses behind sentences last. */
  record Pace(int msPerWord, int pauseMs) {
    int cost(List<String> sentences) {
      return Candidate.words(sentences) * msPerWord + sentences.size() * pauseMs;
    }
  }

  /** A chosen candidate in the form in which it is spoken. */
  record Spoken(Candidate candidate, List<String> sentences) {}

  /** Consecutive sentences of one section. */
  record Point(List<Spoken> spoken) {
    int sentences() {
      return spoken.stream().mapToInt(s -> s.sentences().size()).sum();
    }
  }

  /**
   * What was chosen.
   *
   * @param costMs estimated length
   * @param penalty how far from the target and from the best order; smaller is better
   */
  record Result(List<Point> points, int costMs, double penalty) {}

  Selection(List<Candidate> candidates, Pace pace) {
    this.candidates = candidates;
    this.pace = pace;
  }

  /**
   * Groups of candidates in the order in which they are worth saying; a group is a candidate with
   * those before it that it leans on.
   *
   * @param taken what is spoken elsewhere: neither that nor the like is chosen again
   */
  List<int[]> order(BitSet taken, List<Set<String>> said) {
    int n = candidates.size();
    double[] likeness = new double[n];
    boolean[] out = new boolean[n];
    for (int i = 0; i < n; i++) {
      out[i] = taken.get(i);
      for (Set<String> other : said) {
        likeness[i] = Math.max(likeness[i], TextRank.similarity(candidates.get(i).stems(), other));
      }
    }
    Map<Integer, Integer> sizes = new HashMap<>();
    for (Candidate candidate : candidates) {
      sizes.merge(candidate.section(), 1, Integer::sum);
    }
    Map<Integer, Integer> chosenOf = new HashMap<>();
    BitSet chosen = new BitSet(n);
    List<int[]> order = new ArrayList<>();
    while (true) {
      int best = -1;
      double bestGain = 0;
      for (int i = 0; i < n; i++) {
        if (out[i] || chosen.get(i) || likeness[i] > SAME_THING) {
          continue;
        }
        Candidate candidate = candidates.get(i);
        int[] group = group(i, chosen, out);
        if (group.length == 0) {
          continue;
        }
        double score = 0;
        for (int member : group) {
          score += candidates.get(member).score() / group.length;
        }
        double gain =
            score
                - REDUNDANCY * likeness[i]
                - CROWDING
                    * chosenOf.getOrDefault(candidate.section(), 0)
                    / StrictMath.sqrt(1 + sizes.getOrDefault(candidate.section(), 1));
        if (candidate.follows() >= 0 && chosen.get(candidate.follows())) {
          gain += CONTIGUITY;
        }
        if (best < 0 || gain > bestGain) {
          best = i;
          bestGain = gain;
        }
      }
      if (best < 0) {
        return order;
      }
      int[] group = group(best, chosen, out);
      for (int member : group) {
        chosen.set(member);
        chosenOf.merge(candidates.get(member).section(), 1, Integer::sum);
        for (int i = 0; i < n; i++) {
          likeness[i] =
              Math.max(
                  likeness[i],
                  TextRank.similarity(candidates.get(i).stems(), candidates.get(member).stems()));
        }
      }
      order.add(group);
    }
  }

  /** The candidate and what it leans on; empty when that is out of reach. */
  private int[] group(int index, BitSet chosen, boolean[] out) {
    List<Integer> members = new ArrayList<>();
    int at = index;
    int sentences = 0;
    while (true) {
      Candidate candidate = candidates.get(at);
      if (!chosen.get(at)) {
        if (out[at]) {
          return new int[0];
        }
        members.add(0, at);
      }
      sentences += candidate.running().size();
      if (sentences > MAX_SENTENCES_PER_POINT) {
        return new int[0];
      }
      if (!candidate.needsPrevious()) {
        break;
      }
      at = candidate.follows();
      if (at < 0 || candidates.get(at).section() != candidate.section()) {
        return new int[0];
      }
    }
    return members.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Everything in the order: the longest that can be said. */
  int longest(List<int[]> order) {
    BitSet all = new BitSet();
    order.forEach(group -> set(all, group, true));
    return cost(points(all, new BitSet()));
  }

  /** Follows the order up to the budget, then exchanges until the length is met. */
  Result fit(List<int[]> order, int budgetMs, int targetMs) {
    BitSet chosen = new BitSet();
    BitSet none = new BitSet();
    int reached = 0;
    while (reached < order.size()) {
      set(chosen, order.get(reached), true);
      if (cost(points(chosen, none)) > budgetMs) {
        set(chosen, order.get(reached), false);
        break;
      }
      reached++;
    }
    return exchange(order, chosen, reached, budgetMs, targetMs);
  }

  private Result exchange(List<int[]> order, BitSet base, int reached, int budgetMs, int targetMs) {
    List<int[]> removals = new ArrayList<>();
    removals.add(new int[0]);
    int tail = Math.max(0, reached - EXCHANGE_TAIL);
    for (int i = tail; i < reached; i++) {
      removals.add(new int[] {i});
      for (int j = i + 1; j < reached; j++) {
        removals.add(new int[] {i, j});
      }
    }
    List<int[]> additions = new ArrayList<>();
    additions.add(new int[0]);
    int pool = Math.min(order.size(), reached + EXCHANGE_POOL);
    for (int i = reached; i < pool; i++) {
      additions.add(new int[] {i});
      for (int j = i + 1; j < pool; j++) {
        additions.add(new int[] {i, j});
      }
    }
    BitSet bestChosen = base;
    double bestPenalty = penalty(base, new BitSet(), budgetMs, targetMs);
    for (int[] removed : removals) {
      for (int[] added : additions) {
        double changes = 0.5 * removed.length;
        for (int group : added) {
          changes += 0.05 * (group - reached) + (group == reached ? 0 : 0.1);
        }
        if (changes >= bestPenalty) {
          continue;
        }
        BitSet chosen = (BitSet) base.clone();
        for (int group : removed) {
          set(chosen, order.get(group), false);
        }
        for (int group : added) {
          set(chosen, order.get(group), true);
        }
        if (chosen.isEmpty() || !whole(chosen)) {
          continue;
        }
        double penalty = changes + penalty(chosen, new BitSet(), budgetMs, targetMs);
        if (penalty < bestPenalty) {
          bestPenalty = penalty;
          bestChosen = chosen;
        }
      }
    }
    // Shorter forms of what is chosen are the finest step.
    BitSet bestShort = new BitSet();
    for (int round = 0; round < 3; round++) {
      int improve = -1;
      for (int i = bestChosen.nextSetBit(0); i >= 0; i = bestChosen.nextSetBit(i + 1)) {
        if (candidates.get(i).shorter() == null || bestShort.get(i)) {
          continue;
        }
        bestShort.set(i);
        double penalty = 0.3 + penalty(bestChosen, bestShort, budgetMs, targetMs);
        bestShort.clear(i);
        if (penalty < bestPenalty) {
          bestPenalty = penalty;
          improve = i;
        }
      }
      if (improve < 0) {
        break;
      }
      bestShort.set(improve);
    }
    List<Point> points = points(bestChosen, bestShort);
    return new Result(points, cost(points), bestPenalty);
  }

  /** Within one percent of the whole is a hit; beyond, every further percent weighs. */
  private double penalty(BitSet chosen, BitSet shortened, int budgetMs, int targetMs) {
    double off = Math.abs(cost(points(chosen, shortened)) - budgetMs) * 100.0 / targetMs;
    return off <= 1 ? off * 0.1 : 0.1 + (off - 1) * 1.5;
  }

  /** No chosen sentence has lost the one that it leans on. */
  private boolean whole(BitSet chosen) {
    for (int i = chosen.nextSetBit(0); i >= 0; i = chosen.nextSetBit(i + 1)) {
      Candidate candidate = candidates.get(i);
      if (candidate.needsPrevious()
          && (candidate.follows() < 0 || !chosen.get(candidate.follows()))) {
        return false;
      }
    }
    return true;
  }

  private static void set(BitSet bits, int[] group, boolean value) {
    for (int member : group) {
      bits.set(member, value);
    }
  }

  int cost(List<Point> points) {
    int cost = 0;
    for (Point point : points) {
      for (Spoken spoken : point.spoken()) {
        cost += pace.cost(spoken.sentences());
      }
    }
    return cost;
  }

  /** Points in source order: up to three sentences of one section, broken between blocks first. */
  private List<Point> points(BitSet chosen, BitSet shortened) {
    List<Point> points = new ArrayList<>();
    int i = chosen.nextSetBit(0);
    while (i >= 0) {
      // A run that must stay together: the sentence and those that lean on it.
      List<Integer> run = new ArrayList<>();
      run.add(i);
      int next = chosen.nextSetBit(i + 1);
      while (next >= 0 && leansOnLast(run, next)) {
        run.add(next);
        next = chosen.nextSetBit(next + 1);
      }
      append(points, run, shortened);
      i = next;
    }
    return points;
  }

  private boolean leansOnLast(List<Integer> run, int index) {
    return candidates.get(index).needsPrevious()
        && candidates.get(index).follows() == run.get(run.size() - 1);
  }

  private void append(List<Point> points, List<Integer> run, BitSet shortened) {
    int sentences = run.stream().mapToInt(i -> candidates.get(i).running().size()).sum();
    Candidate first = candidates.get(run.get(0));
    Point last = points.isEmpty() ? null : points.get(points.size() - 1);
    if (last != null) {
      Candidate before = last.spoken().get(last.spoken().size() - 1).candidate();
      boolean near = before.section() == first.section() && before.block() == first.block();
      if (near && last.sentences() + sentences <= MAX_SENTENCES_PER_POINT) {
        List<Spoken> joined = new ArrayList<>(last.spoken());
        speak(joined, run, shortened);
        points.set(points.size() - 1, new Point(joined));
        return;
      }
    }
    List<Spoken> spoken = new ArrayList<>();
    speak(spoken, run, shortened);
    points.add(new Point(spoken));
  }

  private void speak(List<Spoken> spoken, List<Integer> run, BitSet shortened) {
    for (int index : run) {
      Candidate candidate = candidates.get(index);
      boolean afterIts =
          !spoken.isEmpty()
              && spoken.get(spoken.size() - 1).candidate().index() == candidate.follows();
      List<String> shorter = candidate.shorter();
      if (shortened.get(index) && shorter != null) {
        spoken.add(new Spoken(candidate, shorter));
      } else {
        spoken.add(new Spoken(candidate, afterIts ? candidate.running() : candidate.alone()));
      }
    }
  }

  /** Best first, for hooks and intros. */
  static Comparator<Candidate> byScore() {
    return Comparator.comparingDouble(Candidate::score)
        .reversed()
        .thenComparingInt(Candidate::index);
  }
}
