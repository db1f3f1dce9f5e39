package dev.reelbeam.media.codec;

import static org.bytedeco.ffmpeg.global.avutil.AVCHROMA_LOC_CENTER;
import static org.bytedeco.ffmpeg.global.avutil.AVCHROMA_LOC_TOP;
import static org.bytedeco.ffmpeg.global.avutil.AVCHROMA_LOC_TOPLEFT;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT2020_NCL;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_FLAG_PAL;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_FLAG_RGB;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV422P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV440P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV444P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ422P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ440P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ444P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_pix_fmt_desc_get;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BITEXACT;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_BT2020;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_ITU601;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_ITU709;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INP;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INT;
import static org.bytedeco.ffmpeg.global.swscale.SWS_LANCZOS;
import static org.bytedeco.ffmpeg.global.swscale.sws_alloc_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_init_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import dev.reelbeam.media.frame.Plane;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;

/** Scaling and colour conversion by swscale, in its exact modes: the same bytes on every CPU. */
final class Scaler {
  static {
    Av.load();
  }

  private static final int EXACT =
      SWS_ACCURATE_RND | SWS_BITEXACT | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP;
  private static final int ONE = 1 << 16;

  /** Vertical place of 4:2:0 chroma: half way between two rows, in 1/256 of a luma row. */
  private static final int BETWEEN_ROWS = 128;

  /** The second of two rows or columns that share their chroma. */
  private static final int LOWER_ROW = 256;

  /** Leaves a place to swscale. */
  static final int UNKNOWN = Integer.MIN_VALUE;

  /** Untagged clips from this side on are taken for BT.709, smaller ones for BT.601. */
  private static final int HD_SIDE = 1280;

  private Scaler() {}

  /** A new frame with the same pixels in a packed RGB format; the caller frees it. */
  static AVFrame converted(AVFrame source, int format) throws StageException {
    AVFrame result = Av.allocated(av_frame_alloc(), "a frame");
    try {
      result.width(source.width()).height(source.height()).format(format);
      Av.check(av_frame_get_buffer(result, 0), FailureCode.MEMORY_SHORT, "a picture's pixels");
      run(source, result, SWS_BICUBIC, coefficientsOf(source), fullRange(source), true, false);
      AVFrame done = result;
      result = null;
      return done;
    } finally {
      if (result != null) {
        av_frame_free(result);
      }
    }
  }

  /** Scales an RGB24 frame into a planar one of any size. */
  static void toYuv(AVFrame rgb, YuvFrame target) throws StageException {
    if (rgb.format() != AV_PIX_FMT_RGB24) {
      throw new IllegalArgumentException("not RGB24");
    }
    AVFrame yuv = Av.allocated(av_frame_alloc(), "a frame");
    try {
      yuv.width(target.width()).height(target.height()).format(AV_PIX_FMT_YUV420P);
      Av.check(av_frame_get_buffer(yuv, 0), FailureCode.MEMORY_SHORT, "a picture's pixels");
      run(rgb, yuv, SWS_LANCZOS, SWS_CS_ITU709, true, false, false);
      for (int plane = 0; plane < 3; plane++) {
        copy(yuv.data(plane), yuv.linesize(plane), target.plane(plane));
      }
    } finally {
      av_frame_free(yuv);
    }
  }

  /** Scales a planar frame into another one of any size. */
  static void resize(YuvFrame source, YuvFrame target) throws StageException {
    AVFrame from = Av.allocated(av_frame_alloc(), "a frame");
    AVFrame to = null;
    try {
      to = Av.allocated(av_frame_alloc(), "a frame");
      from.width(source.width()).height(source.height()).format(AV_PIX_FMT_YUV420P);
      to.width(target.width()).height(target.height()).format(AV_PIX_FMT_YUV420P);
      Av.check(av_frame_get_buffer(from, 0), FailureCode.MEMORY_SHORT, "a picture's pixels");
      Av.check(av_frame_get_buffer(to, 0), FailureCode.MEMORY_SHORT, "a picture's pixels");
      for (int plane = 0; plane < 3; plane++) {
        copy(source.plane(plane), from.data(plane), from.linesize(plane));
      }
      run(from, to, SWS_LANCZOS, SWS_CS_ITU709, false, false, true);
      for (int plane = 0; plane < 3; plane++) {
        copy(to.data(plane), to.linesize(plane), target.plane(plane));
      }
    } finally {
      av_frame_free(from);
      if (to != null) {
        av_frame_free(to);
      }
    }
  }

  private static void run(
      AVFrame source,
      AVFrame target,
      int kernel,
      int sourceCoefficients,
      boolean sourceFull,
      boolean targetFull,
      boolean sourceSitedLeft)
      throws StageException {
    Colours colours =
        new Colours(
            sourceCoefficients,
            sourceFull,
            sourceSitedLeft ? 0 : UNKNOWN,
            sourceSitedLeft ? BETWEEN_ROWS : UNKNOWN);
    int h = target.format() == AV_PIX_FMT_YUV420P ? 0 : UNKNOWN;
    int v = target.format() == AV_PIX_FMT_YUV420P ? BETWEEN_ROWS : UNKNOWN;
    SwsContext context =
        context(source, target, kernel, colours, targetFull, h, v, FailureCode.PICTURE_UNDECODABLE);
    try {
      Av.check(
          sws_scale_frame(context, target, source), FailureCode.PICTURE_UNDECODABLE, "scaling");
    } finally {
      sws_freeContext(context);
    }
  }

  /**
   * How a source is to be understood.
   *
   * @param coefficients of its matrix, as swscale numbers them
   * @param full whether black is 0 and white 255
   * @param chromaX place of its chroma in 1/256 of a luma column, {@link #UNKNOWN} to leave it
   * @param chromaY the same in luma rows
   */
  record Colours(int coefficients, boolean full, int chromaX, int chromaY) {}

