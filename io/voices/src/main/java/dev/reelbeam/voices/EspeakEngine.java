package dev.reelbeam.voices;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * espeak-ng 1.52 in this process, from the native library that the piper-jni artifact carries.
 *
 * <p>espeak tells where a word begins, to the sample. Where it ends is read off the audio: the last
 * sound before the next word begins.
 */
final class EspeakEngine implements Engine {
  static final String NAME = "espeak";

  private static final String LIBRARY_FILE = "libespeak-ng.so";
  private static final String LICENCE = "GPL-3.0-or-later";

  /** espeak's own unit is English words a minute; its default of 175 is hurried. */
  private static final int BASE_RATE = 150;

  /** Where that gives more or less than the 150 to 175 words a minute of narration (measured). */
  private static final Map<String, Integer> BASE_RATES =
      Map.of("de", 145, "en", 142, "es", 155, "fr", 125, "it", 160, "nl", 138, "pl", 165);

  private static final int SLOWEST_RATE = 80;
  private static final int FASTEST_RATE = 450;

  /** Below this a sample is taken as silence, out of 32768. */
  private static final int SILENCE_LEVEL = 120;

  private static final long EVENT_BYTES = 40;
  private static final long EVENT_TYPE_AT = 0;
  private static final long EVENT_TEXT_POSITION_AT = 8;
  private static final long EVENT_LENGTH_AT = 12;
  private static final long EVENT_AUDIO_POSITION_MS_AT = 16;

  private @Nullable NativeLibrary loaded;
  private @Nullable Path folder;
  private int sampleRate;

  /** Held in a field: the native side keeps a bare pointer to it. */
  private final Recorder recorder = new Recorder();

  @Override
  public List<VoiceInfo> voices() throws EngineException {
    if (libraryName() == null) {
      return List.of();
    }
    EspeakLibrary espeak = load();
    List<VoiceInfo> voices = new ArrayList<>();
    Pointer list = espeak.espeak_ListVoices(null);
    for (int i = 0; list.getPointer((long) i * Native.POINTER_SIZE) != null; i++) {
      Pointer voice = list.getPointer((long) i * Native.POINTER_SIZE);
      String name = voice.getPointer(0).getString(0, "UTF-8");
      // A list of (priority byte, tag); the first is the voice's own language.
      String language = voice.getPointer(Native.POINTER_SIZE).getString(1, "UTF-8");
      String identifier = voice.getPointer(2L * Native.POINTER_SIZE).getString(0, "UTF-8");
      if (!identifier.startsWith("mb/") && !identifier.startsWith("!v/")) {
        // The file's own name is what espeak selects a voice by without doubt.
        String voiceName = identifier.substring(identifier.lastIndexOf('/') + 1);
        voices.add(new VoiceInfo(NAME, voiceName, name.replace('_', ' '), language, LICENCE));
      }
    }
    return voices;
  }

  @Override
  public Utterance speak(String voice, String text, int speedPermille) throws EngineException {
    EspeakLibrary espeak = load();
    if (espeak.espeak_SetVoiceByName(voice) != 0) {
      throw new EngineException("no_voice", "espeak has no voice " + voice);
    }
    String language = voice.toLowerCase(Locale.ROOT).split("-", 2)[0];
    int rate = Math.round(BASE_RATES.getOrDefault(language, BASE_RATE) * speedPermille / 1000f);
    espeak.espeak_SetParameter(
        EspeakLibrary.RATE, Math.max(SLOWEST_RATE, Math.min(FASTEST_RATE, rate)), 0);
    recorder.clear();
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int status =
        espeak.espeak_Synth(
            Arrays.copyOf(utf8, utf8.length + 1),
            utf8.length + 1L,
            0,
            EspeakLibrary.POS_CHARACTER,
            0,
            EspeakLibrary.CHARS_UTF8,
            null,
            null);
    if (status != 0 || espeak.espeak_Synchronize() != 0) {
      throw new EngineException("engine_failed", "espeak gave up with status " + status);
    }
    return recorder.utterance(text, sampleRate);
  }

