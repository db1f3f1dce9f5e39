package dev.reelbeam.media.codec;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_BITEXACT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_CLOSED_GOP;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AVCHROMA_LOC_LEFT;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_PRI_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_is_writable;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.frame.Plane;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.nio.file.Path;
import java.util.Locale;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Encodes frames into one MP4 of closed GOPs: H.264 High, yuv420p, BT.709 limited range, constant
 * frame rate, first presentation at zero.
 *
 * <p>Frames are copied into native buffers that are taken from a ring; a buffer to which the
 * encoder still holds a reference is left to it and replaced by a new one. What the caller does
 * with its frame afterwards has no effect. One thread at a time.
 */
public final class VideoEncoder implements AutoCloseable {
  private static final int RING = 4;
  private static final int BUFFER_ALIGNMENT = 64;

  /** What NVENC's units allow for H.264. */
  private static final int NVENC_MOST_B_FRAMES = 4;

  private static final int NVENC_ABOVE_CRF = 7;

  // OpenH264 at 1080x1920 and 30 frames a second: bits a second for one rate factor.
  private static final long OPEN_H264_BIT_RATE = 8_000_000;
  private static final int OPEN_H264_CRF = 18;
  private static final double OPEN_H264_PIXELS = 1080.0 * 1920 * 30;

  private final AVCodecContext context;
  private final AVPacket packet;
  private final Mp4Writer writer;
  private final AVFrame[] ring;
  private final boolean fetchAtOnce;
  private final AVRational frameDuration;
  private int latest = -1;
  private long frames;
  private int replaced;

  private VideoEncoder(
      AVCodecContext context,
      AVPacket packet,
      Mp4Writer writer,
      AVRational frameDuration,
      Handover handover) {
    this.context = context;
    this.packet = packet;
    this.writer = writer;
    this.frameDuration = frameDuration;
    this.ring = new AVFrame[handover.buffers()];
    this.fetchAtOnce = handover.fetchAtOnce();
  }

  /**
   * How frames are handed over: two precautions, of which each alone keeps pictures from being
   * drawn over. Tests take one away to see that the other holds.
   *
   * @param buffers native frames that are used in turn
   * @param fetchAtOnce whether every finished packet is fetched after every frame, so that the
   *     encoder holds no frame
   */
  record Handover(int buffers, boolean fetchAtOnce) {
    static final Handover USUAL = new Handover(RING, true);
  }

  /** Whether this build carries the encoder; {@link Encoders} finds out whether it works here. */
  public static boolean available(String encoder) {
    Av.load();
    AVCodec codec = avcodec_find_encoder_by_name(encoder);
    return codec != null && !codec.isNull();
  }

  /**
   * Opens an encoder that writes to a new file.
   *
   * @throws StageException 3030 if the encoder is missing or refuses the settings, 3031 or 5001 if
   *     the file cannot be written
   */
  public static VideoEncoder open(EncodingSettings settings, Canvas canvas, Path out)
      throws StageException {
    return open(settings, canvas, out, "");
  }

  /**
   * The same with further x264 parameters: tests take the assembly away from it with {@code asm=0}
   * and expect the same bytes.
   */
  static VideoEncoder open(EncodingSettings settings, Canvas canvas, Path out, String x264Params)
      throws StageException {
    return open(settings, canvas, out, x264Params, Handover.USUAL);
  }

  /** The same with frames handed over in another way; for tests. */
  static VideoEncoder open(
      EncodingSettings settings, Canvas canvas, Path out, String x264Params, Handover handover)
      throws StageException {
    Av.load();
    AVCodec codec = avcodec_find_encoder_by_name(settings.encoder());
    if (codec == null || codec.isNull()) {
      throw new StageException(
          FailureCode.ENCODER_UNAVAILABLE, "this build has no encoder " + settings.encoder());
    }
    AVCodecContext context = Av.allocated(avcodec_alloc_context3(codec), "an encoder");
    Mp4Writer writer = null;
    AVPacket packet = null;
    try {
      configure(context, settings, canvas, x264Params);
      AVCodecContext configured = context;
      Av.check(
          NativeCpu.steady(
              () ->
                  avcodec_open2(configured, codec, (org.bytedeco.javacpp.PointerPointer<?>) null)),
          FailureCode.ENCODER_UNAVAILABLE,
          "encoder " + settings.encoder());
      packet = Av.allocated(av_packet_alloc(), "a packet");
      writer = Mp4Writer.create(out, FailureCode.SEGMENT_FAILED);
      writer.addVideo(context);
      writer.start();
      AVRational frameDuration = new AVRational().num(1).den(canvas.frameRate());
      VideoEncoder encoder = new VideoEncoder(context, packet, writer, frameDuration, handover);
      context = null;
      packet = null;
      writer = null;
      return encoder;
    } finally {
      if (writer != null) {
        writer.close();
      }
      if (packet != null) {
        av_packet_free(packet);
      }
      if (context != null) {
        avcodec_free_context(context);
      }
    }
  }