  /**
   * The colours of a clip's frame; what is not tagged is taken as players take it.
   *
   * @param frame whole, before anything is cut off it
   */
  static Colours coloursOfClip(AVFrame frame) {
    int coefficients = coefficientsOf(frame);
    boolean untagged = frame.colorspace() == AVCOL_SPC_UNSPECIFIED && !isRgb(frame.format());
    if (untagged && Math.max(frame.width(), frame.height()) >= HD_SIDE) {
      coefficients = SWS_CS_ITU709;
    }
    var description = av_pix_fmt_desc_get(frame.format());
    boolean halfColumns = description.log2_chroma_w() == 1;
    boolean halfRows = description.log2_chroma_h() == 1;
    int location = frame.chroma_location();
    boolean middle = location == AVCHROMA_LOC_CENTER || location == AVCHROMA_LOC_TOP;
    boolean top = location == AVCHROMA_LOC_TOPLEFT || location == AVCHROMA_LOC_TOP;
    return new Colours(
        coefficients,
        fullRange(frame),
        halfColumns ? (middle ? BETWEEN_ROWS : 0) : UNKNOWN,
        halfRows ? (top ? 0 : BETWEEN_ROWS) : UNKNOWN);
  }

  /**
   * A scaler for frames of a clip into planar ones that are then brought upright; the chroma is put
   * where that brings it to its place.
   */
  static SwsContext forClip(
      AVFrame source, AVFrame target, Colours colours, Orientation orientation)
      throws StageException {
    int h =
        switch (orientation.clockwise()) {
          case 90, 270 -> BETWEEN_ROWS;
          case 180 -> LOWER_ROW;
          default -> 0;
        };
    if (orientation.mirrored()) {
      h = LOWER_ROW - h;
    }
    int v =
        switch (orientation.clockwise()) {
          case 90 -> LOWER_ROW;
          case 270 -> 0;
          default -> BETWEEN_ROWS;
        };
    return context(source, target, SWS_BICUBIC, colours, false, h, v, FailureCode.CLIP_UNDECODABLE);
  }

  private static SwsContext context(
      AVFrame source,
      AVFrame target,
      int kernel,
      Colours colours,
      boolean targetFull,
      int targetChromaX,
      int targetChromaY,
      FailureCode failure)
      throws StageException {
    SwsContext context = Av.allocated(sws_alloc_context(), "a scaler");
    boolean ready = false;
    try {
      context
          .src_w(source.width())
          .src_h(source.height())
          .src_format(plainFormat(source.format()))
          .dst_w(target.width())
          .dst_h(target.height())
          .dst_format(target.format())
          .flags(kernel | EXACT);
      if (colours.chromaX() != UNKNOWN) {
        context.src_h_chr_pos(colours.chromaX());
      }
      if (colours.chromaY() != UNKNOWN) {
        context.src_v_chr_pos(colours.chromaY());
      }
      if (targetChromaX != UNKNOWN) {
        context.dst_h_chr_pos(targetChromaX).dst_v_chr_pos(targetChromaY);
      }
      int ignored =
          sws_setColorspaceDetails(
              context,
              sws_getCoefficients(colours.coefficients()),
              colours.full() ? 1 : 0,
              sws_getCoefficients(SWS_CS_ITU709),
              targetFull ? 1 : 0,
              0,
              ONE,
              ONE);
      Av.check(NativeCpu.steady(() -> sws_init_context(context, null, null)), failure, "scaling");
      ready = true;
      return context;
    } finally {
      if (!ready) {
        sws_freeContext(context);
      }
    }
  }

  /** Copies a native plane row by row. */
  static void copy(BytePointer source, int lineSize, Plane target) {
    BytePointer rows = new BytePointer(source);
    for (int y = 0; y < target.height(); y++) {
      rows.position((long) y * lineSize).get(target.bytes(), y * target.stride(), target.width());
    }
  }

  private static void copy(Plane source, BytePointer target, int lineSize) {
    BytePointer rows = new BytePointer(target);
    for (int y = 0; y < source.height(); y++) {
      rows.position((long) y * lineSize).put(source.bytes(), y * source.stride(), source.width());
    }
  }

  private static int coefficientsOf(AVFrame frame) {
    // For RGB it only has to be the same as of the target: swscale may go through YUV.
    if (isRgb(frame.format()) || frame.colorspace() == AVCOL_SPC_BT709) {
      return SWS_CS_ITU709;
    }
    return frame.colorspace() == AVCOL_SPC_BT2020_NCL ? SWS_CS_BT2020 : SWS_CS_ITU601;
  }

  private static boolean fullRange(AVFrame frame) {
    int format = frame.format();
    if (isRgb(format)) {
      return true;
    }
    return frame.color_range() == AVCOL_RANGE_JPEG
        || (frame.color_range() == AVCOL_RANGE_UNSPECIFIED && plainFormat(format) != format);
  }

  private static boolean isRgb(int format) {
    return (av_pix_fmt_desc_get(format).flags() & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0;
  }

  /** The formats that say "full range" by their name, without it; the range is given apart. */
  private static int plainFormat(int format) {
    if (format == AV_PIX_FMT_YUVJ420P) {
      return AV_PIX_FMT_YUV420P;
    }
    if (format == AV_PIX_FMT_YUVJ422P) {
      return AV_PIX_FMT_YUV422P;
    }
    if (format == AV_PIX_FMT_YUVJ444P) {
      return AV_PIX_FMT_YUV444P;
    }
    if (format == AV_PIX_FMT_YUVJ440P) {
      return AV_PIX_FMT_YUV440P;
    }
    return format;
  }
}
