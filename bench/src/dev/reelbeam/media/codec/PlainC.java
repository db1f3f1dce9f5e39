package dev.reelbeam.media.codec;

import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.model.failure.StageException;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.global.avutil;

/** FFmpeg and x264 without their assembly. */
public final class PlainC {
  private PlainC() {}

  /** FFmpeg chooses its C functions from now on. */
  public static void ffmpeg() {
    Av.load();
    avutil.av_force_cpu_flags(0);
  }

  /** An encoder; with further parameters of x264, for example {@code asm=0}. */
  public static VideoEncoder encoder(
      EncodingSettings settings, Canvas canvas, Path out, String x264Params)
      throws StageException {
    return VideoEncoder.open(settings, canvas, out, x264Params);
  }
}
