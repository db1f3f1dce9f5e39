package dev.reelbeam.media.codec;

import static org.bytedeco.ffmpeg.global.avcodec.AV_FIELD_BB;
import static org.bytedeco.ffmpeg.global.avcodec.AV_FIELD_BT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_FIELD_TB;
import static org.bytedeco.ffmpeg.global.avcodec.AV_FIELD_TT;
import static org.bytedeco.ffmpeg.global.avfilter.AVFILTER_AUTO_CONVERT_NONE;
import static org.bytedeco.ffmpeg.global.avfilter.AV_BUFFERSRC_FLAG_KEEP_REF;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_frame;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersrc_add_frame_flags;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_get_by_name;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_alloc;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_config;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_create_filter;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_free;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_set_auto_convert;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_link;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avfilter.AVFilterGraph;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.jspecify.annotations.Nullable;

/**
 * Makes whole pictures of such as hold two moments in their odd and even rows, by libavfilter's
 * bwdif: in whole numbers, the same on every processor. One comes out for one that goes in; frames
 * that say that they are whole are passed on as they are.
 *
 * <p>A frame is made with the help of the one before it and the one after it. So it comes out one
 * later, and the first one after a jump is not what it would have been.
 */
final class Deinterlacer implements AutoCloseable {
  private final AVFilterGraph graph;
  private final AVFilterContext source = new AVFilterContext(null);
  private final AVFilterContext sink = new AVFilterContext(null);
  private final int format;
  private final int width;
  private final int height;

  /**
   * For frames like this one.
   *
   * @throws StageException 3050 if they are of a kind that it cannot take
   */
  Deinterlacer(AVFrame frame, AVRational timeBase, String name) throws StageException {
    this.graph = Av.allocated(avfilter_graph_alloc(), "a filter graph");
    this.format = frame.format();
    this.width = frame.width();
    this.height = frame.height();
    boolean ready = false;
    try {
      graph.nb_threads(1);
      // What would have to be converted for it is refused: that would not be the same everywhere.
      avfilter_graph_set_auto_convert(graph, AVFILTER_AUTO_CONVERT_NONE);
      String frames =
          "video_size=%dx%d:pix_fmt=%d:time_base=%d/%d:colorspace=%d:range=%d"
              .formatted(
                  width,
                  height,
                  format,
                  timeBase.num(),
                  timeBase.den(),
                  frame.colorspace(),
                  frame.color_range());
      Av.check(
          NativeCpu.steady(() -> configure(frames)),
          FailureCode.CLIP_UNDECODABLE,
          "clip " + name + ": deinterlacing");
      ready = true;
    } finally {
      if (!ready) {
        avfilter_graph_free(graph);
      }
    }
  }

  /** Whether frames of this field order hold two moments each. */
  static boolean isFor(int fieldOrder) {
    return fieldOrder == AV_FIELD_TT
        || fieldOrder == AV_FIELD_BB
        || fieldOrder == AV_FIELD_TB
        || fieldOrder == AV_FIELD_BT;
  }

  private int configure(String frames) {
    AVFilterContext filter = new AVFilterContext(null);
    int result =
        avfilter_graph_create_filter(
            source, avfilter_get_by_name("buffer"), "in", frames, null, graph);
    if (result >= 0) {
      result =
          avfilter_graph_create_filter(
              filter,
              avfilter_get_by_name("bwdif"),
              "whole",
              "mode=send_frame:parity=auto:deint=interlaced",
              null,
              graph);
    }
    if (result >= 0) {
      result =
          avfilter_graph_create_filter(
              sink, avfilter_get_by_name("buffersink"), "out", null, null, graph);
    }
    if (result >= 0) {
      result = avfilter_link(source, 0, filter, 0);
    }
    if (result >= 0) {
      result = avfilter_link(filter, 0, sink, 0);
    }
    return result < 0 ? result : avfilter_graph_config(graph, null);
  }

  /** Whether a frame is of the kind that it was made for. */
  boolean takes(AVFrame frame) {
    return frame.format() == format && frame.width() == width && frame.height() == height;
  }

  /** Takes a frame, or null after the last one; a native return code. */
  int give(@Nullable AVFrame frame) {
    return av_buffersrc_add_frame_flags(source, frame, AV_BUFFERSRC_FLAG_KEEP_REF);
  }

  /** Fills an empty frame; a native return code, as a decoder's. */
  int take(AVFrame frame) {
    return av_buffersink_get_frame(sink, frame);
  }

  @Override
  public void close() {
    avfilter_graph_free(graph);
  }
}
