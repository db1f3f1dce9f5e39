package dev.reelbeam.media.codec;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avformat.av_find_input_format;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AV_FRAME_CROP_UNALIGNED;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_FLAG_ALPHA;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGBA;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_apply_cropping;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_clone;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_pix_fmt_desc_get;

import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;

/**
 * A decoded picture in native memory (PNG, JPEG or WebP, upright, sRGB), from which areas are taken
 * in any size. One thread at a time.
 */
public final class PictureFile implements AutoCloseable {
  /** Largest picture that is decoded. */
  public static final long MAX_PIXELS = 100_000_000L;

  private static final int SIGNATURE_BYTES = 12;
  private static final int RGB_BYTES = 3;
  private static final int RGBA_BYTES = 4;

  /** Converted around an area, so that its rim has the neighbours that it has in the picture. */
  private static final int MARGIN = 16;

  private final boolean jpeg;
  private final AVFrame decoded;
  private @Nullable AVFrame rgb;

  private PictureFile(boolean jpeg, AVFrame decoded) {
    this.jpeg = jpeg;
    this.decoded = decoded;
  }

  /**
   * Decodes a picture.
   *
   * @throws StageException 3001 if it is damaged or no picture, 3002 if it has more than {@link
   *     #MAX_PIXELS}
   */
  public static PictureFile open(Path path) throws StageException {
    Av.load();
    String reader = reader(path);
    return new PictureFile(reader.equals("jpeg_pipe"), decode(path, reader));
  }

  private static AVFrame decode(Path path, String readerName) throws StageException {
    String name = String.valueOf(path.getFileName());
    AVFormatContext format = new AVFormatContext(null);
    AVDictionary options = new AVDictionary(null);
    av_dict_set(options, "protocol_whitelist", "file", 0);
    try {
      // Named, so that neither the file's name nor clever content chooses another reader.
      AVInputFormat reader = av_find_input_format(readerName);
      Av.check(
          avformat_open_input(format, "file:" + path.toAbsolutePath(), reader, options),
          FailureCode.PICTURE_UNDECODABLE,
          "picture " + name);
      try {
        return decode(format, path);
      } finally {
        avformat_close_input(format);
      }
    } finally {
      av_dict_free(options);
    }
  }

  private static String reader(Path path) throws StageException {
    byte[] head;
    try (InputStream in = Files.newInputStream(path)) {
      head = in.readNBytes(SIGNATURE_BYTES);
    } catch (IOException e) {
      throw new StageException(
          FailureCode.PICTURE_UNDECODABLE, "picture " + path.getFileName() + " is unreadable", e);
    }
    String signature = new String(head, StandardCharsets.ISO_8859_1);
    if (signature.startsWith("\u0089PNG")) {
      return "png_pipe";
    }
    if (signature.startsWith("\u00FF\u00D8\u00FF")) {
      return "jpeg_pipe";
    }
    if (signature.startsWith("RIFF") && signature.startsWith("WEBP", 8)) {
      return "webp_pipe";
    }
    throw new StageException(
        FailureCode.PICTURE_UNDECODABLE,
        "picture " + path.getFileName() + " is no PNG, JPEG or WebP");
  }

  private static AVFrame decode(AVFormatContext format, Path path) throws StageException {
    String name = String.valueOf(path.getFileName());
    AVCodecParameters parameters = format.streams(0).codecpar();
    AVCodec codec = avcodec_find_decoder(parameters.codec_id());
    if (codec == null || codec.isNull()) {
      throw new StageException(
          FailureCode.PICTURE_FORMAT_UNSUPPORTED,
          "picture " + name + ": no decoder for its format");
    }
    AVCodecContext context = Av.allocated(avcodec_alloc_context3(codec), "a decoder");
    AVPacket packet = Av.allocated(av_packet_alloc(), "a packet");
    AVFrame frame = Av.allocated(av_frame_alloc(), "a frame");
    try {
      check(avcodec_parameters_to_context(context, parameters), name);
      // The header is believed only up to here: a bomb is refused before memory is taken.
      context.max_pixels(MAX_PIXELS);
      context.thread_count(1);
      context.flags(context.flags() | avcodec.AV_CODEC_FLAG_BITEXACT);
      // Half a picture is not shown: damage is reported.
      context.err_recognition(
          avcodec.AV_EF_CRCCHECK | avcodec.AV_EF_BITSTREAM | avcodec.AV_EF_EXPLODE);
      check(
          NativeCpu.steady(
              () -> avcodec_open2(context, codec, (org.bytedeco.javacpp.PointerPointer<?>) null)),
          name);
      check(av_read_frame(format, packet), name);
      int sent = avcodec_send_packet(context, packet);
      av_packet_unref(packet);
      if (sent < 0 && tooLarge(context)) {
        throw tooLarge(path, context.width(), context.height());
      }
      check(sent, name);
      check(avcodec_send_packet(context, null), name);
      check(avcodec_receive_frame(context, frame), name);
      AVFrame result = frame;
      frame = null;
      return result;
    } finally {
      if (frame != null) {
        av_frame_free(frame);
      }
      av_packet_free(packet);
      avcodec_free_context(context);
    }
  }

