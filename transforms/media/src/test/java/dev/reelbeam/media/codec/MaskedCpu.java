package dev.reelbeam.media.codec;

import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.model.failure.StageException;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.global.avutil;

/** A machine with fewer instructions than this one. */
public final class MaskedCpu {
  private MaskedCpu() {}

  /** FFmpeg uses plain C for the rest of this process. */
  public static void hideFromFfmpeg() {
    Av.load();
    avutil.av_force_cpu_flags(0);
  }

  /** An encoder whose x264 uses plain C. */
  public static VideoEncoder open(EncodingSettings settings, Canvas canvas, Path out)
      throws StageException {
    return VideoEncoder.open(settings, canvas, out, "asm=0");
  }
}
