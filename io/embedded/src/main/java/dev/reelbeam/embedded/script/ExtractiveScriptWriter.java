package dev.reelbeam.embedded.script;

import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.HookStyle;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.SeoMetadata;
import dev.reelbeam.model.content.TitleStyle;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.meter.WorkMeter;
import dev.reelbeam.model.port.ScriptRequest;
import dev.reelbeam.model.port.ScriptWriter;
import dev.reelbeam.model.video.Platform;
import dev.reelbeam.model.video.VideoType;
import java.util.List;
import java.util.Locale;

/**
 * Writes scripts out of the source's own sentences: no model to download, no network, no account.
 *
 * <p>Sentences are found by ICU, ranked by TextRank, chosen by maximal marginal relevance so that
 * every section has its say, and made speakable by rules; hooks and calls to action come from the
 * title and from templates of the language (English, German, French, Italian, Spanish). In any
 * other language the strongest sentences are taken as they are.
 *
 * <p>Equal inputs give equal scripts. Thread-safe.
 */
public final class ExtractiveScriptWriter implements ScriptWriter {
  private static final String IDENTITY = "extractive-2";

  /** A script this much shorter than allowed can still be stretched by the pace of the voice. */
  private static final double STRETCH = 1.08;

  /** How a listing may open does not hang on its length. */
  static final ScriptRequest ANY_LENGTH =
      new ScriptRequest(VideoType.TEASER, 20_000, 15_000, 30_000, 400, 250, "");

  @Override
  public String identity() {
    return IDENTITY;
  }

  @Override
  public Script write(ContentRecord record, ScriptRequest request) throws StageException {
    boolean failed = true;
    try {
      Script script = written(record, request);
      failed = false;
      return script;
    } finally {
      WorkMeter.called("embedded", failed);
    }
  }

  private static Script written(ContentRecord record, ScriptRequest request) throws StageException {
    Script script;
    if (record.kind() == ContentKind.ARTICLE) {
      script = new ArticleScript(record, request, IDENTITY).write();
    } else if (record.kind() == ContentKind.LISTING) {
      script = new ListingScript(record, request, IDENTITY).write();
    } else if (record.kind() == ContentKind.CLIP) {
      script = clipScript(record, request);
    } else {
      throw new StageException(
          FailureCode.KIND_UNSUPPORTED,
          "no script can be written for the kind " + record.kind().name().toLowerCase(Locale.ROOT));
    }
    requireLength(script, request);
    TitleStyle wanted = request.titleStyle();
    return wanted == null ? script : script.withTitleStyle(new Titles(record).granted(wanted));
  }

  @Override
  public List<HookStyle> hookStyles(ContentRecord record) {
    if (record.kind() == ContentKind.LISTING) {
      return new ListingScript(record, ANY_LENGTH, IDENTITY).styles();
    }
    return new Hooks(SourceText.of(record)).styles();
  }

  @Override
  public List<TitleStyle> titleStyles(ContentRecord record) {
    return new Titles(record).styles();
  }

  /** The text that comes with a clip is an article; a title and a few words are a listing's. */
  private static Script clipScript(ContentRecord record, ScriptRequest request) {
    Script told = new ArticleScript(record, request, IDENTITY).write();
    if (told.totalEstimatedDurationMs() * STRETCH >= request.minMs()) {
      return told;
    }
    return new ListingScript(record, request, IDENTITY).write();
  }

  private static void requireLength(Script script, ScriptRequest request) throws StageException {
    if (script.totalEstimatedDurationMs() * STRETCH >= request.minMs()) {
      return;
    }
    int words = script.wordCount();
    long needed =
        words == 0
            ? request.minMs() / Math.max(1, request.msPerWord())
            : Math.round(
                (double) words * request.minMs() / Math.max(1, script.totalEstimatedDurationMs()));
    throw new StageException(
        FailureCode.SOURCE_TOO_THIN,
        String.format(
            Locale.ROOT,
            "the source gives %d speakable words, a %s of %d s needs about %d",
            words,
            request.type().id(),
            request.minMs() / 1000,
            needed));
  }

  @Override
  public SeoMetadata describe(ContentRecord record, Script script, Platform platform) {
    return new SeoTexts(record, script, platform).metadata();
  }
}
