package dev.reelbeam.model.moderation;

import dev.reelbeam.model.cost.Charge;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that was found; what is allowed has no findings.
 *
 * @param charges what the look was billed as, by those who bill it
 */
public record ModerationReport(List<Finding> findings, List<Charge> charges)
    implements Serializable {
  /** Nothing was found. */
  public static final ModerationReport CLEAN = new ModerationReport(List.of());

  public ModerationReport {
    findings = List.copyOf(findings);
    // Reports of earlier releases have none.
    charges = charges == null ? List.of() : List.copyOf(charges);
  }

  /** A look that nobody bills. */
  public ModerationReport(List<Finding> findings) {
    this(findings, List.of());
  }

  /** The same look, billed as this. */
  public ModerationReport billed(List<Charge> price) {
    return new ModerationReport(findings, price);
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

  /** This one's findings, then those of another; both are paid for. */
  public ModerationReport and(ModerationReport other) {
    List<Finding> all = new ArrayList<>(findings);
    all.addAll(other.findings);
    List<Charge> both = new ArrayList<>(charges);
    both.addAll(other.charges);
    return new ModerationReport(all, Charge.merged(both));
  }
}
