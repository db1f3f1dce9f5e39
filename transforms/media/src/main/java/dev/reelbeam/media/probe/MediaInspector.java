package dev.reelbeam.media.probe;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_EF_EXPLODE;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_profile_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_FATAL;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_NV12;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV422P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV444P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.av_color_primaries_name;
import static org.bytedeco.ffmpeg.global.avutil.av_color_range_name;
import static org.bytedeco.ffmpeg.global.avutil.av_color_space_name;
import static org.bytedeco.ffmpeg.global.avutil.av_color_transfer_name;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.avutil.av_get_pix_fmt_name;
import static org.bytedeco.ffmpeg.global.avutil.av_log_get_level;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;

import dev.reelbeam.media.codec.AudioDecoder;
import dev.reelbeam.media.codec.AudioLevels;
import dev.reelbeam.media.codec.AudioLimits;
import dev.reelbeam.media.codec.AudioLoudness;
import dev.reelbeam.media.codec.AudioPcm;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a finished MP4 file, every frame and every sample once, and reports what it is.
 *
 * <p>The cost is that of decoding plus a few percent: pictures are looked at through a coarse grid,
 * see {@link PictureWatch}.
 */
public final class MediaInspector {
  /** Larger files are refused; a quarter of an hour in the best quality stays far below. */
  private static final long MAX_BYTES = 8L << 30;

  private static final int MAX_FRAMES = 2_000_000;
  private static final int NAL_IDR = 5;

  static {
    // Damage is counted in the report; the native log would only repeat it.
    av_log_set_level(Math.min(av_log_get_level(), AV_LOG_FATAL));
  }

  private MediaInspector() {}

  /** Inspects with one decoder thread. */
  public static MediaReport inspect(Path file) throws StageException {
    return inspect(file, 1);
  }

  /**
   * Inspects a file.
   *
   * @param decoderThreads 1 or 2 for a machine that is shared; the figures do not depend on it
   * @throws StageException {@link FailureCode#MEDIA_UNREADABLE} when the file is missing, empty,
   *     truncated, or not an MP4 video
   */
  public static MediaReport inspect(Path file, int decoderThreads) throws StageException {
    try {
      if (!Files.isRegularFile(file)) {
        throw unreadable(file, "no such file", null);
      }
      long bytes = Files.size(file);
      if (bytes == 0) {
        throw unreadable(file, "the file is empty", null);
      }
      if (bytes > MAX_BYTES) {
        throw unreadable(file, bytes + " bytes are too many", null);
      }
      Mp4Boxes boxes = Mp4Boxes.read(file);
      VideoReport video;
      @Nullable SoundStream sound;
      try (Pass pass = new Pass(file, decoderThreads)) {
        video = pass.run();
        sound = pass.sound();
      }
      AudioReport audio = sound == null ? null : listen(file, sound);
      return new MediaReport(
          bytes,
          boxes.brand(),
          boxes.moovBeforeMdat(),
          boxes.editList(),
          boxes.colorBox(),
          video,
          audio);
    } catch (IOException e) {
      throw unreadable(file, e.getMessage(), e);
    }
  }

  private static StageException unreadable(
      Path file, @Nullable String why, @Nullable Throwable cause) {
    return new StageException(FailureCode.MEDIA_UNREADABLE, file.getFileName() + ": " + why, cause);
  }

  private record SoundStream(long startUs, long bitRate) {}

  private static AudioReport listen(Path file, SoundStream sound) throws StageException {
    AudioLimits limits = new AudioLimits(MAX_BYTES, 6 * 3600);
    SilenceWatch silence = new SilenceWatch(AudioPcm.SAMPLE_RATE);
    Listener listener = new Listener(silence);
    try (listener) {
      AudioDecoder.Summary heard = AudioDecoder.stream(file, limits, listener);
      AudioLevels levels = listener.levels();
      return new AudioReport(
          heard.codec(),
          heard.profile(),
          heard.sampleRate(),
          heard.channels(),
          heard.samples(),
          sound.startUs(),
          heard.samples() * 1_000_000 / heard.sampleRate(),
          sound.bitRate(),
          levels.integratedMilliLufs(),
          levels.rangeMilliLu(),
          levels.truePeakMilliDb(),
          heard.damagedPackets(),
          silence.end());
    } catch (StageException e) {
      throw new StageException(FailureCode.MEDIA_UNREADABLE, e.getMessage() + " (sound)", e);
    }
  }

