package dev.reelbeam.stages.narration;

import dev.reelbeam.media.audio.NarrationPiece;
import dev.reelbeam.media.audio.NarrationTrack;
import dev.reelbeam.media.codec.AudioPcm;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.speech.SpokenSentence;
import java.util.ArrayList;
import java.util.List;

/** The sound of a narration: every sentence where its words were timed. */
public final class VoiceTrack {
  private VoiceTrack() {}

  /** 48 kHz mono from the video's first frame on; ends with the last sentence. */
  public static NarrationTrack of(Narration narration, ObjectStore store) throws StageException {
    List<SpokenSentence> sentences = narration.sentences();
    List<NarrationPiece> pieces = new ArrayList<>();
    for (int i = 0; i < sentences.size(); i++) {
      SpokenSentence sentence = sentences.get(i);
      long pauseUs =
          i + 1 < sentences.size() ? sentences.get(i + 1).startUs() - sentence.endUs() : 0;
      pieces.add(new NarrationPiece(store.localFile(sentence.wav()), pauseUs));
    }
    return NarrationTrack.join(sentences.get(0).startUs(), pieces);
  }

  /** The same as samples. */
  public static AudioPcm pcm(Narration narration, ObjectStore store) throws StageException {
    return of(narration, store).pcm();
  }
}
