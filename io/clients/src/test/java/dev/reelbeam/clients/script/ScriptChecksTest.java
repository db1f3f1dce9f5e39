package dev.reelbeam.clients.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.model.content.BlockKind;
import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.HookStyle;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.SourceBlock;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.KeyPoints;
import dev.reelbeam.model.port.ScriptRequest;
import dev.reelbeam.model.video.VideoType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is checked about a script that a model wrote. */
class ScriptChecksTest {
  private static ContentRecord record(String id, String language, String text) {
    return new ContentRecord(
        new RecordKey(id, 1),
        null,
        null,
        ContentKind.ARTICLE,
        language,
        "Title",
        null,
        List.of(),
        List.of(new SourceBlock(BlockKind.PARAGRAPH, 0, text, List.of(), null, -1)),
        List.of(),
        null,
        new ProjectRequest(
            null, List.of(), VideoSettings.DEFAULT, ReviewPolicy.AUTO, "normal", true),
        "file:///");
  }

  private static ScriptRequest request(int targetMs) {
    return new ScriptRequest(
        VideoType.SHORT,
        targetMs,
        targetMs * 2 / 3,
        targetMs * 4 / 3,
        385,
        190,
        "",
        List.of(),
        null,
        null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Set the pump to 1.5 bar.   | Set the pump to 15 bar.    | false",
        "Set the pump to 1.5 bar.   | Set the pump to 1,5 bar.   | true",
        "Set the pump to 0.9 bar.   | Set the pump to 09 bar.    | false",
        "It holds 1,200 litres.     | It holds 1200 litres.      | true",
        "It holds 1.200,5 litres.   | It holds 1200.5 litres.    | true",
        "It holds 1200 litres.      | It holds 1.2 litres.       | false",
        "Eat it raw, it is not bad. | It is not safe to hug cats.| false",
        "It is safe to eat it raw.  | It is safe to eat it raw.  | true",
        "Avoid the filter's edge.   | Do not touch the filter.   | true",
        "Water the filter's edge.   | Do not water the filter.   | false",
        "Seeburg planted reeds.     | A town, Seeburg, planted reeds. | true",
        "Seeburg planted reeds.     | A town, Lindau, planted reeds.  | false"
      })
  void aSentenceSaysWhatItsSourceSays(String source, String sentence, boolean holds) {
    SourceSentences sentences = SourceSentences.of(record("r", "en", source));

    // The first one is the title.
    assertThat(Support.holds(sentence, List.of(1), sentences)).isEqualTo(holds);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Water the reeds in May.     | Water the reeds in May.           | true",
        "Water the reeds in May.     | Never Water Your Reeds            | false",
        "Do not water the reeds.     | Water the reeds                   | false",
        "Do not water the reeds.     | How Gardeners Keep Their Reeds    | true",
        "Keep ten metres free.       | A lake in 12 steps                | false",
        "Seeburg planted reeds.      | What Seeburg did about reeds      | true",
        "Seeburg planted reeds.      | What Lindau did about reeds       | false"
      })
  void aTitleSaysNothingBeyondTheSource(String source, String title, boolean holds) {
    SourceSentences sentences = SourceSentences.of(record("r", "en", source));

    assertThat(Support.published(title, sentences, "")).isEqualTo(holds);
  }

  @Test
  void aHookOfNumbersIsAskedForOnlyWhereTheSourceHasOne() {
    for (int i = 0; i < 50; i++) {
      ContentRecord plain = record("plain-" + i, "en", "Reeds slow the water down.");
      assertThat(HookTemplate.of(plain, request(30_000))).isNotEqualTo(HookStyle.NUMBER);
    }
    ContentRecord figures = record("r", "en", "Keep ten metres free. It takes 2 summers.");
    ScriptAnswer answer = new ScriptAnswer(figures, request(30_000), SourceSentences.of(figures));
    Script unused =
        answer.read(RecordJson.newObject().put("hook", "99 of 100 lakes are dirty"), "w");
    assertThat(answer.problems()).contains("the hook has a number that the source does not have");
  }

  @Test
  void aJapaneseScriptOfTheRightLengthIsTakenAtOnce() {
    String sentence = "湖の水は岸の葦を残しておけば澄んだままで魚も鳥も戻ってきます。";
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      text.append(sentence);
    }
    ContentRecord record = record("r", "ja", text.toString());
    SourceSentences source = SourceSentences.of(record);
    assertThat(source.all()).hasSize(9);
    ObjectNode json = RecordJson.newObject();
    json.put("hook", "澄んだ湖の秘密とは何でしょうか。").put("cta", "今日から岸を守りましょう。");
    ArrayNode points = json.putArray("points");
    for (int i = 0; i < 7; i++) {
      ObjectNode said = points.addObject().putArray("sentences").addObject();
      said.put("text", sentence).putArray("sources").add(i + 1);
    }
    ScriptAnswer answer = new ScriptAnswer(record, request(45_000), source);

    Script script = answer.read(json, "w");

    assertThat(answer.problems()).isEmpty();
    assertThat(answer.dropped()).isZero();
    assertThat(script.totalEstimatedDurationMs()).isBetween(25_000, 60_000);
    // What it does not say is dropped in this script, too.
    assertThat(Support.holds("東京の電車は毎朝とても混んでいます。", List.of(1), source)).isFalse();
  }

  @Test
  void howTheHouseSpeaksIsInThePrompt() {
    ContentRecord record = record("r", "en", "Reeds slow the water down.");
    ScriptRequest plain = request(30_000);
    ScriptRequest warm =
        new ScriptRequest(
            plain.type(),
            plain.targetMs(),
            plain.minMs(),
            plain.maxMs(),
            plain.msPerWord(),
            plain.pauseMs(),
            "",
            List.of(),
            null,
            null,
            "plain and warm; calm");
    SourceSentences source = SourceSentences.of(record);

    assertThat(ScriptPrompt.of(record, warm, source, KeyPoints.NONE).variable())
        .contains("Tone: plain and warm; calm");
    assertThat(ScriptPrompt.of(record, plain, source, KeyPoints.NONE).variable())
        .doesNotContain("Tone:");
    assertThat(ScriptPrompt.of(record, warm, source, KeyPoints.NONE).fixed())
        .isEqualTo(ScriptPrompt.of(record, plain, source, KeyPoints.NONE).fixed());
  }
}
