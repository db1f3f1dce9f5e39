package dev.reelbeam.media.codec;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_side_data_get;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_flush_buffers;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_FLAG_BACKWARD;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_guess_sample_aspect_ratio;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_seek_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_ARIB_STD_B67;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_SMPTE2084;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.AV_ROUND_DOWN;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_move_ref;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.avutil.av_rescale_q;
import static org.bytedeco.ffmpeg.global.avutil.av_rescale_q_rnd;

import dev.reelbeam.media.frame.Window;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a clip of any usual kind, by time.
 *
 * <p>Which frame serves a time, and its pixels, are a pure function of the file and the time, in
 * whatever order times are asked for: a jump goes to the key frame before and decodes forward.
 * Damage is a failure, never half a picture. Two decoded frames are held, no more, beside what the
 * codec itself keeps; of interlaced clips, which are deinterlaced, three more. For one thread.
 */
public final class ClipReader implements AutoCloseable {
  /** Largest clip that is read, in bytes. */
  public static final long MAX_BYTES = 1L << 30;

  /** Largest picture of a clip: 4096x2304. */
  public static final long MAX_PIXELS = 4096L * 2304;

  /** Smallest side of a clip. */
  public static final int MIN_SIDE = 64;

  /** Plain containers only: no playlist or manifest could lead to other files. */
  static final String FORMATS = "mov,matroska,webm,gif,avi,mpegts";

  /** From this distance on, seeking to a key frame costs less than decoding all between. */
  private static final long SEEK_DISTANCE_US = 2_000_000;

  /** Codecs call a frame damaged that only its neighbours would hide. */
  private static final int STRICT =
      avcodec.AV_EF_CRCCHECK | avcodec.AV_EF_BITSTREAM | avcodec.AV_EF_EXPLODE;

  /**
   * The strict way calls H.264 damaged, too, when it lets go of a reference frame that is not
   * there: broadcasts do that from their start on, and others where they are joined in the middle.
   * What this way passes over is caught by the frames' own flags and by {@link OwedFrames}.
   */
  private static final int LENIENT = avcodec.AV_EF_CRCCHECK | avcodec.AV_EF_BITSTREAM;

  /** Asked before each frame is decoded; throws to end the work. */
  @FunctionalInterface
  public interface Watch {
    /** Always goes on. */
    Watch NONE = () -> {};

    void goOn() throws StageException;

    /** Told when the way to a frame has to be gone once more, or from the start of the clip. */
    default void again(ClipReader clip) {}
  }

  private final Path path;
  private final String name;
  private final Watch watch;
  private final AVPacket packet;
  private final AVRational microseconds = new AVRational().num(1).den(1_000_000);
  private final ClipScaler scaler = new ClipScaler();
  private final OwedFrames owed = new OwedFrames();
  private AVFormatContext format;
  private AVCodecContext decoder;
  private int stream;
  private Orientation orientation = Orientation.UPRIGHT;
  private int width;
  private int height;
  private long startPts;
  private boolean seekable;
  private boolean lenient;
  private boolean joined;
  private boolean interlaced;
  private @Nullable Deinterlacer deinterlacer;
  private final AVFrame woven;
  private AVFrame shown;
  private AVFrame next;
  private long shownUs = -1;
  private long nextUs = -1;
  private long pauseUs;
  private boolean draining;
  private boolean ended;

  private ClipReader(Path path, String name, Watch watch) throws StageException {
    this.path = path;
    this.name = name;
    this.watch = watch;
    this.format = new AVFormatContext(null);
    this.decoder = new AVCodecContext(null);
    this.packet = Av.allocated(av_packet_alloc(), "a packet");
    this.shown = Av.allocated(av_frame_alloc(), "a frame");
    this.next = Av.allocated(av_frame_alloc(), "a frame");
    this.woven = Av.allocated(av_frame_alloc(), "a frame");
  }

  /**
   * Opens a clip.
   *
   * @param name for messages only
   * @throws StageException 3050 if it is empty, damaged or no clip, 3051 if it is over the bounds,
   *     3052 if it has no moving picture, 3004 if its picture is too small
   */
  public static ClipReader open(Path path, String name, Watch watch) throws StageException {
    Av.load();
    checkSize(path, name);
    ClipReader reader = new ClipReader(path, name, watch);
    boolean opened = false;
    try {
      reader.openFile();
      opened = true;
      return reader;
    } finally {
      if (!opened) {
        reader.close();
      }
    }
  }

