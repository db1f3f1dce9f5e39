package dev.reelbeam.clients.speech;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.model.speech.Speech;
import dev.reelbeam.model.speech.SpeechRequest;
import dev.reelbeam.model.speech.Voice;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Synthesizers in order of preference.
 *
 * <p>It never changes the voice within a narration: who narrates asks its {@link #alternatives},
 * one after the other, for the whole. A single text is spoken by the first that has the voice, and
 * by no other.
 */
public final class SpeechChain implements SpeechSynthesizer {
  private static final Logger log = LoggerFactory.getLogger(SpeechChain.class);

  private final List<SpeechSynthesizer> synthesizers;

  /** A chain of at least one; closing it closes them. */
  public SpeechChain(List<SpeechSynthesizer> synthesizers) {
    if (synthesizers.isEmpty()) {
      throw new IllegalArgumentException("a chain needs a synthesizer");
    }
    this.synthesizers = List.copyOf(synthesizers);
  }

  @Override
  public String identity() {
    return synthesizers.stream()
        .map(SpeechSynthesizer::identity)
        .collect(Collectors.joining(" > "));
  }

  @Override
  public List<SpeechSynthesizer> alternatives() {
    return synthesizers;
  }

  /** Those of the preferred one; who narrates asks each of the alternatives. */
  @Override
  public Speeds speeds() {
    return synthesizers.get(0).speeds();
  }

  @Override
  public SpeechSynthesizer paying(Purse purse) {
    return new SpeechChain(synthesizers.stream().map(each -> each.paying(purse)).toList());
  }

  /** Of all that can be asked now. */
  @Override
  public List<Voice> voices() throws StageException {
    List<Voice> voices = new ArrayList<>();
    for (SpeechSynthesizer each : synthesizers) {
      try {
        voices.addAll(each.voices());
      } catch (StageException e) {
        log.warn("{} does not tell its voices: {}", each.identity(), e.describe());
      }
    }
    return List.copyOf(voices);
  }

  @Override
  public String resolveVoice(String voiceId, String language) throws StageException {
    return having(voiceId, language).resolveVoice(voiceId, language);
  }

  /** Of whoever would speak. */
  @Override
  public boolean speaks(String voiceId, String language) {
    try {
      return having(voiceId, language).speaks(voiceId, language);
    } catch (StageException e) {
      return false; // Nobody has it.
    }
  }

  @Override
  public Speech synthesize(SpeechRequest request) throws StageException {
    return having(request.voiceId(), request.language()).synthesize(request);
  }

  private SpeechSynthesizer having(String voiceId, String language) throws StageException {
    StageException missing = null;
    for (SpeechSynthesizer each : synthesizers) {
      try {
        String unused = each.resolveVoice(voiceId, language);
        return each;
      } catch (StageException e) {
        if (e.code() != FailureCode.VOICE_MISSING) {
          throw e;
        }
        missing = e;
      }
    }
    throw java.util.Objects.requireNonNull(missing);
  }

  @Override
  public void close() {
    synthesizers.forEach(SpeechSynthesizer::close);
  }
}
