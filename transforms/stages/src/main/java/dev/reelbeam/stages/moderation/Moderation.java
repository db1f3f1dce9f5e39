package dev.reelbeam.stages.moderation;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.cost.RateCard;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.moderation.Finding;
import dev.reelbeam.model.moderation.ModerationReport;
import dev.reelbeam.model.moderation.ModerationRequest;
import dev.reelbeam.model.moderation.Verdict;
import dev.reelbeam.model.port.Moderator;
import dev.reelbeam.model.port.Spending;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.stages.flow.Artifacts;
import dev.reelbeam.stages.flow.Cashier;
import dev.reelbeam.stages.flow.Handling;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.guard.StoredLooks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the moderators and draws the consequence: what is blocked is a dead letter with the reasons,
 * what is to be reviewed makes a person of the next gate, and the reasons lie beside it.
 *
 * <p>Moderators who call somebody are shown each text and each picture once ({@link StoredLooks}).
 * One that cannot be asked is no all-clear: a person decides in its place, and it is asked again
 * the next time. Keys and bytes of videos do not depend on any of it.
 */
final class Moderation {
  private static final Logger log = LoggerFactory.getLogger(Moderation.class);

  private static final int MOST_TOLD = 3;
  private static final int MOST_KEPT = 50;

  private final Moderator moderator;
  private final Artifacts artifacts;
  private final Progress progress;
  private final StoredLooks looks;

  Moderation(
      Moderator moderator,
      Artifacts artifacts,
      Progress progress,
      Spending spending,
      RateCard rates) {
    this.moderator = moderator;
    this.artifacts = artifacts;
    this.progress = progress;
    this.looks = new StoredLooks(artifacts, new Cashier(spending, artifacts, progress), rates);
  }

  /** Pictures for somebody who wants to see so many frames. */
  @FunctionalInterface
  interface Pictures {
    List<StoredLooks.Seen> take(int frames) throws StageException;
  }

  /**
   * Looks at texts and pictures.
   *
   * @param gate where a person decides
   * @param pictures for those who look at any
   * @return how the element is handled from here on
   * @throws StageException {@code CONTENT_BLOCKED}
   */
  Handling look(
      Stage stage,
      Tracked element,
      Handling handling,
      Gate gate,
      ModerationRequest texts,
      Pictures pictures)
      throws StageException {
    List<Finding> findings = new ArrayList<>();
    for (Moderator member : moderator.members()) {
      try {
        ask(stage, element, member, texts, pictures, findings);
      } catch (StageException e) {
        if (e.code().number() / 1000 != 2) {
          throw e;
        }
        log.warn(
            "{} could not be asked about {}: {}",
            member.identity(),
            element.recordKey(),
            e.describe());
        findings.add(
            new Finding(
                Verdict.REVIEW,
                "moderation",
                stage.label(),
                "",
                "a moderator could not be asked: " + e.describe()));
      }
    }
    // What blocks is told first, and never among what there is no room for.
    findings.sort(Comparator.comparing(Finding::verdict).reversed());
    ModerationReport report =
        new ModerationReport(findings.subList(0, Math.min(MOST_KEPT, findings.size())));
    if (report.verdict() == Verdict.ALLOW) {
      return handling;
    }
    for (Finding finding : findings.subList(0, Math.min(MOST_TOLD, findings.size()))) {
      progress.note(element, "moderation: " + finding.describe());
    }
    if (report.verdict() == Verdict.BLOCK) {
      throw new StageException(
          FailureCode.CONTENT_BLOCKED,
          findings.stream()
              .filter(finding -> finding.verdict() == Verdict.BLOCK)
              .limit(MOST_TOLD)
              .map(Finding::describe)
              .collect(Collectors.joining("; ")));
    }
    ModerationReport before =
        handling.moderation() == null
            ? ModerationReport.CLEAN
            : artifacts.read(handling.moderation(), ModerationReport.class);
    return handling.reviewedAt(gate, artifacts.putRecord(before.and(report)));
  }

  /** Adds what a member finds; what it found before it failed is kept. */
  private void ask(
      Stage stage,
      Tracked element,
      Moderator member,
      ModerationRequest texts,
      Pictures pictures,
      List<Finding> findings)
      throws StageException {
    if (!member.calls()) {
      findings.addAll(member.review(texts).findings());
      return;
    }
    findings.addAll(looks.texts(stage, element, member, texts));
    if (member.frames() > 0) {
      for (StoredLooks.Seen seen : pictures.take(member.frames())) {
        findings.addAll(looks.picture(stage, element, member, texts, seen));
      }
    }
  }
}
