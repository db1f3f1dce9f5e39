package dev.reelbeam.media.text;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Where the fonts lie in the jars that carry them. */
final class BundledFonts {
  /** A font file on the class path. */
  record Face(String family, FontWeight weight, String path) {}

  private static final String OPEN_SANS = "META-INF/resources/webjars/open-sans/1.1.0/fonts/";
  private static final String DEJAVU = "net/sf/jasperreports/fonts/dejavu/";
  private static final String INTER = "com/formdev/flatlaf/fonts/inter/";
  private static final String JETBRAINS = "com/formdev/flatlaf/fonts/jetbrains_mono/";

  static final String OPEN_SANS_REGULAR = OPEN_SANS + "regular/opensans-regular-webfont.ttf";

  static final List<Face> FACES =
      List.of(
          new Face("Inter", FontWeight.REGULAR, INTER + "Inter-Regular.otf"),
          new Face("Inter", FontWeight.SEMIBOLD, INTER + "Inter-SemiBold.otf"),
          new Face("Inter", FontWeight.BOLD, INTER + "Inter-Bold.otf"),
          new Face("Open Sans", FontWeight.REGULAR, OPEN_SANS_REGULAR),
          new Face(
              "Open Sans",
              FontWeight.SEMIBOLD,
              OPEN_SANS + "semibold/opensans-semibold-webfont.ttf"),
          new Face("Open Sans", FontWeight.BOLD, OPEN_SANS + "bold/opensans-bold-webfont.ttf"),
          new Face(
              "Open Sans",
              FontWeight.EXTRABOLD,
              OPEN_SANS + "extrabold/opensans-extrabold-webfont.ttf"),
          new Face("DejaVu Sans", FontWeight.REGULAR, DEJAVU + "DejaVuSans.ttf"),
          new Face("DejaVu Sans", FontWeight.BOLD, DEJAVU + "DejaVuSans-Bold.ttf"),
          new Face("DejaVu Serif", FontWeight.REGULAR, DEJAVU + "DejaVuSerif.ttf"),
          new Face("DejaVu Serif", FontWeight.BOLD, DEJAVU + "DejaVuSerif-Bold.ttf"),
          new Face("DejaVu Sans Mono", FontWeight.REGULAR, DEJAVU + "DejaVuSansMono.ttf"),
          new Face("DejaVu Sans Mono", FontWeight.BOLD, DEJAVU + "DejaVuSansMono-Bold.ttf"),
          new Face("JetBrains Mono", FontWeight.REGULAR, JETBRAINS + "JetBrainsMono-Regular.ttf"),
          new Face("JetBrains Mono", FontWeight.BOLD, JETBRAINS + "JetBrainsMono-Bold.ttf"),
          new Face("Liberation Sans", FontWeight.REGULAR, "liberation/LiberationSans-Regular.ttf"),
          new Face("Liberation Sans", FontWeight.BOLD, "liberation/LiberationSans-Bold.ttf"),
          new Face(
              "Liberation Serif", FontWeight.REGULAR, "liberation/LiberationSerif-Regular.ttf"),
          new Face("Liberation Serif", FontWeight.BOLD, "liberation/LiberationSerif-Bold.ttf"));

  private BundledFonts() {}

  static InputStream open(String path) throws IOException {
    InputStream in = BundledFonts.class.getClassLoader().getResourceAsStream(path);
    if (in == null) {
      throw new FileNotFoundException("font missing from the class path: " + path);
    }
    return in;
  }
}
