package dev.reelbeam.voices;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** The part of espeak-ng's C interface (speak_lib.h, 1.52) that is used here. */
interface EspeakLibrary extends Library {
  int AUDIO_OUTPUT_RETRIEVAL = 1;
  int INITIALIZE_DONT_EXIT = 0x8000;
  int CHARS_UTF8 = 1;
  int POS_CHARACTER = 1;

  /** Words a minute. */
  int RATE = 1;

  int EVENT_LIST_TERMINATED = 0;
  int EVENT_WORD = 1;

  /** Returns the sample rate, or -1. */
  int espeak_Initialize(int output, int bufferMs, String dataFolder, int options);

  void espeak_SetSynthCallback(SynthCallback callback);

  int espeak_SetVoiceByName(String name);

  int espeak_SetParameter(int parameter, int value, int relative);

  int espeak_Synth(
      byte[] text,
      long size,
      int position,
      int positionType,
      int endPosition,
      int flags,
      @Nullable Pointer identifier,
      @Nullable Pointer userData);

  int espeak_Synchronize();

  /** From espeak_ng.h: the noise in consonants starts from here. */
  int espeak_ng_SetRandSeed(long seed);

  /** Ends with a null pointer; all voices if there is no specification. */
  Pointer espeak_ListVoices(@Nullable Pointer specification);

  /** Called with each block of samples and the events inside it. */
  interface SynthCallback extends Callback {
    int invoke(@Nullable Pointer samples, int sampleCount, Pointer events);
  }
}
