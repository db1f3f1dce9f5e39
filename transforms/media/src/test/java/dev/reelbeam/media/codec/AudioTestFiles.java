package dev.reelbeam.media.codec;

import static dev.reelbeam.media.codec.AudioNative.check;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_BITEXACT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
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
import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_WRITE;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_open;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLT;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_S16;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_S16P;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import dev.reelbeam.media.codec.AudioNative.NativeFailure;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.ShortPointer;

/** Writes audio files in many kinds, for tests and for the built-in music. */
public final class AudioTestFiles {
  private AudioTestFiles() {}

  /** Encodes with a named encoder into the container that the file's ending names. */
  public static void encode(AudioPcm pcm, String encoderName, int bitRate, Path out)
      throws Exception {
    encode(pcm, encoderName, bitRate, AudioPcm.SAMPLE_RATE, out);
  }

  /** The same, declaring the samples to be of another rate. */
  public static void encode(AudioPcm pcm, String encoderName, int bitRate, int rate, Path out)
      throws Exception {
    AVCodec codec = avcodec_find_encoder_by_name(encoderName);
    AVCodecContext encoder = avcodec_alloc_context3(codec);
    int format =
        switch (encoderName) {
          case "libopus" -> AV_SAMPLE_FMT_FLT;
          case "aac", "libmp3lame", "vorbis" -> AV_SAMPLE_FMT_FLTP;
          default -> AV_SAMPLE_FMT_S16;
        };
    encoder.sample_fmt(format);
    encoder.sample_rate(rate);
    av_channel_layout_default(encoder.ch_layout(), pcm.channels());
    encoder.bit_rate(bitRate);
    encoder.time_base().num(1).den(rate);
    encoder.thread_count(1);
    encoder.flags(encoder.flags() | AV_CODEC_FLAG_BITEXACT | AV_CODEC_FLAG_GLOBAL_HEADER);
    encoder.strict_std_compliance(-2);
    check(avcodec_open2(encoder, codec, (PointerPointer<?>) null), encoderName);
    AVFormatContext file = new AVFormatContext(null);
    check(avformat_alloc_output_context2(file, null, null, out.toString()), "container");
    file.flags(file.flags() | AVFormatContext.AVFMT_FLAG_BITEXACT);
    AVStream stream = avformat_new_stream(file, null);
    check(avcodec_parameters_from_context(stream.codecpar(), encoder), "parameters");
    stream.time_base().num(1).den(rate);
    AVIOContext io = new AVIOContext(null);
    check(avio_open(io, "file:" + out.toAbsolutePath(), AVIO_FLAG_WRITE), "open");
    file.pb(io);
    check(avformat_write_header(file, (AVDictionary) null), "header");
    AVFrame frame = av_frame_alloc();
    AVPacket packet = av_packet_alloc();
    int block = encoder.frame_size() > 0 ? encoder.frame_size() : 4096;
    for (int from = 0; from < pcm.samples(); from += block) {
      int count = Math.min(block, pcm.samples() - from);
      frame.format(format);
      frame.sample_rate(rate);
      frame.nb_samples(count);
      frame.pts(from);
      av_channel_layout_default(frame.ch_layout(), pcm.channels());
      check(av_frame_get_buffer(frame, 0), "frame");
      fill(frame, format, pcm, from, count);
      check(avcodec_send_frame(encoder, frame), "send");
      av_frame_unref(frame);
      drain(encoder, packet, file, stream);
    }
    check(avcodec_send_frame(encoder, null), "flush");
    drain(encoder, packet, file, stream);
    check(av_write_trailer(file), "trailer");
    av_packet_free(packet);
    av_frame_free(frame);
    avcodec_free_context(encoder);
    avio_closep(io);
    avformat_free_context(file);
  }

  private static void fill(AVFrame frame, int format, AudioPcm pcm, int from, int count) {
    int channels = pcm.channels();
    if (format == AV_SAMPLE_FMT_FLTP) {
      for (int channel = 0; channel < channels; channel++) {
        new FloatPointer(frame.data(channel)).put(pcm.plane(channel), from, count);
      }
      return;
    }
    float[] floats = new float[count * channels];
    short[] shorts = new short[count * channels];
    for (int i = 0; i < count; i++) {
      for (int channel = 0; channel < channels; channel++) {
        float value = pcm.plane(channel)[from + i];
        floats[i * channels + channel] = value;
        shorts[i * channels + channel] =
            (short) Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768f)));
      }
    }
    if (format == AV_SAMPLE_FMT_FLT) {
      new FloatPointer(frame.data(0)).put(floats);
    } else if (format == AV_SAMPLE_FMT_S16) {
      new ShortPointer(frame.data(0)).put(shorts);
    } else {
      throw new IllegalArgumentException("format " + format + ", not " + AV_SAMPLE_FMT_S16P);
    }
  }

  private static void drain(
      AVCodecContext encoder, AVPacket packet, AVFormatContext file, AVStream stream)
      throws NativeFailure {
    while (avcodec_receive_packet(encoder, packet) >= 0) {
      packet.stream_index(0);
      av_packet_rescale_ts(packet, encoder.time_base(), stream.time_base());
      check(av_interleaved_write_frame(file, packet), "write");
    }
  }
}
