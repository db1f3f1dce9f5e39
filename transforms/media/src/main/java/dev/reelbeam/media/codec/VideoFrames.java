package dev.reelbeam.media.codec;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_DEFAULT;
import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_NONREF;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_flush_buffers;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_FLAG_BACKWARD;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_seek_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_rescale_q;

import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.BytePointer;

/**
 * The frames of a video of constant frame rate, by number, for contact sheets, thumbnails and
 * tests. Asking in ascending order reads the file once; going back seeks. For one thread.
 */
public final class VideoFrames implements AutoCloseable {
  /** From this distance on, seeking to a key frame costs less than decoding all between. */
  private static final long SEEK_DISTANCE = 90;

  private final Path path;
  private final AVFormatContext format;
  private final int stream;
  private final AVCodecContext decoder;
  private final AVPacket packet;
  private final AVFrame frame;
  private final AVRational frameDuration;
  private boolean draining;
  private long current = -1;
  private long wantedPts;

  private VideoFrames(
      Path path,
      AVFormatContext format,
      int stream,
      AVCodecContext decoder,
      AVPacket packet,
      AVFrame frame) {
    this.path = path;
    this.format = format;
    this.stream = stream;
    this.decoder = decoder;
    this.packet = packet;
    this.frame = frame;
    AVRational rate = format.streams(stream).avg_frame_rate();
    this.frameDuration = new AVRational().num(rate.den()).den(rate.num());
  }

  /**
   * Opens a video file.
   *
   * @throws StageException 3034 if it is not a readable video
   */
  public static VideoFrames open(Path path) throws StageException {
    Av.load();
    AVFormatContext format = new AVFormatContext(null);
    AVDictionary options = new AVDictionary(null);
    av_dict_set(options, "protocol_whitelist", "file", 0);
    try {
      check(avformat_open_input(format, "file:" + path.toAbsolutePath(), null, options), path);
    } finally {
      av_dict_free(options);
    }
    AVCodecContext decoder = null;
    try {
      check(avformat_find_stream_info(format, (AVDictionary) null), path);
      int stream = videoStream(format, path);
      AVCodec codec = avcodec_find_decoder(format.streams(stream).codecpar().codec_id());
      if (codec == null || codec.isNull()) {
        throw new StageException(FailureCode.MEDIA_UNREADABLE, path + ": no decoder");
      }
      decoder = Av.allocated(avcodec_alloc_context3(codec), "a decoder");
      check(avcodec_parameters_to_context(decoder, format.streams(stream).codecpar()), path);
      decoder.thread_count(1);
      AVCodecContext opened = decoder;
      check(
          NativeCpu.steady(
              () -> avcodec_open2(opened, codec, (org.bytedeco.javacpp.PointerPointer<?>) null)),
          path);
      return new VideoFrames(
          path,
          format,
          stream,
          decoder,
          Av.allocated(av_packet_alloc(), "a packet"),
          Av.allocated(av_frame_alloc(), "a frame"));
    } catch (StageException e) {
      if (decoder != null) {
        avcodec_free_context(decoder);
      }
      avformat_close_input(format);
      throw e;
    }
  }

  private static int videoStream(AVFormatContext format, Path path) throws StageException {
    for (int i = 0; i < format.nb_streams(); i++) {
      AVStream candidate = format.streams(i);
      if (candidate.codecpar().codec_type() == AVMEDIA_TYPE_VIDEO
          && candidate.avg_frame_rate().num() > 0) {
        return i;
      }
    }
    throw new StageException(FailureCode.MEDIA_UNREADABLE, path + " has no video");
  }

  public int width() {
    return decoder.width();
  }

  public int height() {
    return decoder.height();
  }

  /** Number of frames that the container announces. */
  public long count() {
    return format.streams(stream).nb_frames();
  }

  /**
   * A frame in sRGB.
   *
   * @param number from 0
   * @throws StageException 3034 if there is no such frame or it cannot be decoded
   */
  public BufferedImage frame(long number) throws StageException {
    decodeUpTo(number);
    return image();
  }

