package dev.reelbeam.stages.deliver;

import dev.reelbeam.model.content.ChapterMarker;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.SeoMetadata;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.ScriptWriter;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.video.Presets;
import dev.reelbeam.stages.flow.Artifacts;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.visuals.Storyboard;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What people will see of a video on their platforms: what is decided about at the last gate, and
 * then delivered as it was seen there. Equal proofs have equal bytes. What a delivery costs and
 * when it is best posted is no part of it: that is known once it is delivered.
 *
 * @param video picture and sound
 * @param stills thumbnails by file name
 * @param texts by preset
 * @param chapters they follow the description where the platform knows them
 * @param credits whom the files name
 * @param generated whether a model made pictures of it: platforms are told
 */
record Proof(
    MediaRef video,
    Map<String, MediaRef> stills,
    Map<String, SeoMetadata> texts,
    List<ChapterMarker> chapters,
    List<String> credits,
    boolean generated) {

  /** The proof of a finished video; its thumbnails are drawn, or found. */
  static Proof of(
      MediaRef video,
      PlannedVideo planned,
      ContentRecord content,
      Script script,
      Storyboard storyboard,
      ScriptWriter writer,
      Artifacts artifacts)
      throws StageException {
    Map<String, MediaRef> stills = new LinkedHashMap<>();
    new Thumbnails(artifacts).add(planned, storyboard, stills);
    Map<String, SeoMetadata> texts = new LinkedHashMap<>();
    for (String preset : planned.presets()) {
      texts.put(
          preset, writer.describe(content, script, Presets.find(preset).orElseThrow().platform()));
    }
    return new Proof(
        video,
        stills,
        texts,
        storyboard.chapters(),
        shown(storyboard)
            .map(Proof::credit)
            .filter(credit -> !credit.isEmpty())
            .distinct()
            .toList(),
        shown(storyboard).anyMatch(Proof::isGenerated));
  }

  /** The texts of a preset that the video was planned for. */
  SeoMetadata texts(String preset) {
    return Objects.requireNonNull(texts.get(preset), preset);
  }

  private static Stream<Storyboard.Picture> shown(Storyboard storyboard) {
    return storyboard.shots().stream()
        .flatMap(shot -> Stream.of(shot.picture(), shot.inset()))
        .filter(Objects::nonNull);
  }

  private static boolean isGenerated(Storyboard.Picture picture) {
    return picture.origin() != null && picture.origin().visual().generated();
  }

  /** Whom to name, and under which licence where a provider's terms are meant. */
  private static String credit(Storyboard.Picture picture) {
    String credit = picture.credit() == null ? "" : picture.credit();
    boolean terms = picture.origin() != null && !isGenerated(picture);
    return credit.isEmpty() || !terms ? credit : credit + " (" + picture.license() + ")";
  }
}
