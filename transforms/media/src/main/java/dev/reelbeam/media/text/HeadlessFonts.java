package dev.reelbeam.media.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes AWT's text work on a JDK without fontconfig and without one installed font.
 *
 * <p>AWT reads its font configuration once, when it is first used, and fails for good when it finds
 * none. A {@code main} therefore calls {@link #prepare} before anything touches AWT.
 */
public final class HeadlessFonts {
  private static final String CONFIG_PROPERTY = "sun.awt.fontconfig";
  private static final String[] LOGICAL_FAMILIES = {
    "dialog", "dialoginput", "serif", "sansserif", "monospaced"
  };
  private static final String[] STYLES = {"plain", "bold", "italic", "bolditalic"};

  private static boolean prepared;

  private HeadlessFonts() {}

  /**
   * Sets headless mode and points AWT to one bundled font, unless the caller has set either
   * property. Idempotent; without effect once AWT has started.
   *
   * @throws IllegalStateException when the folder for temporary files cannot be written
   */
  public static synchronized void prepare() {
    if (prepared) {
      return;
    }
    prepared = true;
    if (System.getProperty("java.awt.headless") == null) {
      System.setProperty("java.awt.headless", "true");
    }
    if (System.getProperty(CONFIG_PROPERTY) != null) {
      return;
    }
    try {
      Path folder = Files.createTempDirectory("reelbeam-fonts");
      Path font = folder.resolve("default.ttf");
      try (InputStream in = BundledFonts.open(BundledFonts.OPEN_SANS_REGULAR)) {
        Files.copy(in, font);
      }
      Path config = folder.resolve("fontconfig.properties");
      Files.writeString(config, configuration(font));
      // Deleted in the reverse order of registration: the files first, then their folder.
      folder.toFile().deleteOnExit();
      font.toFile().deleteOnExit();
      config.toFile().deleteOnExit();
      System.setProperty(CONFIG_PROPERTY, config.toString());
    } catch (IOException e) {
      throw new IllegalStateException("cannot write the font configuration of AWT", e);
    }
  }

  /** The smallest file that AWT on Linux accepts: every logical font is the one given. */
  private static String configuration(Path font) {
    String component = "-*-sans-medium-r-normal-*-*-%d-*-*-p-*-iso8859-1";
    StringBuilder config = new StringBuilder("version=1\n");
    for (String family : LOGICAL_FAMILIES) {
      for (String style : STYLES) {
        config.append(family).append('.').append(style).append(".latin-1=");
        config.append(component).append('\n');
      }
    }
    config.append("sequence.allfonts=latin-1\n");
    config.append("filename.").append(component).append('=').append(font).append('\n');
    return config.toString();
  }
}
