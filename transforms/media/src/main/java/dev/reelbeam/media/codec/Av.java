package dev.reelbeam.media.codec;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_FATAL;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_make_error_string;
import static org.bytedeco.ffmpeg.global.avutil.av_opt_set;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avfilter;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swresample;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/** What every caller of the native libraries needs: loading, return codes, options. */
final class Av {
  private static final int NO_SPACE = -28;

  private Av() {}

  private static final class Loaded {
    static {
      Libraries.loadOnAThreadOfTheirOwn();
    }

    private Loaded() {}

    static void now() {}
  }

  /**
   * Loading takes locks of files, and an interrupt of the thread that does it (a task that is
   * cancelled while its worker starts) would end it half-way: the class of the library could never
   * be used again in this process, and with it nobody could encode here any more.
   */
  private static final class Libraries implements Runnable {
    private @Nullable Throwable failure;

    static void loadOnAThreadOfTheirOwn() {
      Libraries libraries = new Libraries();
      Thread loader = new Thread(libraries, "native libraries");
      loader.setDaemon(true);
      loader.start();
      boolean interrupted = false;
      while (loader.isAlive()) {
        try {
          loader.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      if (libraries.failure instanceof Error error) {
        throw error;
      }
      if (libraries.failure != null) {
        throw new IllegalStateException(libraries.failure);
      }
    }

    @Override
    public void run() {
      try {
        for (Class<?> library :
            List.of(
                avutil.class,
                swresample.class,
                swscale.class,
                avcodec.class,
                avformat.class,
                avfilter.class)) {
          Class.forName(library.getName()); // Its initializer loads it.
        }
        // Failures come back as codes; libraries that print would break progress bars.
        av_log_set_level(AV_LOG_FATAL);
      } catch (Throwable e) {
        failure = e; // Told to who waits.
      }
    }
  }

  /** Loads the native libraries once; whoever is interrupted meanwhile stays so. */
  static void load() {
    Loaded.now();
  }

  /** Passes a non-negative code on and turns a negative one into a failure. */
  static int check(int result, FailureCode code, String what) throws StageException {
    if (result >= 0) {
      return result;
    }
    throw new StageException(
        result == NO_SPACE ? FailureCode.STORAGE_FULL : code, what + ": " + message(result));
  }

  /** Refuses a null result of an allocating call. */
  static <P extends Pointer> P allocated(P pointer, String what) throws StageException {
    if (pointer == null || pointer.isNull()) {
      throw new StageException(FailureCode.MEMORY_SHORT, "no memory for " + what);
    }
    return pointer;
  }

  /** Sets an option of a codec or muxer that must exist. */
  static void option(Pointer target, String name, String value) throws StageException {
    check(
        av_opt_set(target, name, value, avutil.AV_OPT_SEARCH_CHILDREN),
        FailureCode.ENCODER_UNAVAILABLE,
        "option " + name + "=" + value);
  }

  static String message(int result) {
    byte[] text = new byte[256];
    try (BytePointer buffer = new BytePointer(text.length)) {
      av_make_error_string(buffer, text.length, result);
      buffer.get(text);
      int end = 0;
      while (end < text.length && text[end] != 0) {
        end++;
      }
      return new String(text, 0, end, StandardCharsets.UTF_8);
    }
  }
}
