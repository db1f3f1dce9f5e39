package dev.reelbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.clients.provider.ProviderSettings;
import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.VideoSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a dry run says. */
class CostEstimateTest {
  private static final String SETTINGS =
      """
      speech:
        - {name: dear, base_url: "https://dear.example.com/v1", model: m, voice: v, key: env:KEY}
        - {name: cheap, base_url: "https://cheap.example.com/v1", model: m, voice: v, key: env:KEY}
      rates:
        date: 2026-11-28
        rates:
          - {provider: dear, unit: character, dollars_per_million: 100}
          - {provider: cheap, unit: character, dollars_per_million: 10}
      """;

  @TempDir Path folder;

  private CostEstimate estimate(String settings) throws Exception {
    Path file = Files.writeString(folder.resolve("reelbeam.yaml"), settings);
    return new CostEstimate(ProviderSettings.read(file, Map.of("KEY", "sk")));
  }

  private static ContentRecord record(String voiceProvider) {
    VideoSettings settings = VideoSettings.DEFAULT.withVoiceProvider(voiceProvider);
    return new ContentRecord(
        new RecordKey("r", 1),
        null,
        null,
        ContentKind.ARTICLE,
        "en",
        "Title",
        null,
        List.of(),
        List.of(),
        List.of(),
        null,
        new ProjectRequest(null, List.of(), settings, ReviewPolicy.AUTO, "normal", true),
        "file:///");
  }

  /** 100 words of 6 characters, drafted so that a third is spoken twice. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {"none,0.0780", "dear,0.0780", "cheap,0.0078", "unknown,0.0780", "embedded,0.0000"})
  void speechCostsWhatTheVoiceOfTheRecordAsks(String voiceProvider, String dollars)
      throws Exception {
    CostEstimate estimate = estimate(SETTINGS);

    estimate.add(record(voiceProvider), 200, 40_000, List.of("preview"));

    assertThat(estimate.table()).containsPattern("speech +\\d+ +" + dollars.replace(".", "\\."));
  }

  @Test
  void aCardOfOnesOwnMayWorkOnEveryRungToItsDeadline() throws Exception {
    CostEstimate estimate =
        estimate(
            """
            visuals:
              - {name: comfyui, base_url: "http://localhost:8188", model: m.safetensors, scenes: 1,
                 workflow: {deadline_seconds: 100}}
            rates:
              date: 2026-11-28
              rates:
                - {provider: comfyui, unit: gpu_second, dollars: 0.001}
            """);

    estimate.add(record(null), 200, 40_000, List.of("preview"));

    // Six jobs: twice in full, simpler words, a simpler workflow, smaller, a still.
    assertThat(estimate.table()).containsPattern("visuals +\\d+ +0\\.0\\d+ +0\\.6000");
  }
}
