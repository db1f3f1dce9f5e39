package dev.reelbeam.stages.deliver;

import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.ScriptWriter;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.stages.flow.Artifacts;
import dev.reelbeam.stages.flow.CheckedVideo;
import dev.reelbeam.stages.flow.IllustratedVideo;
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.review.Subject;
import dev.reelbeam.stages.step.ProvidedStep;
import dev.reelbeam.stages.visuals.Storyboard;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes what is decided about at the last gate: texts and thumbnails beside the video. A video that
 * nobody reviews passes untouched; its texts are made when it is delivered.
 */
public final class ProofVideo extends ProvidedStep<CheckedVideo, CheckedVideo> {
  private static final long serialVersionUID = 1L;

  /** Raised whenever the same video would be shown with other texts. */
  private static final int VERSION = 1;

  private transient @Nullable ScriptWriter writer;

  public ProofVideo(Providers providers) {
    super(providers);
  }

  @Override
  public void open() {
    super.open();
    writer = providers().scripts().open();
  }

  @Override
  public Optional<CheckedVideo> atOnce(CheckedVideo video) {
    return Subject.finalVideo().mode(video).manual() ? Optional.empty() : Optional.of(video);
  }

  @Override
  public CheckedVideo apply(CheckedVideo checked) throws StageException {
    IllustratedVideo illustrated = checked.assembled().video().illustrated();
    NarratedVideo narrated = illustrated.narrated();
    PlannedVideo planned = narrated.planned();
    MediaRef mp4 = checked.assembled().mp4();
    ScriptWriter texts = Objects.requireNonNull(writer, "open() first");
    StepKey key =
        StepKey.of(
            "proof",
            VERSION,
            planned.handledPlainly(),
            narrated.script(),
            illustrated.storyboard(),
            mp4,
            texts.identity());
    Artifacts.Outcome<Proof> proof =
        artifacts()
            .record(
                Stage.DELIVER,
                "proof",
                key,
                Proof.class,
                () ->
                    Proof.of(
                        mp4,
                        planned,
                        artifacts().read(planned.content(), ContentRecord.class),
                        artifacts().read(narrated.script(), Script.class),
                        artifacts().read(illustrated.storyboard(), Storyboard.class),
                        texts,
                        artifacts()));
    Map<String, MediaRef> shown = new TreeMap<>(proof.value().stills());
    shown.put(CheckedVideo.PROOF, proof.ref());
    return checked.withShown(shown);
  }
}