  private static void checkSize(Path path, String name) throws StageException {
    long bytes;
    try {
      bytes = Files.size(path);
    } catch (IOException e) {
      throw new StageException(FailureCode.CLIP_UNDECODABLE, "clip " + name + " cannot be read", e);
    }
    if (bytes == 0) {
      throw new StageException(FailureCode.CLIP_UNDECODABLE, "clip " + name + " is empty");
    }
    if (bytes > MAX_BYTES) {
      throw new StageException(
          FailureCode.CLIP_TOO_LARGE, "clip " + name + " has " + bytes + " bytes");
    }
  }

  private void openFile() throws StageException {
    AVFormatContext input = new AVFormatContext(null);
    AVDictionary options = new AVDictionary(null);
    av_dict_set(options, "protocol_whitelist", "file", 0);
    av_dict_set(options, "format_whitelist", FORMATS, 0);
    try {
      // A failed open has freed the context.
      check(avformat_open_input(input, "file:" + path.toAbsolutePath(), null, options));
    } finally {
      av_dict_free(options);
    }
    format = input;
    // The header is believed only up to here: a bomb is refused before a frame is decoded.
    stream = videoStream();
    checkPicture(format.streams(stream));
    check(avformat_find_stream_info(format, (PointerPointer<?>) null));
    stream = videoStream();
    AVStream video = format.streams(stream);
    checkPicture(video);
    if (video.codecpar().width() < MIN_SIDE || video.codecpar().height() < MIN_SIDE) {
      throw new StageException(
          FailureCode.PICTURE_TOO_SMALL,
          "clip " + name + ": " + video.codecpar().width() + "x" + video.codecpar().height());
    }
    for (int i = 0; i < format.nb_streams(); i++) {
      if (i != stream) {
        format.streams(i).discard(AVDISCARD_ALL);
      }
    }
    openDecoder(video);
    describe(video);
  }

  private int videoStream() throws StageException {
    for (int i = 0; i < format.nb_streams(); i++) {
      AVStream candidate = format.streams(i);
      if (candidate.codecpar().codec_type() == AVMEDIA_TYPE_VIDEO
          && (candidate.disposition() & AV_DISPOSITION_ATTACHED_PIC) == 0) {
        return i;
      }
    }
    throw new StageException(
        FailureCode.CLIP_WITHOUT_PICTURE, "clip " + name + " has no moving picture");
  }

  private void checkPicture(AVStream video) throws StageException {
    long pixels = (long) video.codecpar().width() * video.codecpar().height();
    if (pixels > MAX_PIXELS) {
      throw tooLarge(video.codecpar().width(), video.codecpar().height());
    }
  }

  private StageException tooLarge(int pictureWidth, int pictureHeight) {
    return new StageException(
        FailureCode.CLIP_TOO_LARGE,
        "clip " + name + " has pictures of " + pictureWidth + "x" + pictureHeight + " pixels");
  }

  private void openDecoder(AVStream video) throws StageException {
    AVCodec codec = codec(video.codecpar().codec_id());
    if (codec == null || codec.isNull()) {
      throw new StageException(
          FailureCode.CLIP_UNDECODABLE, "clip " + name + ": no decoder for its codec");
    }
    AVCodecContext context = Av.allocated(avcodec_alloc_context3(codec), "a decoder");
    decoder = context;
    check(avcodec_parameters_to_context(context, video.codecpar()));
    context
        .max_pixels(MAX_PIXELS)
        .thread_count(1)
        .flags(context.flags() | avcodec.AV_CODEC_FLAG_BITEXACT)
        // The one inverse transform that has the same bits in every build and on every processor.
        .idct_algo(AVCodecContext.FF_IDCT_SIMPLE)
        .err_recognition(lenient ? LENIENT : STRICT)
        .pkt_timebase(video.time_base());
    check(NativeCpu.steady(() -> avcodec_open2(context, codec, (PointerPointer<?>) null)));
  }

  private static AVCodec codec(int id) {
    if (id == avcodec.AV_CODEC_ID_AV1) {
      // The decoder that goes by the codec's own name only drives hardware.
      AVCodec software = avcodec_find_decoder_by_name("libdav1d");
      if (software != null && !software.isNull()) {
        return software;
      }
    }
    return avcodec_find_decoder(id);
  }

