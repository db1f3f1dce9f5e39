package dev.reelbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.fakes.FakeVoiceModel;
import dev.reelbeam.fakes.FakeWhisperModel;
import dev.reelbeam.model.speech.HeardWord;
import dev.reelbeam.simulators.PiperSimulator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server and models of files side by side, the models in the real speech process. */
class VoicesOfProvidersTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private PiperSimulator server;
  private Path settings;

  @BeforeEach
  void start() throws IOException {
    server = PiperSimulator.start(PiperSimulator.Dialect.SYNTHESIZE);
    FakeVoiceModel.write(folder, "hum", 2);
    FakeWhisperModel.write(
        folder.resolve("ggml-fake.bin"), List.of(new HeardWord("good", 0, 400_000)));
    settings =
        Files.writeString(
            folder.resolve("reelbeam.yaml"),
            """
            speech:
              - {name: server, kind: piper-1.5, base_url: "%s", voice: %s}
              - {name: own, kind: piper-file, model: hum.onnx, voice: p1,
                 words: {kind: whisper-file, model: ggml-fake.bin}}
            """
                .formatted(server.baseUrl(), PiperSimulator.VOICE));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void allAreListedHeardAndProbed() throws Exception {
    assertThat(run("voices", "--settings", settings.toString())).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("server:" + PiperSimulator.VOICE, "own:p0", "own:p1", "hum.onnx");

    Path wav = folder.resolve("morning.wav");
    assertThat(
            run(
                "voices",
                "--settings",
                settings.toString(),
                "--voice",
                "own:p1",
                "--preview",
                "Good morning, dear world.",
                "--out",
                wav.toString()))
        .as(err.toString())
        .isZero();
    assertThat(out.toString()).contains("own:p1").contains(FakeVoiceModel.SAMPLE_RATE + " Hz");
    assertThat(new String(Files.readAllBytes(wav), 0, 4, StandardCharsets.US_ASCII))
        .isEqualTo("RIFF");

    assertThat(run("providers", settings.toString())).as(out.toString()).isZero();
    assertThat(out.toString()).contains("2 voices; words by ggml-fake.bin");

    Files.writeString(folder.resolve("ggml-fake.bin"), "no model");
    assertThat(run("providers", settings.toString())).isEqualTo(ExitCode.SOME_DEAD.number());
    assertThat(out.toString()).contains("2105");

    Files.writeString(folder.resolve("hum.onnx"), "no network");
    assertThat(run("voices", "--settings", settings.toString()))
        .isEqualTo(ExitCode.SOME_DEAD.number());
    assertThat(out.toString()).contains("server:" + PiperSimulator.VOICE).contains("2105");
  }

  @Test
  void aVoiceIsTriedInItsOwnLanguageUnlessAnotherIsNamed() throws Exception {
    Files.writeString(
        settings,
        Files.readString(settings)
            .replace(
                "voice: " + PiperSimulator.VOICE + "}",
                "voice: " + PiperSimulator.CUSTOM_VOICE + "}"));
    String[] preview = {
      "voices",
      "--settings",
      settings.toString(),
      "--preview",
      "Guten Morgen.",
      "--out",
      folder.resolve("morning.wav").toString()
    };

    assertThat(run(preview)).as(err.toString()).isZero();
    assertThat(out.toString()).contains("server:" + PiperSimulator.CUSTOM_VOICE);

    String[] inFrench = Arrays.copyOf(preview, preview.length + 2);
    inFrench[preview.length] = "--lang";
    inFrench[preview.length + 1] = "fr";
    assertThat(run(inFrench)).isNotZero();
    assertThat(err.toString() + out).contains("2103");
  }

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Reelbeam.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(args);
  }
}