  /** Hears one or two channels; how many is known with the first block. */
  private static final class Listener implements AudioDecoder.BlockSink, AutoCloseable {
    private final SilenceWatch silence;
    private @Nullable AudioLoudness loudness;

    Listener(SilenceWatch silence) {
      this.silence = silence;
    }

    @Override
    public void accept(float[][] planes, int count) {
      if (loudness == null) {
        loudness = new AudioLoudness(planes.length, AudioPcm.SAMPLE_RATE);
      }
      loudness.add(planes, 0, count);
      silence.add(planes, count);
    }

    AudioLevels levels() {
      return loudness == null
          ? new AudioLevels(AudioLevels.SILENT, 0, AudioLevels.SILENT)
          : loudness.levels();
    }

    @Override
    public void close() {
      if (loudness != null) {
        loudness.close();
      }
    }
  }

  /** One walk over the pictures: holds every native object and frees it in {@link #close}. */
  private static final class Pass implements AutoCloseable {
    private final Path file;
    private final int threads;
    private final AVPacket packet = av_packet_alloc();
    private final AVFrame frame = av_frame_alloc();
    private @Nullable AVFormatContext format;
    private @Nullable AVCodecContext codec;
    private @Nullable PictureWatch watch;
    private @Nullable SoundStream sound;
    private long timeBaseNumerator = 1;
    private long timeBaseDenominator = 1;
    private long[] times = new long[4096];
    private int frames;
    private int decodeErrors;
    private int packets;
    private int keyframes;
    private int gopFrames;
    private int longestGopFrames;
    private boolean closedGops = true;
    private long newestKeyTime = Long.MIN_VALUE;
    private long latestTime = Long.MIN_VALUE;
    private int lengthBytes;
    private int pixelFormat;
    private int range;
    private String primaries = "unknown";
    private String transfer = "unknown";
    private String matrix = "unknown";

    Pass(Path file, int threads) {
      this.file = file;
      this.threads = threads;
    }

    @Nullable SoundStream sound() {
      return sound;
    }

    VideoReport run() throws StageException {
      AVFormatContext input = open();
      int index = av_find_best_stream(input, AVMEDIA_TYPE_VIDEO, -1, -1, (AVCodec) null, 0);
      if (index < 0) {
        throw unreadable(file, "no picture in it", null);
      }
      int soundIndex = av_find_best_stream(input, AVMEDIA_TYPE_AUDIO, -1, -1, (AVCodec) null, 0);
      for (int i = 0; i < input.nb_streams(); i++) {
        if (i != index) {
          input.streams(i).discard(AVDISCARD_ALL);
        }
      }
      sound = soundIndex < 0 ? null : describeSound(input.streams(soundIndex));
      AVStream stream = input.streams(index);
      timeBaseNumerator = stream.time_base().num();
      timeBaseDenominator = stream.time_base().den();
      AVCodecContext decoder = openDecoder(stream);
      int readResult;
      while ((readResult = av_read_frame(input, packet)) >= 0) {
        if (packet.stream_index() == index) {
          watchPacket(stream.codecpar());
          decode(decoder, packet);
        }
        av_packet_unref(packet);
      }
      if (readResult != AVERROR_EOF) {
        decodeErrors++;
      }
      decode(decoder, null);
      if (frames == 0) {
        throw unreadable(file, "not one picture can be decoded", null);
      }
      return report(stream.codecpar(), decoder);
    }

    private AVFormatContext open() throws StageException {
      AVDictionary options = new AVDictionary(null);
      av_dict_set(options, "protocol_whitelist", "file", 0);
      av_dict_set(options, "format_whitelist", "mov", 0);
      AVFormatContext input = avformat_alloc_context();
      int opened = avformat_open_input(input, "file:" + file.toAbsolutePath(), null, options);
      av_dict_free(options);
      if (opened < 0) {
        throw unreadable(file, "not a video", null);
      }
      // No look-ahead over the streams: it would decode their first pictures a second time.
      format = input;
      return input;
    }

