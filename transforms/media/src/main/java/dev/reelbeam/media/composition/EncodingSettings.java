package dev.reelbeam.media.composition;

import java.io.Serializable;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How segments are encoded. Equal settings and equal frames give equal bytes on every x86-64
 * machine; with {@code h264_nvenc} they do so on the same model of GPU and driver only.
 *
 * <p>What an encoder does not look at is emptied, so that it does not tell equal segments apart.
 *
 * @param encoder {@code libx264}; {@code h264_nvenc} of NVIDIA's GPUs; or {@code libopenh264} of
 *     the build without GPL parts
 * @param preset speed of libx264, {@code ultrafast} to {@code slow}; empty for other encoders
 * @param tune tuning of libx264, for example {@code stillimage}; empty for none
 * @param crf constant rate factor, 0 to 51, lower is better; NVENC is given its equivalent,
 *     OpenH264 a bit rate for it
 * @param gopFrames longest distance between key frames; GOPs are closed
 * @param bFrames most B-frames in a row, 0 to 8; slow camera moves gain from many; OpenH264 has
 *     none
 * @param lookaheadFrames frames that the encoder looks ahead to spend bits where later frames build
 *     on them, 0 to 60; 0 switches that off; OpenH264 has none
 * @param maxrateKbps cap of the bit rate; 0 for none
 * @param bufferKbits buffer over which the cap holds; 0 with no cap; OpenH264 has its own
 * @param x264 further parameters of libx264 as {@code name=value:name=value}, sorted by name; only
 *     those that trade quality, size and speed, not those on which closed GOPs or equal bytes
 *     depend
 */
