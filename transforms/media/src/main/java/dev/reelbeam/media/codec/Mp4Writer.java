package dev.reelbeam.media.codec;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_copy;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_WRITE;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_open;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * An MP4 file as every platform takes it: index first, no edit list, no creation time, the same
 * bytes for the same packets.
 */
final class Mp4Writer implements AutoCloseable {
  static {
    Av.load();
  }

  private final AVFormatContext format;
  private final FailureCode failure;
  private final Path path;
  private boolean closed;

  private Mp4Writer(AVFormatContext format, Path path, FailureCode failure) {
    this.format = format;
    this.path = path;
    this.failure = failure;
  }

  static Mp4Writer create(Path path, FailureCode failure) throws StageException {
    AVFormatContext format = new AVFormatContext(null);
    Av.check(
        avformat_alloc_output_context2(format, null, "mp4", path.toString()),
        failure,
        "writing " + path.getFileName());
    Mp4Writer writer = new Mp4Writer(format, path, failure);
    format.flags(format.flags() | AVFormatContext.AVFMT_FLAG_BITEXACT);
    AVIOContext io = new AVIOContext(null);
    try {
      writer.check(avio_open(io, "file:" + path.toAbsolutePath(), AVIO_FLAG_WRITE));
      format.pb(io);
      return writer;
    } catch (StageException e) {
      writer.close();
      throw e;
    }
  }

  /** Adds the stream of an open encoder. */
  void addVideo(AVCodecContext encoder) throws StageException {
    AVStream stream = Av.allocated(avformat_new_stream(format, null), "a stream");
    check(avcodec_parameters_from_context(stream.codecpar(), encoder));
    stream.time_base(encoder.time_base());
    stream.avg_frame_rate(encoder.framerate());
    stream.r_frame_rate(encoder.framerate());
    stream.sample_aspect_ratio(encoder.sample_aspect_ratio());
  }

  /** Adds a copy of a stream of another file. */
  void addCopy(AVCodecParameters parameters, AVRational timeBase, AVRational frameRate)
      throws StageException {
    AVStream stream = Av.allocated(avformat_new_stream(format, null), "a stream");
    check(avcodec_parameters_copy(stream.codecpar(), parameters));
    // The tag belongs to the container that the stream comes from.
    stream.codecpar().codec_tag(0);
    stream.time_base(timeBase);
    if (frameRate.num() > 0) {
      stream.avg_frame_rate(frameRate);
      stream.r_frame_rate(frameRate);
    }
  }

  void start() throws StageException {
    AVDictionary options = new AVDictionary(null);
    // Signed composition offsets stand in for the edit list that B-frames would otherwise need.
    avutil.av_dict_set(options, "movflags", "+faststart+negative_cts_offsets", 0);
    avutil.av_dict_set(options, "use_editlist", "0", 0);
    try {
      check(avformat_write_header(format, options));
    } finally {
      avutil.av_dict_free(options);
    }
  }

  /** Time base of a stream, valid after {@link #start}. */
  AVRational timeBase(int stream) {
    return format.streams(stream).time_base();
  }

  /** Takes over the packet's data. */
  void write(AVPacket packet) throws StageException {
    check(av_interleaved_write_frame(format, packet));
  }

  void finish() throws StageException {
    check(av_write_trailer(format));
    AVIOContext io = format.pb();
    int result = avio_closep(io);
    format.pb(null);
    check(result);
  }

  private int check(int result) throws StageException {
    return Av.check(result, failure, "writing " + path.getFileName());
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    AVIOContext io = format.pb();
    if (io != null && !io.isNull()) {
      int ignored = avio_closep(io);
      format.pb(null);
    }
    avformat_free_context(format);
  }
}
