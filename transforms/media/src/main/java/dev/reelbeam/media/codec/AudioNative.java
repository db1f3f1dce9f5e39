package dev.reelbeam.media.codec;

import static org.bytedeco.ffmpeg.global.avutil.AV_CPU_FLAG_CMOV;
import static org.bytedeco.ffmpeg.global.avutil.AV_CPU_FLAG_MMX;
import static org.bytedeco.ffmpeg.global.avutil.AV_CPU_FLAG_MMXEXT;
import static org.bytedeco.ffmpeg.global.avutil.AV_CPU_FLAG_SSE;
import static org.bytedeco.ffmpeg.global.avutil.AV_CPU_FLAG_SSE2;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_FATAL;
import static org.bytedeco.ffmpeg.global.avutil.av_force_cpu_flags;
import static org.bytedeco.ffmpeg.global.avutil.av_get_cpu_flags;
import static org.bytedeco.ffmpeg.global.avutil.av_log_get_level;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import java.nio.charset.StandardCharsets;

/** What the audio codecs share: words for native errors, and equal arithmetic on every machine. */
final class AudioNative {
  /** What every x86-64 processor has. */
  private static final int BASELINE =
      AV_CPU_FLAG_MMX | AV_CPU_FLAG_MMXEXT | AV_CPU_FLAG_SSE | AV_CPU_FLAG_SSE2 | AV_CPU_FLAG_CMOV;

  /** ENOSPC, as FFmpeg returns it. */
  private static final int NO_SPACE = -28;

  private static final Object CPU_FLAGS = new Object();

  static {
    // Every failure is reported with its cause by an exception; the native log would only repeat
    // it.
    av_log_set_level(Math.min(av_log_get_level(), AV_LOG_FATAL));
  }

  private AudioNative() {}

  /** A call into FFmpeg that returned a negative number. */
  static final class NativeFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final int error;

    NativeFailure(String message) {
      this(message, 0);
    }

    NativeFailure(String message, int error) {
      super(message);
      this.error = error;
    }

    boolean diskFull() {
      return error == NO_SPACE;
    }
  }

  /** Opens a native context; see {@link #onBaselineCpu}. */
  interface Opening {
    int open();
  }

  /**
   * Runs an opening with the functions every x86-64 machine has.
   *
   * <p>FFmpeg's float code (AAC transform, resampler, loudness filter) rounds differently with AVX
   * and FMA than with SSE2, so the same mix would give other bytes on another worker. The functions
   * are chosen while a context opens. The switch is process-wide: a video context opened by another
   * thread in those few milliseconds gets slower functions too, but equal results, since its
   * arithmetic is in integers.
   */
  static int onBaselineCpu(Opening opening) {
    synchronized (CPU_FLAGS) {
      int flags = av_get_cpu_flags();
      av_force_cpu_flags(flags & BASELINE);
      try {
        return opening.open();
      } finally {
        av_force_cpu_flags(flags);
      }
    }
  }

  /**
   * Runs an opening while nobody changes the CPU flags: a context that saw them change half-way
   * could choose tables for one set of instructions and code for another.
   */
  static int onSteadyCpu(Opening opening) {
    synchronized (CPU_FLAGS) {
      return opening.open();
    }
  }

  /** Returns the result, or throws with FFmpeg's words when it is negative. */
  static int check(int result, String doing) throws NativeFailure {
    if (result < 0) {
      throw new NativeFailure(doing + ": " + describe(result), result);
    }
    return result;
  }

  static String describe(int error) {
    byte[] text = new byte[256];
    if (av_strerror(error, text, text.length) < 0) {
      return "error " + error;
    }
    int end = 0;
    while (end < text.length && text[end] != 0) {
      end++;
    }
    return new String(text, 0, end, StandardCharsets.UTF_8);
  }
}
