package dev.reelbeam.media.codec;

import static dev.reelbeam.media.codec.AudioNative.check;
import static org.bytedeco.ffmpeg.global.avfilter.AV_BUFFERSRC_FLAG_PUSH;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_frame;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersrc_add_frame_flags;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_get_by_name;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_alloc;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_config;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_create_filter;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_free;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_link;
import static org.bytedeco.ffmpeg.global.avutil.AV_OPT_SEARCH_CHILDREN;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.avutil.av_opt_get_double;

import dev.reelbeam.media.codec.AudioNative.NativeFailure;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avfilter.AVFilterGraph;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Measures loudness, loudness range and true peak of a stream of samples, by libavfilter's ebur128
 * (ITU-R BS.1770-4 gating, true peak on oversampled audio).
 *
 * <p>A single channel is measured as it will sound: the same on both sides. Not for several threads
 * at once.
 */
public final class AudioLoudness implements AutoCloseable {
  static {
    Av.load();
  }

  private static final int BLOCK = 4800;

  private final AVFilterGraph graph;
  private final AVFilterContext source = new AVFilterContext();
  private final AVFilterContext meter = new AVFilterContext();
  private final AVFilterContext sink = new AVFilterContext();
  private final AVFrame frame = av_frame_alloc();
  private final AVFrame drained = av_frame_alloc();
  private final boolean withPeak;
  private final int channels;
  private final int sampleRate;
  private final float[][] pending;
  private int pendingSamples;
  private long fed;

  /** Opens a meter for 1 or 2 channels at a sample rate. */
  public AudioLoudness(int channels, int sampleRate) {
    this(channels, sampleRate, true);
  }

  private AudioLoudness(int channels, int sampleRate, boolean withPeak) {
    this.withPeak = withPeak;
    this.channels = channels;
    this.sampleRate = sampleRate;
    this.pending = new float[channels][BLOCK];
    this.graph = avfilter_graph_alloc();
    try {
      check(NativeCpu.baseline(this::build), "loudness meter");
    } catch (NativeFailure failure) {
      close();
      throw new IllegalStateException(failure);
    }
  }

  /** Measures a whole sound. */
  public static AudioLevels measure(AudioSource sound) {
    return measure(sound, true);
  }

  /** The integrated loudness alone, in thousandths of a LUFS: a third of the work. */
  public static int measureMilliLufs(AudioSource sound) {
    return measure(sound, false).integratedMilliLufs();
  }

  private static AudioLevels measure(AudioSource sound, boolean withPeak) {
    try (AudioLoudness loudness =
        new AudioLoudness(sound.channels(), AudioPcm.SAMPLE_RATE, withPeak)) {
      float[][] block = new float[sound.channels()][BLOCK];
      for (int from = 0; from < sound.samples(); from += BLOCK) {
        int count = Math.min(BLOCK, sound.samples() - from);
        sound.read(from, count, block);
        loudness.add(block, 0, count);
      }
      return loudness.levels();
    }
  }

  private int build() {
    graph.nb_threads(1);
    String layout = channels == 1 ? "mono" : "stereo";
    String arguments =
        "sample_rate="
            + sampleRate
            + ":sample_fmt=fltp:channel_layout="
            + layout
            + ":time_base=1/"
            + sampleRate;
    int result =
        avfilter_graph_create_filter(
            source, avfilter_get_by_name("abuffer"), "in", arguments, null, graph);
    if (result >= 0) {
      String options =
          (withPeak ? "peak=true" : "peak=none")
              + ":framelog=quiet:dualmono="
              + (channels == 1 ? "true" : "false");
      result =
          avfilter_graph_create_filter(
              meter, avfilter_get_by_name("ebur128"), "meter", options, null, graph);
    }
    if (result >= 0) {
      result =
          avfilter_graph_create_filter(
              sink, avfilter_get_by_name("abuffersink"), "out", null, null, graph);
    }
    if (result >= 0) {
      result = avfilter_link(source, 0, meter, 0);
    }
    if (result >= 0) {
      result = avfilter_link(meter, 0, sink, 0);
    }
    return result < 0 ? result : avfilter_graph_config(graph, null);
  }

  /** Adds samples {@code from} to {@code from + count} of each plane. */
  public void add(float[][] planes, int from, int count) {
    int done = 0;
    while (done < count) {
      int part = Math.min(count - done, BLOCK - pendingSamples);
      for (int channel = 0; channel < channels; channel++) {
        System.arraycopy(planes[channel], from + done, pending[channel], pendingSamples, part);
      }
      pendingSamples += part;
      done += part;
      if (pendingSamples == BLOCK) {
        push();
      }
    }
  }

  /** The levels of all that was added so far; more may follow. */
  public AudioLevels levels() {
    push();
    if (fed == 0) {
      return new AudioLevels(AudioLevels.SILENT, 0, AudioLevels.SILENT);
    }
    return new AudioLevels(
        milli(option("integrated"), -70),
        milli(option("range"), 0),
        withPeak ? milli(option("true_peak"), 0) : AudioLevels.SILENT);
  }

  private static int milli(double value, int emptyBelow) {
    if (Double.isNaN(value) || value < -119 || (emptyBelow < 0 && value <= emptyBelow)) {
      return AudioLevels.SILENT;
    }
    return (int) StrictMath.rint(value * 1000);
  }

  private double option(String name) {
    double[] value = new double[1];
    try {
      check(av_opt_get_double(meter, name, AV_OPT_SEARCH_CHILDREN, value), name);
    } catch (NativeFailure failure) {
      throw new IllegalStateException(failure);
    }
    return value[0];
  }

  private void push() {
    if (pendingSamples == 0) {
      return;
    }
    try {
      frame.format(AV_SAMPLE_FMT_FLTP);
      frame.sample_rate(sampleRate);
      frame.nb_samples(pendingSamples);
      frame.pts(fed);
      av_channel_layout_default(frame.ch_layout(), channels);
      check(av_frame_get_buffer(frame, 0), "loudness meter");
      for (int channel = 0; channel < channels; channel++) {
        new FloatPointer(frame.data(channel)).put(pending[channel], 0, pendingSamples);
      }
      check(av_buffersrc_add_frame_flags(source, frame, AV_BUFFERSRC_FLAG_PUSH), "loudness meter");
      while (av_buffersink_get_frame(sink, drained) >= 0) {
        av_frame_unref(drained);
      }
    } catch (NativeFailure failure) {
      throw new IllegalStateException(failure);
    } finally {
      av_frame_unref(frame);
    }
    fed += pendingSamples;
    pendingSamples = 0;
  }

  @Override
  public void close() {
    av_frame_free(frame);
    av_frame_free(drained);
    avfilter_graph_free(graph);
  }
}
