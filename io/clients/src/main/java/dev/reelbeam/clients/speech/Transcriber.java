package dev.reelbeam.clients.speech;

import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.speech.HeardWord;
import java.util.List;

/** Listens to speech and tells the words with their times. Thread-safe. */
interface Transcriber extends AutoCloseable {
  /** Provider and model; part of the key under which speech with its times is stored. */
  String identity();

  /**
   * The words in order; of no promised quality.
   *
   * @throws StageException {@code PROVIDER_*}
   */
  List<HeardWord> hear(PcmAudio audio, String language) throws StageException;

  @Override
  default void close() {
    // Connections belong to the process.
  }
}
