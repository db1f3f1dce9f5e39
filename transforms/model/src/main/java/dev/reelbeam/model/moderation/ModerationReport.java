package dev.reelbeam.model.moderation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** Everything that was found; what is allowed has no findings. */
public record ModerationReport(List<Finding> findings) implements Serializable {
  /** Nothing was found. */
  public static final ModerationReport CLEAN = new ModerationReport(List.of());

  public ModerationReport {
    findings = List.copyOf(findings);
  }

  /** The strictest verdict of the findings. */
  public Verdict verdict() {
    Verdict strictest = Verdict.ALLOW;
    for (Finding finding : findings) {
      if (finding.verdict().compareTo(strictest) > 0) {
        strictest = finding.verdict();
      }
    }
    return strictest;
  }

  /** This one's findings, then those of another. */
  public ModerationReport and(ModerationReport other) {
    List<Finding> all = new ArrayList<>(findings);
    all.addAll(other.findings);
    return new ModerationReport(all);
  }
}
