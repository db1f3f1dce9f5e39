package dev.reelbeam.media.codec;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AAC;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.av_rescale_q;

import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;

/** Copies the packets of several files of one encoder, and of a sound file, into one MP4. */
public final class Mp4Joiner {
  private static final int VIDEO = 0;
  private static final int AUDIO = 1;

  private Mp4Joiner() {}

  /**
   * Joins.
   *
   * @param segments MP4 files of {@link VideoEncoder} with equal settings, in order
   * @param audio AAC in ADTS or MP4; its first packet is put at zero; null for a silent film
   * @return number of video frames
   * @throws StageException 3033, 5001
   */
  public static int join(List<Path> segments, @Nullable Path audio, Canvas canvas, Path out)
      throws StageException {
    Av.load();
    try (AVRational frame = new AVRational().num(1).den(canvas.frameRate());
        AVRational rate = new AVRational().num(canvas.frameRate()).den(1);
        AVRational unknown = new AVRational().num(0).den(1);
        Input first = Input.open(segments.get(0), AVMEDIA_TYPE_VIDEO)) {
      Reference reference = Reference.of(first, canvas);
      try (Sound sound = audio == null ? null : Sound.open(audio);
          Mp4Writer writer = Mp4Writer.create(out, FailureCode.ASSEMBLE_FAILED)) {
        writer.addCopy(first.parameters(), frame, rate);
        if (sound != null) {
          writer.addCopy(sound.input.parameters(), sound.input.timeBase(), unknown);
        }
        writer.start();
        int frames = 0;
        for (Path segment : segments) {
          frames += append(segment, reference, frames, frame, writer, sound);
        }
        if (sound != null) {
          sound.writeUntil(Long.MAX_VALUE, frame, writer);
        }
        writer.finish();
        return frames;
      }
    }
  }

  /** What all segments must have in common. */
  private record Reference(Path path, ByteBuffer header, int width, int height, int delay) {
    static Reference of(Input input, Canvas canvas) throws StageException {
      AVCodecParameters parameters = input.parameters();
      if (parameters.width() != canvas.width() || parameters.height() != canvas.height()) {
        throw failure(
            input.path
                + " is "
                + parameters.width()
                + "x"
                + parameters.height()
                + ", not "
                + canvas.width()
                + "x"
                + canvas.height());
      }
      return new Reference(
          input.path,
          header(parameters),
          parameters.width(),
          parameters.height(),
          parameters.video_delay());
    }

    void check(Input input) throws StageException {
      AVCodecParameters parameters = input.parameters();
      if (!header.equals(header(parameters))
          || parameters.width() != width
          || parameters.height() != height) {
        throw failure(input.path + " was encoded with other settings than " + path);
      }
    }

    private static ByteBuffer header(AVCodecParameters parameters) {
      byte[] bytes = new byte[parameters.extradata_size()];
      if (bytes.length > 0) {
        parameters.extradata().get(bytes);
      }
      return ByteBuffer.wrap(bytes);
    }
  }

  private static int append(
      Path path,
      Reference reference,
      int framesBefore,
      AVRational frame,
      Mp4Writer writer,
      @Nullable Sound sound)
      throws StageException {
    try (Input input = Input.open(path, AVMEDIA_TYPE_VIDEO)) {
      reference.check(input);
      int frames = 0;
      while (input.next()) {
        AVPacket packet = input.packet;
        if (frames == 0 && (packet.flags() & AV_PKT_FLAG_KEY) == 0) {
          throw failure(path + " does not begin with a key frame");
        }
        av_packet_rescale_ts(packet, input.timeBase(), frame);
        // Presentation times count on from the segment before; decoding times are the order of
        // the packets, as early as the encoder's reordering needs.
        packet.pts(framesBefore + packet.pts());
        packet.dts((long) framesBefore + frames - reference.delay);
        if (packet.pts() < packet.dts()) {
          throw failure(path + " has a frame that is shown before it can be decoded");
        }
        packet.duration(1);
        packet.pos(-1);
        if (sound != null) {
          sound.writeUntil(packet.dts(), frame, writer);
        }
        av_packet_rescale_ts(packet, frame, writer.timeBase(VIDEO));
        packet.stream_index(VIDEO);
        writer.write(packet);
        frames++;
      }
      if (frames == 0 || frames != input.stream().nb_frames()) {
        throw failure(path + " is damaged: it ends after " + frames + " frames");
      }
      return frames;
    }
  }

