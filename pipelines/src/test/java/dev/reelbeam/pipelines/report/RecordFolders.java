package dev.reelbeam.pipelines.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.media.caption.SubtitleCue;
import dev.reelbeam.media.caption.SubtitleFiles;
import dev.reelbeam.media.codec.VideoEncoder;
import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.json.RecordJson;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/** Small record folders, as a run writes them. */
final class RecordFolders {
  static final int FRAMES = 60;
  private static final int FRAME_RATE = 15;

  private RecordFolders() {}

  /** Writes a delivery of a video of four seconds and two shots. */
  static void deliver(Path record, String preset, String title, Path video) throws Exception {
    Path folder = Files.createDirectories(record.resolve(preset));
    Files.copy(video, folder.resolve("video.mp4"));
    byte[] bytes = Files.readAllBytes(video);
    ObjectNode metadata = RecordJson.newObject();
    metadata.put("record_id", "record-7").put("revision", 3).put("preset", preset);
    metadata.put("platform", preset.startsWith("youtube") ? "youtube" : "tiktok");
    metadata.put("title", title).put("description", "First line.\nSecond & last line.");
    metadata.putArray("tags").add("one tag").add("another");
    metadata.put("category", "Howto & Style").put("language", "en");
    metadata.put("duration_ms", 4000).put("frames", FRAMES).put("width", 72).put("height", 128);
    metadata.put("file_size", bytes.length).put("sha256", RecordJson.sha256(bytes));
    metadata.putObject("disclosure").put("synthetic_voice", true);
    ObjectNode cost = metadata.putObject("cost");
    cost.put("credits", 6).put("micro_dollars", 2500).put("shared_by", 3);
    cost.putArray("entries")
        .add(
            RecordJson.newObject()
                .put("item", "video_composition")
                .put("credits", 5)
                .put("micro_dollars", 2500)
                .put("shared", true))
        .add(
            RecordJson.newObject()
                .put("item", "video_seo_metadata")
                .put("credits", 1)
                .put("micro_dollars", 0)
                .put("shared", false));
    write(folder, "metadata.json", RecordJson.pretty(metadata));
    write(folder, "videoobject.jsonld", "{\"uploadDate\":\"2026-11-20T12:39:03Z\"}");
    documents(folder);
    ImageIO.write(
        new BufferedImage(36, 64, BufferedImage.TYPE_INT_RGB),
        "jpg",
        folder.resolve("thumbnail.jpg").toFile());
  }

  /** Writes what a run leaves that ends after the speech. */
  static void deliverNarration(Path record, String preset) throws Exception {
    documents(Files.createDirectories(record.resolve(preset)));
    Files.delete(record.resolve(preset).resolve("storyboard.json"));
    Files.delete(record.resolve(preset).resolve("checks.json"));
  }

  private static void documents(Path folder) throws IOException {
    write(
        folder,
        "script.json",
        """
        {"hook":"Ready for tea?","intro":"","points":[{"text":"Boil the water.","duration_est_ms":1000,
        "visual_cue":"a kettle","text_overlay":"100 degrees","heading":"Water first"}],
        "cta":"Follow for more.","chapter_markers":[{"time_ms":2000,"title":"Water first"}],
        "script_text":"Ready for tea?","word_count":9,"language":"en","version":1,"writer":"test-1"}
        """);
    write(
        folder,
        "words.json",
        """
        {"duration_ms":4000,"rounds":2,"voice_id":"quiet","speed_permille":1050,"sentences":[
        {"section":0,"sentence":0,"start_us":200000,"end_us":1000000,"text":"Ready for tea?",
        "words":[{"start_us":200000,"end_us":400000,"text":"Ready"}]},
        {"section":1,"sentence":0,"start_us":1200000,"end_us":2400000,"text":"Boil the water.",
        "words":[]},
        {"section":2,"sentence":0,"start_us":2600000,"end_us":3900000,"text":"Follow for more.",
        "words":[]}]}
        """);
    write(
        folder,
        "storyboard.json",
        """
        {"shots":[{"kind":"PICTURE","start_us":0,"section":0,"text":"","detail":"",
        "reason":"opens with the strongest picture",
        "picture":{"url":"images/kettle.jpg","description":"A kettle","credit":"Ada, CC BY 4.0",
        "facts":{"width":640,"height":480}}},
        {"kind":"NUMBER","start_us":2000000,"section":1,"text":"100","detail":"degrees",
        "reason":"a number and no picture that shows it"}],"duration_ms":4000}
        """);
    write(
        folder,
        "checks.json",
        """
        {"report":{"video":{"codec":"h264","profile":"High","frame_rate_numerator":15,
        "frame_rate_denominator":1,"frozen":[]}},"results":[
        {"name":"frames","expected":"60","measured":"60","passed":true},
        {"name":"loudness","expected":"-15.0 to -13.0 LUFS","measured":"-11.0 LUFS","passed":false}]}
        """);
    List<SubtitleCue> cues =
        List.of(
            new SubtitleCue(200, 1000, List.of("Ready for tea?")),
            new SubtitleCue(1200, 2400, List.of("Boil <the>", "water & wait.")));
    write(folder, "captions.vtt", SubtitleFiles.toVtt(cues, "en"));
    write(folder, "captions.srt", SubtitleFiles.toSrt(cues));
    Files.write(folder.resolve("narration.wav"), wav(48_000 * 4));
  }

  /** Silence, then a loud second half. */
  static byte[] wav(int samples) {
    ByteBuffer wav = ByteBuffer.allocate(44 + 2 * samples).order(ByteOrder.LITTLE_ENDIAN);
    wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 2 * samples);
    wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    wav.putShort((short) 1).putShort((short) 1).putInt(48_000).putInt(96_000);
    wav.putShort((short) 2).putShort((short) 16);
    wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(2 * samples);
    for (int i = 0; i < samples; i++) {
      wav.putShort((short) (i < samples / 2 ? 0 : i % 2 == 0 ? 20_000 : -20_000));
    }
    return wav.array();
  }

  /** A video that is dark in its first half and bright in its second. */
  static Path video(Path file) throws Exception {
    YuvFrame frame = new YuvFrame(72, 128);
    frame.u().fill(128);
    frame.v().fill(128);
    try (VideoEncoder encoder =
        VideoEncoder.open(
            EncodingSettings.preview(FRAME_RATE), new Canvas(72, 128, FRAME_RATE), file)) {
      for (int number = 0; number < FRAMES; number++) {
        frame.luma().fill(number < FRAMES / 2 ? 40 : 200);
        encoder.encode(frame);
      }
      encoder.finish();
    }
    return file;
  }

  static DeadLetter letter(@Nullable String preset, String message, String payloadJson) {
    FailureCode code = FailureCode.SOURCE_TOO_THIN;
    return new DeadLetter(
        "letter-" + preset,
        "record-7",
        3,
        preset,
        "plan",
        code.name(),
        code.number(),
        message,
        code.remedy(),
        code.replayable(),
        payloadJson,
        null);
  }

  private static void write(Path folder, String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }
}