  /**
   * A library as it is before its first sentence. It is loaded anew for each text (a few
   * milliseconds): its static oscillators remember the last text even across its own {@code
   * espeak_Terminate}, and the same text must give the same samples, whatever was said before.
   */
  private EspeakLibrary load() throws EngineException {
    String name = libraryName();
    if (name == null) {
      throw new EngineException("no_voice", "espeak has no library for this machine");
    }
    unload();
    try {
      Path files = unpacked(name);
      String binary = files.resolve(LIBRARY_FILE).toString();
      EspeakLibrary espeak = Native.load(binary, EspeakLibrary.class);
      loaded = ((Library.Handler) Proxy.getInvocationHandler(espeak)).getNativeLibrary();
      sampleRate =
          espeak.espeak_Initialize(
              EspeakLibrary.AUDIO_OUTPUT_RETRIEVAL,
              0,
              files.toString(),
              EspeakLibrary.INITIALIZE_DONT_EXIT);
      if (sampleRate <= 0) {
        throw new EngineException("engine_failed", "espeak did not accept its data");
      }
      espeak.espeak_ng_SetRandSeed(1);
      espeak.espeak_SetSynthCallback(recorder);
      return espeak;
    } catch (IOException | UnsatisfiedLinkError e) {
      throw new EngineException("engine_failed", "espeak cannot be loaded: " + e, e);
    }
  }

  private void unload() {
    NativeLibrary library = loaded;
    if (library != null) {
      library.getFunction("espeak_Terminate").invokeInt(new Object[0]);
      library.close();
      loaded = null;
    }
  }

  private Path unpacked(String libraryName) throws IOException {
    Path files = folder;
    if (files == null) {
      NativeFolder made = NativeFolder.make("espeak");
      made.copy(libraryName, LIBRARY_FILE);
      files = made.path();
      try (InputStream in = NativeFolder.resource("espeak-ng-data.zip")) {
        unzip(in, Files.createDirectory(files.resolve("espeak-ng-data")));
      }
      folder = files;
    }
    return files;
  }

  private static @Nullable String libraryName() {
    String machine = NativeFolder.machine();
    if (machine == null) {
      return null;
    }
    return machine
        + (machine.startsWith("debian") ? "/libespeak-ng.so.1" : "/libespeak-ng.1.dylib");
  }

  private static void unzip(InputStream in, Path folder) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
          throw new IOException("unexpected entry " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          Files.copy(zip, target);
        }
      }
    }
  }

  /** Collects samples and word events while espeak speaks. */
  private static final class Recorder implements EspeakLibrary.SynthCallback {
    private short[] samples = new short[1 << 18];
    private int count;

    /** Start in milliseconds, first code point (from 0), length in code points. */
    private final List<int[]> marks = new ArrayList<>();

    void clear() {
      count = 0;
      marks.clear();
    }

    @Override
    public int invoke(@Nullable Pointer block, int sampleCount, Pointer events) {
      if (block != null && sampleCount > 0) {
        if (count + sampleCount > samples.length) {
          samples = Arrays.copyOf(samples, Math.max(samples.length * 2, count + sampleCount));
        }
        block.read(0, samples, count, sampleCount);
        count += sampleCount;
      }
      for (long at = 0; ; at += EVENT_BYTES) {
        int type = events.getInt(at + EVENT_TYPE_AT);
        if (type == EspeakLibrary.EVENT_LIST_TERMINATED) {
          return 0;
        }
        if (type == EspeakLibrary.EVENT_WORD) {
          marks.add(
              new int[] {
                events.getInt(at + EVENT_AUDIO_POSITION_MS_AT),
                events.getInt(at + EVENT_TEXT_POSITION_AT) - 1,
                events.getInt(at + EVENT_LENGTH_AT)
              });
        }
      }
    }

    Utterance utterance(String text, int sampleRate) {
      List<TimedWord> words = new ArrayList<>();
      for (int i = 0; i < marks.size(); i++) {
        int[] mark = marks.get(i);
        int codePoints = text.codePointCount(0, text.length());
        int first = Math.max(0, Math.min(mark[1], codePoints));
        int last = Math.max(first, Math.min(mark[1] + mark[2], codePoints));
        int charStart = text.offsetByCodePoints(0, first);
        int charEnd = text.offsetByCodePoints(0, last);
        int startSample = sampleAt(mark[0], sampleRate);
        int endSample = i + 1 < marks.size() ? sampleAt(marks.get(i + 1)[0], sampleRate) : count;
        while (endSample > startSample && Math.abs(samples[endSample - 1]) < SILENCE_LEVEL) {
          endSample--;
        }
        if (charEnd > charStart && endSample > startSample) {
          words.add(
              new TimedWord(
                  text.substring(charStart, charEnd),
                  charStart,
                  charEnd,
                  startSample * 1_000_000L / sampleRate,
                  endSample * 1_000_000L / sampleRate));
        }
      }
      return new Utterance(Arrays.copyOf(samples, count), count, sampleRate, words);
    }

    private int sampleAt(int milliseconds, int sampleRate) {
      return (int) Math.min(count, (long) milliseconds * sampleRate / 1000);
    }
  }
}
