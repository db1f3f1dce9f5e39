package dev.reelbeam.media.codec;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_BITEXACT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MJPEG;
import static org.bytedeco.ffmpeg.global.avcodec.AV_EF_BITSTREAM;
import static org.bytedeco.ffmpeg.global.avcodec.AV_EF_CRCCHECK;
import static org.bytedeco.ffmpeg.global.avcodec.AV_EF_EXPLODE;
import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_SIZE;
import static org.bytedeco.ffmpeg.global.avformat.av_find_input_format;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avformat.avio_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avio_context_free;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT2020_NCL;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGRA;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_GRAY8;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BITEXACT;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_BT2020;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_ITU601;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_ITU709;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INP;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INT;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/** Decodes still pictures that only the video libraries can read. */
public final class PictureStillDecoder {
  private static final int IO_BUFFER_BYTES = 1 << 15;
  private static final int END_OF_FILE = -541478725;
  private static final int NO_SCALER = -1;
  private static final int SEEK_SET = 0;
  private static final int SEEK_CUR = 1;
  private static final int SEEK_END = 2;

  private PictureStillDecoder() {}

  /** A decoded picture as packed non-premultiplied 0xAARRGGBB pixels, as stored (not turned). */
  @SuppressWarnings("ArrayRecordComponent") // A carrier; never compared.
  public record Still(int widthPx, int heightPx, int[] argb) {}

  /**
   * The first picture of an AVIF file, with its alpha plane where there is one.
   *
   * @param widthPx as the caller has read it from the file; another size is refused
   * @throws StageException 3001 when the data is damaged, 3003 when this build has no AV1 decoder
   *     or the picture is made of tiles
   */
  public static Still decodeAvif(byte[] file, int widthPx, int heightPx, String name)
      throws StageException {
    Av.load();
    AVCodec decoder = decoder(name);
    try (Source source = new Source(file)) {
      AVFormatContext format = source.open(name);
      if (format.nb_stream_groups() > 0) {
        throw new StageException(
            FailureCode.PICTURE_FORMAT_UNSUPPORTED, name + ": an AVIF made of tiles");
      }
      int[] colour = null;
      int[] alpha = null;
      AVPacket packet = Av.allocated(av_packet_alloc(), "a packet");
      try {
        while ((colour == null || (alpha == null && format.nb_streams() > 1))
            && av_read_frame(format, packet) >= 0) {
          boolean isAlpha = packet.stream_index() == 1;
          if (packet.stream_index() <= 1 && (isAlpha ? alpha : colour) == null) {
            int[] pixels =
                decode(format, packet, decoder, new int[] {widthPx, heightPx}, isAlpha, name);
            if (isAlpha) {
              alpha = pixels;
            } else {
              colour = pixels;
            }
          }
          av_packet_unref(packet);
        }
      } finally {
        av_packet_free(packet);
      }
      if (colour == null) {
        throw damaged(name, "it holds no picture");
      }
      if (alpha != null) {
        for (int i = 0; i < colour.length; i++) {
          colour[i] = (colour[i] & 0xFFFFFF) | (alpha[i] & 0xFF) << 24;
        }
      }
      return new Still(widthPx, heightPx, colour);
    }
  }

  /**
   * A JPEG in another size. It is decoded at its size, a half, a quarter or an eighth of it: then
   * only the lower frequencies of its blocks are turned into pixels, which takes a fraction of the
   * time and memory, and nothing aliases. From the decoder's planes it is scaled in one pass, so
   * that it is never whole in memory as red, green and blue. Up to one row and column at the far
   * edges is left out.
   *
   * @param file grey or YCbCr, baseline or progressive, as the caller has seen in its header
   * @param halvings 0 to 3
   * @param widthPx of what comes out
   * @param heightPx of what comes out
   * @throws StageException 3001 when the data is damaged
   */
  public static Still decodeJpeg(byte[] file, int halvings, int widthPx, int heightPx, String name)
      throws StageException {
    Av.load();
    AVCodec decoder = avcodec_find_decoder(AV_CODEC_ID_MJPEG);
    AVCodecContext context = Av.allocated(avcodec_alloc_context3(decoder), "a decoder");
    AVFrame frame = Av.allocated(av_frame_alloc(), "a frame");
    AVPacket packet = Av.allocated(av_packet_alloc(), "a packet");
    try {
      context.thread_count(1);
      context.lowres(halvings);
      context.flags(context.flags() | AV_CODEC_FLAG_BITEXACT);
      // Half a picture is not shown: damage is reported.
      context.err_recognition(AV_EF_CRCCHECK | AV_EF_BITSTREAM | AV_EF_EXPLODE);
      requireWhole(
          NativeCpu.steady(() -> avcodec_open2(context, decoder, (AVDictionary) null)), name);
      requireWhole(av_new_packet(packet, file.length), name);
      packet.data().put(file, 0, file.length);
      requireWhole(avcodec_send_packet(context, packet), name);
      requireWhole(avcodec_send_packet(context, (AVPacket) null), name);
      requireWhole(avcodec_receive_frame(context, frame), name);
      // Of an odd size, the planes of colour reach further than that of brightness: whole pairs.
      frame.width(Math.max(2, frame.width() & ~1)).height(Math.max(2, frame.height() & ~1));
      return new Still(widthPx, heightPx, pixels(frame, widthPx, heightPx, false, name));
    } finally {
      av_packet_free(packet);
      av_frame_free(frame);
      avcodec_free_context(context);
    }
  }

