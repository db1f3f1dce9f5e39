package dev.reelbeam.stages.moderation;

import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.PlannedScene;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.Sentence;
import dev.reelbeam.model.content.SeoMetadata;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.moderation.ModerationRequest;
import dev.reelbeam.model.port.ScriptWriter;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.video.Platform;
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Providers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what will be heard and read, and at what pictures will be ordered by, edits of a person
 * included, before the script's gate.
 */
public final class ModerateScript extends ModeratingStep<NarratedVideo, NarratedVideo> {
  private static final long serialVersionUID = 1L;

  private transient @Nullable ScriptWriter writer;

  public ModerateScript(Providers providers) {
    super(providers);
  }

  @Override
  public void open() {
    super.open();
    writer = providers().scripts().open();
  }

  @Override
  public NarratedVideo apply(NarratedVideo narrated) throws StageException {
    PlannedVideo planned = narrated.planned();
    ContentRecord content = artifacts().read(planned.content(), ContentRecord.class);
    Script script = artifacts().read(narrated.script(), Script.class);
    List<Platform> platforms = ModerationTexts.platforms(planned);
    return narrated.handled(
        moderation()
            .look(
                Stage.MODERATE_SCRIPT,
                narrated,
                planned.handling(),
                Gate.SCRIPT,
                new ModerationRequest(
                    script.language(),
                    ModerationTexts.site(content),
                    platforms,
                    /* finished= */ true,
                    texts(content, script, platforms),
                    List.of()),
                frames -> List.of()));
  }

  /**
   * What becomes a search or the order of a picture: the planned scenes, else the section's cue
   * where it says more than what is heard.
   *
   * @param before how many scenes come before the section's
   * @return how many there are with them
   */
  private static int seen(
      List<ModerationRequest.Text> texts, ScriptSection section, int sentence, int before) {
    int number = before;
    for (PlannedScene scene : section.scenes()) {
      number++;
      String where = ModerationRequest.PICTURED + "in scene " + number;
      ModerationTexts.add(texts, where, scene.description());
      ModerationTexts.add(texts, where, String.join(", ", scene.entities()));
      ModerationTexts.add(texts, where, scene.visualStyle());
    }
    if (section.scenes().isEmpty() && !section.text().contains(section.visualCue())) {
      ModerationTexts.add(
          texts, ModerationRequest.PICTURED + "at sentence " + sentence, section.visualCue());
    }
    return number;
  }

  private List<ModerationRequest.Text> texts(
      ContentRecord content, Script script, List<Platform> platforms) throws StageException {
    List<ModerationRequest.Text> texts = new ArrayList<>();
    int number = 0;
    int scenes = 0;
    for (ScriptSection section : script.sections()) {
      for (Sentence sentence : section.sentences()) {
        number++;
        ModerationTexts.add(texts, "script sentence " + number, sentence.text());
      }
      ModerationTexts.add(
          texts, "text over the picture at sentence " + number, section.textOverlay());
      ModerationTexts.add(texts, "heading at sentence " + number, section.heading());
      scenes = seen(texts, section, number, scenes);
    }
    for (Platform platform : platforms) {
      SeoMetadata told =
          Objects.requireNonNull(writer, "open() first").describe(content, script, platform);
      ModerationTexts.add(texts, "title for " + platform.id(), told.title());
      ModerationTexts.add(texts, ModerationRequest.DESCRIPTION + platform.id(), told.description());
      ModerationTexts.add(texts, "tags for " + platform.id(), String.join(", ", told.tags()));
    }
    return texts;
  }
}