    private AVCodecContext openDecoder(AVStream stream) throws StageException {
      AVCodecParameters parameters = stream.codecpar();
      AVCodec found = avcodec_find_decoder(parameters.codec_id());
      if (found == null || found.isNull()) {
        throw unreadable(file, "a kind of video that cannot be decoded", null);
      }
      AVCodecContext decoder = avcodec_alloc_context3(found);
      codec = decoder;
      decoder.thread_count(Math.max(1, threads));
      decoder.pkt_timebase(stream.time_base());
      // Damage shall be counted, not painted over.
      decoder.err_recognition(AV_EF_EXPLODE);
      if (avcodec_parameters_to_context(decoder, parameters) < 0
          || avcodec_open2(decoder, found, (PointerPointer<?>) null) < 0) {
        throw unreadable(file, "its video cannot be decoded", null);
      }
      byte[] extra = new byte[Math.max(0, Math.min(parameters.extradata_size(), 5))];
      if (parameters.codec_id() == AV_CODEC_ID_H264 && extra.length == 5) {
        parameters.extradata().position(0).get(extra);
        lengthBytes = extra[0] == 1 ? (extra[4] & 3) + 1 : 0;
      }
      return decoder;
    }

    private SoundStream describeSound(AVStream stream) {
      AVCodecParameters parameters = stream.codecpar();
      long start = stream.start_time() == AV_NOPTS_VALUE ? 0 : stream.start_time();
      long startUs = start * 1_000_000 * stream.time_base().num() / stream.time_base().den();
      return new SoundStream(startUs, parameters.bit_rate());
    }

    /** Looks at order and kind of the packets: distance of keyframes, closed groups. */
    private void watchPacket(AVCodecParameters parameters) {
      packets++;
      long time = packet.pts();
      boolean key = (packet.flags() & AV_PKT_FLAG_KEY) != 0;
      if (key) {
        longestGopFrames = Math.max(longestGopFrames, gopFrames);
        gopFrames = 0;
        keyframes++;
        // What was sent before a keyframe must be shown before it, and the other way round.
        closedGops &= time > latestTime;
        newestKeyTime = time;
        if (lengthBytes > 0 && parameters.codec_id() == AV_CODEC_ID_H264) {
          closedGops &= holdsIdr();
        }
      } else {
        closedGops &= keyframes > 0 && time > newestKeyTime;
      }
      latestTime = Math.max(latestTime, time);
      gopFrames++;
    }

    private boolean holdsIdr() {
      int size = packet.size();
      ByteBuffer data = packet.data().position(0).capacity(size).asByteBuffer();
      int at = 0;
      while (at + lengthBytes < size) {
        int length = 0;
        for (int i = 0; i < lengthBytes; i++) {
          length = (length << 8) | (data.get(at + i) & 0xff);
        }
        at += lengthBytes;
        int type = data.get(at) & 0x1f;
        if (type == NAL_IDR) {
          return true;
        }
        if (length <= 0 || length > size - at) {
          return false;
        }
        at += length;
      }
      return false;
    }

    private void decode(AVCodecContext decoder, @Nullable AVPacket next) throws StageException {
      int sent = avcodec_send_packet(decoder, next);
      if (sent < 0 && sent != AVERROR_EOF) {
        decodeErrors++;
      }
      while (true) {
        int received = avcodec_receive_frame(decoder, frame);
        if (received == AVERROR_EAGAIN() || received == AVERROR_EOF) {
          return;
        }
        if (received < 0) {
          decodeErrors++;
          if (next != null) {
            return;
          }
          continue;
        }
        watchFrame();
        av_frame_unref(frame);
      }
    }

