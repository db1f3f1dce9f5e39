package dev.reelbeam.stages.moderation;

import dev.reelbeam.media.footage.ClipIntake;
import dev.reelbeam.model.content.ContentImage;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.SourceBlock;
import dev.reelbeam.model.content.TextOverlay;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.moderation.ModerationRequest;
import dev.reelbeam.model.port.AssetReader;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.guard.StoredLooks;
import dev.reelbeam.stages.visuals.Intakes;
import dev.reelbeam.stages.visuals.PlanVisuals;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the texts of a record, at those put over its pictures, and at its pictures, before
 * anything is bought for it; a person decides at the script.
 */
public final class ModerateSource extends ModeratingStep<PlannedVideo, PlannedVideo> {
  private static final long serialVersionUID = 1L;
  private static final Logger log = LoggerFactory.getLogger(ModerateSource.class);

  private transient @Nullable AssetReader assets;

  public ModerateSource(Providers providers) {
    super(providers);
  }

  @Override
  public void open() {
    super.open();
    assets = providers().assets().open();
  }

  @Override
  public PlannedVideo apply(PlannedVideo planned) throws StageException {
    ContentRecord content = artifacts().read(planned.content(), ContentRecord.class);
    List<StoredLooks.Seen> own = own(planned, content, pictures());
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
                frames -> own.subList(0, Math.min(frames, own.size()))));
  }

  /**
   * Its pictures, and of its clips the frames that stand for them, as many as anybody wants to see
   * now: those of the others that the video shows are looked at before it leaves. One that cannot
   * be had is left out of the video, too, and told there.
   */
  private List<StoredLooks.Seen> own(PlannedVideo planned, ContentRecord content, int most) {
    List<StoredLooks.Seen> own = new ArrayList<>();
    Intakes intakes = new Intakes(artifacts());
    for (ContentImage image : content.images()) {
      if (own.size() >= most) {
        break;
      }
      try {
        MediaRef swapped = planned.assets().get(image.url());
        byte[] bytes =
            swapped != null
                ? store().read(swapped)
                : Objects.requireNonNull(assets, "open() first")
                    .read(
                        content.baseUri(),
                        image.url().replaceAll("#t=.*$", ""),
                        ClipIntake.namedAsClip(image.url())
                            ? PlanVisuals.MAX_CLIP_BYTES
                            : PlanVisuals.MAX_PICTURE_BYTES);
        own.add(
            StoredLooks.Seen.of(
                store(), "picture " + image.url(), intakes.still(bytes, image.url())));
      } catch (StageException e) {
        log.debug("{} is not looked at: {}", image.url(), e.describe());
      }
    }
    return own;
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
