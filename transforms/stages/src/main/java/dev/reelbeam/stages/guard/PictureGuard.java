package dev.reelbeam.stages.guard;

import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.moderation.Finding;
import dev.reelbeam.model.moderation.ModerationReport;
import dev.reelbeam.model.moderation.ModerationRequest;
import dev.reelbeam.model.moderation.Verdict;
import dev.reelbeam.model.port.Moderator;
import dev.reelbeam.model.port.Spending;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.stages.flow.Artifacts;
import dev.reelbeam.stages.flow.Cashier;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a picture before anything is made of it: what is blocked goes no further. A picture is
 * looked at once, whoever brings it along and whatever it is called.
 *
 * <p>What is doubtful goes on, and so does what nobody could be asked about: every picture of the
 * finished video is looked at before it leaves, and a person decides there, once.
 */
public final class PictureGuard implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PictureGuard.class);

  private static final int VERSION = 1;

  private final Moderator moderator;
  private final Spending spending;
  private final Artifacts artifacts;
  private final PaidLook looks;

  private PictureGuard(
      Moderator moderator, Spending spending, Artifacts artifacts, PaidLook looks) {
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
        new PaidLook(new Cashier(spending, artifacts, progress), providers.rates()));
  }

  /** Whether anybody looks at pictures. */
  public boolean looks() {
    return moderator.members().stream().anyMatch(member -> member.frames() > 0);
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
    for (Moderator member : moderator.members()) {
      if (member.frames() == 0) {
        continue;
      }
      List<Finding> blocking =
          report(stage, element, content, member, picture).findings().stream()
              .filter(finding -> finding.verdict() == Verdict.BLOCK)
              .toList();
      if (!blocking.isEmpty()) {
        throw new StageException(
            FailureCode.CONTENT_BLOCKED,
            blocking.stream()
                .map(
                    finding ->
                        new Finding(finding.verdict(), finding.rule(), where, "", finding.reason())
                            .describe())
                .distinct()
                .collect(Collectors.joining("; ")));
      }
    }
  }

  private ModerationReport report(
      Stage stage, Tracked element, ContentRecord content, Moderator member, MediaRef picture)
      throws StageException {
    StepKey key = StepKey.of("moderate-picture", VERSION, member.identity(), picture.sha256());
    try {
      return artifacts
          .record(
              stage,
              "moderation",
              key,
              ModerationReport.class,
              () ->
                  looks.ask(
                      element,
                      member,
                      new ModerationRequest(
                          content.language(),
                          content.siteId() == null ? "" : content.siteId(),
                          List.of(),
                          /* finished= */ false,
                          List.of(),
                          List.of(new ModerationRequest.Picture("picture", jpeg(picture))))))
          .value();
    } catch (StageException e) {
      if (!e.code().providersFault()) {
        throw e;
      }
      log.warn("{} could not be asked about a picture: {}", member.identity(), e.describe());
      return ModerationReport.CLEAN;
    }
  }

  private byte[] jpeg(MediaRef picture) throws StageException {
    try {
      BufferedImage image = ImageIO.read(artifacts.store().localFile(picture).toFile());
      if (image == null) {
        throw new IOException("neither PNG nor JPEG");
      }
      return SmallPicture.of(image);
    } catch (IOException e) {
      throw new StageException(
          FailureCode.MEDIA_UNREADABLE, "a picture cannot be looked at: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    moderator.close();
    spending.close();
  }
}
