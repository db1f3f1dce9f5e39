package dev.reelbeam.media.render;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.media.codec.VideoEncoder;
import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.frame.Plane;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.json.RecordJson;
import java.nio.file.Files;
import java.nio.file.Path;

/** A short article with photos, a diagram, a clip, and a second clip that is shown as an inset. */
public final class IdentityInput {
  private static final String TEXT =
      "<p>Great coffee is 98 percent water, three minutes of patience and a handful of numbers.</p>"
          + "<p>Hot water runs through ground coffee in a paper filter, and gravity does the rest.</p>"
          + "<p>The diagram shows how the parts stack, with the dripper on top.</p>"
          + "<p>Pour in slow circles and watch the water sink before you pour again.</p>"
          + "<p>Three minutes later the cup is clear, bright and sweet.</p>";

  private IdentityInput() {}

  /** Writes the record and what it shows into a folder. */
  public static Path write(Path examples, Path folder) throws Exception {
    Files.createDirectories(folder);
    ObjectNode record = RecordJson.newObject();
    record.put("record_id", "identity");
    record.put("title", "Better coffee at home");
    record.put("language", "en");
    record.put("content_html", TEXT);
    ArrayNode images = record.putArray("images");
    show(images, copy(examples, folder, "hero-dripper.jpg"), "A dripper on a carafe", false);
    show(images, clip(folder, "pour.mp4", 3), "Water is poured in circles", false);
    show(images, copy(examples, folder, "setup-diagram.png"), "Diagram of the setup", false);
    show(images, copy(examples, folder, "fresh-beans.jpg"), "Roasted beans", false);
    show(images, clip(folder, "sink.mp4", 5), "Water sinks through the coffee", true);
    return Files.writeString(folder.resolve("record.json"), RecordJson.canonical(record));
  }

  private static void show(ArrayNode images, String url, String words, boolean inset) {
    ObjectNode image = images.addObject().put("url", url).put("alt", words);
    if (inset) {
      image.put("place", "inset");
    }
  }

  private static String copy(Path examples, Path folder, String name) throws Exception {
    Files.copy(examples.resolve("howto/images").resolve(name), folder.resolve(name));
    return name;
  }

  /** Eight seconds of rings that run outwards, at 25 frames a second. */
  private static String clip(Path folder, String name, int pace) throws Exception {
    Canvas canvas = new Canvas(640, 360, 25);
    try (VideoEncoder encoder =
        VideoEncoder.open(EncodingSettings.standard(25), canvas, folder.resolve(name))) {
      YuvFrame frame = new YuvFrame(canvas.width(), canvas.height());
      for (int number = 0; number < 8 * canvas.frameRate(); number++) {
        for (int plane = 0; plane < 3; plane++) {
          draw(frame.plane(plane), plane == 0 ? 1 : 2, number * pace, plane);
        }
        encoder.encode(frame);
      }
      encoder.finish();
    }
    return name;
  }

  private static void draw(Plane plane, int step, int phase, int seed) {
    for (int y = 0; y < plane.height(); y++) {
      for (int x = 0; x < plane.width(); x++) {
        int dx = x * step - 320;
        int dy = y * step - 180;
        int ring = (int) Math.sqrt(dx * dx + dy * dy) - phase & 127;
        int wave = ring < 64 ? ring : 127 - ring;
        plane.set(x, y, seed == 0 ? 60 + 2 * wave : 110 + wave / 2 + 3 * seed);
      }
    }
  }
}
