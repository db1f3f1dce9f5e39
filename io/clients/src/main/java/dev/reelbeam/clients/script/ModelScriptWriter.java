package dev.reelbeam.clients.script;

import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.HookStyle;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.SeoMetadata;
import dev.reelbeam.model.content.TitleStyle;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.KeyPoints;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.port.ScriptRequest;
import dev.reelbeam.model.port.ScriptWriter;
import dev.reelbeam.model.video.Platform;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes scripts by a language model: one call, validated; one repair round that tells what is
 * wrong; then it gives up and leaves the record to the next writer.
 *
 * <p>Sentences of articles, listings and clips that do not rest on the source sentences they cite
 * are dropped ({@link Support}). The platform texts come with the same call.
 */
public final class ModelScriptWriter implements ScriptWriter {
  private static final Logger log = LoggerFactory.getLogger(ModelScriptWriter.class);

  /** Fewer characters make a token in no language that models are sold for by the token. */
  private static final int CHARS_PER_TOKEN = 2;

  private final LanguageModel model;
  private final KeyPoints keyPoints;
  private final Purse purse;

  public ModelScriptWriter(LanguageModel model) {
    this(model, KeyPoints.NONE);
  }

  /**
   * @param keyPoints tells the model what matters most in a source
   */
  public ModelScriptWriter(LanguageModel model, KeyPoints keyPoints) {
    this(model, keyPoints, Purse.OPEN);
  }

  private ModelScriptWriter(LanguageModel model, KeyPoints keyPoints, Purse purse) {
    this.model = model;
    this.keyPoints = keyPoints;
    this.purse = purse;
  }

  @Override
  public boolean calls() {
    return true;
  }

  @Override
  public ScriptWriter paying(Purse from) {
    return new ModelScriptWriter(model, keyPoints, from);
  }

  private LanguageModel.Answer ask(LanguageModel.Prompt prompt, List<Charge> billed)
      throws StageException {
    long promptChars = (long) prompt.fixed().length() + prompt.variable().length();
    return purse.buyOnceMore(
        model.identity(),
        model.charges(
            new LanguageModel.Usage(1, promptChars / CHARS_PER_TOKEN, 0, prompt.maxTokens())),
        () -> model.ask(prompt, ScriptPrompt.SCHEMA_NAME, ScriptPrompt.schema()),
        answer -> model.charges(answer.usage()),
        billed::addAll);
  }

  @Override
  public String identity() {
    return model.identity()
        + "/prompt-"
        + ScriptPrompt.VERSION
        + (keyPoints.identity().isEmpty() ? "" : "/points-" + keyPoints.identity());
  }

  @Override
  public Script write(ContentRecord record, ScriptRequest request) throws StageException {
    SourceSentences source = SourceSentences.of(record);
    LanguageModel.Prompt prompt = ScriptPrompt.of(record, request, source, keyPoints);
    LanguageModel.Usage usage = LanguageModel.Usage.NONE;
    List<Charge> billed = new ArrayList<>();
    String complaint = "";
    StageException failure = null;
    for (int round = 1; round <= 2; round++) {
      try {
        LanguageModel.Answer answer =
            ask(complaint.isEmpty() ? prompt : prompt.with(complaint), billed);
        usage = usage.plus(answer.usage());
        billed.addAll(model.charges(answer.usage()));
        ScriptAnswer read = new ScriptAnswer(record, request, source);
        Script script = read.read(answer.json(), identity());
        log.info(
            "{} wrote {} words for {}: {} of {} sentences without support dropped, {} of {} scenes"
                + " that made no sense; {} prompt tokens ({} cached), {} completion tokens in {} calls",
            identity(),
            script.wordCount(),
            record.key().recordId(),
            read.dropped(),
            read.checked(),
            read.sceneProblems().size(),
            read.plannedScenes(),
            usage.promptTokens(),
            usage.cachedTokens(),
            usage.completionTokens(),
            usage.calls());
        if (read.problems().isEmpty()) {
          return script.withCharges(Charge.merged(billed));
        }
        complaint =
            "Your last answer cannot be used: " + String.join("; ", read.allProblems()) + ".";
        failure =
            new StageException(
                FailureCode.PROVIDER_REPLY_INVALID, identity() + ": " + read.problems().get(0));
      } catch (StageException e) {
        billed.addAll(e.charges());
        if (e.code() != FailureCode.PROVIDER_REPLY_INVALID) {
          throw e.withCharges(Charge.merged(billed));
        }
        failure = e;
        if (e instanceof CutOffException) {
          prompt = prompt.withRoom();
        }
        complaint =
            "Your last answer could not be read. Answer with the JSON object alone, and shorter.";
      }
    }
    throw java.util.Objects.requireNonNull(failure).withCharges(Charge.merged(billed));
  }

  @Override
  public List<HookStyle> hookStyles(ContentRecord record) {
    return HookTemplate.allowedBy(record);
  }

  @Override
  public List<TitleStyle> titleStyles(ContentRecord record) {
    return TitleTemplate.allowedBy(record);
  }

  /**
   * The text that came with the script.
   *
   * @throws StageException {@code PROVIDER_REPLY_INVALID} if the model gave none that fits
   */
  @Override
  public SeoMetadata describe(ContentRecord record, Script script, Platform platform)
      throws StageException {
    SeoMetadata given = script.seo().get(platform.id());
    if (given == null) {
      throw new StageException(
          FailureCode.PROVIDER_REPLY_INVALID, identity() + " gave no texts for " + platform.id());
    }
    return given;
  }
}
