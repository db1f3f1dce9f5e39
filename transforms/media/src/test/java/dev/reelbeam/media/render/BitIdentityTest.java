package dev.reelbeam.media.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same video in a process that sees another machine: {@code bench/identity} does this twenty
 * times over with whole runs.
 */
class BitIdentityTest {
  /** The C library chooses its mathematics by these when it loads. */
  private static final String NO_NEW_INSTRUCTIONS =
      "glibc.cpu.hwcaps=-AVX512F,-AVX2,-AVX,-FMA,-FMA4,-BMI2,-SSE4_2,-SSE4_1,-SSSE3,-AVX2_Usable"
          + ",-AVX_Usable,-FMA_Usable";

  @TempDir Path folder;

  @Test
  void aMachineWithFewInstructionsMakesTheSameVideo() throws Exception {
    String here = IdentityProbe.video(Files.createDirectory(folder.resolve("here")), false);

    String there = elsewhere("-XX:UseAVX=0", "-XX:UseSSE=2", "-XX:TieredStopAtLevel=1");

    assertThat(there).isEqualTo(here);
  }

  private String elsewhere(String... javaOptions) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(javaOptions));
    command.addAll(List.of("-Djava.awt.headless=true", "-XX:+UseSerialGC", "-Xmx512m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(IdentityProbe.class.getName());
    command.add(Files.createDirectory(folder.resolve("there")).toString());
    command.add("masked");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("GLIBC_TUNABLES", NO_NEW_INSTRUCTIONS);
    Process process = builder.start();
    String hash = process.inputReader().readLine();
    assertThat(process.waitFor()).as("exit code").isZero();
    return hash;
  }
}
