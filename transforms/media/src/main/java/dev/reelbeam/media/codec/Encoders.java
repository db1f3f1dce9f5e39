package dev.reelbeam.media.codec;

import static org.bytedeco.ffmpeg.global.avutil.AV_HWDEVICE_TYPE_CUDA;
import static org.bytedeco.ffmpeg.global.avutil.av_buffer_unref;
import static org.bytedeco.ffmpeg.global.avutil.av_hwdevice_ctx_create;

import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVBufferRef;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.jspecify.annotations.Nullable;

/**
 * Which encoders work on this machine, found out by trial: a build carries NVENC by name wherever
 * it runs.
 */
public final class Encoders {
  /** Stands for {@link #AUTOMATIC}. */
  public static final String AUTO = "auto";

  /** A GPU's encoder where there is one, else x264, else OpenH264: the first that works. */
  public static final List<String> AUTOMATIC =
      List.of(EncodingSettings.NVENC, EncodingSettings.X264, EncodingSettings.OPEN_H264);

  private static final Canvas TRIAL_CANVAS = new Canvas(256, 256, 30);
  private static final int TRIAL_FRAMES = 4;

  private Encoders() {}

  /**
   * How a trial came out.
   *
   * @param problem why the encoder does not work here; null when it does
   */
  public record Trial(String encoder, @Nullable String problem) {
    public boolean works() {
      return problem == null;
    }
  }

  /** Tries an encoder out. */
  @FunctionalInterface
  public interface Trier {
    Trial tryOut(String encoder);
  }

  /** Encodes a few small frames; takes some milliseconds, with a GPU up to a second. */
  public static Trial tryOut(String encoder) {
    if (!VideoEncoder.available(encoder)) {
      return new Trial(encoder, "this build of FFmpeg does not carry it");
    }
    if (encoder.equals(EncodingSettings.NVENC)) {
      String problem = cudaProblem();
      if (problem != null) {
        return new Trial(encoder, problem);
      }
    }
    Path file = null;
    try {
      file = Files.createTempFile("reelbeam-trial-", ".mp4");
      EncodingSettings settings = EncodingSettings.preview(30).withEncoder(encoder);
      try (VideoEncoder trial = VideoEncoder.open(settings, TRIAL_CANVAS, file)) {
        trial.encode(new YuvFrame(TRIAL_CANVAS.width(), TRIAL_CANVAS.height()));
        for (int i = 1; i < TRIAL_FRAMES; i++) {
          trial.repeat();
        }
        trial.finish();
      }
      return new Trial(encoder, null);
    } catch (StageException e) {
      return new Trial(encoder, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return new Trial(encoder, "no temporary file: " + e.getMessage());
    } finally {
      delete(file);
    }
  }

  /**
   * The first of the wanted encoders that works here.
   *
   * @param wanted names in order of preference; the first alone means that nothing else will do,
   *     {@value #AUTO} stands for {@link #AUTOMATIC}
   * @throws StageException 3030 if none works, with the reason of each
   */
  public static String choose(List<String> wanted) throws StageException {
    return choose(wanted, Encoders::tryOut);
  }

  static String choose(List<String> wanted, Trier trier) throws StageException {
    List<String> names = new ArrayList<>();
    for (String name : wanted) {
      names.addAll(name.equals(AUTO) ? AUTOMATIC : List.of(name));
    }
    List<String> problems = new ArrayList<>();
    for (String name : names) {
      Trial trial = trier.tryOut(name);
      if (trial.works()) {
        return name;
      }
      problems.add(name + ": " + trial.problem());
    }
    throw new StageException(FailureCode.ENCODER_UNAVAILABLE, String.join("; ", problems));
  }

  /** Why the driver gives no context; null when it gives one. */
  private static @Nullable String cudaProblem() {
    Av.load();
    AVBufferRef device = new AVBufferRef(null);
    int result =
        av_hwdevice_ctx_create(
            device, AV_HWDEVICE_TYPE_CUDA, (String) null, (AVDictionary) null, 0);
    if (result < 0) {
      return "no NVIDIA driver with a GPU answers (" + Av.message(result) + ")";
    }
    av_buffer_unref(device);
    return null;
  }

  private static void delete(@Nullable Path file) {
    if (file == null) {
      return;
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      file.toFile().deleteOnExit();
    }
  }
}
