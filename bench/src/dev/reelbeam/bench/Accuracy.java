package dev.reelbeam.bench;

import dev.reelbeam.clients.store.FileObjectStore;
import dev.reelbeam.embedded.speech.EngineTimes;
import dev.reelbeam.media.caption.SubtitleCue;
import dev.reelbeam.media.caption.SubtitleFiles;
import dev.reelbeam.media.codec.AudioDecoder;
import dev.reelbeam.media.codec.AudioLimits;
import dev.reelbeam.media.composition.Overlay;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.probe.AudioReport;
import dev.reelbeam.media.probe.MediaInspector;
import dev.reelbeam.media.probe.MediaReport;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.speech.SpokenSentence;
import dev.reelbeam.model.speech.WordTiming;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Measures one delivery: word times, subtitles, sound against picture, loudness. */
final class Accuracy {
  private static final int CAPTION_LAYER = 30;
  private static final int MAX_LAG_SAMPLES = 2400;
  private static final int CORRELATED_SAMPLES = 96_000;

  private final Path delivery;
  private final FileObjectStore store;
  private final Path voices;
  private final List<String> rows = new ArrayList<>();

  Accuracy(Path delivery, Path store, Path voices) {
    this.delivery = delivery;
    this.store = new FileObjectStore(store);
    this.voices = voices;
  }

  List<String> rows() throws Exception {
    Narration narration =
        RecordJson.read(Files.readAllBytes(delivery.resolve("words.json")), Narration.class);
    engineTimes(narration);
    captionFrames(narration);
    subtitles(narration);
    sounds(narration);
    inspected();
    return rows;
  }

  private void row(String figure, String target, String format, Object... values) {
    rows.add(
        "| "
            + figure
            + " | "
            + String.format(Locale.ROOT, format, values)
            + " | "
            + target
            + " |");
  }

  private void engineTimes(Narration narration) throws Exception {
    String language =
        RecordJson.readTree(Files.readString(delivery.resolve("metadata.json")))
            .path("language")
            .asText();
    double worstMs = 0;
    int timed = 0;
    List<EngineTimes.Compared> words =
        EngineTimes.compare(narration, language, store, voices);
    for (EngineTimes.Compared word : words) {
      if (word.engineUs() >= 0) {
        timed++;
        worstMs = Math.max(worstMs, Math.abs(word.narrationUs() - word.engineUs()) / 1000.0);
      }
    }
    row(
        "Word starts against the engine's own times, largest error",
        "20 ms",
        "%.2f ms over %d of %d words that the engine times",
        worstMs,
        timed,
        words.size());
  }

  private void captionFrames(Narration narration) throws IOException {
    Timeline timeline =
        RecordJson.read(Files.readAllBytes(delivery.resolve("timeline.json")), Timeline.class);
    double frameUs = 1e6 / timeline.canvas().frameRate();
    List<Overlay> rasters =
        timeline.overlays().stream()
            .filter(overlay -> overlay.layer() == CAPTION_LAYER)
            .sorted(Comparator.comparingInt(Overlay::startFrame))
            .toList();
    List<WordTiming> words =
        narration.sentences().stream().flatMap(sentence -> sentence.words().stream()).toList();
    // Rasters and words are both in order of time: each raster belongs to the word whose start is
    // nearest, and no word may have two.
    long matched =
        rasters.stream().map(raster -> nearest(words, raster, frameUs)).distinct().count();
    double worstInside = 0;
    double worstOpening = 0;
    int opening = 0;
    for (int i = 0; i < rasters.size(); i++) {
      Overlay raster = rasters.get(i);
      Overlay before = i == 0 ? null : rasters.get(i - 1);
      long startUs = nearest(words, raster, frameUs).startUs();
      double errorMs = Math.abs(raster.startFrame() * frameUs - startUs) / 1000.0;
      // The rasters of a page have one place and follow each other without a gap.
      if (before == null
          || before.endFrame() != raster.startFrame()
          || before.x() != raster.x()
          || before.y() != raster.y()) {
        opening++;
        worstOpening = Math.max(worstOpening, errorMs);
      } else {
        worstInside = Math.max(worstInside, errorMs);
      }
    }
    row(
        "Frame of a word's highlight against the word's start, within a caption page, largest"
            + " error",
        "half a frame, 16.7 ms",
        "%.2f ms over %d highlights (%d different words in all; the others stand on a card)",
        worstInside,
        rasters.size() - opening,
        matched);
    row(
        "The same for the first word of a page, which comes up to 80 ms early with its page",
        "80 ms and half a frame",
        "%.2f ms over %d highlights",
        worstOpening,
        opening);
  }

  private static WordTiming nearest(List<WordTiming> words, Overlay raster, double frameUs) {
    return words.stream()
        .min(
            Comparator.comparingDouble(
                word -> Math.abs(word.startUs() - raster.startFrame() * frameUs)))
        .orElseThrow();
  }