public record EncodingSettings(
    String encoder,
    String preset,
    String tune,
    int crf,
    int gopFrames,
    int bFrames,
    int lookaheadFrames,
    int maxrateKbps,
    int bufferKbits,
    String x264)
    implements Serializable {
  /** NVIDIA's encoder. */
  public static final String NVENC = "h264_nvenc";

  /** The usual encoder. */
  public static final String X264 = "libx264";

  /** The encoder of the build without GPL parts. */
  public static final String OPEN_H264 = "libopenh264";

  private static final Set<String> ENCODERS = Set.of(X264, OPEN_H264, NVENC);
  private static final Set<String> PRESETS =
      Set.of("ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow");
  private static final Set<String> SLOW_PRESETS = Set.of("medium", "slow");

  /** Steps of the rate factor: six double the bits. */
  private static final int BITS_FOR_WORK = 4;

  private static final Set<String> TUNES = Set.of("", "stillimage", "film", "animation", "grain");
  private static final Set<String> PARAMETERS =
      Set.of(
          "8x8dct",
          "aq-mode",
          "aq-strength",
          "b-adapt",
          "b-bias",
          "b-pyramid",
          "cabac",
          "chroma-me",
          "deblock",
          "direct",
          "fast-pskip",
          "mbtree",
          "me",
          "merange",
          "mixed-refs",
          "no-deblock",
          "partitions",
          "psy",
          "psy-rd",
          "qcomp",
          "ref",
          "subme",
          "trellis",
          "weightb",
          "weightp");
  private static final Pattern PARAMETER_VALUE = Pattern.compile("[0-9a-z.,+-]{1,24}");

  public EncodingSettings {
    Require.that(ENCODERS.contains(encoder), "unknown encoder: %s", encoder);
    if (encoder.equals(X264)) {
      Require.that(PRESETS.contains(preset), "unknown x264 preset: %s", preset);
      Require.that(TUNES.contains(tune), "unknown x264 tune: %s", tune);
      // Settings that were stored before this component existed do not have it.
      x264 = sorted(x264 == null ? "" : x264);
    } else {
      preset = "";
      tune = "";
      x264 = "";
    }
    if (encoder.equals(OPEN_H264)) {
      bFrames = 0;
      lookaheadFrames = 0;
      bufferKbits = maxrateKbps;
    }
    Require.that(crf >= 0 && crf <= 51, "crf must be 0..51: %d", crf);
    Require.that(gopFrames >= 1 && gopFrames <= 600, "gopFrames must be 1..600: %d", gopFrames);
    Require.that(bFrames >= 0 && bFrames <= 8, "bFrames must be 0..8: %d", bFrames);
    Require.that(
        lookaheadFrames >= 0 && lookaheadFrames <= 60,
        "lookaheadFrames must be 0..60: %d",
        lookaheadFrames);
    Require.that(
        maxrateKbps >= 0 && maxrateKbps <= 200_000,
        "maxrateKbps must be 0..200000: %d",
        maxrateKbps);
    Require.that(
        (maxrateKbps == 0) == (bufferKbits == 0) && bufferKbits >= 0,
        "maxrateKbps and bufferKbits are given together: %d, %d",
        maxrateKbps,
        bufferKbits);
  }

  private static String sorted(String parameters) {
    if (parameters.isEmpty()) {
      return "";
    }
    Map<String, String> values = new TreeMap<>();
    for (String parameter : parameters.split(":", -1)) {
      int equals = parameter.indexOf('=');
      String name = equals < 0 ? parameter : parameter.substring(0, equals);
      Require.that(PARAMETERS.contains(name), "not a free x264 parameter: %s", name);
      String value = equals < 0 ? "" : parameter.substring(equals + 1);
      Require.that(
          PARAMETER_VALUE.matcher(value).matches(), "x264 parameter %s has no such value", name);
      Require.that(values.put(name, value) == null, "x264 parameter %s is given twice", name);
    }
    StringBuilder text = new StringBuilder();
    values.forEach(
        (name, value) ->
            text.append(text.isEmpty() ? "" : ":").append(name).append('=').append(value));
    return text.toString();
  }

  /** With nothing but the preset's own further parameters. */
  public EncodingSettings(
      String encoder,
      String preset,
      String tune,
      int crf,
      int gopFrames,
      int bFrames,
      int lookaheadFrames,
      int maxrateKbps,
      int bufferKbits) {
    this(
        encoder,
        preset,
        tune,
        crf,
        gopFrames,
        bFrames,
        lookaheadFrames,
        maxrateKbps,
        bufferKbits,
        "");
  }

  /**
   * For delivery at this frame rate: visually clean at a low cost. Platforms encode once more: what
   * they get is better than what they show.
   *
   * <p>From the frontier in {@code bench/results/encoder-frontier.md}: with five B-frames in a
   * fixed pattern, predicted from the motion of their neighbours, and whole macroblocks, superfast
   * takes half the CPU time of veryfast and 18 % fewer bytes at equal XPSNR. Camera moves are even,
   * which is what all three trust in.
   */
  public static EncodingSettings standard(int frameRate) {
    return quick(frameRate, 18);
  }

  /** To look at, in full size: as {@link #standard}, coarser. */
  public static EncodingSettings draft(int frameRate) {
    return quick(frameRate, 26);
  }

  private static EncodingSettings quick(int frameRate, int crf) {
    return new EncodingSettings(
        X264,
        "superfast",
        "",
        crf,
        2 * frameRate,
        5,
        10,
        12_000,
        24_000,
        "b-adapt=0:direct=temporal:partitions=none");
  }

  /** The smallest file, 23 % below veryfast at equal XPSNR, at four times the work. */
  public static EncodingSettings best(int frameRate) {
    return new EncodingSettings(X264, "medium", "", 19, 2 * frameRate, 5, 20, 12_000, 24_000);
  }

  /** For previews: quick and small. */
  public static EncodingSettings preview(int frameRate) {
    return new EncodingSettings(X264, "superfast", "", 26, 2 * frameRate, 3, 0, 0, 0);
  }

  /** The same with a cap of the bit rate. */
  public EncodingSettings withCap(int newMaxrateKbps, int newBufferKbits) {
    return new EncodingSettings(
        encoder,
        preset,
        tune,
        crf,
        gopFrames,
        bFrames,
        lookaheadFrames,
        newMaxrateKbps,
        newBufferKbits,
        x264);
  }

  /** The same with another rate factor. */
  public EncodingSettings withCrf(int newCrf) {
    return new EncodingSettings(
        encoder,
        preset,
        tune,
        newCrf,
        gopFrames,
        bFrames,
        lookaheadFrames,
        maxrateKbps,
        bufferKbits,
        x264);
  }

  /**
   * The same with another encoder; what it does not know is left out. OpenH264 cannot take more
   * time for its work: what a slow preset would make better there, more bits do.
   */
  public EncodingSettings withEncoder(String newEncoder) {
    boolean bitsForWork = newEncoder.equals(OPEN_H264) && SLOW_PRESETS.contains(preset);
    return new EncodingSettings(
        newEncoder,
        preset,
        tune,
        bitsForWork ? Math.max(0, crf - BITS_FOR_WORK) : crf,
        gopFrames,
        bFrames,
        lookaheadFrames,
        maxrateKbps,
        bufferKbits,
        x264);
  }

  /** The same with another x264 preset. */
  public EncodingSettings withPreset(String newPreset) {
    return new EncodingSettings(
        encoder,
        newPreset,
        tune,
        crf,
        gopFrames,
        bFrames,
        lookaheadFrames,
        maxrateKbps,
        bufferKbits,
        x264);
  }
}
