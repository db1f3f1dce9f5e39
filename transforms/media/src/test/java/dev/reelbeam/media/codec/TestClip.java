package dev.reelbeam.media.codec;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_side_data_new;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_WRITE;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_open;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_SMPTE170M;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_ARIB_STD_B67;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB8;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P10LE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.av_display_rotation_set;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_opt_set;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * A clip as cameras, phones and screen recorders write them, encoded on the spot.
 *
 * @param encoder for example {@code libx264}; its first pixel format follows from the colours
 * @param container for example {@code mp4}
 * @param width as stored
 * @param height as stored
 * @param timesMs when each frame begins
 * @param rotation degrees, clockwise, that a player turns it
 * @param colours how light and colour are written down
 * @param gop distance of key frames
 * @param shape width of a pixel in permille of its height
 * @param shapeInContainerOnly whether the codec says nothing of that shape
 * @param more what few clips have
 */
@SuppressWarnings("ArrayRecordComponent") // Written once, never compared.
public record TestClip(
    String encoder,
    String container,
    int width,
    int height,
    long[] timesMs,
    int rotation,
    Colours colours,
    int gop,
    int shape,
    boolean shapeInContainerOnly,
    More more) {

  /**
   * What few clips have.
   *
   * @param x264 options of the encoder in its own words, beside the usual ones
   * @param mirrored whether a player turns left to right before it turns the picture
   * @param sound encoder of its sound, a {@link TestTone}; empty for none
   */
  public record More(String x264, boolean mirrored, String sound) {
    static final More NONE = new More("", false, "");
  }

  /** Ways to write a colour down. */
  public enum Colours {
    BT709_LIMITED,
    BT601_LIMITED,
    BT601_FULL,
    BT709_TEN_BITS,
    BT709_UNTAGGED,
    /** The matrix of BT.709 with the light of HLG. */
    HLG
  }

  /** A colour 0xRRGGBB for each place and frame. */
  @FunctionalInterface
  public interface Painter {
    int rgb(int frame, int x, int y);
  }

  /** Constant frame rate, upright, H.264 in MP4. */
  public static TestClip plain(int width, int height, int framesPerSecond, int frames) {
    long[] times = new long[frames];
    for (int i = 0; i < frames; i++) {
      times[i] = i * 1000L / framesPerSecond;
    }
    return new TestClip(
        "libx264",
        "mp4",
        width,
        height,
        times,
        0,
        Colours.BT709_LIMITED,
        12,
        1000,
        false,
        More.NONE);
  }

  public TestClip at(long... newTimesMs) {
    return new TestClip(
        encoder,
        container,
        width,
        height,
        newTimesMs,
        rotation,
        colours,
        gop,
        shape,
        shapeInContainerOnly,
        more);
  }

  public TestClip turned(int newRotation) {
    return new TestClip(
        encoder,
        container,
        width,
        height,
        timesMs,
        newRotation,
        colours,
        gop,
        shape,
        shapeInContainerOnly,
        more);
  }

  public TestClip shaped(int newShape) {
    return new TestClip(
        encoder,
        container,
        width,
        height,
        timesMs,
        rotation,
        colours,
        gop,
        newShape,
        shapeInContainerOnly,
        more);
  }

  /** With a shape that the container alone knows of. */
  public TestClip shapedByContainer(int newShape) {
    return new TestClip(
        encoder, container, width, height, timesMs, rotation, colours, gop, newShape, true, more);
  }

  public TestClip withKeyFrames(int newGop) {
    return new TestClip(
        encoder,
        container,
        width,
        height,
        timesMs,
        rotation,
        colours,
        newGop,
        shape,
        shapeInContainerOnly,
        more);
  }

  public TestClip in(Colours newColours) {
    return new TestClip(
        encoder,
        container,
        width,
        height,
        timesMs,
        rotation,
        newColours,
        gop,
        shape,
        shapeInContainerOnly,
        more);
  }

  public TestClip by(String newEncoder, String newContainer) {
    return new TestClip(
        newEncoder,
        newContainer,
        width,
        height,
        timesMs,
        rotation,
        colours,
        gop,
        shape,
        shapeInContainerOnly,
        more);
  }

  /** With options of libx264 in its own words. */
  public TestClip withX264(String options) {
    return new TestClip(
        encoder,
        container,
        width,
        height,
        timesMs,
        rotation,
        colours,
        gop,
        shape,
        shapeInContainerOnly,
        new More(options, more.mirrored(), more.sound()));
  }

  /** Turned left to right by a player, before it turns the picture. */
  public TestClip mirrored() {
    return new TestClip(
        encoder,
        container,
        width,
        height,
        timesMs,
        rotation,
        colours,
        gop,
        shape,
        shapeInContainerOnly,
        new More(more.x264(), true, more.sound()));
  }

  /** With a {@link TestTone}. */
  public TestClip sounding(String soundEncoder) {
    return new TestClip(
        encoder,
        container,
        width,
        height,
        timesMs,
        rotation,
        colours,
        gop,
        shape,
        shapeInContainerOnly,
        new More(more.x264(), more.mirrored(), soundEncoder));
  }

  /**
   * Frames that show their own number as eight upright stripes, the highest bit to the left, with a
   * little texture.
   */
  public Path numbered(Path folder, String name) throws StageException {
    return write(
        folder.resolve(name),
        (frame, x, y) -> {
          int bit = 7 - 8 * x / width;
          int grey = (frame >> bit & 1) == 1 ? 210 + (x ^ y) % 4 : 40 + (x ^ y) % 4;
          return grey << 16 | grey << 8 | grey;
        });
  }

  /** The number that such a frame shows, of a plane of light of any size. */
  public static int number(dev.reelbeam.media.frame.Plane luma) {
    int number = 0;
    for (int stripe = 0; stripe < 8; stripe++) {
      int x = (2 * stripe + 1) * luma.width() / 16;
      number = number << 1 | (luma.at(x, luma.height() / 2) > 128 ? 1 : 0);
    }
    return number;
  }

  /** Encodes it. */
  public Path write(Path file, Painter painter) throws StageException {
    Av.load();
    AVCodecContext context =
        Av.allocated(avcodec_alloc_context3(avcodec_find_encoder_by_name(encoder)), "an encoder");
    AVFormatContext format = new AVFormatContext(null);
    AVPacket packet = av_packet_alloc();
    AVFrame frame = av_frame_alloc();
    @Nullable TestTone tone = null;
    try {
      context
          .width(width)
          .height(height)
          .pix_fmt(pixelFormat())
          .gop_size(gop)
          .thread_count(1)
          .color_range(full() ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG)
          .colorspace(matrix())
          .color_trc(colours == Colours.HLG ? AVCOL_TRC_ARIB_STD_B67 : AVCOL_TRC_UNSPECIFIED);
      // MPEG-2 knows the rates of television and no others.
      int ticks = encoder.equals("mpeg2video") ? 25 : 1000;
      context.time_base().num(1).den(ticks);
      context.framerate().num(ticks == 25 ? 25 : 30).den(1);
      if (!shapeInContainerOnly) {
        context.sample_aspect_ratio().num(shape).den(1000);
      }
      if (encoder.equals("libx264")) {
        av_opt_set(context.priv_data(), "preset", "veryfast", 0);
        av_opt_set(context.priv_data(), "crf", "8", 0);
        // Pictures of clips are compared with lists of hashes, on every machine.
        String own = more.x264().isEmpty() ? "" : ":" + more.x264();
        av_opt_set(context.priv_data(), "x264-params", "cpu-independent=1" + own, 0);
      }
      if (encoder.equals("mjpeg")) {
        context.qmin(2).qmax(2);
      }
      if (encoder.equals("mpeg2video")) {
        context.max_b_frames(2).qmin(2).qmax(4);
      }
      context.flags(
          context.flags()
              | org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER
              | org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_FRAME_DURATION);
      check(
          avcodec_open2(context, avcodec_find_encoder_by_name(encoder), (PointerPointer<?>) null));
      check(avformat_alloc_output_context2(format, null, container, file.toString()));
      AVStream stream = avformat_new_stream(format, null);
      check(avcodec_parameters_from_context(stream.codecpar(), context));
      stream.time_base(context.time_base());
      stream.sample_aspect_ratio().num(shape).den(1000);
      stream.codecpar().sample_aspect_ratio().num(shape).den(1000);
      turn(stream);
      tone = more.sound().isEmpty() ? null : new TestTone(more.sound(), format);
      AVIOContext io = new AVIOContext(null);
      check(avio_open(io, "file:" + file.toAbsolutePath(), AVIO_FLAG_WRITE));
      format.pb(io);
      check(avformat_write_header(format, (PointerPointer<?>) null));
      frame.width(width).height(height).format(pixelFormat());
      frame.color_range(context.color_range()).colorspace(context.colorspace());
      for (int i = 0; i < timesMs.length; i++) {
        org.bytedeco.ffmpeg.global.avutil.av_frame_unref(frame);
        frame.width(width).height(height).format(pixelFormat());
        frame.color_range(context.color_range()).colorspace(context.colorspace());
        check(av_frame_get_buffer(frame, 0));
        fill(frame, i, painter);
        frame.pts(timesMs[i] * ticks / 1000);
        // The last frame lasts as long as the one before it, else players would never show it.
        int after = Math.max(1, Math.min(i + 1, timesMs.length - 1));
        long lasts = timesMs.length > 1 ? timesMs[after] - timesMs[after - 1] : 40;
        frame.duration(lasts * ticks / 1000);
        check(avcodec_send_frame(context, frame));
        drain(context, format, stream, packet);
      }
      check(avcodec_send_frame(context, null));
      drain(context, format, stream, packet);
      if (tone != null) {
        tone.write(timesMs[timesMs.length - 1] + 40);
      }
      check(av_write_trailer(format));
      avio_closep(format.pb());
      return file;
    } finally {
      if (tone != null) {
        tone.close();
      }
      avcodec_free_context(context);
      if (!format.isNull()) {
        avformat_free_context(format);
      }
      av_packet_free(packet);
      av_frame_free(frame);
    }
  }

  private boolean bt601() {
    return colours == Colours.BT601_FULL || colours == Colours.BT601_LIMITED;
  }

  private int matrix() {
    if (colours == Colours.BT709_UNTAGGED) {
      return AVCOL_SPC_UNSPECIFIED;
    }
    return bt601() ? AVCOL_SPC_SMPTE170M : AVCOL_SPC_BT709;
  }

  private boolean full() {
    return colours == Colours.BT601_FULL;
  }

  private int pixelFormat() {
    if (encoder.equals("gif")) {
      return AV_PIX_FMT_RGB8;
    }
    if (colours == Colours.BT709_TEN_BITS) {
      return AV_PIX_FMT_YUV420P10LE;
    }
    return encoder.equals("mjpeg") ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P;
  }

  private void turn(AVStream stream) throws StageException {
    if (rotation == 0 && !more.mirrored()) {
      return;
    }
    PointerPointer<AVPacketSideData> list = new PointerPointer<>(1);
    list.put(0, stream.codecpar().coded_side_data());
    IntPointer count = new IntPointer(1).put(stream.codecpar().nb_coded_side_data());
    AVPacketSideData matrix =
        av_packet_side_data_new(list, count, AV_PKT_DATA_DISPLAYMATRIX, 36, 0);
    Av.allocated(matrix, "a matrix");
    IntPointer numbers = new IntPointer(matrix.data());
    av_display_rotation_set(numbers, rotation);
    if (more.mirrored()) {
      numbers.put(0, -numbers.get(0));
      numbers.put(1, -numbers.get(1));
    }
    stream.codecpar().coded_side_data(new AVPacketSideData(list.get(0)));
    stream.codecpar().nb_coded_side_data(count.get());
  }

  private void fill(AVFrame frame, int number, Painter painter) {
    double kr = bt601() ? 0.299 : 0.2126;
    double kb = bt601() ? 0.114 : 0.0722;
    double light = full() ? 255 : 219;
    double colour = full() ? 255 : 224;
    int black = full() ? 0 : 16;
    int planes = encoder.equals("gif") ? 1 : 3;
    for (int plane = 0; plane < planes; plane++) {
      int step = plane == 0 ? 1 : 2;
      BytePointer row = new BytePointer(frame.data(plane));
      for (int y = 0; y < (height + step - 1) / step; y++) {
        for (int x = 0; x < (width + step - 1) / step; x++) {
          int rgb =
              painter.rgb(number, Math.min(width - 1, step * x), Math.min(height - 1, step * y));
          int r = rgb >> 16 & 0xFF;
          int g = rgb >> 8 & 0xFF;
          int b = rgb & 0xFF;
          double luma = (kr * r + (1 - kr - kb) * g + kb * b) / 255;
          double value =
              plane == 0
                  ? black + light * luma
                  : 128
                      + colour
                          * (plane == 1
                              ? (b / 255.0 - luma) / (2 * (1 - kb))
                              : (r / 255.0 - luma) / (2 * (1 - kr)));
          long at = (long) y * frame.linesize(plane);
          if (encoder.equals("gif")) {
            row.put(at + x, (byte) (r >> 5 << 5 | g >> 5 << 2 | b >> 6));
          } else if (colours == Colours.BT709_TEN_BITS) {
            int ten = (int) Math.rint(4 * value);
            row.put(at + 2L * x, (byte) ten);
            row.put(at + 2L * x + 1, (byte) (ten >> 8));
          } else {
            row.put(at + x, (byte) (int) Math.rint(value));
          }
        }
      }
    }
  }

  private static void drain(
      AVCodecContext context, AVFormatContext format, AVStream stream, AVPacket packet)
      throws StageException {
    while (avcodec_receive_packet(context, packet) >= 0) {
      AVRational from = context.time_base();
      av_packet_rescale_ts(packet, from, stream.time_base());
      packet.stream_index(0);
      check(av_interleaved_write_frame(format, packet));
    }
  }

  private static void check(int result) throws StageException {
    Av.check(result, FailureCode.UNEXPECTED, "a test clip");
  }
}
