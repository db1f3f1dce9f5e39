package dev.reelbeam.media.render;

import dev.reelbeam.media.audio.MixSettings;
import dev.reelbeam.media.audio.Mixer;
import dev.reelbeam.media.audio.MusicTrack;
import dev.reelbeam.media.codec.AudioPcm;
import dev.reelbeam.media.codec.MaskedCpu;
import dev.reelbeam.media.codec.VideoEncoder;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.model.json.RecordJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a whole small video, footage, insets and sound included, and says its hash: in this process
 * or in another.
 */
final class IdentityProbe {
  private static final EncodingSettings SETTINGS = EncodingSettings.standard(10);

  private IdentityProbe() {}

  /** Arguments: a folder, and {@code masked} for FFmpeg and x264 without their assembly. */
  public static void main(String[] args) throws Exception {
    boolean masked = args[1].equals("masked");
    if (masked) {
      MaskedCpu.hideFromFfmpeg();
    }
    System.out.println(video(Path.of(args[0]), masked));
  }

  static String video(Path folder, boolean masked) throws Exception {
    TestPictures pictures = new TestPictures(folder);
    List<Segment> segments = new ArrayList<>();
    segments.addAll(SegmentCutter.cut(TestTimelines.everything(pictures)));
    segments.addAll(SegmentCutter.cut(TestTimelines.footage(pictures)));
    segments.addAll(SegmentCutter.cut(TestTimelines.fields(pictures)));
    int frames = segments.stream().mapToInt(Segment::frames).sum();
    List<Path> files = new ArrayList<>();
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      for (Segment segment : segments) {
        Path out = folder.resolve("probe" + files.size() + ".mp4");
        if (masked) {
          renderMasked(renderer, segment, pictures, out);
        } else {
          renderer.render(segment, SETTINGS, pictures, out, FrameListener.NONE);
        }
        files.add(out);
      }
    }
    Path sound = folder.resolve("sound.m4a");
    Mixer.render(
        tone(frames * AudioPcm.SAMPLE_RATE / 10),
        MusicTrack.builtIn("calm"),
        MixSettings.DEFAULT,
        frames,
        10,
        1,
        sound);
    Path video = folder.resolve("video.mp4");
    Assembler.assemble(files, sound, TestTimelines.CANVAS, video);
    return RecordJson.sha256(Files.readAllBytes(video));
  }

  private static void renderMasked(
      SegmentRenderer renderer, Segment segment, TestPictures pictures, Path out) throws Exception {
    try (FrameComposer composer = renderer.composer(segment, pictures);
        VideoEncoder encoder = MaskedCpu.open(SETTINGS, segment.canvas(), out)) {
      for (int frame = 0; frame < segment.frames(); frame++) {
        if (composer.draw(frame)) {
          encoder.encode(composer.frame());
        } else {
          encoder.repeat();
        }
      }
      encoder.finish();
    }
  }

  /** Something like a voice: three tones that come and go. */
  private static AudioPcm tone(int samples) {
    float[] plane = new float[samples];
    for (int i = 0; i < samples; i++) {
      double t = (double) i / AudioPcm.SAMPLE_RATE;
      double swell = 0.5 - 0.5 * StrictMath.cos(4.1 * StrictMath.PI * t);
      plane[i] =
          (float)
              (swell
                  * (0.2 * StrictMath.sin(2 * StrictMath.PI * 187 * t)
                      + 0.1 * StrictMath.sin(2 * StrictMath.PI * 911 * t)
                      + 0.05 * StrictMath.sin(2 * StrictMath.PI * 3301 * t)));
    }
    return AudioPcm.mono(plane);
  }
}
