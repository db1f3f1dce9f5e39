package dev.reelbeam.model.port;

import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.HookStyle;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.SeoMetadata;
import dev.reelbeam.model.content.TitleStyle;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.video.Platform;
import java.util.List;

/** Writes scripts and platform texts from a content record. Deterministic or keyed by identity. */
public interface ScriptWriter {
  /** Provider, model and version; part of every key under which scripts are stored. */
  String identity();

  /**
   * Writes a script whose speech should last about {@code request.targetMs()}: by the request's
   * pace never less than 70 % of {@code minMs} nor more than 130 % of {@code maxMs}, which the
   * speed of the voice makes good.
   *
   * <p>It is in the record's language: a hook, perhaps an intro, at least one point, the call to
   * action. Sentences of intro and points name the block that they rest on, or -1 for title and
   * description; hook and call to action need not, and have no number that the source does not
   * have. Topics and prompts have no source to rest on. Equal requests have equal scripts, or such
   * as are kept under the same {@link #identity}.
   *
   * @throws StageException {@code SOURCE_TOO_THIN} if the source cannot fill the shortest length,
   *     or {@code PROVIDER_REPLY_INVALID} where only a model's answer shows it; {@code
   *     KIND_UNSUPPORTED} for a kind that it does not write for; {@code PROVIDER_*} if whoever it
   *     asks cannot. None of them holds a secret
   */
  Script write(ContentRecord record, ScriptRequest request) throws StageException;

  /**
   * The ways in which a script of this record can honestly open, in the order of {@link HookStyle}:
   * a source without a number has no hook of numbers. Empty if the writer knows no styles.
   */
  default List<HookStyle> hookStyles(ContentRecord record) {
    return List.of();
  }

  /** Likewise the forms that its titles can honestly have, in the order of {@link TitleStyle}. */
  default List<TitleStyle> titleStyles(ContentRecord record) {
    return List.of();
  }

  /** Who keeps what writers wrote, each by itself. */
  interface Drafts {
    /** Nobody does. */
    Drafts NONE = ScriptWriter::write;

    /** What this writer wrote for the same request before, else what it writes now. */
    Script of(ScriptWriter writer, ContentRecord record, ScriptRequest request)
        throws StageException;

    /** Hears of a writer that could not, before the next one is asked. */
    default void failed(ScriptWriter writer, StageException failure) {}
  }

  /**
   * The same where drafts are kept. A chain has each of its writers' drafts kept apart, so that one
   * which was paid for is found although the preferred writer is asked first the next time.
   */
  default Script write(ContentRecord record, ScriptRequest request, Drafts drafts)
      throws StageException {
    return drafts.of(this, record, request);
  }

  /** The {@link #identity} of the one that should write; another's script is a stand-in. */
  default String preferred() {
    return identity();
  }

  /** Whether it calls anybody: then each of its drafts is worth keeping. */
  default boolean calls() {
    return false;
  }

  /** The same writer, paying from this purse; one that costs nothing is the same. */
  default ScriptWriter paying(Purse purse) {
    return this;
  }

  /** Title, description, tags and category within the platform's limits. */
  SeoMetadata describe(ContentRecord record, Script script, Platform platform)
      throws StageException;
}
