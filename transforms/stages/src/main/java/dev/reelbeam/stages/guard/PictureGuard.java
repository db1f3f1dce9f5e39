package dev.reelbeam.stages.guard;

import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.moderation.Finding;
import dev.reelbeam.model.moderation.ModerationRequest;
import dev.reelbeam.model.moderation.Verdict;
import dev.reelbeam.model.port.Moderator;
import dev.reelbeam.model.port.Spending;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.stages.flow.Artifacts;
import dev.reelbeam.stages.flow.Cashier;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a picture before anything is made of it: what is blocked goes no further. A picture is
 * looked at once, whoever brings it along and whatever it is called.
 *
 * <p>What is doubtful goes on, and so does what nobody could be asked about: every picture that the
 * finished video shows is looked at, or found to be doubtful, before it leaves, and a person
 * decides there, once.
 */
public final class PictureGuard implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PictureGuard.class);

  private final Moderator moderator;
  private final Spending spending;
  private final Artifacts artifacts;
  private final StoredLooks looks;

  private PictureGuard(
      Moderator moderator, Spending spending, Artifacts artifacts, StoredLooks looks) {
    this.moderator = moderator;
    this.spending = spending;
    this.artifacts = artifacts;
    this.looks = looks;
  }

  /** The moderators of a worker; they are closed with it. */
  public static PictureGuard open(Providers providers, Artifacts artifacts, Progress progress) {
    Spending spending = providers.spending().open();
    return new PictureGuard(
        providers.moderation().open(),
        spending,
        artifacts,
        new StoredLooks(artifacts, new Cashier(spending, artifacts, progress), providers.rates()));
  }

  /**
   * Looks at one.
   *
   * @param where what it is, in words of an editor
   * @param picture a PNG or JPEG
   * @throws StageException {@code CONTENT_BLOCKED} saying why
   */
  public void check(
      Stage stage, Tracked element, ContentRecord content, String where, MediaRef picture)
      throws StageException {
    StoredLooks.Seen seen = StoredLooks.Seen.of(artifacts.store(), where, picture);
    ModerationRequest request =
        new ModerationRequest(
            content.language(),
            content.siteId() == null ? "" : content.siteId(),
            List.of(),
            /* finished= */ false,
            List.of(),
            List.of());
    for (Moderator member : moderator.members()) {
      if (member.frames() == 0) {
        continue;
      }
      List<Finding> findings = List.of();
      try {
        findings = looks.picture(stage, element, member, request, seen);
      } catch (StageException e) {
        if (!e.code().providersFault()) {
          throw e;
        }
        log.warn("{} could not be asked about a picture: {}", member.identity(), e.describe());
      }
      List<Finding> blocking =
          findings.stream().filter(finding -> finding.verdict() == Verdict.BLOCK).toList();
      if (!blocking.isEmpty()) {
        throw new StageException(
            FailureCode.CONTENT_BLOCKED,
            blocking.stream().map(Finding::describe).distinct().collect(Collectors.joining("; ")));
      }
    }
  }

  @Override
  public void close() {
    moderator.close();
    spending.close();
  }
}
