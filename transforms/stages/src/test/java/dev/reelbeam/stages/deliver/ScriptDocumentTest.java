package dev.reelbeam.stages.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.model.content.HookStyle;
import dev.reelbeam.model.content.PlannedScene;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.SectionRole;
import dev.reelbeam.model.content.Sentence;
import dev.reelbeam.model.content.SeoMetadata;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.store.MediaRef;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScriptDocumentTest {
  private static final MediaRef STORED = new MediaRef("ab".repeat(32), 9, "application/json");
  private static final Script SCRIPT =
      new Script(
          List.of(
              section(SectionRole.HOOK, 0, "Is your coffee bitter?"),
              section(SectionRole.POINT, 3, "Water at 94 °C is right.", "Approx. 3 min. suffice."),
              section(SectionRole.POINT, 5, "Grind it fresh."),
              section(SectionRole.CTA, -1, "Try it tomorrow.")),
          "en",
          1,
          "writer-1",
          Map.of("youtube", new SeoMetadata("A title", "A text", List.of("tea"), "Howto")),
          HookStyle.QUESTION);

  private static ScriptSection section(SectionRole role, int source, String... sentences) {
    return new ScriptSection(
        role,
        java.util.Arrays.stream(sentences).map(text -> new Sentence(text, source)).toList(),
        "cue of " + sentences[0],
        "",
        "",
        1_234);
  }

  private static ObjectNode document() throws Exception {
    return (ObjectNode)
        RecordJson.readTree(
            new String(ScriptDocument.write(SCRIPT, STORED, null), StandardCharsets.UTF_8));
  }

  @Test
  void whatNobodyTouchedIsReadAsItWasWritten() throws Exception {
    String json = document().toString();

    assertThat(ScriptDocument.storedAs(json)).contains(STORED);
    assertThat(ScriptDocument.read(json, SCRIPT)).isEqualTo(SCRIPT);
    assertThat(ScriptDocument.read(RecordJson.canonical(SCRIPT), null)).isEqualTo(SCRIPT);
  }

  @Test
  void aWordThatIsChangedLeavesEveryOtherSentenceAndItsSource() throws Exception {
    ObjectNode document = document();
    ObjectNode point = (ObjectNode) document.path("points").get(0);
    point.put("text", "Water at 96 °C is right. Approx. 3 min. suffice.");

    Script read = ScriptDocument.read(document.toString(), SCRIPT);

    assertThat(read.sections().get(1).sentences())
        .containsExactly(
            new Sentence("Water at 96 °C is right.", 3),
            new Sentence("Approx. 3 min. suffice.", 3));
    assertThat(read.sections().get(2)).isEqualTo(SCRIPT.sections().get(2));
    assertThat(read.seo()).isEqualTo(SCRIPT.seo());
    assertThat(read.hookStyle()).isEqualTo(HookStyle.QUESTION);
  }

  @Test
  void aPointLessAndAnotherOpeningAreAnEditToo() throws Exception {
    ObjectNode document = document();
    document.withArray("points").remove(0);
    document.put("hook", "Bitter coffee has one cause.");

    Script read = ScriptDocument.read(document.toString(), SCRIPT);

    assertThat(read.sections())
        .extracting(ScriptSection::role)
        .containsExactly(SectionRole.HOOK, SectionRole.POINT, SectionRole.CTA);
    assertThat(read.sections().get(1)).isEqualTo(SCRIPT.sections().get(2));
    assertThat(read.hookStyle()).describedAs("nobody knows how it opens now").isNull();
  }

  @Test
  void withoutTheScriptThatItTellsOfItIsReadByItself() throws Exception {
    Script read = ScriptDocument.read(document().toString(), null);

    assertThat(read.scriptText()).isEqualTo(SCRIPT.scriptText());
    assertThat(read.sections().get(2).sentences())
        .containsExactly(new Sentence("Grind it fresh.", -1));
  }

  @Test
  void scenesGoWithTheirPointAndMayBeWrittenAnew() throws Exception {
    PlannedScene kettle = new PlannedScene("A kettle.", 3_000, List.of("kettle"), "close view");
    PlannedScene mill = new PlannedScene("A mill.", 2_500, List.of(), "");
    Script planned =
        new Script(
            List.of(
                SCRIPT.sections().get(0).withScenes(List.of(mill)),
                SCRIPT.sections().get(1).withScenes(List.of(kettle, mill)),
                SCRIPT.sections().get(2).withScenes(List.of(mill))),
            "en",
            1,
            "writer-1");
    ObjectNode document =
        (ObjectNode)
            RecordJson.readTree(
                new String(ScriptDocument.write(planned, STORED, null), StandardCharsets.UTF_8));
    assertThat(document.at("/hook_scenes/0/scene_number").asInt()).isEqualTo(1);
    assertThat(document.at("/points/1/scenes/0/scene_number").asInt()).isEqualTo(4);
    assertThat(ScriptDocument.read(document.toString(), planned)).isEqualTo(planned);

    document.withArray("points").remove(0);
    assertThat(ScriptDocument.read(document.toString(), planned).sections().get(1))
        .isEqualTo(planned.sections().get(2));

    ObjectNode scene = (ObjectNode) document.at("/points/0/scenes/0");
    scene.put("description", "A mill of brass.").withArray("entities").add("mill");
    assertThat(ScriptDocument.read(document.toString(), planned).sections().get(1).scenes())
        .containsExactly(new PlannedScene("A mill of brass.", 2_500, List.of("mill"), ""));

    scene.put("duration_ms", -1);
    assertThat(
            catchThrowableOfType(
                    StageException.class, () -> ScriptDocument.read(document.toString(), planned))
                .describe())
        .contains("scenes[0].duration_ms");
  }

  /** As releases before this one have stored them. */
  @Test
  void aScriptWithoutScenesIsReadAsOneThatNobodyPlanned() {
    String stored = RecordJson.canonical(SCRIPT).replace("\"scenes\":[],", "");

    assertThat(stored).doesNotContain("scenes");
    assertThat(RecordJson.read(stored, Script.class)).isEqualTo(SCRIPT);
  }

  @Test
  void whatIsMissingIsNamed() throws Exception {
    ObjectNode silent = document();
    ((ObjectNode) silent.path("points").get(1)).put("text", " ");
    ObjectNode pointless = document();
    pointless.remove("points");
    for (var wrong :
        Map.of(
                "points[1].text", silent.toString(),
                "points", pointless.toString(),
                "JSON", "{\"points\"")
            .entrySet()) {
      assertThat(
              catchThrowableOfType(
                      StageException.class, () -> ScriptDocument.read(wrong.getValue(), SCRIPT))
                  .describe())
          .contains(wrong.getKey());
    }
  }
}
