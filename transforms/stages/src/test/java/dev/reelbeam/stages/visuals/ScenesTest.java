package dev.reelbeam.stages.visuals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.PlannedScene;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.SectionRole;
import dev.reelbeam.model.content.Sentence;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.video.VideoType;
import dev.reelbeam.model.visual.Shape;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ScenesTest {
  private static ContentRecord record() {
    return new ContentRecord(
        new RecordKey("r", 1),
        "acme",
        null,
        ContentKind.ARTICLE,
        "en",
        "Coffee",
        null,
        List.of("coffee"),
        List.of(),
        List.of(),
        null,
        new ProjectRequest(
            VideoType.SHORT,
            List.of("tiktok"),
            VideoSettings.DEFAULT,
            ReviewPolicy.AUTO,
            "normal",
            true),
        "file:///nowhere/");
  }

  private static List<Scenes.Needed> scenes(List<Integer> words, PlannedScene... plan) {
    List<Sentence> sentences =
        words.stream().map(count -> new Sentence("word ".repeat(count).strip(), -1)).toList();
    ScriptSection section =
        new ScriptSection(SectionRole.POINT, sentences, "the cue", "", "", 1_000, List.of(plan));
    return Scenes.of(
        record(), new Script(List.of(section), "en", 1, "w"), List.of(0), Shape.PORTRAIT, 100);
  }

  private static PlannedScene planned(String description, int durationMs) {
    return new PlannedScene(description, durationMs, List.of("cup"), "wide shot");
  }

  @Test
  void plannedScenesShareTheSentencesByTheirLength() {
    List<Scenes.Needed> scenes =
        scenes(List.of(5, 5, 5, 5), planned("A kettle.", 6_000), planned("A mill.", 2_000));

    assertThat(scenes).hasSize(2);
    assertThat(scenes.get(0).lastSentence()).isEqualTo(2);
    assertThat(scenes.get(0).scene().cue()).isEqualTo("A kettle.");
    assertThat(scenes.get(0).scene().entities()).containsExactly("cup");
    assertThat(scenes.get(0).scene().style()).isEqualTo("wide shot");
    assertThat(scenes.get(1).firstSentence()).isEqualTo(3);
    assertThat(scenes.get(1).scene().cue()).isEqualTo("A mill.");
  }

  @Test
  void withoutAPlanTheCueIsForAllOfASection() {
    assertThat(scenes(List.of(15, 15)))
        .extracting(needed -> needed.scene().cue())
        .containsExactly("the cue", "the cue");
  }

  @Property(tries = 200)
  void everySentenceIsSeenOnceWhateverWasPlanned(
      @ForAll @Size(min = 1, max = 9) List<@IntRange(min = 1, max = 40) Integer> words,
      @ForAll @Size(max = 6) List<@IntRange(min = 1, max = 60_000) Integer> lengths) {
    PlannedScene[] plan =
        lengths.stream().map(ms -> planned("Scene of " + ms, ms)).toArray(PlannedScene[]::new);

    List<Scenes.Needed> scenes = scenes(words, plan);

    assertThat(
            scenes.stream()
                .flatMap(
                    needed ->
                        IntStream.rangeClosed(needed.firstSentence(), needed.lastSentence())
                            .boxed())
                .toList())
        .isEqualTo(IntStream.range(0, words.size()).boxed().toList());
    if (plan.length > 0) {
      assertThat(scenes.stream().map(needed -> needed.scene().cue()).distinct().count())
          .isLessThanOrEqualTo(Math.min(plan.length, words.size()));
    }
  }
}
