package dev.reelbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.simulators.PiperSimulator;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person changes about a video between two runs of {@code make}, and what is made anew. */
class EditedMakeTest {
  private static final String ARTICLE =
      """
      # How a lake stays clear

      A lake stays clear when its shore is left alone. Reeds hold the mud where it is.

      ![Reeds at the shore](reeds.png)

      Reeds slow the water down. Mud then sinks before it reaches the open lake. Small fish hide
      between the stems.

      ![Willows on the bank](willows.png)

      Plant willows where the bank breaks off. Lead the water of the roofs into the ground. After
      two summers the water is clear down to three metres.
      """;

  private static final Pattern SEGMENTS = Pattern.compile("(\\d+) found, (\\d+) rendered");

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();

  /** The embedded voice would take half a minute. */
  private PiperSimulator voice;

  @BeforeEach
  void start() throws Exception {
    voice = PiperSimulator.start(PiperSimulator.Dialect.SYNTHESIZE);
    Files.writeString(folder.resolve("lake.md"), ARTICLE);
    picture("reeds", 1);
    picture("willows", 2);
    picture("beach", 3);
    Files.writeString(
        folder.resolve("reelbeam.yaml"),
        """
        speech:
          - {name: own, kind: piper-1.5, base_url: "%s", voice: en_US-lessac-medium,
             requests_per_minute: 1000}
        """
            .formatted(voice.baseUrl()));
  }

  @AfterEach
  void stop() {
    voice.close();
  }