  private static StageException failure(String message) {
    return new StageException(FailureCode.ASSEMBLE_FAILED, message);
  }

  /** The packets of one stream of a file. */
  private static final class Input implements AutoCloseable {
    final Path path;
    final AVFormatContext format;
    final AVPacket packet;
    final int stream;

    private Input(Path path, AVFormatContext format, AVPacket packet, int stream) {
      this.path = path;
      this.format = format;
      this.packet = packet;
      this.stream = stream;
    }

    static Input open(Path path, int mediaType) throws StageException {
      AVFormatContext format = new AVFormatContext(null);
      AVDictionary options = new AVDictionary(null);
      avutil.av_dict_set(options, "protocol_whitelist", "file", 0);
      avutil.av_dict_set(options, "format_whitelist", "mov,mp4,m4a,3gp,3g2,mj2,aac", 0);
      // Edit lists shift and hide packets; what is copied is all packets, from zero.
      avutil.av_dict_set(options, "ignore_editlist", "1", 0);
      try {
        check(avformat_open_input(format, "file:" + path.toAbsolutePath(), null, options), path);
      } finally {
        avutil.av_dict_free(options);
      }
      try {
        check(avformat_find_stream_info(format, (AVDictionary) null), path);
        for (int i = 0; i < format.nb_streams(); i++) {
          if (format.streams(i).codecpar().codec_type() == mediaType) {
            return new Input(path, format, Av.allocated(av_packet_alloc(), "a packet"), i);
          }
        }
        throw failure(path + " has no stream of the kind needed");
      } catch (StageException e) {
        avformat_close_input(format);
        throw e;
      }
    }

    private AVStream stream() {
      return format.streams(stream);
    }

    AVCodecParameters parameters() {
      return stream().codecpar();
    }

    AVRational timeBase() {
      return stream().time_base();
    }

    boolean next() throws StageException {
      while (true) {
        av_packet_unref(packet);
        int result = av_read_frame(format, packet);
        if (result == AVERROR_EOF()) {
          return false;
        }
        check(result, path);
        if ((packet.flags() & AV_PKT_FLAG_CORRUPT) != 0) {
          throw failure(path.getFileName() + " is damaged");
        }
        if (packet.stream_index() == stream) {
          return true;
        }
      }
    }

    private static void check(int result, Path path) throws StageException {
      Av.check(result, FailureCode.ASSEMBLE_FAILED, "reading " + path.getFileName());
    }

    @Override
    public void close() {
      av_packet_free(packet);
      avformat_close_input(format);
    }
  }

  /** The sound, written along with the pictures in order of time. */
  private static final class Sound implements AutoCloseable {
    final Input input;
    private long firstPts;
    private boolean pending;

    private Sound(Input input) {
      this.input = input;
    }

    static Sound open(Path path) throws StageException {
      Sound sound = new Sound(Input.open(path, AVMEDIA_TYPE_AUDIO));
      try {
        if (sound.input.parameters().codec_id() != AV_CODEC_ID_AAC) {
          throw failure(path + " is not AAC");
        }
        sound.pending = sound.input.next();
        if (!sound.pending) {
          throw failure(path + " has no sound");
        }
        sound.firstPts = sound.input.packet.pts();
        return sound;
      } catch (StageException e) {
        sound.close();
        throw e;
      }
    }

    /** Writes all packets that begin before a frame. */
    void writeUntil(long frameNumber, AVRational frame, Mp4Writer writer) throws StageException {
      while (pending) {
        AVPacket packet = input.packet;
        long pts = packet.pts() - firstPts;
        if (frameNumber != Long.MAX_VALUE
            && av_rescale_q(pts, input.timeBase(), frame) > frameNumber) {
          return;
        }
        packet.pts(pts);
        packet.dts(pts);
        packet.pos(-1);
        av_packet_rescale_ts(packet, input.timeBase(), writer.timeBase(AUDIO));
        packet.stream_index(AUDIO);
        writer.write(packet);
        pending = input.next();
      }
    }

    @Override
    public void close() {
      input.close();
    }
  }
}
