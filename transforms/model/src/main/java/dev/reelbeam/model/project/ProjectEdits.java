package dev.reelbeam.model.project;

import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.TextOverlay;
import dev.reelbeam.model.store.MediaRef;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The edits that stand for a revision of a project; a newer revision starts with those that it
 * leaves standing.
 *
 * @param scripts {@code Script} as JSON by variant id
 * @param voice the last change of voice or pace, null when there was none
 * @param assets bytes by the url of the picture that they replace
 * @param overlays texts to be read at their times instead of the record's; null for the record's
 */
public record ProjectEdits(
    Map<String, MediaRef> scripts,
    @Nullable VoiceChange voice,
    Map<String, MediaRef> assets,
    @Nullable List<TextOverlay> overlays)
    implements Serializable {
  /** Nothing was edited. */
  public static final ProjectEdits NONE = new ProjectEdits(Map.of(), null, Map.of(), null);

  public ProjectEdits {
    overlays = overlays == null ? null : List.copyOf(overlays);
  }

  /**
   * What stands of these edits when another revision takes the place of the one that they were made
   * on. Its text is another one, so scripts are given up; a voice or texts over the picture are
   * when the record itself asks for other ones now. Pictures that were swapped are kept by their
   * names.
   */
  public ProjectEdits carriedOver(ProjectRequest before, ProjectRequest now) {
    return new ProjectEdits(
        Map.of(),
        before.settings().speaksLike(now.settings()) ? voice : null,
        assets,
        before.texts().equals(now.texts()) ? overlays : null);
  }

  /** What people made that {@code kept} lacks, in words; empty when nothing is lost. */
  public List<String> lostIn(ProjectEdits kept) {
    List<String> lost = new ArrayList<>();
    for (String variant : scripts.keySet()) {
      if (!kept.scripts.containsKey(variant)) {
        lost.add("the edited script of " + variant);
      }
    }
    if (voice != null && kept.voice == null) {
      lost.add("the voice of an edit");
    }
    if (overlays != null && kept.overlays == null) {
      lost.add("the texts of an edit");
    }
    return List.copyOf(lost);
  }

  /** The same with another script for a variant. */
  public ProjectEdits withScript(String variant, MediaRef script) {
    return new ProjectEdits(with(scripts, variant, script), voice, assets, overlays);
  }

  /** The same without scripts: they were of another text. */
  public ProjectEdits withoutScripts() {
    return new ProjectEdits(Map.of(), voice, assets, overlays);
  }

  /** The same with another voice or pace; what the change leaves open stays as it was. */
  public ProjectEdits withVoice(VoiceChange change) {
    VoiceChange before = voice == null ? new VoiceChange(null, 0) : voice;
    return new ProjectEdits(
        scripts,
        new VoiceChange(
            change.voiceId() == null ? before.voiceId() : change.voiceId(),
            change.speedPermille() == 0 ? before.speedPermille() : change.speedPermille()),
        assets,
        overlays);
  }

  /** The same with the record's own voice and pace. */
  public ProjectEdits withoutVoice() {
    return new ProjectEdits(scripts, null, assets, overlays);
  }

  /** The same with another picture in place of one. */
  public ProjectEdits withAsset(AssetSwap swap) {
    return new ProjectEdits(scripts, voice, with(assets, swap.url(), swap.asset()), overlays);
  }

  /** The same with these texts, null for the record's own. */
  public ProjectEdits withOverlays(@Nullable List<TextOverlay> newOverlays) {
    return new ProjectEdits(scripts, voice, assets, newOverlays);
  }

  private static Map<String, MediaRef> with(Map<String, MediaRef> map, String key, MediaRef value) {
    Map<String, MediaRef> copy = new TreeMap<>(map);
    copy.put(key, value);
    return Collections.unmodifiableMap(copy);
  }
}
