package dev.reelbeam.pipelines.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServicesTest {
  private static final String ACCOUNTS =
      """
      engagement:
        every_hours: 6
        accounts:
          - {platform: youtube, account: UCabc, token: env:YOUTUBE_TOKEN}
      """;
  private static final Map<String, String> ENVIRONMENT = Map.of("YOUTUBE_TOKEN", "hush");

  @TempDir Path home;
  private Path providers;
  private ClusterParts parts;

  @BeforeEach
  void build() throws Exception {
    providers = home.resolve("providers.yaml");
    for (String folder : ClusterParts.FOLDERS) {
      Files.write(
          Files.createDirectories(home.resolve("built").resolve(folder)).resolve("a.jar"),
          new byte[1]);
    }
    parts = ClusterParts.in(home.resolve("built"));
  }

  @Test
  void wherePlatformsAreToBeReadAPollerRunsBesideTheJobThatMeasures() throws Exception {
    Files.writeString(providers, ACCOUNTS);
    Service poller = services(Map.of()).poller(providers, ENVIRONMENT).orElseThrow();
    assertThat(poller.command().of())
        .containsSubsequence(
            "dev.reelbeam.pipelines.Reelbeam",
            "engagement",
            "poll",
            "--settings",
            providers.toString(),
            "--connections");
    assertThat(poller.command().of()).noneMatch(argument -> argument.contains("hush"));
    assertThat(poller.ready().answers()).as("nothing was started").isFalse();
  }

  @Test
  void foldersOfFlinkAreNamedAsTheyAre() {
    // Flink decodes nothing: with %20 it would write into another folder.
    assertThat(Services.flinkPath(Path.of("/srv/my videos/100%")))
        .isEqualTo("file:///srv/my videos/100%");
  }

  @Test
  void whereNothingIsToBeReadOrMeasuredThereIsNone() throws Exception {
    assertThat(services(Map.of()).poller(providers, ENVIRONMENT)).isEmpty();
    Files.writeString(providers, ACCOUNTS);
    assertThat(services(Map.of("measure.slots", "0")).poller(providers, ENVIRONMENT)).isEmpty();
  }

  @Test
  void aHomeInAnyLanguageIsReadAsItWasWritten() throws Exception {
    String path = "/home/jörg/видео/🎬";
    Properties read = new Properties();
    read.load(
        new ByteArrayInputStream(
            Services.asProperties("log.dirs=" + path + "\n").getBytes(StandardCharsets.UTF_8)));
    assertThat(read).containsExactly(Map.entry("log.dirs", path));
  }

  private Services services(Map<String, String> flags) throws Exception {
    ClusterSettings settings = ClusterSettings.read(home, flags);
    return new Services(settings, parts, Connections.of(settings));
  }
}
