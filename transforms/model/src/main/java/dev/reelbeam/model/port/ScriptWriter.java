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
   * Writes a script whose speech should last about {@code request.targetMs()}.
   *
   * @throws StageException {@code SOURCE_TOO_THIN} if the source cannot fill the shortest length
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
