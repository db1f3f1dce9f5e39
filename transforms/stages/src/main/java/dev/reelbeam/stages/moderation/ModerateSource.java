package dev.reelbeam.stages.moderation;

import dev.reelbeam.model.content.ContentImage;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.SourceBlock;
import dev.reelbeam.model.content.TextOverlay;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.moderation.ModerationRequest;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Providers;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at the texts of a record, and those put over its pictures, before anything is bought for
 * it; a person decides at the script.
 */
public final class ModerateSource extends ModeratingStep<PlannedVideo, PlannedVideo> {
  private static final long serialVersionUID = 1L;

  public ModerateSource(Providers providers) {
    super(providers);
  }

  @Override
  public PlannedVideo apply(PlannedVideo planned) throws StageException {
    ContentRecord content = artifacts().read(planned.content(), ContentRecord.class);
    return planned.handled(
        moderation()
            .look(
                Stage.MODERATE_SOURCE,
                planned,
                planned.handling(),
                Gate.SCRIPT,
                new ModerationRequest(
                    content.language(),
                    ModerationTexts.site(content),
                    ModerationTexts.platforms(planned),
                    /* finished= */ false,
                    texts(content, planned.texts(content)),
                    List.of()),
                null,
                count -> List.of()));
  }

  private static List<ModerationRequest.Text> texts(
      ContentRecord content, List<TextOverlay> overlays) {
    List<ModerationRequest.Text> texts = new ArrayList<>();
    ModerationTexts.add(texts, "title", content.title());
    ModerationTexts.add(texts, "description", content.description());
    ModerationTexts.add(texts, "keywords", String.join(", ", content.keywords()));
    int paragraph = 0;
    for (SourceBlock block : content.blocks()) {
      paragraph++;
      ModerationTexts.add(texts, "paragraph " + paragraph, block.text());
      ModerationTexts.add(
          texts, "list in paragraph " + paragraph, String.join(". ", block.items()));
    }
    for (ContentImage image : content.images()) {
      ModerationTexts.add(texts, "caption of " + image.url(), image.caption());
      ModerationTexts.add(texts, "text of " + image.url(), image.alt());
    }
    for (TextOverlay overlay : overlays) {
      ModerationTexts.add(
          texts, "text at " + ModerationTexts.clock(overlay.startMs()), overlay.text());
    }
    return texts;
  }
}
