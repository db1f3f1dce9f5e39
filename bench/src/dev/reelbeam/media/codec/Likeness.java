package dev.reelbeam.media.codec;

import static org.bytedeco.ffmpeg.global.avfilter.AV_BUFFERSRC_FLAG_PUSH;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_frame;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersrc_add_frame_flags;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_get_by_name;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_alloc;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_config;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_create_filter;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_free;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_link;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_get;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import dev.reelbeam.media.frame.Plane;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avfilter.AVFilterGraph;
import org.bytedeco.ffmpeg.avutil.AVDictionaryEntry;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;

/**
 * How near a decoded video is to the frames that it was made of, by libavfilter's {@code xpsnr} and
 * {@code ssim}: luma only, as differences of chroma follow it here.
 *
 * <p>XPSNR weighs errors by what the eye sees of them; that of a video is taken from the mean of
 * its frames' weighted errors, not from the mean of decibels, which would reward single frames.
 */
public final class Likeness implements AutoCloseable {
  private final AVFilterGraph graph;
  private final AVFilterContext decoded;
  private final AVFilterContext original;
  private final AVFilterContext sink;
  private final AVFrame frame = av_frame_alloc();
  private final AVFrame result = av_frame_alloc();
  private double errors;
  private double ssim;
  private int frames;

  private Likeness(int width, int height, int frameRate) throws StageException {
    graph = avfilter_graph_alloc();
    graph.nb_threads(1);
    String format =
        "video_size=%dx%d:pix_fmt=yuv420p:time_base=1/%d:frame_rate=%d:pixel_aspect=1/1:range=tv"
            .formatted(width, height, frameRate, frameRate);
    decoded = filter("buffer", "decoded", format);
    original = filter("buffer", "original", format);
    AVFilterContext both = filter("split", "both", "2");
    AVFilterContext xpsnr = filter("xpsnr", "xpsnr", null);
    AVFilterContext alike = filter("ssim", "alike", null);
    sink = filter("buffersink", "out", null);
    check(avfilter_link(original, 0, both, 0));
    check(avfilter_link(decoded, 0, xpsnr, 0));
    check(avfilter_link(both, 0, xpsnr, 1));
    // The first input passes with the figures attached; so both filters' end up on one frame.
    check(avfilter_link(xpsnr, 0, alike, 0));
    check(avfilter_link(both, 1, alike, 1));
    check(avfilter_link(alike, 0, sink, 0));
    check(avfilter_graph_config(graph, null));
  }

  /** Sums over the frames of one file, to be added up over several. */
  public record Sums(double errors, double ssim, int frames) {
    public static final Sums NONE = new Sums(0, 0, 0);

    public Sums plus(Sums other) {
      return new Sums(errors + other.errors, ssim + other.ssim, frames + other.frames);
    }

    /** In decibels. */
    public double xpsnr() {
      return -10 * Math.log10(errors / frames);
    }

    /** 0 to 1. */
    public double meanSsim() {
      return ssim / frames;
    }
  }

  /** Compares a file with its frames; null stands for the frame before once more. */
  public static Sums of(Path file, List<YuvFrame> originals, int frameRate) throws StageException {
    YuvFrame shown = originals.get(0);
    try (VideoFrames video = VideoFrames.open(file);
        Likeness likeness = new Likeness(shown.width(), shown.height(), frameRate)) {
      for (int i = 0; i < originals.size(); i++) {
        shown = originals.get(i) == null ? shown : originals.get(i);
        likeness.push(likeness.original, shown, i);
        likeness.push(likeness.decoded, video.yuv(i), i);
        likeness.drain();
      }
      check(av_buffersrc_add_frame_flags(likeness.original, null, AV_BUFFERSRC_FLAG_PUSH));
      check(av_buffersrc_add_frame_flags(likeness.decoded, null, AV_BUFFERSRC_FLAG_PUSH));
      likeness.drain();
      if (likeness.frames != originals.size()) {
        throw new IllegalStateException(
            likeness.frames + " frames compared instead of " + originals.size());
      }
      return new Sums(likeness.errors, likeness.ssim, likeness.frames);
    }
  }

  private AVFilterContext filter(String type, String name, String arguments) throws StageException {
    AVFilterContext context = new AVFilterContext(null);
    check(
        avfilter_graph_create_filter(
            context, avfilter_get_by_name(type), name, arguments, null, graph));
    return context;
  }

  private void push(AVFilterContext source, YuvFrame picture, int pts) throws StageException {
    frame.width(picture.width()).height(picture.height()).format(AV_PIX_FMT_YUV420P);
    frame.pts(pts).duration(1);
    check(av_frame_get_buffer(frame, 64));
    for (int i = 0; i < 3; i++) {
      Plane plane = picture.plane(i);
      BytePointer target = frame.data(i);
      for (int y = 0; y < plane.height(); y++) {
        target
            .position((long) y * frame.linesize(i))
            .put(plane.bytes(), y * plane.stride(), plane.width());
      }
    }
    check(av_buffersrc_add_frame_flags(source, frame, AV_BUFFERSRC_FLAG_PUSH));
    av_frame_unref(frame);
  }

  private void drain() {
    while (av_buffersink_get_frame(sink, result) >= 0) {
      double decibels = value("lavfi.xpsnr.xpsnr.y");
      errors += Double.isInfinite(decibels) ? 0 : Math.pow(10, -decibels / 10);
      ssim += value("lavfi.ssim.Y");
      frames++;
      av_frame_unref(result);
    }
  }

  private double value(String key) {
    AVDictionaryEntry entry = av_dict_get(result.metadata(), key, null, 0);
    if (entry == null) {
      throw new IllegalStateException("no " + key);
    }
    String text = entry.value().getString();
    return text.equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
  }

  private static void check(int result) throws StageException {
    Av.check(result, FailureCode.UNEXPECTED, "comparing");
  }

  @Override
  public void close() {
    av_frame_free(frame);
    av_frame_free(result);
    avfilter_graph_free(graph);
  }
}