  private static void requireWhole(int result, String name) throws StageException {
    Av.check(result, FailureCode.PICTURE_UNDECODABLE, name + ": the data of the JPEG is damaged");
  }

  private static AVCodec decoder(String name) throws StageException {
    for (String candidate : new String[] {"libdav1d", "libaom-av1"}) {
      AVCodec found = avcodec_find_decoder_by_name(candidate);
      if (found != null && !found.isNull()) {
        return found;
      }
    }
    throw new StageException(
        FailureCode.PICTURE_FORMAT_UNSUPPORTED,
        name + ": AVIF cannot be read, this build of FFmpeg has no AV1 decoder");
  }

  private static int[] decode(
      AVFormatContext format,
      AVPacket packet,
      AVCodec decoder,
      int[] size,
      boolean isAlpha,
      String name)
      throws StageException {
    AVCodecContext context = Av.allocated(avcodec_alloc_context3(decoder), "a decoder");
    AVFrame frame = Av.allocated(av_frame_alloc(), "a frame");
    try {
      avcodec_parameters_to_context(context, format.streams(packet.stream_index()).codecpar());
      // Another thread count could give another order of work, never another picture; one is
      // enough.
      context.thread_count(1);
      context.max_pixels((long) size[0] * size[1] + 1_000_000);
      requireOk(NativeCpu.steady(() -> avcodec_open2(context, decoder, (AVDictionary) null)), name);
      requireOk(avcodec_send_packet(context, packet), name);
      int received = avcodec_receive_frame(context, frame);
      if (received < 0) {
        avcodec_send_packet(context, (AVPacket) null);
        received = avcodec_receive_frame(context, frame);
      }
      requireOk(received, name);
      if (frame.width() != size[0] || frame.height() != size[1]) {
        throw new StageException(
            FailureCode.PICTURE_FORMAT_UNSUPPORTED,
            name
                + ": an AVIF whose parts differ in size ("
                + frame.width()
                + "x"
                + frame.height()
                + " in "
                + size[0]
                + "x"
                + size[1]
                + ")");
      }
      return pixels(frame, frame.width(), frame.height(), isAlpha, name);
    } finally {
      av_frame_free(frame);
      avcodec_free_context(context);
    }
  }