  private void subtitles(Narration narration) throws Exception {
    List<SubtitleCue> srt =
        SubtitleFiles.parseSrt(Files.readString(delivery.resolve("captions.srt")));
    List<SubtitleCue> vtt =
        SubtitleFiles.parseVtt(Files.readString(delivery.resolve("captions.vtt")));
    double worstMs = 0;
    for (SubtitleCue cue : srt) {
      double nearest = Double.MAX_VALUE;
      for (SpokenSentence sentence : narration.sentences()) {
        for (WordTiming word : sentence.words()) {
          nearest = Math.min(nearest, Math.abs(cue.startMs() - word.startUs() / 1000.0));
        }
      }
      worstMs = Math.max(worstMs, nearest);
    }
    row(
        "Cue starts in captions.srt against their words, largest error",
        "20 ms",
        "%.2f ms over %d cues",
        worstMs,
        srt.size());
    row(
        "Strict parsers of this project",
        "accepted",
        "SRT %d cues, VTT %d cues, %s",
        srt.size(),
        vtt.size(),
        srt.equals(vtt) ? "the same" : "DIFFERENT");
    row(
        "ffprobe, where the machine has one",
        "accepted",
        "SRT %s, VTT %s",
        ffprobe("captions.srt"),
        ffprobe("captions.vtt"));
  }

  private String ffprobe(String file) throws IOException, InterruptedException {
    try {
      Process process =
          new ProcessBuilder(
                  "ffprobe",
                  "-v",
                  "error",
                  "-count_packets",
                  "-show_entries",
                  "stream=codec_name,nb_read_packets",
                  "-of",
                  "csv=p=0",
                  delivery.resolve(file).toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes()).strip();
      return process.waitFor() == 0 ? said.replace(",", " ") + " cues" : "refused: " + said;
    } catch (IOException e) {
      return "not tried (no ffprobe)";
    }
  }

  /** Where each sentence sounds in the decoded video, found by correlation with its own audio. */
  private void sounds(Narration narration) throws Exception {
    float[] video =
        AudioDecoder.decodeMono(delivery.resolve("video.mp4"), AudioLimits.DEFAULT).left();
    float[] voice =
        AudioDecoder.decodeMono(delivery.resolve("narration.wav"), AudioLimits.DEFAULT).left();
    double worstMs = 0;
    for (SpokenSentence sentence : narration.sentences()) {
      float[] spoken =
          AudioDecoder.decodeMono(store.localFile(sentence.wav()), AudioLimits.DEFAULT).left();
      int at = (int) (sentence.startUs() * 48 / 1000);
      int count = Math.min(spoken.length, CORRELATED_SAMPLES);
      worstMs = Math.max(worstMs, Math.abs(lag(video, at, spoken, 0, count)) / 48.0);
    }
    row(
        "Sentences in the decoded video against their place in words.json, largest offset",
        "20 ms",
        "%.2f ms over %d sentences",
        worstMs,
        narration.sentences().size());
    WordTiming first = Objects.requireNonNull(narration.sentences().get(0).words().get(0));
    int from = (int) (first.startUs() * 48 / 1000);
    int count = (int) ((first.endUs() - first.startUs()) * 48 / 1000);
    row(
        "First word in the decoded video against narration.wav",
        "20 ms",
        "%.2f ms",
        lag(video, from, voice, from, count) / 48.0);
  }

  /** By how many samples {@code part} sounds later in {@code whole} than it should. */
  private static int lag(float[] whole, int at, float[] part, int partAt, int count) {
    int best = 0;
    double bestScore = Double.NEGATIVE_INFINITY;
    for (int lag = -MAX_LAG_SAMPLES; lag <= MAX_LAG_SAMPLES; lag++) {
      double score = 0;
      for (int i = 0; i < count; i++) {
        int k = at + lag + i;
        if (k >= 0 && k < whole.length && partAt + i < part.length) {
          score += (double) whole[k] * part[partAt + i];
        }
      }
      if (score > bestScore) {
        bestScore = score;
        best = lag;
      }
    }
    return best;
  }

  private void inspected() throws Exception {
    MediaReport again = MediaInspector.inspect(delivery.resolve("video.mp4"));
    MediaReport stored =
        RecordJson.read(
            RecordJson.canonical(
                RecordJson.readTree(Files.readString(delivery.resolve("checks.json")))
                    .path("report")),
            MediaReport.class);
    AudioReport sound = Objects.requireNonNull(again.audio());
    AudioReport storedSound = Objects.requireNonNull(stored.audio());
    row(
        "Sound's end against the picture's end",
        "one frame, 33.3 ms",
        "%.1f ms (checks.json %.1f ms)",
        again.audioEndMinusVideoEndUs() / 1000.0,
        stored.audioEndMinusVideoEndUs() / 1000.0);
    row(
        "Integrated loudness, after AAC",
        "-14 ±1 LUFS",
        "%.2f LUFS (checks.json %.2f)",
        sound.integratedMilliLufs() / 1000.0,
        storedSound.integratedMilliLufs() / 1000.0);
    row(
        "True peak, after AAC",
        "at most -1 dBTP",
        "%.2f dBTP (checks.json %.2f)",
        sound.truePeakMilliDbtp() / 1000.0,
        storedSound.truePeakMilliDbtp() / 1000.0);
  }
}