  private void describe(AVStream video) {
    startPts = video.start_time() == AV_NOPTS_VALUE ? 0 : video.start_time();
    String container = format.iformat().name().getString(StandardCharsets.US_ASCII);
    // An animation's frames build on each other from the first on. AVI tells when frames are
    // decoded, not when they are seen: where the order differs, times follow from all before.
    boolean reordered = video.codecpar().video_delay() > 0;
    seekable = !"gif".equals(container) && !("avi".equals(container) && reordered);
    orientation = orientation(video);
    interlaced = Deinterlacer.isFor(video.codecpar().field_order());
    int codedWidth = video.codecpar().width();
    int codedHeight = video.codecpar().height();
    // Where container and codec differ, players believe the container.
    AVRational shape = av_guess_sample_aspect_ratio(format, video, null);
    int shownWidth = codedWidth;
    if (shape.num() > 0 && shape.den() > 0) {
      long wide = Math.round((double) codedWidth * shape.num() / shape.den());
      // A shape that no camera has is a damaged header.
      if (wide >= codedWidth / 4 && wide <= 4L * codedWidth) {
        shownWidth = (int) wide;
      }
    }
    boolean turned = orientation.sideways();
    width = turned ? codedHeight : shownWidth;
    height = turned ? shownWidth : codedHeight;
  }

  private static Orientation orientation(AVStream video) {
    AVPacketSideData matrix =
        av_packet_side_data_get(
            video.codecpar().coded_side_data(),
            video.codecpar().nb_coded_side_data(),
            AV_PKT_DATA_DISPLAYMATRIX);
    return matrix == null || matrix.isNull() || matrix.size() < 9 * Integer.BYTES
        ? Orientation.UPRIGHT
        : Orientation.of(new IntPointer(matrix.data()));
  }

  /**
   * Whether its light is written down by a transfer curve of HDR (PQ or HLG). Such clips are shown
   * as if it were that of SDR: duller than they were meant.
   */
  public boolean highDynamicRange() {
    int curve = format.streams(stream).codecpar().color_trc();
    return curve == AVCOL_TRC_SMPTE2084 || curve == AVCOL_TRC_ARIB_STD_B67;
  }

  /** Width in upright square pixels. */
  public int width() {
    return width;
  }

  /** Height in upright square pixels. */
  public int height() {
    return height;
  }

  /** Length that the file promises, in microseconds; 0 when it promises none. */
  public long declaredUs() {
    long duration = format.streams(stream).duration();
    if (duration != AV_NOPTS_VALUE && duration > 0) {
      return toUs(duration + startPts);
    }
    return format.duration() > 0 ? format.duration() : 0;
  }

  /** Whether the file has sound. */
  public boolean hasSound() {
    for (int i = 0; i < format.nb_streams(); i++) {
      if (format.streams(i).codecpar().codec_type() == AVMEDIA_TYPE_AUDIO) {
        return true;
      }
    }
    return false;
  }

  /**
   * How much later than its picture a clip's sound begins, in microseconds; negative when it begins
   * earlier, 0 without sound.
   *
   * @throws StageException as {@link #open}
   */
  public static long soundDelayUs(Path path) throws StageException {
    try (ClipReader clip = open(path, String.valueOf(path.getFileName()), Watch.NONE)) {
      int index = av_find_best_stream(clip.format, AVMEDIA_TYPE_AUDIO, -1, -1, (AVCodec) null, 0);
      if (index < 0 || clip.format.streams(index).start_time() == AV_NOPTS_VALUE) {
        return 0;
      }
      AVStream sound = clip.format.streams(index);
      AVStream picture = clip.format.streams(clip.stream);
      return av_rescale_q(sound.start_time(), sound.time_base(), clip.microseconds)
          - av_rescale_q(clip.startPts, picture.time_base(), clip.microseconds);
    }
  }

  /**
   * Goes to the frame that is seen at a time: the last one that has begun by then, or the first.
   *
   * @param sourceUs microseconds from the clip's first frame
   * @return when that frame begins; equal times are equal frames
   * @throws StageException 3050 if the way there is damaged, 3052 if there is no frame at all
   */
  public long seek(long sourceUs) throws StageException {
    while (true) {
      try {
        goTo(sourceUs);
        return shownUs;
      } catch (StageException e) {
        fallBack(e);
      }
    }
  }

  private void goTo(long sourceUs) throws StageException {
    boolean back = shownUs >= 0 && sourceUs < shownUs;
    boolean far = nextUs >= 0 && !ended && sourceUs > nextUs + SEEK_DISTANCE_US;
    if (shownUs < 0 || back || far) {
      begin(sourceUs);
    }
    while (!ended && nextUs <= sourceUs) {
      advance();
    }
  }

