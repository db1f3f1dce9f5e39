package dev.reelbeam.media.codec;

import static org.bytedeco.ffmpeg.global.avutil.AV_CPU_FLAG_CMOV;
import static org.bytedeco.ffmpeg.global.avutil.AV_CPU_FLAG_MMX;
import static org.bytedeco.ffmpeg.global.avutil.AV_CPU_FLAG_MMXEXT;
import static org.bytedeco.ffmpeg.global.avutil.AV_CPU_FLAG_SSE;
import static org.bytedeco.ffmpeg.global.avutil.AV_CPU_FLAG_SSE2;
import static org.bytedeco.ffmpeg.global.avutil.av_force_cpu_flags;
import static org.bytedeco.ffmpeg.global.avutil.av_get_cpu_flags;

/**
 * Which instructions FFmpeg uses: equal arithmetic on every machine. Whatever opens a context of
 * FFmpeg, a decoder, an encoder or a scaler, opens it in here.
 */
public final class NativeCpu {
  /** What every x86-64 processor has. */
  private static final int BASELINE =
      AV_CPU_FLAG_MMX | AV_CPU_FLAG_MMXEXT | AV_CPU_FLAG_SSE | AV_CPU_FLAG_SSE2 | AV_CPU_FLAG_CMOV;

  private static final Object FLAGS = new Object();

  private static long steadyOpenings;

  private NativeCpu() {}

  /** Opens a native context; returns what the native call did. */
  @FunctionalInterface
  public interface Opening {
    int open();
  }

  /**
   * Runs an opening with the functions every x86-64 machine has.
   *
   * <p>FFmpeg's float code (AAC transform, resampler, loudness filter) rounds differently with AVX
   * and FMA than with SSE2, so the same mix would give other bytes on another worker. The functions
   * are chosen while a context opens. The switch is process-wide, which is why every other context
   * opens {@link #steady}.
   */
  static int baseline(Opening opening) {
    synchronized (FLAGS) {
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
  public static int steady(Opening opening) {
    synchronized (FLAGS) {
      steadyOpenings++;
      return opening.open();
    }
  }

  /**
   * Loads FFmpeg's libraries, once in a process; a thread that is interrupted meanwhile ends no
   * loading. Every class of other packages that calls them does it first.
   */
  public static void load() {
    Av.load();
  }

  /** How many contexts were opened {@link #steady}; for tests. */
  static long steadyOpenings() {
    synchronized (FLAGS) {
      return steadyOpenings;
    }
  }
}