  /** Several frames, best in ascending order. */
  public List<BufferedImage> frames(List<Integer> numbers) throws StageException {
    List<BufferedImage> images = new ArrayList<>();
    for (int number : numbers) {
      images.add(frame(number));
    }
    return images;
  }

  /**
   * A frame as it is stored.
   *
   * @throws StageException 3034 if there is no such frame, or it is not planar 4:2:0 of 8 bits
   */
  public YuvFrame yuv(long number) throws StageException {
    decodeUpTo(number);
    if (frame.format() != AV_PIX_FMT_YUV420P) {
      throw new StageException(FailureCode.MEDIA_UNREADABLE, path + " is not yuv420p");
    }
    YuvFrame result = new YuvFrame(frame.width(), frame.height());
    for (int plane = 0; plane < 3; plane++) {
      Scaler.copy(frame.data(plane), frame.linesize(plane), result.plane(plane));
    }
    return result;
  }

  private void decodeUpTo(long number) throws StageException {
    if (number < 0) {
      throw new IllegalArgumentException("frames count from 0: " + number);
    }
    wantedPts = av_rescale_q(number, frameDuration, format.streams(stream).time_base());
    if (number < current || number > current + SEEK_DISTANCE) {
      seek();
    }
    while (current < number) {
      if (!decodeNext()) {
        throw new StageException(
            FailureCode.MEDIA_UNREADABLE, path.getFileName() + " has no frame " + number);
      }
    }
  }

  private void seek() throws StageException {
    check(av_seek_frame(format, stream, wantedPts, AVSEEK_FLAG_BACKWARD), path);
    avcodec_flush_buffers(decoder);
    draining = false;
    current = -1;
  }

  private boolean decodeNext() throws StageException {
    while (true) {
      int received = avcodec_receive_frame(decoder, frame);
      if (received == AVERROR_EOF()) {
        return false;
      }
      if (received != AVERROR_EAGAIN()) {
        check(received, path);
        current =
            av_rescale_q(
                frame.best_effort_timestamp(), format.streams(stream).time_base(), frameDuration);
        return true;
      }
      feed();
    }
  }

  private void feed() throws StageException {
    if (draining) {
      throw new StageException(FailureCode.MEDIA_UNREADABLE, path + " ends within a frame");
    }
    while (true) {
      int read = av_read_frame(format, packet);
      if (read == AVERROR_EOF()) {
        draining = true;
        check(avcodec_send_packet(decoder, null), path);
        return;
      }
      check(read, path);
      // What lies before the wanted frame, and no other frame is made from, is not decoded.
      decoder.skip_frame(packet.pts() < wantedPts ? AVDISCARD_NONREF : AVDISCARD_DEFAULT);
      int sent = packet.stream_index() == stream ? avcodec_send_packet(decoder, packet) : 1;
      av_packet_unref(packet);
      if (sent <= 0) {
        check(sent, path);
        return;
      }
    }
  }

  private BufferedImage image() throws StageException {
    AVFrame rgb = Scaler.converted(frame, AV_PIX_FMT_RGB24);
    try {
      int width = rgb.width();
      BufferedImage image = new BufferedImage(width, rgb.height(), BufferedImage.TYPE_INT_RGB);
      byte[] row = new byte[3 * width];
      int[] pixels = new int[width];
      BytePointer rows = new BytePointer(rgb.data(0));
      for (int y = 0; y < rgb.height(); y++) {
        rows.position((long) y * rgb.linesize(0)).get(row, 0, row.length);
        for (int x = 0; x < width; x++) {
          pixels[x] =
              (row[3 * x] & 0xFF) << 16 | (row[3 * x + 1] & 0xFF) << 8 | (row[3 * x + 2] & 0xFF);
        }
        image.setRGB(0, y, width, 1, pixels, 0, width);
      }
      return image;
    } finally {
      av_frame_free(rgb);
    }
  }

  private static void check(int result, Path path) throws StageException {
    Av.check(result, FailureCode.MEDIA_UNREADABLE, "reading " + path.getFileName());
  }

  @Override
  public void close() {
    av_frame_free(frame);
    av_packet_free(packet);
    avcodec_free_context(decoder);
    avformat_close_input(format);
    frameDuration.close();
  }
}
