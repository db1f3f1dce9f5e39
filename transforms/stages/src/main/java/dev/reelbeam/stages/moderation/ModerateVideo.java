package dev.reelbeam.stages.moderation;

import dev.reelbeam.media.codec.VideoFrames;
import dev.reelbeam.media.composition.FrameClock;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.moderation.ModerationRequest;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.speech.SpokenSentence;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.stages.flow.CheckedVideo;
import dev.reelbeam.stages.flow.IllustratedVideo;
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.guard.SmallPicture;
import dev.reelbeam.stages.guard.StoredLooks;
import dev.reelbeam.stages.visuals.Storyboard;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Looks at the finished video: frames of it, every picture that it shows, and what is said
 * meanwhile; before the last gate.
 */
public final class ModerateVideo extends ModeratingStep<CheckedVideo, CheckedVideo> {
  private static final long serialVersionUID = 1L;

  private static final int FRAMES_VERSION = 1;

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
                frames ->
                    pictures(storyboard, new Film(mp4, planned.variant().frameRate()), frames)));
  }

  /**
   * Frames, spread over the video, and each picture that it shows: no frame need show it, and what
   * was found doubtful when it was bought is found so here.
   */
  private List<StoredLooks.Seen> pictures(Storyboard storyboard, Film film, int frames)
      throws StageException {
    List<StoredLooks.Seen> seen = new ArrayList<>(film.frames(Looks.of(storyboard, frames)));
    for (Storyboard.Picture picture : Looks.shown(storyboard)) {
      String what = picture.clip() == null ? "picture " : "clip ";
      seen.add(StoredLooks.Seen.of(store(), what + picture.url(), picture.bytes()));
    }
    return seen;
  }

  /**
   * What is stored about a frame, so that it need not be taken to see that it is known.
   *
   * @param number counts from 0
   * @param sha256 of its JPEG
   */
  record Frame(int number, String where, String sha256) implements Serializable {}

  /** What is stored about the frames of a video that are looked at. */
  record Frames(List<Frame> frames) implements Serializable {}

  /** Takes frames of a finished video, all at once and only when one of them has to be shown. */
  private final class Film {
    private final MediaRef mp4;
    private final int frameRate;
    private final Map<Integer, byte[]> taken = new HashMap<>();

    Film(MediaRef mp4, int frameRate) {
      this.mp4 = mp4;
      this.frameRate = frameRate;
    }

    List<StoredLooks.Seen> frames(List<Looks.Look> looks) throws StageException {
      if (looks.isEmpty()) {
        return List.of();
      }
      StepKey key = StepKey.of("frames-to-look-at", FRAMES_VERSION, mp4, frameRate, looks);
      Frames frames =
          artifacts()
              .record(
                  Stage.MODERATE_VIDEO, "frames", key, Frames.class, () -> new Frames(take(looks)))
              .value();
      List<StoredLooks.Seen> seen = new ArrayList<>();
      for (Frame frame : frames.frames()) {
        seen.add(
            new StoredLooks.Seen(
                frame.where(),
                frame.sha256(),
                () -> {
                  if (!taken.containsKey(frame.number())) {
                    List<Frame> unused = take(looks);
                  }
                  return Objects.requireNonNull(taken.get(frame.number()));
                }));
      }
      return seen;
    }

    private List<Frame> take(List<Looks.Look> looks) throws StageException {
      try (VideoFrames video = VideoFrames.open(store().localFile(mp4))) {
        Map<Integer, String> places = new LinkedHashMap<>();
        for (Looks.Look look : looks) {
          places.putIfAbsent(
              (int) Math.min(video.count() - 1, FrameClock.nearest(look.atUs(), frameRate)),
              "frame at "
                  + ModerationTexts.clock(look.atUs() / 1_000)
                  + (look.what().isEmpty() ? "" : ", " + look.what()));
        }
        List<Integer> numbers = List.copyOf(places.keySet());
        List<BufferedImage> images = video.frames(numbers);
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
          byte[] jpeg = SmallPicture.of(images.get(i));
          int number = numbers.get(i);
          taken.put(number, jpeg);
          frames.add(
              new Frame(
                  number, Objects.requireNonNull(places.get(number)), RecordJson.sha256(jpeg)));
        }
        return frames;
      } catch (IOException e) {
        throw new StageException(
            FailureCode.MEDIA_UNREADABLE, "no picture of a frame: " + e.getMessage(), e);
      }
    }
  }
}
