package dev.reelbeam.voices;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import org.jspecify.annotations.Nullable;

/** The part of whisper.cpp's C interface (whisper.h, 1.7.1) that is used here. */
interface WhisperLibrary extends Library {
  int GREEDY = 0;

  Pointer whisper_context_default_params_by_ref();

  void whisper_free_context_params(Pointer parameters);

  @Nullable Pointer whisper_init_from_file_with_params(
      String path, ContextParameters.ByValue parameters);

  void whisper_free(Pointer context);

  int whisper_is_multilingual(Pointer context);

  /** -1 for a language that it does not know. */
  int whisper_lang_id(String language);

  Pointer whisper_full_default_params_by_ref(int strategy);

  void whisper_free_params(Pointer parameters);

  /** Samples at 16 kHz from -1 to 1; 0 if all went well. */
  int whisper_full(
      Pointer context, FullParameters.ByValue parameters, float[] samples, int sampleCount);

  int whisper_full_n_segments(Pointer context);

  /** In hundredths of a second. */
  long whisper_full_get_segment_t0(Pointer context, int segment);

  long whisper_full_get_segment_t1(Pointer context, int segment);

  Pointer whisper_full_get_segment_text(Pointer context, int segment);

  void whisper_log_set(LogCallback callback, @Nullable Pointer userData);

  /** Called with pieces of what it has to say. */
  interface LogCallback extends Callback {
    void invoke(int level, String text, @Nullable Pointer userData);
  }

  /** {@code whisper_context_params}. */
  @FieldOrder({
    "useGpu",
    "flashAttention",
    "gpuDevice",
    "dtwTokenTimestamps",
    "dtwPreset",
    "dtwTop",
    "dtwHeads",
    "dtwHeadList",
    "dtwMemory"
  })
  class ContextParameters extends Structure {
    public byte useGpu;
    public byte flashAttention;
    public int gpuDevice;
    public byte dtwTokenTimestamps;
    public int dtwPreset;
    public int dtwTop;
    public long dtwHeads;
    public @Nullable Pointer dtwHeadList;
    public long dtwMemory;

    /** As the C function takes it. */
    static final class ByValue extends ContextParameters implements Structure.ByValue {}
  }

  /** {@code whisper_full_params}. */
  @FieldOrder({
    "strategy",
    "threads",
    "maxTextContext",
    "offsetMs",
    "durationMs",
    "translate",
    "noContext",
    "noTimestamps",
    "singleSegment",
    "printSpecial",
    "printProgress",
    "printRealtime",
    "printTimestamps",
    "tokenTimestamps",
    "timestampThreshold",
    "timestampSumThreshold",
    "maxLength",
    "splitOnWord",
    "maxTokens",
    "debugMode",
    "audioContext",
    "tinyDiarize",
    "suppressRegex",
    "initialPrompt",
    "promptTokens",
    "promptTokenCount",
    "language",
    "detectLanguage",
    "suppressBlank",
    "suppressNonSpeech",
    "temperature",
    "maxInitialTimestamp",
    "lengthPenalty",
    "temperatureStep",
    "entropyThreshold",
    "logProbabilityThreshold",
    "noSpeechThreshold",
    "bestOf",
    "beamSize",
    "patience",
    "segmentCallback",
    "segmentData",
    "progressCallback",
    "progressData",
    "beginCallback",
    "beginData",
    "abortCallback",
    "abortData",
    "filterCallback",
    "filterData",
    "grammarRules",
    "grammarRuleCount",
    "grammarStart",
    "grammarPenalty"
  })
  class FullParameters extends Structure {
    public int strategy;
    public int threads;
    public int maxTextContext;
    public int offsetMs;
    public int durationMs;
    public byte translate;
    public byte noContext;
    public byte noTimestamps;
    public byte singleSegment;
    public byte printSpecial;
    public byte printProgress;
    public byte printRealtime;
    public byte printTimestamps;
    public byte tokenTimestamps;
    public float timestampThreshold;
    public float timestampSumThreshold;
    public int maxLength;
    public byte splitOnWord;
    public int maxTokens;
    public byte debugMode;
    public int audioContext;
    public byte tinyDiarize;
    public @Nullable Pointer suppressRegex;
    public @Nullable Pointer initialPrompt;
    public @Nullable Pointer promptTokens;
    public int promptTokenCount;
    public @Nullable Pointer language;
    public byte detectLanguage;
    public byte suppressBlank;
    public byte suppressNonSpeech;
    public float temperature;
    public float maxInitialTimestamp;
    public float lengthPenalty;
    public float temperatureStep;
    public float entropyThreshold;
    public float logProbabilityThreshold;
    public float noSpeechThreshold;
    public int bestOf;
    public int beamSize;
    public float patience;
    public @Nullable Pointer segmentCallback;
    public @Nullable Pointer segmentData;
    public @Nullable Pointer progressCallback;
    public @Nullable Pointer progressData;
    public @Nullable Pointer beginCallback;
    public @Nullable Pointer beginData;
    public @Nullable Pointer abortCallback;
    public @Nullable Pointer abortData;
    public @Nullable Pointer filterCallback;
    public @Nullable Pointer filterData;
    public @Nullable Pointer grammarRules;
    public long grammarRuleCount;
    public long grammarStart;
    public float grammarPenalty;

    /** As the C function takes it. */
    static final class ByValue extends FullParameters implements Structure.ByValue {}
  }
}
