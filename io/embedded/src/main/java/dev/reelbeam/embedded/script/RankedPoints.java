package dev.reelbeam.embedded.script;

import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.port.KeyPoints;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The sentences that {@link ExtractiveScriptWriter} would say first: ranked by TextRank, a share
 * for every section. Thread-safe.
 */
public final class RankedPoints implements KeyPoints {
  @Override
  public String identity() {
    return "ranked-1";
  }

  @Override
  public List<KeyPoint> of(ContentRecord record, int most) {
    List<Candidate> candidates = SourceText.of(record).candidates();
    List<KeyPoint> points = new ArrayList<>();
    for (int[] group :
        new Selection(candidates, new Selection.Pace(1, 1)).order(new BitSet(), List.of())) {
      for (int member : group) {
        if (points.size() < most) {
          Candidate candidate = candidates.get(member);
          points.add(new KeyPoint(candidate.block(), String.join(" ", candidate.alone())));
        }
      }
    }
    return List.copyOf(points);
  }
}
