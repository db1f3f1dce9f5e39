package dev.reelbeam.model.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.VideoSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProjectEditsTest {
  private static ProjectRequest speaking(
      @Nullable String voice, int speedPermille, @Nullable String emotion) {
    return new ProjectRequest(
        null,
        List.of(),
        VideoSettings.DEFAULT
            .withVoiceId(voice)
            .withSpeedPermille(speedPermille)
            .withEmotion(emotion),
        ReviewPolicy.AUTO,
        "normal",
        true);
  }

  /**
   * Whoever asks for another voice, pace or mood does not want what an editor had chosen before.
   */
  @Test
  void anotherVoicePaceOrMoodOfTheRecordEndsTheVoiceOfAnEdit() {
    ProjectEdits edits = ProjectEdits.NONE.withVoice(new VoiceChange("espeak:de", 900));
    ProjectRequest before = speaking("marin", 1000, "calm");

    assertThat(edits.carriedOver(before, speaking("marin", 1000, "calm")).voice())
        .isEqualTo(edits.voice());
    assertThat(edits.carriedOver(before, speaking("verse", 1000, "calm")).voice()).isNull();
    assertThat(edits.carriedOver(before, speaking("marin", 1100, "calm")).voice()).isNull();
    assertThat(edits.carriedOver(before, speaking("marin", 1000, "excited")).voice()).isNull();
    assertThat(edits.carriedOver(before, speaking("marin", 1000, null)).voice()).isNull();
  }
}
