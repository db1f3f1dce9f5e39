package dev.reelbeam.stages.review;

import dev.reelbeam.model.content.ReviewMode;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.stages.flow.CheckedVideo;
import dev.reelbeam.stages.flow.LaidOutVideo;
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.flow.PlannedVideo;
import java.io.Serializable;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.beam.sdk.transforms.SerializableFunction;

/** What is decided about at a gate: which bytes, and what a reviewer looks at. */
public final class Subject<T extends Tracked> implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Gate gate;
  private final Class<T> type;
  private final SerializableFunction<T, PlannedVideo> planned;
  private final SerializableFunction<T, MediaRef> artifact;
  private final SerializableFunction<T, Map<String, MediaRef>> refs;

  private Subject(
      Gate gate,
      Class<T> type,
      SerializableFunction<T, PlannedVideo> planned,
      SerializableFunction<T, MediaRef> artifact,
      SerializableFunction<T, Map<String, MediaRef>> refs) {
    this.gate = gate;
    this.type = type;
    this.planned = planned;
    this.artifact = artifact;
    this.refs = refs;
  }

  /** The script, once it is known that its speech fits. */
  public static Subject<NarratedVideo> script() {
    return new Subject<>(
        Gate.SCRIPT,
        NarratedVideo.class,
        NarratedVideo::planned,
        NarratedVideo::script,
        video -> Map.of("script.json", video.script(), "words.json", video.narration()));
  }

  /** The spoken script: every sentence's audio and the words' times. */
  public static Subject<NarratedVideo> voice() {
    return new Subject<>(
        Gate.VOICE,
        NarratedVideo.class,
        NarratedVideo::planned,
        NarratedVideo::narration,
        video -> Map.of("script.json", video.script(), "words.json", video.narration()));
  }

  /** The timeline, seen as a small video; the full one is rendered after the approval. */
  public static Subject<LaidOutVideo> visuals() {
    return new Subject<>(
        Gate.VISUALS,
        LaidOutVideo.class,
        LaidOutVideo::planned,
        LaidOutVideo::timeline,
        video -> {
          Map<String, MediaRef> refs = new TreeMap<>();
          refs.put("storyboard.json", video.illustrated().storyboard());
          refs.put("timeline.json", video.timeline());
          if (video.preview() != null) {
            refs.put("preview.mp4", video.preview());
          }
          return refs;
        });
  }

  /** The finished, measured video, with the texts and stills that go out with it. */
  public static Subject<CheckedVideo> finalVideo() {
    return new Subject<>(
        Gate.FINAL,
        CheckedVideo.class,
        video -> video.assembled().video().planned(),
        video -> video.proof() == null ? video.assembled().mp4() : video.proof(),
        video -> {
          Map<String, MediaRef> refs = new TreeMap<>(video.shown());
          refs.put("video.mp4", video.assembled().mp4());
          refs.put("checks.json", video.report());
          return refs;
        });
  }

  public Gate gate() {
    return gate;
  }

  public Class<T> type() {
    return type;
  }

  /** The variant that the element stands for. */
  String variant(T element) {
    return planned.apply(element).variant().id();
  }

  /** Sha256 of the bytes that are decided about. */
  String artifact(T element) {
    return artifact.apply(element).sha256();
  }

  /**
   * What releases before this one decided about in the place of {@link #artifact}: of a finished
   * video picture and sound alone. Empty where it is the same.
   */
  Optional<String> earlierArtifact(T element) {
    return element instanceof CheckedVideo checked && checked.proof() != null
        ? Optional.of(checked.assembled().mp4().sha256())
        : Optional.empty();
  }

  /** What a reviewer looks at, by name. */
  Map<String, MediaRef> refs(T element) {
    MediaRef moderation = planned.apply(element).handling().moderation();
    if (moderation == null) {
      return refs.apply(element);
    }
    Map<String, MediaRef> all = new TreeMap<>(refs.apply(element));
    all.put("moderation.json", moderation);
    return all;
  }

  /** How this gate decides about the element. */
  public ReviewMode mode(T element) {
    ReviewPolicy policy = planned.apply(element).handling().review();
    ReviewMode mode =
        ReviewMode.parse(
            switch (gate) {
              case SCRIPT -> policy.script();
              case VOICE -> policy.voice();
              case VISUALS -> policy.visuals();
              case FINAL -> policy.finalVideo();
            });
    return mode.onlyFallbacks() && asPlanned(element) ? ReviewMode.AUTO : mode;
  }

  private boolean asPlanned(T element) {
    if (element instanceof NarratedVideo narrated) {
      return narrated.asPlanned(gate);
    }
    if (element instanceof LaidOutVideo video) {
      return video.illustrated().fallbacks().isEmpty();
    }
    // The last gate answers for all that was done.
    return element instanceof CheckedVideo checked
        && checked.assembled().video().illustrated().fallbacks().isEmpty()
        && checked.assembled().video().illustrated().narrated().fallbacks().isEmpty();
  }
}
