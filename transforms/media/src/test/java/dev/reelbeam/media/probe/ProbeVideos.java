package dev.reelbeam.media.probe;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_CLOSED_GOP;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_copy;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_WRITE;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_open;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_PRI_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.avutil.av_opt_set;

import dev.reelbeam.media.codec.AacEncoder;
import dev.reelbeam.media.codec.AudioPcm;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;

/** Makes small MP4 files with known properties, good ones and bad ones. */
final class ProbeVideos {
  static final int WIDTH = 96;
  static final int HEIGHT = 160;

  /** The luma of a sample. */
  interface Painter {
    int luma(int frame, int x, int y);
  }

  private final int frames;
  private final Painter painter;
  private boolean editList;
  private boolean indexFirst = true;
  private boolean openGops;
  private boolean tagged = true;
  private int lateFrame = -1;
  private AudioPcm sound;

  private ProbeVideos(int frames, Painter painter) {
    this.frames = frames;
    this.painter = painter;
  }

  /** A bar that moves from frame to frame, on grey. */
  static ProbeVideos moving(int frames) {
    return new ProbeVideos(
        frames, (frame, x, y) -> Math.floorMod(x - frame * 3, WIDTH) < 20 ? 200 : 90 + y / 4);
  }

  static ProbeVideos painted(int frames, Painter painter) {
    return new ProbeVideos(frames, painter);
  }

  ProbeVideos withEditList() {
    editList = true;
    return this;
  }

  ProbeVideos withIndexLast() {
    indexFirst = false;
    return this;
  }

  ProbeVideos withOpenGops() {
    openGops = true;
    return this;
  }

  ProbeVideos withoutColourTags() {
    tagged = false;
    return this;
  }

  ProbeVideos withLateFrame(int frame) {
    lateFrame = frame;
    return this;
  }

  ProbeVideos withSound(AudioPcm stereo) {
    sound = stereo;
    return this;
  }

  private static int check(int result) {
    if (result < 0) {
      throw new IllegalStateException("error " + result);
    }
    return result;
  }

  Path write(Path out) throws Exception {
    AVCodec codec = avcodec_find_encoder(AV_CODEC_ID_H264);
    AVCodecContext encoder = avcodec_alloc_context3(codec);
    encoder.width(WIDTH).height(HEIGHT).pix_fmt(AV_PIX_FMT_YUV420P);
    encoder.time_base().num(1).den(30);
    encoder.framerate().num(30).den(1);
    encoder.gop_size(30);
    encoder.max_b_frames(2);
    encoder.thread_count(1);
    int flags = AV_CODEC_FLAG_GLOBAL_HEADER | (openGops ? 0 : AV_CODEC_FLAG_CLOSED_GOP);
    encoder.flags(encoder.flags() | flags);
    if (tagged) {
      encoder.color_primaries(AVCOL_PRI_BT709).color_trc(AVCOL_TRC_BT709);
      encoder.colorspace(AVCOL_SPC_BT709).color_range(AVCOL_RANGE_MPEG);
    }
    av_opt_set(encoder.priv_data(), "preset", "veryfast", 0);
    av_opt_set(encoder.priv_data(), "profile", "high", 0);
    av_opt_set(
        encoder.priv_data(),
        "x264-params",
        "scenecut=0:b-adapt=0:open-gop=" + (openGops ? 1 : 0),
        0);
    check(avcodec_open2(encoder, codec, (PointerPointer<?>) null));
    AVFormatContext file = new AVFormatContext(null);
    check(avformat_alloc_output_context2(file, null, "mp4", out.toString()));
    AVStream stream = avformat_new_stream(file, null);
    check(avcodec_parameters_from_context(stream.codecpar(), encoder));
    stream.time_base().num(1).den(30);
    AVFormatContext soundFile = sound == null ? null : openSound(out);
    if (soundFile != null) {
      AVStream second = avformat_new_stream(file, null);
      check(avcodec_parameters_copy(second.codecpar(), soundFile.streams(0).codecpar()));
      second.codecpar().codec_tag(0);
      second.time_base().num(1).den(AudioPcm.SAMPLE_RATE);
    }
    AVIOContext io = new AVIOContext(null);
    check(avio_open(io, out.toString(), AVIO_FLAG_WRITE));
    file.pb(io);
    AVDictionary options = new AVDictionary(null);
    String movFlags = (indexFirst ? "+faststart" : "") + (editList ? "" : "+negative_cts_offsets");
    if (!movFlags.isEmpty()) {
      av_dict_set(options, "movflags", movFlags, 0);
    }
    av_dict_set(options, "use_editlist", editList ? "1" : "0", 0);
    check(avformat_write_header(file, options));
    av_dict_free(options);
    AVPacket packet = av_packet_alloc();
    AVFrame frame = av_frame_alloc();
    for (int i = 0; i < frames; i++) {
      paint(frame, i);
      check(avcodec_send_frame(encoder, frame));
      av_frame_unref(frame);
      drain(encoder, packet, file, stream);
    }
    check(avcodec_send_frame(encoder, null));
    drain(encoder, packet, file, stream);
    if (soundFile != null) {
      while (av_read_frame(soundFile, packet) >= 0) {
        packet.stream_index(1);
        av_packet_rescale_ts(packet, soundFile.streams(0).time_base(), file.streams(1).time_base());
        check(av_interleaved_write_frame(file, packet));
      }
      avformat_close_input(soundFile);
    }
    check(av_write_trailer(file));
    av_packet_free(packet);
    av_frame_free(frame);
    avcodec_free_context(encoder);
    avio_closep(io);
    avformat_free_context(file);
    return out;
  }

  private AVFormatContext openSound(Path out) throws Exception {
    Path m4a = Files.createTempFile(out.toAbsolutePath().getParent(), "sound", ".m4a");
    AacEncoder.encode(sound, 128_000, m4a);
    AVFormatContext input = new AVFormatContext(null);
    check(avformat_open_input(input, m4a.toString(), (AVInputFormat) null, null));
    return input;
  }

  private void paint(AVFrame frame, int index) {
    frame.format(AV_PIX_FMT_YUV420P);
    frame.width(WIDTH);
    frame.height(HEIGHT);
    check(av_frame_get_buffer(frame, 0));
    // A late frame leaves a gap of one frame before it.
    frame.pts(lateFrame >= 0 && index >= lateFrame ? index + 1 : index);
    byte[] row = new byte[WIDTH];
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        row[x] = (byte) painter.luma(index, x, y);
      }
      put(frame, 0, y, row);
    }
    byte[] grey = new byte[WIDTH / 2];
    java.util.Arrays.fill(grey, (byte) 128);
    for (int y = 0; y < HEIGHT / 2; y++) {
      put(frame, 1, y, grey);
      put(frame, 2, y, grey);
    }
  }

  private static void put(AVFrame frame, int plane, int y, byte[] row) {
    try (BytePointer pointer = new BytePointer(frame.data(plane))) {
      pointer.position((long) y * frame.linesize(plane)).put(row, 0, row.length);
    }
  }

  private static void drain(
      AVCodecContext encoder, AVPacket packet, AVFormatContext file, AVStream stream) {
    while (avcodec_receive_packet(encoder, packet) >= 0) {
      packet.stream_index(0);
      packet.duration(1);
      av_packet_rescale_ts(packet, encoder.time_base(), stream.time_base());
      check(av_interleaved_write_frame(file, packet));
      av_packet_unref(packet);
    }
  }
}
