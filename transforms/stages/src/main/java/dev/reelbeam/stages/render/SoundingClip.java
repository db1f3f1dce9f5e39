package dev.reelbeam.stages.render;

import dev.reelbeam.media.audio.ClipSound;
import dev.reelbeam.media.codec.ClipReader;
import dev.reelbeam.media.composition.PictureInPicture;
import dev.reelbeam.media.composition.Playback;
import dev.reelbeam.media.composition.Shot;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.store.MediaRef;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A clip of the timeline that is heard: all that decides its part of the sound.
 *
 * @param startUs when its shot begins in the video
 * @param lengthUs how long the shot lasts
 */
record SoundingClip(MediaRef clip, Playback playback, long startUs, long lengthUs)
    implements Serializable {

  /** Every clip that is heard, in order of time. */
  static List<SoundingClip> of(Timeline timeline) {
    int frameRate = timeline.canvas().frameRate();
    List<SoundingClip> heard = new ArrayList<>();
    for (int i = 0; i < timeline.shots().size(); i++) {
      Shot shot = timeline.shots().get(i);
      long startUs = 1_000_000L * shot.startFrame() / frameRate;
      long lengthUs = 1_000_000L * timeline.endOfShot(i) / frameRate - startUs;
      add(heard, shot.still().picture(), shot.playback(), startUs, lengthUs);
      PictureInPicture inset = shot.inset();
      if (inset != null) {
        add(heard, inset.still().picture(), inset.playback(), startUs, lengthUs);
      }
    }
    return List.copyOf(heard);
  }

  private static void add(
      List<SoundingClip> heard,
      MediaRef clip,
      @Nullable Playback playback,
      long startUs,
      long lengthUs) {
    if (playback != null && playback.soundPercent() > 0) {
      heard.add(new SoundingClip(clip, playback, startUs, lengthUs));
    }
  }

  /**
   * What is heard of it.
   *
   * @throws StageException 3010 if its sound is damaged, 3050 to 3052 if the clip is
   */
  ClipSound decode(Path file) throws StageException {
    return ClipSound.of(
        file,
        ClipReader.soundDelayUs(file),
        playback.inUs(),
        playback.outUs(),
        playback.speedPermille(),
        playback.loop(),
        startUs,
        lengthUs,
        playback.soundPercent());
  }
}