  private static void configure(
      AVCodecContext context, EncodingSettings settings, Canvas canvas, String x264Params)
      throws StageException {
    context
        .width(canvas.width())
        .height(canvas.height())
        .pix_fmt(AV_PIX_FMT_YUV420P)
        .color_range(AVCOL_RANGE_MPEG)
        .colorspace(AVCOL_SPC_BT709)
        .color_primaries(AVCOL_PRI_BT709)
        .color_trc(AVCOL_TRC_BT709)
        .chroma_sample_location(AVCHROMA_LOC_LEFT)
        .gop_size(settings.gopFrames())
        // Threads inside one encoder change the bytes; segments are what runs side by side.
        .thread_count(1)
        .flags(
            context.flags()
                | AV_CODEC_FLAG_GLOBAL_HEADER
                | AV_CODEC_FLAG_CLOSED_GOP
                | AV_CODEC_FLAG_BITEXACT);
    context.time_base().num(1).den(canvas.frameRate());
    context.framerate().num(canvas.frameRate()).den(1);
    context.sample_aspect_ratio().num(1).den(1);
    Pointer options = context.priv_data();
    if (settings.maxrateKbps() > 0) {
      context.rc_max_rate(settings.maxrateKbps() * 1000L);
      context.rc_buffer_size(settings.bufferKbits() * 1000);
    }
    if (settings.encoder().equals(EncodingSettings.X264)) {
      Av.option(options, "preset", settings.preset());
      if (!settings.tune().isEmpty()) {
        Av.option(options, "tune", settings.tune());
      }
      Av.option(options, "profile", "high");
      Av.option(options, "crf", Integer.toString(settings.crf()));
      // A scene cut inside a segment would depend on the encoder's taste: shots start segments.
      Av.option(
          options,
          "x264-params",
          String.format(
                  Locale.ROOT,
                  "threads=1:lookahead-threads=1:sync-lookahead=0:sliced-threads=0:cpu-independent=1"
                      + ":scenecut=0:open-gop=0:keyint=%d:min-keyint=%d:force-cfr=1:stitchable=1"
                      + ":bframes=%d:rc-lookahead=%d:mbtree=%d",
                  settings.gopFrames(),
                  Math.max(1, Math.min(settings.gopFrames(), canvas.frameRate())),
                  settings.bFrames(),
                  settings.lookaheadFrames(),
                  settings.lookaheadFrames() > 0 ? 1 : 0)
              + (settings.x264().isEmpty() ? "" : ":" + settings.x264())
              + (x264Params.isEmpty() ? "" : ":" + x264Params));
    } else if (settings.encoder().equals(EncodingSettings.NVENC)) {
      configureNvenc(context, settings);
    } else {
      long bitRate = openH264BitRate(settings.crf(), canvas);
      context.bit_rate(
          settings.maxrateKbps() > 0 ? Math.min(settings.maxrateKbps() * 1000L, bitRate) : bitRate);
      Av.option(options, "profile", "high");
    }
  }

  /**
   * The bit rate that OpenH264 is given for a rate factor: double the bits for six steps, as with
   * x264, and fewer for each pixel of a larger picture.
   */
  static long openH264BitRate(int crf, Canvas canvas) {
    double pixels = (double) canvas.width() * canvas.height() * canvas.frameRate();
    double size = StrictMath.pow(pixels / OPEN_H264_PIXELS, 0.75);
    return (long) (OPEN_H264_BIT_RATE * size * StrictMath.pow(2, (OPEN_H264_CRF - crf) / 6.0));
  }

