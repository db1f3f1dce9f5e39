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
import java.util.stream.Stream;
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

  /**
   * The processor's encoders: x264, and OpenH264 in the build without GPL parts. Their quality is
   * measured, and their bytes are the same on every machine. A GPU's is used by its name only.
   */
  public static final List<String> AUTOMATIC =
      List.of(EncodingSettings.X264, EncodingSettings.OPEN_H264);

  /** Every encoder that can be asked for by its name. */
  public static final List<String> KNOWN =
      List.of(EncodingSettings.X264, EncodingSettings.OPEN_H264, EncodingSettings.NVENC);

  private static final Canvas TRIAL_CANVAS = new Canvas(256, 256, 30);
  private static final int TRIAL_FRAMES = 12;
  private static final int TRIAL_CAP_KBPS = 1_000;
  private static final int TRIAL_STEP = 3;
  private static final int GREY = 128;

  private Encoders() {}

  /** Whether this may be asked for: a known name, or {@value #AUTO}. */
  public static boolean isKnown(String name) {
    return name.equals(AUTO) || KNOWN.contains(name);
  }

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

  /**
   * Encodes two small segments that show different things, under a cap, and joins them: an encoder
   * whose headers depend on what it is shown makes no video of segments. Takes some tens of
   * milliseconds, with a GPU up to a second.
   */
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
    Path folder = null;
    try {
      folder = Files.createTempDirectory("reelbeam-trial-");
      EncodingSettings settings =
          EncodingSettings.standard(TRIAL_CANVAS.frameRate())
              .withCap(TRIAL_CAP_KBPS, TRIAL_CAP_KBPS)
              .withEncoder(encoder);
      List<Path> segments =
          List.of(
              encoded(settings, folder.resolve("still.mp4"), 0),
              encoded(settings, folder.resolve("moving.mp4"), TRIAL_STEP));
      int frames = Mp4Joiner.join(segments, null, TRIAL_CANVAS, folder.resolve("joined.mp4"));
      return new Trial(
          encoder,
          frames == 2 * TRIAL_FRAMES ? null : "of " + 2 * TRIAL_FRAMES + " frames came " + frames);
    } catch (StageException e) {
      return new Trial(encoder, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return new Trial(encoder, "no temporary folder: " + e.getMessage());
    } finally {
      delete(folder);
    }
  }

  /** A segment of a pattern that goes on by so many pixels a frame. */
  private static Path encoded(EncodingSettings settings, Path file, int step)
      throws StageException {
    try (VideoEncoder trial = VideoEncoder.open(settings, TRIAL_CANVAS, file)) {
      YuvFrame frame = new YuvFrame(TRIAL_CANVAS.width(), TRIAL_CANVAS.height());
      for (int number = 0; number < TRIAL_FRAMES; number++) {
        for (int y = 0; y < frame.height(); y++) {
          for (int x = 0; x < frame.width(); x++) {
            frame.luma().set(x, y, step == 0 ? GREY : 16 + (x * y / 8 + step * number) % 200);
          }
        }
        trial.encode(frame);
      }
      trial.finish();
    }
    return file;
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

  /** The same by another trial. */
  public static String choose(List<String> wanted, Trier trier) throws StageException {
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

  private static void delete(@Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      folder.toFile().deleteOnExit();
    }
  }
}
