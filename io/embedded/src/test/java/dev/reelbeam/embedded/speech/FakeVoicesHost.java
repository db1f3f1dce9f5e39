package dev.reelbeam.embedded.speech;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.model.json.RecordJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/** A voices' process of 50 ms a word that fails as it is told by its first argument. */
final class FakeVoicesHost {
  private FakeVoicesHost() {}

  /** It as a child, failing as told; {@code starts} grows by a byte at each start. */
  static VoicesProcess process(String mode, Path starts) {
    return VoicesProcess.ofCommand(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            FakeVoicesHost.class.getName(),
            mode,
            starts.toString()));
  }

  public static void main(String[] args) throws Exception {
    String mode = args[0];
    Path starts = Path.of(args[1]);
    Files.writeString(starts, "x", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    boolean firstStart = Files.size(starts) == 1;
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      if (mode.equals("dies") || (mode.equals("dies-once") && firstStart)) {
        System.err.println("the fake is dying");
        System.exit(3);
      }
      if (mode.equals("hangs")) {
        Thread.sleep(60_000);
      }
      JsonNode request = RecordJson.readTree(line);
      System.out.println(
          request.path("op").asText().equals("voices") ? voices(request) : speak(request));
    }
  }

  private static String voices(JsonNode request) {
    return "{\"id\":"
        + request.path("id")
        + ",\"ok\":true,\"voices\":["
        + "{\"engine\":\"marytts\",\"voice\":\"cmu-slt-hsmm\",\"name\":\"SLT\","
        + "\"language\":\"en-US\",\"licence\":\"LGPL\"},"
        + "{\"engine\":\"espeak\",\"voice\":\"fr-BE\",\"name\":\"French\","
        + "\"language\":\"fr-be\",\"licence\":\"GPL\"},"
        + "{\"engine\":\"espeak\",\"voice\":\"fr\",\"name\":\"French\","
        + "\"language\":\"fr-fr\",\"licence\":\"GPL\"},"
        + "{\"engine\":\"espeak\",\"voice\":\"cmn\",\"name\":\"Chinese\","
        + "\"language\":\"cmn\",\"licence\":\"GPL\"}]}";
  }

  private static String speak(JsonNode request) throws IOException {
    String text = request.path("text").asText();
    StringBuilder words = new StringBuilder();
    int at = 0;
    int count = 0;
    for (String word : text.split(" ")) {
      words
          .append(count == 0 ? "" : ",")
          .append("{\"char_start\":" + at + ",\"char_end\":" + (at + word.length()))
          .append(
              ",\"start_us\":" + count * 50_000L + ",\"end_us\":" + (count + 1) * 50_000L + "}");
      at += word.length() + 1;
      count++;
    }
    short[] samples = new short[count * 800];
    Arrays.fill(samples, (short) 1_000);
    Files.write(Path.of(request.path("wav").asText()), new WavAudio(samples, 16_000).toBytes());
    return "{\"id\":"
        + request.path("id")
        + ",\"ok\":true,\"sample_rate\":16000,\"samples\":"
        + samples.length
        + ",\"words\":["
        + words
        + "]}";
  }
}