  /**
   * NVENC at a constant quality. Its scale is taken to lie 7 above that of libx264's rate factor,
   * which nobody has measured here yet. GOPs are closed by IDR frames at fixed distances, no frame
   * is made a key frame because of what it shows, and no message of the encoder's own goes into the
   * stream.
   */
  private static void configureNvenc(AVCodecContext context, EncodingSettings settings)
      throws StageException {
    context.max_b_frames(Math.min(settings.bFrames(), NVENC_MOST_B_FRAMES));
    Pointer options = context.priv_data();
    Av.option(options, "preset", "p5");
    Av.option(options, "tune", "hq");
    Av.option(options, "profile", "high");
    Av.option(options, "rc", "vbr");
    Av.option(options, "cq", Integer.toString(Math.min(51, settings.crf() + NVENC_ABOVE_CRF)));
    Av.option(options, "rc-lookahead", Integer.toString(Math.min(32, settings.lookaheadFrames())));
    Av.option(options, "spatial-aq", "1");
    Av.option(options, "no-scenecut", "1");
    Av.option(options, "forced-idr", "1");
    Av.option(options, "strict_gop", "1");
    Av.option(options, "b_ref_mode", "disabled");
    Av.option(options, "udu_sei", "0");
    // Constant quality is the rate control: a target rate would be a second one.
    context.bit_rate(0);
  }

  /** Encodes the next frame, which has the size of the canvas. */
  public void encode(YuvFrame frame) throws StageException {
    if (frame.width() != context.width() || frame.height() != context.height()) {
      throw new IllegalArgumentException("the frame has another size than the canvas");
    }
    latest = (latest + 1) % ring.length;
    AVFrame target = writable(latest);
    for (int plane = 0; plane < 3; plane++) {
      copy(frame.plane(plane), target.data(plane), target.linesize(plane));
    }
    send(target);
  }

  /** Encodes the latest frame once more. */
  public void repeat() throws StageException {
    if (latest < 0) {
      throw new IllegalStateException("nothing to repeat yet");
    }
    send(ring[latest]);
  }

  private AVFrame writable(int index) throws StageException {
    AVFrame frame = ring[index];
    if (frame == null) {
      frame = Av.allocated(av_frame_alloc(), "a frame");
      ring[index] = frame;
      allocate(frame);
    } else if (av_frame_is_writable(frame) == 0) {
      av_frame_unref(frame);
      allocate(frame);
      replaced++;
    }
    return frame;
  }

  /** How many buffers were left to the encoder because it still held them; for tests. */
  int replaced() {
    return replaced;
  }

  /** Whether the encoder holds the buffer that was handed over last; for tests. */
  boolean holdsLatest() {
    return av_frame_is_writable(ring[latest]) == 0;
  }

  private void allocate(AVFrame frame) throws StageException {
    frame.width(context.width()).height(context.height()).format(AV_PIX_FMT_YUV420P);
    Av.check(
        av_frame_get_buffer(frame, BUFFER_ALIGNMENT), FailureCode.MEMORY_SHORT, "a frame's pixels");
    frame
        .color_range(AVCOL_RANGE_MPEG)
        .colorspace(AVCOL_SPC_BT709)
        .color_primaries(AVCOL_PRI_BT709)
        .color_trc(AVCOL_TRC_BT709);
  }

  private static void copy(Plane plane, BytePointer target, int lineSize) {
    if (lineSize == plane.stride()) {
      target.position(0).put(plane.bytes(), 0, plane.bytes().length);
      return;
    }
    for (int y = 0; y < plane.height(); y++) {
      target.position((long) y * lineSize).put(plane.bytes(), y * plane.stride(), plane.width());
    }
    target.position(0);
  }

  private void send(AVFrame frame) throws StageException {
    frame.pts(frames++).duration(1);
    int sent = avcodec_send_frame(context, frame);
    if (sent == AVERROR_EAGAIN()) {
      drain();
      sent = avcodec_send_frame(context, frame);
    }
    Av.check(sent, FailureCode.SEGMENT_FAILED, "encoding a frame");
    if (fetchAtOnce) {
      drain();
    }
  }

  private void drain() throws StageException {
    while (true) {
      int result = avcodec_receive_packet(context, packet);
      if (result == AVERROR_EAGAIN() || result == AVERROR_EOF()) {
        return;
      }
      Av.check(result, FailureCode.SEGMENT_FAILED, "encoding a frame");
      packet.duration(1);
      av_packet_rescale_ts(packet, frameDuration, writer.timeBase(0));
      packet.stream_index(0);
      writer.write(packet);
    }
  }

  /** Encodes what the encoder still holds and completes the file. */
  public void finish() throws StageException {
    if (!fetchAtOnce) {
      drain();
    }
    Av.check(
        avcodec_send_frame(context, null), FailureCode.SEGMENT_FAILED, "encoding the last frames");
    drain();
    writer.finish();
  }

  /** Frees native memory; without {@link #finish} the file stays incomplete. */
  @Override
  public void close() {
    for (AVFrame frame : ring) {
      if (frame != null) {
        av_frame_free(frame);
      }
    }
    av_packet_free(packet);
    avcodec_free_context(context);
    writer.close();
    frameDuration.close();
  }
}