    private void watchFrame() throws StageException {
      if (frames >= MAX_FRAMES) {
        throw unreadable(file, "more than " + MAX_FRAMES + " frames", null);
      }
      if (frame.decode_error_flags() != 0 || (frame.flags() & AVFrame.AV_FRAME_FLAG_CORRUPT) != 0) {
        decodeErrors++;
      }
      if (frames == 0) {
        pixelFormat = frame.format();
        range = frame.color_range();
        primaries = name(av_color_primaries_name(frame.color_primaries()));
        transfer = name(av_color_transfer_name(frame.color_trc()));
        matrix = name(av_color_space_name(frame.colorspace()));
        if (hasByteLuma(pixelFormat)) {
          watch = new PictureWatch(frame.width(), frame.height(), range == AVCOL_RANGE_JPEG);
        }
      }
      if (frames == times.length) {
        times = Arrays.copyOf(times, times.length * 2);
      }
      long time = frame.best_effort_timestamp();
      times[frames++] = time;
      if (watch != null) {
        int stride = frame.linesize(0);
        try (BytePointer luma = new BytePointer(frame.data(0))) {
          luma.capacity((long) stride * frame.height());
          watch.frame(luma.asByteBuffer(), stride, toUs(time - times[0]));
        }
      }
    }

    private VideoReport report(AVCodecParameters parameters, AVCodecContext decoder) {
      longestGopFrames = Math.max(longestGopFrames, gopFrames);
      long span = times[frames - 1] - times[0];
      long step = frames > 1 ? Math.max(1, Math.round(span / (double) (frames - 1))) : 0;
      boolean constant = true;
      // A clock that is no multiple of the frame rate rounds each time by up to one tick.
      boolean exact = frames > 1 && span == step * (frames - 1);
      for (int i = 0; i < frames && frames > 1; i++) {
        long ideal =
            exact ? times[0] + i * step : times[0] + Math.round(i * (span / (double) (frames - 1)));
        constant &= Math.abs(times[i] - ideal) <= (exact ? 0 : 1);
      }
      long[] rate = rate(span, step, exact);
      long durationUs = frames > 1 ? Math.floorDiv(frames * 1_000_000L * rate[1], rate[0]) : 0;
      if (watch != null) {
        watch.end(durationUs);
      }
      List<Stretch> none = List.of();
      return new VideoReport(
          name(avcodec_get_name(parameters.codec_id())),
          name(avcodec_profile_name(parameters.codec_id(), decoder.profile())),
          decoder.level(),
          decoder.width(),
          decoder.height(),
          name(av_get_pix_fmt_name(pixelFormat)),
          (int) rate[0],
          (int) rate[1],
          constant,
          frames,
          toUs(times[0]),
          durationUs,
          keyframes,
          longestGopFrames,
          closedGops,
          primaries,
          transfer,
          matrix,
          name(av_color_range_name(range)),
          decodeErrors + Math.max(0, packets - frames),
          watch != null,
          watch == null ? none : watch.black(),
          watch == null ? none : watch.frozen());
    }

    /** Frames per second as a reduced fraction; 0/1 for a single picture. */
    private long[] rate(long span, long step, boolean exact) {
      if (frames < 2 || span <= 0) {
        return new long[] {0, 1};
      }
      long numerator = exact ? timeBaseDenominator : timeBaseDenominator * (frames - 1);
      long denominator = exact ? timeBaseNumerator * step : timeBaseNumerator * span;
      long divisor = gcd(numerator, denominator);
      numerator /= divisor;
      denominator /= divisor;
      while (numerator > Integer.MAX_VALUE || denominator > Integer.MAX_VALUE) {
        numerator /= 2;
        denominator = Math.max(1, denominator / 2);
      }
      return new long[] {numerator, denominator};
    }

    private static long gcd(long a, long b) {
      return b == 0 ? Math.max(1, a) : gcd(b, a % b);
    }

    private long toUs(long time) {
      return Math.floorDiv(time * 1_000_000L * timeBaseNumerator, timeBaseDenominator);
    }

    private static boolean hasByteLuma(int pixelFormat) {
      return pixelFormat == AV_PIX_FMT_YUV420P
          || pixelFormat == AV_PIX_FMT_YUVJ420P
          || pixelFormat == AV_PIX_FMT_YUV422P
          || pixelFormat == AV_PIX_FMT_YUV444P
          || pixelFormat == AV_PIX_FMT_NV12;
    }

    private static String name(@Nullable BytePointer text) {
      return text == null || text.isNull() ? "unknown" : text.getString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
      if (codec != null) {
        avcodec_free_context(codec);
      }
      if (format != null) {
        avformat_close_input(format);
      }
      av_frame_free(frame);
      av_packet_free(packet);
    }
  }
}
