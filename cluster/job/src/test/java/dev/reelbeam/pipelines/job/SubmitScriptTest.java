package dev.reelbeam.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a real cluster's client is told to submit, by its script and a `java` that notes its
 * arguments.
 */
class SubmitScriptTest {
  private static final Path SCRIPT = Path.of("../../deploy/kubernetes/submit");

  @TempDir Path folder;

  @Test
  void withoutAWordItRendersByTheEncoderThatEveryMachineHas() throws Exception {
    List<String> videos = submitted("GenerateVideos", Map.of());
    GenerateVideosOptions options = GenerateVideos.options(jobArguments(videos));
    assertThat(options.getRenderEncoder()).isEqualTo("auto");
    GenerateVideos.checkEncoder(options.getRenderEncoder());
    assertThat(options.getRestoreFolder()).isEqualTo(folder.resolve("state").toString());
    assertThat(options.getProviders()).isNull();
    assertThat(options.getJobName()).isEqualTo("generate-videos");

    List<String> measure = submitted("MeasureEngagementJob", Map.of());
    assertThat(MeasureEngagementJob.options(jobArguments(measure)).getRestoreFolder())
        .isEqualTo(folder.resolve("state").toString());
  }

  @Test
  void theProvidersThatAreMountedAreTheJobs() throws Exception {
    Path providers = Files.writeString(folder.resolve("providers.yaml"), "script: []\n");
    List<String> videos =
        submitted("GenerateVideos", Map.of("REELBEAM_PROVIDERS", providers.toString()));
    assertThat(GenerateVideos.options(jobArguments(videos)).getProviders())
        .isEqualTo(providers.toString());
  }

  private static String[] jobArguments(List<String> arguments) {
    int main = 0;
    while (!arguments.get(main).startsWith("dev.reelbeam.")) {
      main++;
    }
    return arguments.subList(main + 1, arguments.size()).toArray(new String[0]);
  }

  /** The arguments of the java process that submits by this class. */
  private List<String> submitted(String main, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path calls = folder.resolve("calls");
    Files.deleteIfExists(calls);
    Path fake = bin.resolve("java");
    Files.writeString(fake, "#!/bin/sh\nprintf '%s\\n' \"$@\" '--end--' >>'" + calls + "'\n");
    assertThat(fake.toFile().setExecutable(true)).isTrue();
    Path conf = Files.createDirectories(folder.resolve("home/conf"));
    Files.copy(
        Path.of("../../deploy/conf/flink.yaml"),
        conf.resolve("config.yaml"),
        StandardCopyOption.REPLACE_EXISTING);
    ProcessBuilder script = new ProcessBuilder("sh", SCRIPT.toString());
    script.environment().put("PATH", bin + ":" + System.getenv("PATH"));
    script.environment().put("REELBEAM_HOME", folder.resolve("home").toString());
    script.environment().put("REELBEAM_STATE", folder.resolve("state").toString());
    script.environment().putAll(environment);
    script.redirectErrorStream(true).redirectOutput(folder.resolve("out").toFile());
    assertThat(script.start().waitFor()).as(Files.readString(folder.resolve("out"))).isZero();
    List<String> call = new ArrayList<>();
    for (String line : Files.readAllLines(calls)) {
      if (!line.equals("--end--")) {
        call.add(line);
      } else if (call.contains("dev.reelbeam.pipelines.job." + main)) {
        return call;
      } else {
        call.clear();
      }
    }
    throw new IOException("nobody submitted " + main);
  }
}
