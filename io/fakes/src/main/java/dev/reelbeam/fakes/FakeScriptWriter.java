package dev.reelbeam.fakes;

import dev.reelbeam.model.content.BlockKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.HookStyle;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.SectionRole;
import dev.reelbeam.model.content.Sentence;
import dev.reelbeam.model.content.SeoMetadata;
import dev.reelbeam.model.content.TitleStyle;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.ScriptRequest;
import dev.reelbeam.model.port.ScriptWriter;
import dev.reelbeam.model.video.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Takes the source's sentences in order until the length is reached. */
public final class FakeScriptWriter implements ScriptWriter {
  @Override
  public String identity() {
    return "fake-script-1";
  }

  @Override
  public Script write(ContentRecord record, ScriptRequest request) throws StageException {
    List<Sentence> chosen = new ArrayList<>();
    long lengthMs = 0;
    boolean everything = true;
    for (int block = 0; block < record.blocks().size(); block++) {
      if (record.blocks().get(block).kind() != BlockKind.PARAGRAPH) {
        continue;
      }
      for (String text : record.blocks().get(block).text().split("(?<=[.!?])\\s+", -1)) {
        int ms = durationMs(text, request);
        if (lengthMs + ms <= request.targetMs() + ms / 2) {
          chosen.add(new Sentence(text, block));
          lengthMs += ms;
        } else {
          everything = false;
        }
      }
    }
    if (chosen.isEmpty() || (everything && lengthMs < request.minMs())) {
      throw new StageException(FailureCode.SOURCE_TOO_THIN, record.key() + " is too thin");
    }
    List<ScriptSection> sections = new ArrayList<>();
    for (int i = 0; i < chosen.size(); i++) {
      SectionRole role =
          i == 0 ? SectionRole.HOOK : i == chosen.size() - 1 ? SectionRole.CTA : SectionRole.POINT;
      String text = chosen.get(i).text();
      sections.add(
          new ScriptSection(role, List.of(chosen.get(i)), text, "", "", durationMs(text, request)));
    }
    return new Script(
            List.copyOf(sections), record.language(), 1, identity(), Map.of(), request.hookStyle())
        .withTitleStyle(request.titleStyle());
  }

  private static int durationMs(String text, ScriptRequest request) {
    return text.split("\\s+", -1).length * request.msPerWord() + request.pauseMs();
  }

  /** It says that it opens as asked for, with the same words. */
  @Override
  public List<HookStyle> hookStyles(ContentRecord record) {
    return List.of(HookStyle.values());
  }

  @Override
  public List<TitleStyle> titleStyles(ContentRecord record) {
    return List.of(TitleStyle.values());
  }

  @Override
  public SeoMetadata describe(ContentRecord record, Script script, Platform platform) {
    return new SeoMetadata(
        shortened(record.title(), platform.titleLimit()),
        shortened(script.scriptText(), platform.descriptionLimit()),
        record.keywords(),
        "Education");
  }

  private static String shortened(String text, int mostChars) {
    return text.substring(0, Math.min(text.length(), mostChars));
  }
}