  private void picture(String name, int seed) throws Exception {
    Random random = new Random(seed);
    BufferedImage image = new BufferedImage(600, 400, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = image.createGraphics();
    for (int i = 0; i < 60; i++) {
      canvas.setColor(Color.getHSBColor(random.nextFloat(), 0.6f, 0.9f));
      canvas.fillOval(random.nextInt(600), random.nextInt(400), 150, 120);
    }
    canvas.dispose();
    assertThat(ImageIO.write(image, "png", folder.resolve(name + ".png").toFile())).isTrue();
  }

  private int reelbeam(String... words) {
    out.getBuffer().setLength(0);
    return Reelbeam.commandLine(new PrintWriter(out, true), new PrintWriter(out, true))
        .execute(words);
  }

  /** Segments that were found, and those that were rendered. */
  private int[] make() {
    int code =
        reelbeam(
            "make",
            folder.resolve("lake.md").toString(),
            "--settings",
            folder.resolve("reelbeam.yaml").toString(),
            "--out",
            folder.resolve("videos").toString(),
            "--presets",
            "preview",
            "--type",
            "teaser",
            "--quality",
            "draft");
    assertThat(code).describedAs(out.toString()).isZero();
    Matcher counts = SEGMENTS.matcher(out.toString());
    assertThat(counts.find()).describedAs(out.toString()).isTrue();
    return new int[] {Integer.parseInt(counts.group(1)), Integer.parseInt(counts.group(2))};
  }

  private void edit(String... words) {
    String[] all = new String[words.length + 5];
    all[0] = "review";
    all[1] = "lake";
    all[2] = "edit";
    all[3] = "--store";
    all[4] = folder.resolve(".reelbeam").resolve("store").toString();
    System.arraycopy(words, 0, all, 5, words.length);
    assertThat(reelbeam(all)).describedAs(out.toString()).isZero();
  }

  private Path made(String file) {
    return folder.resolve("videos").resolve("lake").resolve("preview").resolve(file);
  }

  @Test
  void anEditMakesAnewWhatDependsOnItAndNothingElse() throws Exception {
    int all = make()[1];
    int spoken = voice.requests().size();
    assertThat(all).isGreaterThan(3);
    assertThat(spoken).isGreaterThan(3);

    // A text over the picture: the segments that see it.
    edit("--overlay", "3,2,Only today");
    int[] text = make();
    assertThat(text[0]).isPositive();
    assertThat(text[1]).isPositive();
    assertThat(Files.readString(made("storyboard.json"))).contains("Only today");

    // Another picture: nothing is said anew.
    edit("--swap", "willows.png=" + folder.resolve("beach.png"));
    int[] swap = make();
    assertThat(swap[1]).isPositive();
    assertThat(Files.readString(made("storyboard.json"))).contains("Only today");
    assertThat(voice.requests()).describedAs("sentences spoken").hasSize(spoken);

    // A word of the script: one sentence is spoken anew.
    Path script = folder.resolve("edited.json");
    ObjectNode document = (ObjectNode) RecordJson.readTree(Files.readString(made("script.json")));
    ObjectNode point = (ObjectNode) document.path("points").get(0);
    String before = point.path("text").asText();
    point.put("text", before.replaceFirst("\\w+([.!?])", "quickly$1"));
    Files.writeString(script, document.toString());
    edit("--script", script.toString());
    int[] word = make();
    assertThat(voice.requests()).describedAs("sentences spoken").hasSize(spoken + 1);
    assertThat(word[0] + word[1]).isBetween(all - 2, all + 2);
    assertThat(Files.readString(made("script.json")))
        .contains("quickly")
        .contains("\"version\" : 2");
    assertThat(Files.readString(made("captions.srt"))).contains("quickly");

    // Another text: what was edited of the old one is given up, and said.
    Files.writeString(
        folder.resolve("lake.md"), ARTICLE.replace("three metres", "three metres in June"));
    int[] other = make();
    assertThat(out.toString()).contains("the edited script is given up: the text has changed");
    assertThat(other[1]).isPositive();
    assertThat(Files.readString(made("storyboard.json"))).contains("Only today");
  }

  @Test
  void whatIsEditedWhileItWaitsComesBackToItsGate() throws Exception {
    Files.writeString(
        folder.resolve("lake.json"),
        RecordJson.newObject()
            .put("record_id", "lake")
            .put("title", "How a lake stays clear")
            .put("content_text", ARTICLE.replaceAll("(?m)^[#!].*$", ""))
            .set(
                "project",
                RecordJson.readTree("{\"type\":\"teaser\",\"review\":{\"script\":\"manual\"}}"))
            .toString());
    String[] make = {
      "make",
      folder.resolve("lake.json").toString(),
      "--settings",
      folder.resolve("reelbeam.yaml").toString(),
      "--out",
      folder.resolve("videos").toString(),
      "--presets",
      "preview",
      "--stop-after",
      "visuals"
    };
    String store = folder.resolve(".reelbeam").resolve("store").toString();
    assertThat(reelbeam(make)).describedAs(out.toString()).isZero();
    assertThat(out.toString()).contains("waits at script");
    reelbeam("review", "lake", "--store", store);
    Matcher artifact = Pattern.compile("script  \\S+  (\\w{64})").matcher(out.toString());
    assertThat(artifact.find()).describedAs(out.toString()).isTrue();
    String seen = artifact.group(1);

    Path shown = folder.resolve(".reelbeam/store/review");
    Path script;
    try (var files = Files.walk(shown)) {
      script = files.filter(file -> file.endsWith("script.json")).findFirst().orElseThrow();
    }
    Path edited =
        Files.writeString(
            folder.resolve("edited.json"),
            Files.readString(script).replaceFirst("\"text\":\"(\\w+)", "\"text\":\"Surely $1"));
    edit("--script", edited.toString(), "--artifact", seen.substring(0, 10));

    // What was seen before waits no longer: an approval of it does nothing.
    assertThat(reelbeam("review", "lake", "approve", "--artifact", seen, "--store", store))
        .isEqualTo(3);
    assertThat(reelbeam(make)).isZero();
    assertThat(out.toString()).contains("waits at script");
    assertThat(reelbeam("review", "lake", "approve", "--store", store)).isZero();
    assertThat(reelbeam(make)).describedAs(out.toString()).isZero();
    assertThat(out.toString()).contains("accepted 1 = completed 1");
    assertThat(Files.readString(made("script.json"))).contains("Surely");
  }
}
