package dev.reelbeam.clients.script;

import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.HookStyle;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.SeoMetadata;
import dev.reelbeam.model.content.TitleStyle;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.port.ScriptRequest;
import dev.reelbeam.model.port.ScriptWriter;
import dev.reelbeam.model.video.Platform;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writers in order of preference: when one cannot, the next one does. The record's own faults are
 * nobody's to mend, so they end the chain; so does a turn that our own limits did not leave yet.
 * When none could, the first failure that is worth waiting for counts, else the last.
 */
public final class ScriptWriterChain implements ScriptWriter {
  private static final Logger log = LoggerFactory.getLogger(ScriptWriterChain.class);

  private final List<ScriptWriter> writers;
  private final ScriptWriter describer;

  /** A chain of at least one; the last writes texts for platforms that a script lacks. */
  public ScriptWriterChain(List<ScriptWriter> writers) {
    this(writers, writers.get(writers.size() - 1));
  }

  /**
   * A chain of at least one.
   *
   * @param describer writes texts for platforms that a script lacks, and no script
   */
  public ScriptWriterChain(List<ScriptWriter> writers, ScriptWriter describer) {
    if (writers.isEmpty()) {
      throw new IllegalArgumentException("a chain needs a writer");
    }
    this.writers = List.copyOf(writers);
    this.describer = describer;
  }

  @Override
  public String identity() {
    return writers.stream().map(ScriptWriter::identity).collect(Collectors.joining(" > "));
  }

  @Override
  public boolean calls() {
    return writers.stream().anyMatch(ScriptWriter::calls);
  }

  @Override
  public ScriptWriter paying(Purse purse) {
    return new ScriptWriterChain(
        writers.stream().map(writer -> writer.paying(purse)).toList(), describer.paying(purse));
  }

  @Override
  public String preferred() {
    return writers.get(0).preferred();
  }

  @Override
  public Script write(ContentRecord record, ScriptRequest request) throws StageException {
    return write(record, request, Drafts.NONE);
  }

  @Override
  public Script write(ContentRecord record, ScriptRequest request, Drafts drafts)
      throws StageException {
    StageException failure = null;
    for (ScriptWriter writer : writers) {
      try {
        return writer.write(record, request, drafts);
      } catch (StageException e) {
        if (e.code() == FailureCode.NO_TURN) {
          // It is well, and has time for this record later: nobody stands in for it.
          drafts.failed(writer, e);
          throw e;
        }
        if (!e.code().providersFault()) {
          if (failure == null) {
            throw e;
          }
          // Who came before may take what this one refuses, and only could not write now.
          failure.addSuppressed(e);
          break;
        }
        log.warn("{} could not write for {}: {}", writer.identity(), record.key(), e.describe());
        drafts.failed(writer, e);
        failure = e.insteadOf(failure);
      }
    }
    throw java.util.Objects.requireNonNull(failure);
  }

  /** Those of the first writer; a later one that cannot opens otherwise, and says so. */
  @Override
  public List<HookStyle> hookStyles(ContentRecord record) {
    return writers.get(0).hookStyles(record);
  }

  @Override
  public List<TitleStyle> titleStyles(ContentRecord record) {
    return writers.get(0).titleStyles(record);
  }

  /** By the writer of the script, else by the one for that, who always can. */
  @Override
  public SeoMetadata describe(ContentRecord record, Script script, Platform platform)
      throws StageException {
    for (ScriptWriter writer : writers) {
      if (script.writer().equals(writer.identity())) {
        try {
          return writer.describe(record, script, platform);
        } catch (StageException e) {
          log.info("{}: texts for {} by {}", e.describe(), platform.id(), describer.identity());
        }
      }
    }
    return describer.describe(record, script, platform);
  }
}
