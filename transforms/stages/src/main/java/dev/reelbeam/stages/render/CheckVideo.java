package dev.reelbeam.stages.render;

import dev.reelbeam.media.caption.CaptionWord;
import dev.reelbeam.media.caption.SubtitleCue;
import dev.reelbeam.media.caption.SubtitleFiles;
import dev.reelbeam.media.probe.CheckResult;
import dev.reelbeam.media.probe.Looks;
import dev.reelbeam.media.probe.MediaCheck;
import dev.reelbeam.media.probe.MediaExpectations;
import dev.reelbeam.media.probe.MediaInspector;
import dev.reelbeam.media.probe.MediaReport;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.stages.flow.Artifacts;
import dev.reelbeam.stages.flow.AssembledVideo;
import dev.reelbeam.stages.flow.CheckedVideo;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.narration.CaptionWords;
import dev.reelbeam.stages.step.ProvidedStep;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures a finished bitstream, once, however many deliveries it serves. Every group of pictures
 * in it was decoded, here or when its segment was rendered; equal bytes are not decoded twice.
 *
 * <p>A failed check fails the video with the figure.
 */
public final class CheckVideo extends ProvidedStep<AssembledVideo, CheckedVideo> {
  private static final long serialVersionUID = 1L;

  private static final int VERSION = 2;

  public CheckVideo(Providers providers) {
    super(providers);
  }

  /** What is stored: the figures and the verdicts. */
  public record Checked(MediaReport report, List<CheckResult> results) implements Serializable {}

  @Override
  public CheckedVideo apply(AssembledVideo assembled) throws StageException {
    Variant variant = assembled.video().planned().variant();
    MediaExpectations expected = expectations(assembled, variant);
    StepKey key = StepKey.of("check", VERSION, assembled.mp4(), expected);
    Artifacts.Outcome<Checked> outcome =
        artifacts()
            .record(
                Stage.CHECK,
                "check",
                key,
                Checked.class,
                () -> {
                  MediaReport report = inspect(assembled);
                  List<CheckResult> results = new ArrayList<>(MediaCheck.check(report, expected));
                  results.addAll(captions(assembled));
                  if (!MediaCheck.passed(results)) {
                    throw new StageException(
                        FailureCode.CHECK_FAILED, MediaCheck.describeFailures(results));
                  }
                  return new Checked(report, List.copyOf(results));
                });
    return new CheckedVideo(assembled, outcome.ref());
  }

  /** Reads the whole file, and decodes what was not decoded when it was made. */
  private MediaReport inspect(AssembledVideo assembled) throws StageException {
    MediaRef sound = assembled.sound();
    Looks looks =
        sound == null
            ? PictureLooks.recall(store(), assembled.segments())
            : PictureLooks.recall(store(), assembled.segments(), sound);
    int soundsBefore = looks.sounds().size();
    MediaReport report = MediaInspector.inspect(store().localFile(assembled.mp4()), 1, looks);
    if (sound != null && soundsBefore == 0 && looks.sounds().size() == 1) {
      PictureLooks.keep(store(), sound, looks.sounds().iterator().next());
    }
    return report;
  }

  /** Cues in order, none empty, every spoken word covered by the cue at its time. */
  private List<CheckResult> captions(AssembledVideo assembled) {
    Narration narration =
        artifacts().read(assembled.video().illustrated().narrated().narration(), Narration.class);
    List<CaptionWord> words = CaptionWords.of(narration);
    List<SubtitleCue> cues = SubtitleFiles.cues(words, narration.durationMs());
    boolean ordered = true;
    for (int i = 1; i < cues.size(); i++) {
      ordered &= cues.get(i).startMs() >= cues.get(i - 1).endMs();
    }
    ordered &= !cues.isEmpty() && cues.get(cues.size() - 1).endMs() <= narration.durationMs();
    int covered = 0;
    for (CaptionWord word : words) {
      long middleMs = (word.startUs() + word.endUs()) / 2000;
      boolean found =
          cues.stream().anyMatch(cue -> cue.startMs() <= middleMs && middleMs <= cue.endMs());
      covered += found ? 1 : 0;
    }
    return List.of(
        new CheckResult("cue order", "ascending, inside the video", cues.size() + " cues", ordered),
        new CheckResult(
            "cue coverage", words.size() + " words", covered + " words", covered == words.size()));
  }

  private static MediaExpectations expectations(AssembledVideo assembled, Variant variant) {
    return MediaExpectations.of(
            variant.width(), variant.height(), variant.frameRate(), assembled.video().totalFrames())
        .withMaxBytes(variant.maxBytes())
        .withDuration(variant.range().minMs() * 1000L, variant.range().maxMs() * 1000L);
  }
}