  /**
   * Makes ready for another, dearer way to a frame; the failure again if there is none. A stream
   * that was joined in the middle may speak of what came before.
   */
  private void fallBack(StageException failure) throws StageException {
    boolean damaged = failure.code() == FailureCode.CLIP_UNDECODABLE && !decoder.isNull();
    if (damaged && !lenient && decoder.codec_id() == avcodec.AV_CODEC_ID_H264) {
      lenient = true;
    } else if (damaged && joined) {
      seekable = false;
    } else {
      throw failure;
    }
    rewind();
    watch.again(this);
  }

  /** Whether the current frame is the one that is seen at a time, told without decoding. */
  public boolean shows(long sourceUs) {
    return shownUs >= 0 && sourceUs >= shownUs && (ended || sourceUs < nextUs);
  }

  /** Length of a frame on average, in microseconds, as the file promises it; 0 if it does not. */
  public long frameUs() {
    AVRational rate = format.streams(stream).avg_frame_rate();
    return rate.num() > 0 && rate.den() > 0 ? 1_000_000L * rate.den() / rate.num() : 0;
  }

  /** Whether a jump into the middle decodes from the key frame before it, not from the start. */
  public boolean seekable() {
    return seekable;
  }

  /**
   * Goes to the frame after the current one, or to the first.
   *
   * @return when it begins, -1 after the last one
   */
  public long step() throws StageException {
    long beforeUs = shownUs;
    while (true) {
      try {
        if (beforeUs < 0) {
          goTo(0);
          return shownUs;
        }
        goTo(beforeUs);
        if (ended) {
          return -1;
        }
        advance();
        return shownUs;
      } catch (StageException e) {
        fallBack(e);
      }
    }
  }

  /** Makes the frame ahead the current one. */
  private void advance() throws StageException {
    AVFrame free = shown;
    shown = next;
    next = free;
    shownUs = nextUs;
    ended = !decode();
  }

  /** From the key frame before a time on, so that the time or what is before it comes next. */
  private void begin(long sourceUs) throws StageException {
    boolean fresh = shownUs < 0 && nextUs < 0;
    boolean jumped = false;
    // An index may lead to a key frame that is shown after its target: then to the one before.
    for (int earlier = 0; earlier <= 1; earlier++) {
      long targetUs = sourceUs - earlier * SEEK_DISTANCE_US;
      if (targetUs <= SEEK_DISTANCE_US || !seekable || !jump(targetUs)) {
        break;
      }
      jumped = true;
      restart();
      joined = true;
      // What lies before it is wanted for each whole picture of two moments.
      boolean prepared = !interlaced || picture(next);
      if (prepared && decode() && nextUs <= sourceUs) {
        advance();
        return;
      }
    }
    if (jumped) {
      // An index that leads behind its target is no use.
      seekable = false;
    }
    if (jumped || !fresh) {
      rewind();
    }
    if (!decode()) {
      throw new StageException(
          FailureCode.CLIP_WITHOUT_PICTURE, "clip " + name + " has no picture in it");
    }
    advance();
  }

  private boolean jump(long targetUs) {
    long pts =
        startPts
            + av_rescale_q_rnd(
                targetUs, microseconds, format.streams(stream).time_base(), AV_ROUND_DOWN);
    return av_seek_frame(format, stream, pts, AVSEEK_FLAG_BACKWARD) >= 0;
  }

  private void restart() {
    avcodec_flush_buffers(decoder);
    fromAnew();
  }

  private void fromAnew() {
    owed.restart();
    separate();
    joined = false;
    draining = false;
    ended = false;
    shownUs = -1;
    nextUs = -1;
    pauseUs = 0;
  }

  private void separate() {
    if (deinterlacer != null) {
      deinterlacer.close();
      deinterlacer = null;
    }
  }

  /** To the very beginning, whatever the container thinks of seeking. */
  private void rewind() throws StageException {
    avcodec_free_context(decoder);
    avformat_close_input(format);
    fromAnew();
    boolean wasSeekable = seekable;
    openFile();
    seekable &= wasSeekable;
  }

  /** Decodes the frame ahead; false at the end. */
  private boolean decode() throws StageException {
    while (picture(next)) {
      if ((long) next.width() * next.height() > MAX_PIXELS) {
        throw tooLarge(next.width(), next.height());
      }
      long us = timeOfNext();
      // Of two frames of one time the later one is seen, of one out of order nothing.
      if (us >= Math.max(nextUs, shownUs)) {
        pauseUs = nextUs < 0 ? 0 : us - nextUs;
        nextUs = us;
        return true;
      }
    }
    return false;
  }

