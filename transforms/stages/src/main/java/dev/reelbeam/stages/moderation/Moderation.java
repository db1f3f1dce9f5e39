package dev.reelbeam.stages.moderation;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.CostItem;
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
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.stages.flow.Artifacts;
import dev.reelbeam.stages.flow.Cashier;
import dev.reelbeam.stages.flow.Handling;
import dev.reelbeam.stages.flow.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the moderators and draws the consequence: what is blocked is a dead letter with the reasons,
 * what is to be reviewed makes a person of the next gate, and the reasons lie beside it.
 *
 * <p>What moderators who call somebody said is stored under what they were shown, and found again;
 * what they bill, by the rate card, is paid from the record's purse. One that cannot be asked is no
 * all-clear: a person decides in its place, and it is asked again the next time. Keys and bytes of
 * videos do not depend on any of it.
 */
final class Moderation {
  private static final Logger log = LoggerFactory.getLogger(Moderation.class);

  private static final int VERSION = 3;
  private static final int MOST_TOLD = 3;
  private static final int MOST_KEPT = 50;

  private final Moderator moderator;
  private final Artifacts artifacts;
  private final Progress progress;
  private final Cashier cashier;
  private final RateCard rates;

  Moderation(
      Moderator moderator,
      Artifacts artifacts,
      Progress progress,
      Spending spending,
      RateCard rates) {
    this.moderator = moderator;
    this.artifacts = artifacts;
    this.progress = progress;
    this.cashier = new Cashier(spending, artifacts, progress);
    this.rates = rates;
  }

  /** Pictures, taken only when somebody has to see them. */
  @FunctionalInterface
  interface Pictures {
    List<ModerationRequest.Picture> take(int count) throws StageException;
  }

  /**
   * Looks at texts and pictures.
   *
   * @param gate where a person decides
   * @param shown what the pictures are of, for the key: of a video frames are taken, of pictures
   *     the first are; empty for texts alone
   * @return how the element is handled from here on
   * @throws StageException {@code CONTENT_BLOCKED}
   */
  Handling look(
      Stage stage,
      Tracked element,
      Handling handling,
      Gate gate,
      ModerationRequest texts,
      List<MediaRef> shown,
      Pictures pictures)
      throws StageException {
    List<Finding> findings = new ArrayList<>();
    List<Charge> billed = new ArrayList<>();
    for (Moderator member : moderator.members()) {
      try {
        ModerationReport told = report(stage, element, member, texts, shown, pictures);
        findings.addAll(told.findings());
        billed.addAll(told.charges());
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
    ModerationReport report =
        new ModerationReport(findings.subList(0, Math.min(MOST_KEPT, findings.size())));
    Handling looked = handling.looked(billed);
    if (report.verdict() == Verdict.ALLOW) {
      return looked;
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
    return looked.reviewedAt(gate, artifacts.putRecord(before.and(report)));
  }

  private ModerationReport report(
      Stage stage,
      Tracked element,
      Moderator member,
      ModerationRequest texts,
      List<MediaRef> shown,
      Pictures pictures)
      throws StageException {
    int frames = shown.isEmpty() ? 0 : member.frames();
    if (!member.calls()) {
      return member.review(texts);
    }
    StepKey key =
        StepKey.of(
            "moderate",
            VERSION,
            member.identity(),
            texts.language(),
            texts.site(),
            texts.platforms(),
            texts.finished(),
            texts.texts(),
            frames == 0 ? List.of() : shown);
    return artifacts
        .record(
            stage,
            "moderation",
            key,
            ModerationReport.class,
            () ->
                asked(
                    element,
                    member,
                    new ModerationRequest(
                        texts.language(),
                        texts.site(),
                        texts.platforms(),
                        texts.finished(),
                        texts.texts(),
                        frames == 0 ? List.of() : pictures.take(frames))))
        .value();
  }

  private ModerationReport asked(Tracked element, Moderator member, ModerationRequest request)
      throws StageException {
    List<Charge> price = member.price(request).stream().filter(rates::knows).toList();
    if (price.isEmpty()) {
      return member.review(request);
    }
    return cashier.pay(
        element,
        request.site().isEmpty() ? null : request.site(),
        CostItem.MODERATION,
        till ->
            till.buy(price.get(0).provider(), price, () -> member.review(request), unused -> price)
                .billed(till.bill()));
  }
}
