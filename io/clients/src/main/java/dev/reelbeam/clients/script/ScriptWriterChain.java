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
 * nobody's to mend, so they end the chain.
 */
public final class ScriptWriterChain implements ScriptWriter {
  private static final Logger log = LoggerFactory.getLogger(ScriptWriterChain.class);

  private final List<ScriptWriter> writers;

  /** A chain of at least one. */
  public ScriptWriterChain(List<ScriptWriter> writers) {
    if (writers.isEmpty()) {
      throw new IllegalArgumentException("a chain needs a writer");
    }
    this.writers = List.copyOf(writers);
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
    return new ScriptWriterChain(writers.stream().map(writer -> writer.paying(purse)).toList());
  }

  @Override
  public Script write(ContentRecord record, ScriptRequest request) throws StageException {
    StageException failure = null;
    for (ScriptWriter writer : writers) {
      try {
        return writer.write(record, request);
      } catch (StageException e) {
        if (!providersFault(e.code())) {
          if (failure == null) {
            throw e;
          }
          // Who came before may take what this one refuses, and only could not write now.
          failure.addSuppressed(e);
          break;
        }
        log.warn("{} could not write for {}: {}", writer.identity(), record.key(), e.describe());
        if (failure != null) {
          e.addSuppressed(failure);
        }
        failure = e;
      }
    }
    throw java.util.Objects.requireNonNull(failure);
  }

  private static boolean providersFault(FailureCode code) {
    return code.number() / 1000 == 2;
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

  /** By the writer of the script, else by the last of the chain, which always can. */
  @Override
  public SeoMetadata describe(ContentRecord record, Script script, Platform platform)
      throws StageException {
    for (ScriptWriter writer : writers) {
      if (script.writer().equals(writer.identity())) {
        try {
          return writer.describe(record, script, platform);
        } catch (StageException e) {
          log.info("{}: texts for {} by the last of the chain", e.describe(), platform.id());
        }
      }
    }
    return writers.get(writers.size() - 1).describe(record, script, platform);
  }
}