  /** The next whole picture; false at the end. */
  private boolean picture(AVFrame target) throws StageException {
    while (interlaced) {
      if (deinterlacer != null) {
        av_frame_unref(target);
        int taken = deinterlacer.take(target);
        if (taken == AVERROR_EOF()) {
          return false;
        }
        if (taken != AVERROR_EAGAIN()) {
          check(taken);
          return true;
        }
      }
      boolean more = decoded(woven);
      if (deinterlacer == null) {
        if (!more) {
          return false;
        }
        deinterlacer = deinterlacer(woven);
        if (deinterlacer == null) {
          interlaced = false;
          av_frame_unref(target);
          av_frame_move_ref(target, woven);
          return true;
        }
      }
      if (more && !deinterlacer.takes(woven)) {
        throw damaged("its pictures change their size");
      }
      check(deinterlacer.give(more ? woven : null));
    }
    return decoded(target);
  }

  /** Null for pictures of a kind that stay as they are. */
  private @Nullable Deinterlacer deinterlacer(AVFrame first) throws StageException {
    try {
      return new Deinterlacer(first, format.streams(stream).time_base(), name);
    } catch (StageException e) {
      if (e.code() != FailureCode.CLIP_UNDECODABLE) {
        throw e;
      }
      return null;
    }
  }

  /** The next frame as the decoder has it; false at the end. */
  private boolean decoded(AVFrame target) throws StageException {
    while (true) {
      int received = avcodec_receive_frame(decoder, target);
      if (received == AVERROR_EOF()) {
        if (lenient && owed.missing()) {
          throw damaged("frames are missing");
        }
        return false;
      }
      if (received == AVERROR_EAGAIN()) {
        watch.goOn();
        feed();
        continue;
      }
      check(received);
      if ((target.flags() & AVFrame.AV_FRAME_FLAG_CORRUPT) != 0
          || target.decode_error_flags() != 0) {
        throw damaged("a frame");
      }
      if (lenient && owed.skippedBefore(target)) {
        throw damaged("a frame is missing");
      }
      return true;
    }
  }

  private long timeOfNext() throws StageException {
    if (next.best_effort_timestamp() != AV_NOPTS_VALUE) {
      return Math.max(0, toUs(next.best_effort_timestamp()));
    }
    // AVI tells when frames are decoded: the last ones, which come late, are told by nothing.
    if (draining && pauseUs > 0) {
      return nextUs + pauseUs;
    }
    throw damaged("a frame without a time");
  }

  private void feed() throws StageException {
    if (draining) {
      throw damaged("it ends within a frame");
    }
    while (true) {
      int read = av_read_frame(format, packet);
      if (read == AVERROR_EOF()) {
        draining = true;
        check(avcodec_send_packet(decoder, null));
        return;
      }
      check(read);
      boolean ours = packet.stream_index() == stream;
      boolean whole = (packet.flags() & avcodec.AV_PKT_FLAG_CORRUPT) == 0;
      int sent = ours && whole ? avcodec_send_packet(decoder, packet) : 0;
      if (ours && lenient) {
        owed.given(packet);
      }
      av_packet_unref(packet);
      if (ours && !whole) {
        throw damaged("cut short");
      }
      if (ours) {
        check(sent);
        return;
      }
    }
  }

  private long toUs(long pts) {
    return av_rescale_q_rnd(
        pts - startPts, format.streams(stream).time_base(), microseconds, AV_ROUND_DOWN);
  }

  /**
   * An area of the current frame, scaled, upright, in BT.709 limited range whatever the clip's own
   * colours are; transparency is ignored.
   *
   * @param area in upright square pixels, inside the picture
   * @param target filled
   */
  public void scaled(Window area, YuvFrame target) throws StageException {
    if (shownUs < 0) {
      throw new IllegalStateException("no frame yet");
    }
    scaler.scale(shown, orientation, width, height, area, target);
  }

  private StageException damaged(String what) {
    return new StageException(
        FailureCode.CLIP_UNDECODABLE,
        "clip " + name + " is damaged after " + Math.max(0, nextUs) / 1000 + " ms: " + what);
  }

  private void check(int result) throws StageException {
    Av.check(result, FailureCode.CLIP_UNDECODABLE, "clip " + name);
  }

  @Override
  public void close() {
    scaler.close();
    av_frame_free(shown);
    av_frame_free(next);
    av_frame_free(woven);
    separate();
    av_packet_free(packet);
    if (!decoder.isNull()) {
      avcodec_free_context(decoder);
    }
    if (!format.isNull()) {
      avformat_close_input(format);
    }
    microseconds.close();
  }
}
