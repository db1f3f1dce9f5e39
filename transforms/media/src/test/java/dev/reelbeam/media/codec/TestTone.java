package dev.reelbeam.media.codec;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_S16;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.ShortPointer;

/** The sound of a {@link TestClip}: 1000 Hz, one channel, half of full scale. */
final class TestTone implements AutoCloseable {
  private static final int RATE = 48_000;

  private final AVCodecContext context;
  private final AVFormatContext format;
  private final AVStream stream;

  /**
   * @param encoder one that takes whole numbers of 16 bits
   */
  TestTone(String encoder, AVFormatContext format) throws StageException {
    AVCodec codec = Av.allocated(avcodec_find_encoder_by_name(encoder), encoder);
    this.format = format;
    context = avcodec_alloc_context3(codec);
    context.sample_fmt(AV_SAMPLE_FMT_S16).sample_rate(RATE).bit_rate(128_000);
    av_channel_layout_default(context.ch_layout(), 1);
    context.flags(context.flags() | org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER);
    check(avcodec_open2(context, codec, (PointerPointer<?>) null));
    stream = avformat_new_stream(format, null);
    stream.time_base().num(1).den(RATE);
    check(avcodec_parameters_from_context(stream.codecpar(), context));
  }

  /** Writes so much of it; the header is written. */
  void write(long lengthMs) throws StageException {
    int block = context.frame_size() > 0 ? context.frame_size() : 1024;
    AVPacket packet = av_packet_alloc();
    AVFrame frame = av_frame_alloc();
    try {
      for (int at = 0; at < lengthMs * RATE / 1000; at += block) {
        org.bytedeco.ffmpeg.global.avutil.av_frame_unref(frame);
        frame.nb_samples(block).format(AV_SAMPLE_FMT_S16).sample_rate(RATE);
        av_channel_layout_default(frame.ch_layout(), 1);
        check(av_frame_get_buffer(frame, 0));
        ShortPointer samples = new ShortPointer(frame.data(0));
        for (int i = 0; i < block; i++) {
          samples.put(i, (short) (16384 * Math.sin(2 * Math.PI * 1000 * (at + i) / RATE)));
        }
        frame.pts(at);
        check(avcodec_send_frame(context, frame));
        drain(packet);
      }
      check(avcodec_send_frame(context, null));
      drain(packet);
    } finally {
      av_packet_free(packet);
      av_frame_free(frame);
    }
  }

  private void drain(AVPacket packet) throws StageException {
    while (avcodec_receive_packet(context, packet) >= 0) {
      av_packet_rescale_ts(packet, context.time_base(), stream.time_base());
      packet.stream_index(stream.index());
      check(av_interleaved_write_frame(format, packet));
    }
  }

  private static void check(int result) throws StageException {
    Av.check(result, FailureCode.UNEXPECTED, "a test tone");
  }

  @Override
  public void close() {
    avcodec_free_context(context);
  }
}
