package dev.reelbeam.media.codec;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_FATAL;
import static org.bytedeco.ffmpeg.global.avutil.av_log_get_level;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import java.nio.charset.StandardCharsets;

/** What the audio codecs share: words for native errors. */
final class AudioNative {
  /** ENOSPC, as FFmpeg returns it. */
  private static final int NO_SPACE = -28;

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