  private static boolean tooLarge(AVCodecContext context) {
    return (long) context.width() * context.height() > MAX_PIXELS;
  }

  private static StageException tooLarge(Path path, int width, int height) {
    return new StageException(
        FailureCode.PICTURE_TOO_LARGE,
        "picture " + path.getFileName() + " has " + width + "x" + height + " pixels");
  }

  private static void check(int result, String name) throws StageException {
    Av.check(result, FailureCode.PICTURE_UNDECODABLE, "picture " + name);
  }

  public int width() {
    return decoded.width();
  }

  public int height() {
    return decoded.height();
  }

  /** Whether its format can say that parts of it are transparent. */
  public boolean hasAlpha() {
    return (av_pix_fmt_desc_get(decoded.format()).flags() & AV_PIX_FMT_FLAG_ALPHA) != 0;
  }

  /**
   * An area of the picture, scaled with a windowed sinc and converted to BT.709. Transparency is
   * ignored.
   *
   * @param x left edge of the area, inside the picture
   * @param y top edge of the area
   * @param width of the area
   * @param height of the area
   * @param targetWidth even
   * @param targetHeight even
   */
  public YuvFrame scaled(int x, int y, int width, int height, int targetWidth, int targetHeight)
      throws StageException {
    if (x < 0 || y < 0 || width < 1 || height < 1 || x + width > width() || y + height > height()) {
      throw new IllegalArgumentException("the area lies outside the picture");
    }
    AVFrame colours = rgb;
    AVFrame own = null;
    int fromX = 0;
    int fromY = 0;
    if (colours == null) {
      int toX = Math.min(width(), x + width + MARGIN);
      int toY = Math.min(height(), y + height + MARGIN);
      int nearX = Math.max(0, x - MARGIN) / MARGIN * MARGIN;
      int nearY = Math.max(0, y - MARGIN) / MARGIN * MARGIN;
      if (jpeg && mostlyOutside(toX - nearX, toY - nearY)) {
        fromX = nearX;
        fromY = nearY;
        own = converted(fromX, fromY, toX, toY);
        colours = own;
      } else {
        colours = Scaler.converted(decoded, AV_PIX_FMT_RGB24);
        rgb = colours;
      }
    }
    AVFrame area = Av.allocated(av_frame_clone(colours), "a frame");
    try {
      area.data(
          0,
          new BytePointer(colours.data(0))
              .position((long) (y - fromY) * colours.linesize(0) + (long) RGB_BYTES * (x - fromX)));
      area.width(width).height(height);
      YuvFrame result = new YuvFrame(targetWidth, targetHeight);
      Scaler.toYuv(area, result);
      return result;
    } finally {
      av_frame_free(area);
      if (own != null) {
        av_frame_free(own);
      }
    }
  }

  /**
   * The same, holding no finer detail than a picture of the given size could. Such a picture can be
   * resampled to any size down to that one, by the simplest means, without moire.
   *
   * @param detailWidth even; together with {@code detailHeight} the size at which detail ends
   */
  public YuvFrame scaled(
      int x,
      int y,
      int width,
      int height,
      int detailWidth,
      int detailHeight,
      int targetWidth,
      int targetHeight)
      throws StageException {
    if (detailWidth >= Math.min(width, targetWidth)
        || detailHeight >= Math.min(height, targetHeight)) {
      return scaled(x, y, width, height, targetWidth, targetHeight);
    }
    YuvFrame result = new YuvFrame(targetWidth, targetHeight);
    Scaler.resize(scaled(x, y, width, height, detailWidth, detailHeight), result);
    return result;
  }

  /** Whether converting the whole picture would be a waste. */
  private boolean mostlyOutside(int width, int height) {
    return 4L * width * height < 3L * width() * height();
  }

  private AVFrame converted(int left, int top, int right, int bottom) throws StageException {
    AVFrame area = Av.allocated(av_frame_clone(decoded), "a frame");
    try {
      area.crop_left(left).crop_top(top).crop_right(width() - right).crop_bottom(height() - bottom);
      Av.check(
          av_frame_apply_cropping(area, AV_FRAME_CROP_UNALIGNED),
          FailureCode.PICTURE_UNDECODABLE,
          "cropping");
      return Scaler.converted(area, AV_PIX_FMT_RGB24);
    } finally {
      av_frame_free(area);
    }
  }

  /** The picture as red, green, blue, alpha; straight alpha, rows without padding. */
  public byte[] rgba() throws StageException {
    AVFrame rgba = Scaler.converted(decoded, AV_PIX_FMT_RGBA);
    try {
      int rowBytes = RGBA_BYTES * width();
      byte[] result = new byte[Math.multiplyExact(rowBytes, height())];
      try (BytePointer data = new BytePointer(rgba.data(0))) {
        for (int row = 0; row < height(); row++) {
          data.position((long) row * rgba.linesize(0)).get(result, row * rowBytes, rowBytes);
        }
      }
      return result;
    } finally {
      av_frame_free(rgba);
    }
  }

  @Override
  public void close() {
    if (rgb != null) {
      av_frame_free(rgb);
      rgb = null;
    }
    if (!decoded.isNull()) {
      av_frame_free(decoded);
    }
  }
}
