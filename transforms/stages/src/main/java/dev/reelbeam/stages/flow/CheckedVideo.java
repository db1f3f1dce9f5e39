package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.store.MediaRef;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A bitstream that was decoded again, measured and found good.
 *
 * @param report the measured figures as JSON
 * @param shown what goes out with it, as whoever decides at the last gate sees it, by name: {@link
 *     #PROOF}, thumbnails; empty where nobody decides
 */
public record CheckedVideo(AssembledVideo assembled, MediaRef report, Map<String, MediaRef> shown)
    implements Derived {
  /** Name of the document that says all of what goes out. */
  public static final String PROOF = "proof.json";

  public CheckedVideo {
    // Elements of earlier releases have none.
    shown = shown == null ? Map.of() : Map.copyOf(shown);
  }

  /** A video that nobody is asked about. */
  public CheckedVideo(AssembledVideo assembled, MediaRef report) {
    this(assembled, report, Map.of());
  }

  /** The same with what is shown of it at the last gate. */
  public CheckedVideo withShown(Map<String, MediaRef> newShown) {
    return new CheckedVideo(assembled, report, newShown);
  }

  /** What goes out, as it is decided about; null where nobody decides. */
  public @Nullable MediaRef proof() {
    return shown.get(PROOF);
  }

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
        report,
        shown);
  }

  @Override
  public Tracked origin() {
    return assembled;
  }
}