  private static int[] pixels(AVFrame frame, int w, int h, boolean isAlpha, String name)
      throws StageException {
    int rows = frame.height();
    int target = isAlpha ? AV_PIX_FMT_GRAY8 : AV_PIX_FMT_BGRA;
    int bytesPerPixel = isAlpha ? 1 : 4;
    int flags =
        SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP;
    int matrix =
        switch (frame.colorspace()) {
          case AVCOL_SPC_BT709 -> SWS_CS_ITU709;
          case AVCOL_SPC_BT2020_NCL -> SWS_CS_BT2020;
          default -> SWS_CS_ITU601;
        };
    int fullRange = frame.color_range() == AVCOL_RANGE_JPEG ? 1 : 0;
    IntPointer coefficients = sws_getCoefficients(matrix);
    SwsContext[] made = new SwsContext[1];
    int opened =
        NativeCpu.steady(
            () -> {
              SwsContext context =
                  sws_getContext(
                      frame.width(),
                      rows,
                      frame.format(),
                      w,
                      h,
                      target,
                      flags,
                      null,
                      null,
                      (DoublePointer) null);
              if (context == null || context.isNull()) {
                return NO_SCALER;
              }
              made[0] = context;
              // It chooses functions once more, so it belongs to the opening.
              int ignored =
                  sws_setColorspaceDetails(
                      context, coefficients, fullRange, coefficients, 1, 0, 1 << 16, 1 << 16);
              return 0;
            });
    if (opened == NO_SCALER) {
      throw damaged(name, "its pixel format is unknown");
    }
    SwsContext scaler = made[0];
    int stride = (w * bytesPerPixel + 63) / 64 * 64;
    byte[] row = new byte[stride];
    int[] result = new int[w * h];
    try (BytePointer bytes = new BytePointer((long) stride * h);
        PointerPointer<BytePointer> planes = new PointerPointer<>(4);
        IntPointer strides = new IntPointer(stride, 0, 0, 0)) {
      planes.put(0, bytes);
      planes.put(1, null);
      planes.put(2, null);
      planes.put(3, null);
      sws_scale(scaler, frame.data(), frame.linesize(), 0, rows, planes, strides);
      for (int y = 0; y < h; y++) {
        bytes.position((long) y * stride).get(row);
        for (int x = 0; x < w; x++) {
          int at = x * bytesPerPixel;
          result[y * w + x] =
              isAlpha
                  ? row[at] & 0xFF
                  : 0xFF000000
                      | (row[at + 2] & 0xFF) << 16
                      | (row[at + 1] & 0xFF) << 8
                      | (row[at] & 0xFF);
        }
      }
      bytes.position(0);
    } finally {
      sws_freeContext(scaler);
    }
    return result;
  }

  private static void requireOk(int result, String name) throws StageException {
    if (result < 0) {
      throw damaged(name, Av.message(result));
    }
  }

  private static StageException damaged(String name, String why) {
    return new StageException(
        FailureCode.PICTURE_UNDECODABLE, name + ": the AVIF is damaged, " + why);
  }

  /** A file in memory, as the demuxer reads it. */
  private static final class Source implements AutoCloseable {
    private final byte[] file;
    private long position;
    private final Read_packet_Pointer_BytePointer_int read;
    private final Seek_Pointer_long_int seek;
    private @Nullable AVIOContext io;
    private @Nullable AVFormatContext format;

    Source(byte[] file) {
      this.file = file;
      this.read =
          new Read_packet_Pointer_BytePointer_int() {
            @Override
            public int call(Pointer opaque, BytePointer target, int size) {
              int count = (int) Math.min(size, file.length - position);
              if (count <= 0) {
                return END_OF_FILE;
              }
              target.put(file, (int) position, count);
              position += count;
              return count;
            }
          };
      this.seek =
          new Seek_Pointer_long_int() {
            @Override
            public long call(Pointer opaque, long offset, int whence) {
              return seekTo(offset, whence);
            }
          };
    }

    private long seekTo(long offset, int whence) {
      if ((whence & AVSEEK_SIZE) != 0) {
        return file.length;
      }
      long wanted =
          switch (whence & 3) {
            case SEEK_SET -> offset;
            case SEEK_CUR -> position + offset;
            case SEEK_END -> file.length + offset;
            default -> -1;
          };
      if (wanted < 0 || wanted > file.length) {
        return -1;
      }
      position = wanted;
      return wanted;
    }

    AVFormatContext open(String name) throws StageException {
      BytePointer buffer = new BytePointer(Av.allocated(av_malloc(IO_BUFFER_BYTES), "a buffer"));
      AVIOContext opened =
          Av.allocated(
              avio_alloc_context(buffer, IO_BUFFER_BYTES, 0, null, read, null, seek), "a reader");
      io = opened;
      AVFormatContext context = Av.allocated(avformat_alloc_context(), "a demuxer");
      context.pb(opened);
      int result =
          avformat_open_input(
              context, (String) null, av_find_input_format("mov"), (AVDictionary) null);
      if (result < 0) {
        // The library has freed the context.
        throw damaged(name, Av.message(result));
      }
      format = context;
      if (context.nb_streams() < 1) {
        throw damaged(name, "it holds no picture");
      }
      return context;
    }

    @Override
    public void close() {
      AVFormatContext context = format;
      if (context != null) {
        avformat_close_input(context);
      }
      AVIOContext opened = io;
      if (opened != null) {
        av_free(opened.buffer());
        avio_context_free(opened);
      }
      read.close();
      seek.close();
    }
  }
}
