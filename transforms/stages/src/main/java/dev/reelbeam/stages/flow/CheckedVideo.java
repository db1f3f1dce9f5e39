package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.store.MediaRef;

/**
 * A bitstream that was decoded again, measured and found good.
 *
 * @param report the measured figures as JSON
 */
public record CheckedVideo(AssembledVideo assembled, MediaRef report) implements Derived {
  /** The same video, handled like this. */
  public CheckedVideo handled(Handling handling) {
    LaidOutVideo laidOut = assembled.video();
    IllustratedVideo illustrated = laidOut.illustrated();
    return new CheckedVideo(
        new AssembledVideo(
            new LaidOutVideo(
                new IllustratedVideo(
                    illustrated.narrated().handled(handling),
                    illustrated.storyboard(),
                    illustrated.notes(),
                    illustrated.fallbacks()),
                laidOut.timeline(),
                laidOut.totalFrames(),
                laidOut.preview()),
            assembled.mp4(),
            assembled.segments(),
            assembled.sound(),
            assembled.segmentsFound(),
            assembled.segmentsRendered()),
        report);
  }

  @Override
  public Tracked origin() {
    return assembled;
  }
}
