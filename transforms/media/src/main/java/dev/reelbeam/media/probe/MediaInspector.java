package dev.reelbeam.media.probe;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_EF_EXPLODE;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_ref;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_flush_buffers;
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
import dev.reelbeam.media.codec.NativeCpu;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongUnaryOperator;
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
  static {
    NativeCpu.load();
  }

  /** Larger files are refused; a quarter of an hour in the best quality stays far below. */
  private static final long MAX_BYTES = 8L << 30;

  private static final int MAX_FRAMES = 2_000_000;

  /** A longer group, or what is no closed group, is decoded as it comes and not remembered. */
  private static final int MAX_GROUP_PACKETS = 300;

  private static final int NAL_IDR = 5;
  private static final String UNTAGGED = "unknown/unknown/unknown/unknown";

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
    return inspect(file, decoderThreads, new Looks());
  }

  /**
   * Inspects a file and decodes only what was not decoded before. The report is the same, whatever
   * is known: what is known was decoded from the same bytes.
   *
   * @param known what was seen before; what this inspection sees is added
   */
  public static MediaReport inspect(Path file, int decoderThreads, Looks known)
      throws StageException {
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
      try (Pass pass = new Pass(file, decoderThreads, known)) {
        video = pass.run();
        sound = pass.sound();
      }
      AudioReport audio = sound == null ? null : listen(file, sound, known);
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

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static StageException unreadable(
      Path file, @Nullable String why, @Nullable Throwable cause) {
    return new StageException(FailureCode.MEDIA_UNREADABLE, file.getFileName() + ": " + why, cause);
  }

  private record SoundStream(long startUs, long bitRate, String sha256) {}

  private static AudioReport listen(Path file, SoundStream sound, Looks known)
      throws StageException {
    HeardSound heard = known.sound(sound.sha256());
    if (heard == null) {
      heard = new HeardSound(sound.sha256(), listen(file, sound));
      known.add(heard);
    }
    return heard.report().in(sound.startUs(), sound.bitRate());
  }

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

  /** One walk over the packets: holds every native object and frees it in {@link #close}. */
  private static final class Pass implements AutoCloseable {
    private final Path file;
    private final int threads;
    private final Looks known;
    private final AVPacket packet = av_packet_alloc();
    private final AVFrame frame = av_frame_alloc();
    private final List<AVPacket> group = new ArrayList<>();
    private final List<GroupLook> looks = new ArrayList<>();
    private final MessageDigest pictureHash = sha256();
    private final MessageDigest soundHash = sha256();
    private byte[] extraData = new byte[0];
    private byte[] copy = new byte[1 << 16];
    private @Nullable AVFormatContext format;
    private @Nullable AVCodecContext codec;
    private @Nullable PictureWatch watch;
    private @Nullable SoundStream sound;
    private long timeBaseNumerator = 1;
    private long timeBaseDenominator = 1;
    private long[] times = new long[4096];
    private int frames;
    private int packets;
    private int readErrors;
    private int keyframes;
    private int gopFrames;
    private int longestGopFrames;
    private boolean closedGops = true;
    private long newestKeyTime = Long.MIN_VALUE;
    private long latestTime = Long.MIN_VALUE;
    private int lengthBytes;
    private int codecId;

    // Of the group that is being decoded.
    private boolean streaming;
    private int groupPackets;
    private int groupFrames;
    private int groupErrors;
    private int groupWidth;
    private int groupHeight;
    private String groupPixels = "unknown";
    private String groupColors = UNTAGGED;

    Pass(Path file, int threads, Looks known) {
      this.file = file;
      this.threads = threads;
      this.known = known;
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
        if (i != index && i != soundIndex) {
          input.streams(i).discard(AVDISCARD_ALL);
        }
      }
      AVStream stream = input.streams(index);
      timeBaseNumerator = stream.time_base().num();
      timeBaseDenominator = stream.time_base().den();
      AVCodecContext decoder = openDecoder(stream);
      if (soundIndex >= 0) {
        soundHash.update(extraData(input.streams(soundIndex).codecpar()));
      }
      int readResult;
      while ((readResult = av_read_frame(input, packet)) >= 0) {
        if (packet.stream_index() == index) {
          take(decoder);
        } else if (packet.stream_index() == soundIndex) {
          hash(soundHash, packet);
        }
        av_packet_unref(packet);
      }
      if (readResult != AVERROR_EOF) {
        readErrors++;
      }
      endGroup(decoder);
      sound = soundIndex < 0 ? null : describeSound(input.streams(soundIndex));
      if (looks.stream().allMatch(look -> look.frames() == 0)) {
        throw unreadable(file, "not one picture can be decoded", null);
      }
      return report();
    }

    /** Files the packet under its group; a group is decoded when it is complete. */
    private void take(AVCodecContext decoder) throws StageException {
      boolean h264 = lengthBytes > 0 && codecId == AV_CODEC_ID_H264;
      boolean key = (packet.flags() & AV_PKT_FLAG_KEY) != 0;
      boolean idr = h264 && key && holdsIdr();
      if (idr) {
        endGroup(decoder);
      }
      watchPacket(key, !h264 || idr);
      groupPackets++;
      if (!streaming) {
        AVPacket kept = av_packet_alloc();
        group.add(kept);
        if (av_packet_ref(kept, packet) < 0) {
          throw unreadable(file, "no memory for a packet of it", null);
        }
        streaming = !h264 || group.size() > MAX_GROUP_PACKETS;
        if (streaming) {
          decodeGroup(decoder);
        }
      } else {
        decode(decoder, packet);
      }
    }

    private void endGroup(AVCodecContext decoder) throws StageException {
      if (groupPackets == 0) {
        return;
      }
      String sha256 = "";
      if (!streaming) {
        pictureHash.update(extraData);
        for (AVPacket one : group) {
          hash(pictureHash, one);
        }
        sha256 = HexFormat.of().formatHex(pictureHash.digest());
        GroupLook before = known.group(sha256);
        if (before != null) {
          looks.add(before);
          dropGroup();
          forgetGroup();
          return;
        }
        decodeGroup(decoder);
      }
      decode(decoder, null);
      avcodec_flush_buffers(decoder);
      GroupLook look =
          new GroupLook(
              sha256,
              groupPackets,
              groupFrames,
              groupErrors + Math.max(0, groupPackets - groupFrames),
              name(avcodec_profile_name(codecId, decoder.profile())),
              decoder.level(),
              groupWidth,
              groupHeight,
              groupPixels,
              groupColors,
              watch != null,
              watch == null ? List.of() : watch.blackRuns(),
              watch == null ? List.of() : watch.stillSince(),
              watch == null ? "" : watch.first(),
              watch == null ? "" : watch.last());
      looks.add(look);
      if (!streaming) {
        known.decoded(look);
      }
      forgetGroup();
    }

    private void forgetGroup() {
      streaming = false;
      watch = null;
      groupPackets = 0;
      groupFrames = 0;
      groupErrors = 0;
    }

    private void decodeGroup(AVCodecContext decoder) throws StageException {
      for (AVPacket one : group) {
        decode(decoder, one);
      }
      dropGroup();
    }

    private void dropGroup() {
      for (AVPacket one : group) {
        av_packet_free(one);
      }
      group.clear();
    }

    private void hash(MessageDigest digest, AVPacket one) {
      int size = one.size();
      for (int shift = 24; shift >= 0; shift -= 8) {
        digest.update((byte) (size >>> shift));
      }
      if (size > copy.length) {
        copy = new byte[Math.max(size, copy.length * 2)];
      }
      one.data().position(0).get(copy, 0, size);
      digest.update(copy, 0, size);
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
          || NativeCpu.steady(() -> avcodec_open2(decoder, found, (PointerPointer<?>) null)) < 0) {
        throw unreadable(file, "its video cannot be decoded", null);
      }
      codecId = parameters.codec_id();
      extraData = extraData(parameters);
      if (codecId == AV_CODEC_ID_H264 && extraData.length >= 5) {
        lengthBytes = extraData[0] == 1 ? (extraData[4] & 3) + 1 : 0;
      }
      return decoder;
    }

    private static byte[] extraData(AVCodecParameters parameters) {
      byte[] extra = new byte[Math.max(0, parameters.extradata_size())];
      if (extra.length > 0) {
        parameters.extradata().position(0).get(extra);
      }
      return extra;
    }

    private SoundStream describeSound(AVStream stream) {
      AVCodecParameters parameters = stream.codecpar();
      long start = stream.start_time() == AV_NOPTS_VALUE ? 0 : stream.start_time();
      long startUs = start * 1_000_000 * stream.time_base().num() / stream.time_base().den();
      return new SoundStream(
          startUs, parameters.bit_rate(), HexFormat.of().formatHex(soundHash.digest()));
    }

    /** Looks at order and kind of the packets: times, distance of keyframes, closed groups. */
    private void watchPacket(boolean key, boolean closes) throws StageException {
      if (packets >= MAX_FRAMES) {
        throw unreadable(file, "more than " + MAX_FRAMES + " frames", null);
      }
      long time = packet.pts();
      if (packets == times.length) {
        times = Arrays.copyOf(times, times.length * 2);
      }
      times[packets++] = time;
      if (key) {
        longestGopFrames = Math.max(longestGopFrames, gopFrames);
        gopFrames = 0;
        keyframes++;
        // What was sent before a keyframe must be shown before it, and the other way round.
        closedGops &= time > latestTime && closes;
        newestKeyTime = time;
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
        groupErrors++;
      }
      while (true) {
        int received = avcodec_receive_frame(decoder, frame);
        if (received == AVERROR_EAGAIN() || received == AVERROR_EOF) {
          return;
        }
        if (received < 0) {
          groupErrors++;
          if (next != null) {
            return;
          }
          continue;
        }
        watchFrame();
        av_frame_unref(frame);
      }
    }

    private void watchFrame() {
      if (frame.decode_error_flags() != 0 || (frame.flags() & AVFrame.AV_FRAME_FLAG_CORRUPT) != 0) {
        groupErrors++;
      }
      if (groupFrames == 0) {
        int range = frame.color_range();
        groupWidth = frame.width();
        groupHeight = frame.height();
        groupPixels = name(av_get_pix_fmt_name(frame.format()));
        groupColors =
            String.join(
                "/",
                name(av_color_primaries_name(frame.color_primaries())),
                name(av_color_transfer_name(frame.color_trc())),
                name(av_color_space_name(frame.colorspace())),
                name(av_color_range_name(range)));
        if (hasByteLuma(frame.format())) {
          watch = new PictureWatch(groupWidth, groupHeight, range == AVCOL_RANGE_JPEG);
        }
      }
      groupFrames++;
      if (watch != null && frame.width() == groupWidth && frame.height() == groupHeight) {
        int stride = frame.linesize(0);
        try (BytePointer luma = new BytePointer(frame.data(0))) {
          luma.capacity((long) stride * frame.height());
          watch.frame(luma.asByteBuffer(), stride);
        }
      }
    }

    private VideoReport report() {
      longestGopFrames = Math.max(longestGopFrames, gopFrames);
      int errors = readErrors;
      GroupLook shown = looks.get(0);
      boolean measured = true;
      for (GroupLook look : looks) {
        errors += look.decodeErrors();
        frames += look.frames();
        shown = shown.frames() == 0 ? look : shown;
        measured &= look.pictureMeasured() || look.frames() == 0;
        // A picture of another kind in the middle is damage, too.
        errors +=
            look.frames() > 0
                    && !(look.colors().equals(shown.colors())
                        && look.pixelFormat().equals(shown.pixelFormat())
                        && look.width() == shown.width()
                        && look.height() == shown.height())
                ? 1
                : 0;
      }
      // Packets come in the order of decoding.
      Arrays.sort(times, 0, packets);
      long span = times[packets - 1] - times[0];
      long step = packets > 1 ? Math.max(1, Math.round(span / (double) (packets - 1))) : 0;
      boolean constant = true;
      // A clock that is no multiple of the frame rate rounds each time by up to one tick.
      boolean exact = packets > 1 && span == step * (packets - 1);
      for (int i = 0; i < packets && packets > 1; i++) {
        long ideal =
            exact
                ? times[0] + i * step
                : times[0] + Math.round(i * (span / (double) (packets - 1)));
        constant &= Math.abs(times[i] - ideal) <= (exact ? 0 : 1);
      }
      long[] rate = rate(span, step, exact);
      long durationUs = packets > 1 ? Math.floorDiv(packets * 1_000_000L * rate[1], rate[0]) : 0;
      LongUnaryOperator startUs =
          index -> index < packets ? toUs(times[(int) index] - times[0]) : durationUs;
      String[] colors = shown.colors().split("/", -1);
      List<Stretch> none = List.of();
      return new VideoReport(
          name(avcodec_get_name(codecId)),
          shown.profile(),
          shown.level(),
          shown.width(),
          shown.height(),
          shown.pixelFormat(),
          (int) rate[0],
          (int) rate[1],
          constant,
          frames,
          toUs(times[0]),
          durationUs,
          keyframes,
          longestGopFrames,
          closedGops,
          colors[0],
          colors[1],
          colors[2],
          colors[3],
          errors,
          measured,
          measured ? PictureStretches.black(looks, startUs) : none,
          measured ? PictureStretches.frozen(looks, startUs) : none);
    }

    /** Frames per second as a reduced fraction; 0/1 for a single picture. */
    private long[] rate(long span, long step, boolean exact) {
      if (packets < 2 || span <= 0) {
        return new long[] {0, 1};
      }
      long numerator = exact ? timeBaseDenominator : timeBaseDenominator * (packets - 1);
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
      dropGroup();
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
