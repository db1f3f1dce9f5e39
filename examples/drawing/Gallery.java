import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All pictures by their path below the examples folder. */
public final class Gallery {
  private Gallery() {}

  interface Picture {
    BufferedImage draw();
  }

  private static final int MAX_JPEG_BYTES = 500_000;

  /** Share of the full number of rays: 1, or less for a draft. */
  static double quality = 1;

  public static void draw(Path root, List<String> args) throws Exception {
    Map<String, Picture> all = new LinkedHashMap<>();
    Diagrams.addTo(all);
    Forest.addTo(all);
    Coffee.addTo(all);
    Sedan.addTo(all);
    quality = args.contains("--draft") ? 0.2 : 1;
    List<String> wanted = args.stream().filter(a -> !a.startsWith("--")).toList();
    for (Map.Entry<String, Picture> e : all.entrySet()) {
      if (!wanted.isEmpty() && wanted.stream().noneMatch(e.getKey()::contains)) {
        continue;
      }
      long start = System.nanoTime();
      BufferedImage image = e.getValue().draw();
      Path file = root.resolve(e.getKey());
      if (e.getKey().endsWith(".png")) {
        Paint.png(image, file);
      } else {
        Paint.jpeg(image, file, MAX_JPEG_BYTES);
      }
      System.out.printf(
          java.util.Locale.ROOT,
          "%-40s %4dx%-4d %5d KiB %6.1f s%n",
          e.getKey(),
          image.getWidth(),
          image.getHeight(),
          file.toFile().length() / 1024,
          (System.nanoTime() - start) / 1e9);
    }
  }
}
