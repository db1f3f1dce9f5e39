package dev.reelbeam.media.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeadlessFontsTest {
  /** Draws one line; run in a process of its own, because AWT reads its configuration once. */
  static final class Draw {
    public static void main(String[] args) {
      HeadlessFonts.prepare();
      double width =
          FontBook.bundled().width("Hi שלום", new TextStyle("Inter", FontWeight.BOLD, 50));
      // The logical families must resolve too: some of AWT's own code asks for them.
      String family = new java.awt.Font("Dialog", java.awt.Font.PLAIN, 12).getFamily();
      System.out.println(width > 50 && !family.isEmpty() ? "drawn" : "nothing drawn");
    }
  }

  @Test
  void textIsDrawnWhereTheMachineHasNoFonts(@TempDir Path folder) throws Exception {
    Path empty = folder.resolve("fonts.conf");
    Files.writeString(empty, "<?xml version=\"1.0\"?><fontconfig></fontconfig>");
    Path output = folder.resolve("out.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Draw.class.getName()));
    builder.environment().put("FONTCONFIG_FILE", empty.toString());
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(output)).contains("drawn").doesNotContain("Exception");
    assertThat(process.exitValue()).isZero();
  }
}
