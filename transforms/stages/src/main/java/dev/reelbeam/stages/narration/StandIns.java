package dev.reelbeam.stages.narration;

import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.model.project.Decision;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.stages.flow.Artifacts;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.narration.FitNarration.Fitted;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What stand-ins wrote and spoke, kept until a person has decided about it: what they approve has
 * to be what goes on, though the preferred one is well again. An approval stands as long as what it
 * was made of does: an edit elsewhere, and a retry, make nothing anew.
 */
final class StandIns {
  private final Artifacts artifacts;
  private final ProjectLedger ledger;

  StandIns(Artifacts artifacts, ProjectLedger ledger) {
    this.artifacts = artifacts;
    this.ledger = ledger;
  }

  /**
   * A voice that stood in and what it spoke.
   *
   * @param identity whose it is
   */
  record Voice(String identity, MediaRef narration) implements Serializable {}

  /** Whether a person decides at any gate. */
  static boolean isReviewed(PlannedVideo planned) {
    ReviewPolicy review = planned.handling().review();
    return Stream.of(review.script(), review.voice(), review.visuals(), review.finalVideo())
        .anyMatch(mode -> !mode.equals("auto"));
  }

  /** By what was asked of the preferred voice: who wants another one is not given this one. */
  private static StepKey voiceKey(PlannedVideo planned, long epoch, StepKey asked) {
    return StepKey.of("voice-for-review", 1, planned.key(), epoch, asked);
  }

  private static StepKey narrationKey(PlannedVideo planned, long epoch, StepKey key) {
    return StepKey.of("narration-for-review", 1, planned.key(), epoch, key);
  }

  /** Keeps who stood in for the preferred voice, where a person decides. */
  void keepVoice(PlannedVideo planned, StepKey asked, String identity, MediaRef narration) {
    if (isReviewed(planned)) {
      MediaRef unused =
          artifacts
              .store()
              .putIfAbsent(
                  voiceKey(planned, planned.epoch(), asked),
                  artifacts.putRecord(new Voice(identity, narration)));
    }
  }

  /** Who stood in for the preferred voice and was approved; null if nobody was. */
  @Nullable SpeechSynthesizer approvedVoice(
      PlannedVideo planned, StepKey asked, List<SpeechSynthesizer> alternatives) {
    for (long epoch = isReviewed(planned) ? planned.epoch() : -1; epoch >= 0; epoch--) {
      Optional<MediaRef> kept = artifacts.store().find(voiceKey(planned, epoch, asked));
      Voice voice = kept.map(ref -> artifacts.read(ref, Voice.class)).orElse(null);
      if (voice != null && isApproved(planned, Gate.VOICE, voice.narration())) {
        for (SpeechSynthesizer each : alternatives) {
          if (each.identity().equals(voice.identity())) {
            return each;
          }
        }
      }
    }
    return null;
  }

  /** Keeps what a stand-in wrote, or what has word times that somebody stood in for. */
  void keepNarration(PlannedVideo planned, StepKey key, Fitted fitted) {
    MediaRef unused =
        artifacts
            .store()
            .putIfAbsent(narrationKey(planned, planned.epoch(), key), artifacts.putRecord(fitted));
  }

  /**
   * What a stand-in made of the same; in an earlier epoch only what was approved.
   *
   * @param undecidedToo whether this epoch's counts, though nobody has decided about it yet
   * @param preferred whether the preferred writer wrote it, so that only its word times are kept
   *     for a decision: an approved script says nothing about them
   */
  Optional<Fitted> narration(
      PlannedVideo planned, StepKey key, boolean undecidedToo, Predicate<Fitted> preferred) {
    for (long epoch = planned.epoch(); epoch >= 0; epoch--) {
      Optional<Fitted> made =
          artifacts
              .store()
              .find(narrationKey(planned, epoch, key))
              .map(ref -> artifacts.read(ref, Fitted.class));
      boolean counts = undecidedToo && epoch == planned.epoch();
      if (made.isPresent() && (counts || isApproved(planned, made.get(), preferred))) {
        return made;
      }
    }
    return Optional.empty();
  }

  private boolean isApproved(PlannedVideo planned, Fitted fitted, Predicate<Fitted> preferred) {
    return (!preferred.test(fitted) && isApproved(planned, Gate.SCRIPT, fitted.script()))
        || isApproved(planned, Gate.VOICE, fitted.narration());
  }

  private boolean isApproved(PlannedVideo planned, Gate gate, MediaRef artifact) {
    return ledger
        .decision(planned.key().recordId(), gate, artifact.sha256())
        .filter(Decision::approved)
        .isPresent();
  }
}
