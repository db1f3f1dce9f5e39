package dev.reelbeam.stages.moderation;

import dev.reelbeam.media.codec.VideoFrames;
import dev.reelbeam.media.composition.FrameClock;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.moderation.ModerationRequest;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.speech.SpokenSentence;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.stages.flow.CheckedVideo;
import dev.reelbeam.stages.flow.IllustratedVideo;
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.guard.SmallPicture;
import dev.reelbeam.stages.visuals.Storyboard;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Looks at the finished video: frames of it, and what is said meanwhile; before the last gate. */
public final class ModerateVideo extends ModeratingStep<CheckedVideo, CheckedVideo> {
  private static final long serialVersionUID = 1L;

  public ModerateVideo(Providers providers) {
    super(providers);
  }

  @Override
  public CheckedVideo apply(CheckedVideo checked) throws StageException {
    IllustratedVideo illustrated = checked.assembled().video().illustrated();
    NarratedVideo narrated = illustrated.narrated();
    PlannedVideo planned = narrated.planned();
    ContentRecord content = artifacts().read(planned.content(), ContentRecord.class);
    Narration narration = artifacts().read(narrated.narration(), Narration.class);
    List<ModerationRequest.Text> texts = new ArrayList<>();
    for (SpokenSentence sentence : narration.sentences()) {
      ModerationTexts.add(
          texts,
          "narration at " + ModerationTexts.clock(sentence.startUs() / 1_000),
          sentence.text());
    }
    MediaRef mp4 = checked.assembled().mp4();
    Storyboard storyboard = artifacts().read(illustrated.storyboard(), Storyboard.class);
    int shown = Looks.pictures(storyboard);
    int most = pictures();
    if (most > 0 && shown > most) {
      progress()
          .note(
              checked, "moderation: " + most + " of " + shown + " pictures are looked at (frames)");
    }
    return checked.handled(
        moderation()
            .look(
                Stage.MODERATE_VIDEO,
                checked,
                planned.handling(),
                Gate.FINAL,
                new ModerationRequest(
                    content.language(),
                    ModerationTexts.site(content),
                    ModerationTexts.platforms(planned),
                    /* finished= */ false,
                    texts,
                    List.of()),
                List.of(mp4),
                count -> frames(mp4, storyboard, planned.variant().frameRate(), count)));
  }

  private List<ModerationRequest.Picture> frames(
      MediaRef mp4, Storyboard storyboard, int frameRate, int count) throws StageException {
    try (VideoFrames video = VideoFrames.open(store().localFile(mp4))) {
      List<Integer> numbers = new ArrayList<>();
      List<String> places = new ArrayList<>();
      for (Looks.Look look : Looks.of(storyboard, count)) {
        int number = (int) Math.min(video.count() - 1, FrameClock.nearest(look.atUs(), frameRate));
        if (!numbers.contains(number)) {
          numbers.add(number);
          places.add(
              "frame at "
                  + ModerationTexts.clock(look.atUs() / 1_000)
                  + (look.what().isEmpty() ? "" : ", " + look.what()));
        }
      }
      List<BufferedImage> images = video.frames(numbers);
      List<ModerationRequest.Picture> pictures = new ArrayList<>();
      for (int i = 0; i < images.size(); i++) {
        pictures.add(new ModerationRequest.Picture(places.get(i), SmallPicture.of(images.get(i))));
      }
      return pictures;
    } catch (IOException e) {
      throw new StageException(
          FailureCode.MEDIA_UNREADABLE, "no picture of a frame: " + e.getMessage(), e);
    }
  }
}
