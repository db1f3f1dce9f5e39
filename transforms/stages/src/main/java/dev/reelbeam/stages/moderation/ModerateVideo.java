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
import dev.reelbeam.stages.visuals.Storyboard;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** Looks at the finished video: frames of it, and what is said meanwhile; before the last gate. */
public final class ModerateVideo extends ModeratingStep<CheckedVideo, CheckedVideo> {
  private static final long serialVersionUID = 1L;

  private static final int LONG_SIDE = 768;

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
                mp4,
                count ->
                    frames(
                        mp4,
                        artifacts().read(illustrated.storyboard(), Storyboard.class),
                        planned.variant().frameRate(),
                        count)));
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
        pictures.add(new ModerationRequest.Picture(places.get(i), jpeg(images.get(i))));
      }
      return pictures;
    } catch (IOException e) {
      throw new StageException(
          FailureCode.MEDIA_UNREADABLE, "no picture of a frame: " + e.getMessage(), e);
    }
  }

  private static byte[] jpeg(BufferedImage frame) throws IOException {
    int longer = Math.max(frame.getWidth(), frame.getHeight());
    int width = Math.max(1, frame.getWidth() * Math.min(LONG_SIDE, longer) / longer);
    int height = Math.max(1, frame.getHeight() * Math.min(LONG_SIDE, longer) / longer);
    BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = small.createGraphics();
    canvas.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    canvas.drawImage(frame, 0, 0, width, height, null);
    canvas.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!ImageIO.write(small, "jpeg", bytes)) {
      throw new IOException("this JDK writes no JPEG");
    }
    return bytes.toByteArray();
  }
}
