package dev.reelbeam.voices;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process as its caller sees it: lines in, lines out, audio in files. */
class SpeechHostTest {
  @TempDir Path folder;

  @Test
  void speaksAnswersEveryLineAndEndsWithItsInput() throws Exception {
    Path wav = folder.resolve("hello.wav");

    List<String> answers =
        answersTo(
            "{\"id\":7,\"op\":\"speak\",\"engine\":\"marytts\",\"voice\":\"cmu-slt-hsmm\","
                + "\"language\":\"en\",\"text\":\"Hello world.\",\"wav\":\""
                + wav
                + "\"}",
            "this is no request",
            "{\"id\":8,\"op\":\"speak\",\"engine\":\"espeak\",\"voice\":\"xx\",\"text\":\"Hello\"}",
            "{\"id\":9,\"op\":\"sing\"}",
            "{\"id\":10,\"op\":\"speak\",\"engine\":\"espeak\",\"voice\":\"de\",\"text\":\"Hallo\","
                + "\"wav\":\""
                + folder.resolve("missing").resolve("a.wav")
                + "\"}");

    assertThat(answers).hasSize(5);
    assertThat(answers.get(0))
        .startsWith("{\"id\":7,\"ok\":true,\"sample_rate\":48000,\"samples\":")
        .contains("{\"text\":\"Hello\",\"char_start\":0,\"char_end\":5,\"start_us\":0,");
    assertThat(answers.get(1)).contains("\"ok\":false", "bad_request");
    assertThat(answers.get(2)).startsWith("{\"id\":8,\"ok\":false,\"code\":\"no_voice\"");
    assertThat(answers.get(3)).startsWith("{\"id\":9,\"ok\":false,\"code\":\"bad_request\"");
    assertThat(answers.get(4)).startsWith("{\"id\":10,\"ok\":false,\"code\":\"write_failed\"");
    byte[] file = Files.readAllBytes(wav);
    assertThat(new String(file, 0, 4, StandardCharsets.US_ASCII)).isEqualTo("RIFF");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(wav);
    }
  }

  private List<String> answersTo(String... requests) throws IOException, InterruptedException {
    Path input = folder.resolveSibling(folder.getFileName() + ".requests");
    Path output = folder.resolveSibling(folder.getFileName() + ".answers");
    Files.write(input, List.of(requests));
    try {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  SpeechHost.class.getName())
              .redirectInput(input.toFile())
              .redirectOutput(output.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      assertThat(process.waitFor(240, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      return Files.readAllLines(output);
    } finally {
      Files.deleteIfExists(input);
      Files.deleteIfExists(output);
    }
  }
}
