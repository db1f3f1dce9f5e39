package dev.reelbeam.pipelines.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterSettingsTest {
  @TempDir Path home;

  @Test
  void aFreshHomeHasTwoPoolsAndRendersOnTheOneTaggedGpu() throws Exception {
    ClusterSettings settings = ClusterSettings.read(home, Map.of());
    assertThat(settings.poolsOption(false)).isEqualTo("general:4,gpu:2");
    assertThat(settings.measurePoolsOption()).isEqualTo("general:1");
    assertThat(settings.renderPool()).isEqualTo("gpu");
    assertThat(settings.renderEncoder()).isEqualTo("auto");
    assertThat(settings.renderQuality()).isEqualTo("standard");
  }

  @Test
  void whatUpWasToldIsThereForLaterCommands() throws Exception {
    ClusterSettings told =
        ClusterSettings.read(
            home,
            Map.of(
                "pools", "general:2:1500, cpu-render:3:2000, gpu:1",
                "render.pool", "cpu-render",
                "render.quality", "best",
                "calls.in.flight", "50",
                "kafka.port", "20001"));
    told.write();
    assertThat(ClusterSettings.read(home, Map.of())).isEqualTo(told);
    assertThat(told.differFromFile()).isFalse();
    assertThat(ClusterSettings.read(home, Map.of("projects.live", "64")).differFromFile()).isTrue();
    assertThat(told.port(ClusterPort.KAFKA)).isEqualTo(20001);
    assertThat(told.limits()).isEqualTo(new ClusterSettings.Limits(50, 32, 16, 60));
  }

  @Test
  void whereFilesWillBeOnTheWebIsToldToTheJobByItsConnections() throws Exception {
    Map<String, String> told = Map.of("media.base.url", "https://videos.example.org/made");
    Connections connections = Connections.of(ClusterSettings.read(home, told));
    assertThat(WorldSettings.read(connections.file()).mediaBaseUrl())
        .isEqualTo("https://videos.example.org/made");
    assertThatThrownBy(() -> ClusterSettings.read(home, Map.of("media.base.url", "videos/")))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("media.base.url 'videos/' is no absolute");
  }

  /** One place: what a replay takes views to earn is what the running job does. */
  @Test
  void whatViewsAreTakenToEarnIsToldToJobAndReplayByTheConnections() throws Exception {
    Map<String, String> told = Map.of("measure.revenue.rates", "x=15000, tiktok=21000");
    Connections connections = Connections.of(ClusterSettings.read(home, told));
    assertThat(WorldSettings.read(connections.file()).revenueRates())
        .isEqualTo(Map.of("tiktok", 21_000L, "x", 15_000L));
    connections = Connections.of(ClusterSettings.read(home, Map.of("measure.revenue.rates", "")));
    assertThat(WorldSettings.read(connections.file()).revenueRates()).isEmpty();
    assertThatThrownBy(
            () -> ClusterSettings.read(home, Map.of("measure.revenue.rates", "tictoc=21000")))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("measure.revenue.rates: 'tictoc=21000' names no platform");
  }

  @Test
  void anEncoderThatNobodyKnowsIsRefusedBeforeAnySegmentFailsByIt() throws Exception {
    assertThat(ClusterSettings.read(home, Map.of("render.encoder", "h264_nvenc")).renderEncoder())
        .isEqualTo("h264_nvenc");
    assertThatThrownBy(() -> ClusterSettings.read(home, Map.of("render.encoder", "libx265")))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("render.encoder 'libx265' is neither");
  }

  @Test
  void aHomeThatTheServicesCannotWriteDownIsRefused() {
    for (String name : new String[] {"a,b", "it's", "a\\b"}) {
      assertThatThrownBy(() -> ClusterSettings.read(home.resolve(name), Map.of()))
          .isInstanceOfSatisfying(
              StageException.class,
              e -> assertThat(e.code()).isEqualTo(FailureCode.CLUSTER_SETTINGS_INVALID))
          .hasMessageContaining("--home");
    }
  }

  @Test
  void whetherServicesAreSecuredIsChosenOnce() throws Exception {
    Connections open = Connections.of(ClusterSettings.read(home, Map.of()));
    assertThat(Files.readString(open.file())).contains("postgres.password=");
    assertThatThrownBy(() -> Connections.of(ClusterSettings.read(home, Map.of("secured", "true"))))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("first `up`");

    Path other = home.resolve("other");
    ClusterSettings settings = ClusterSettings.read(other, Map.of("secured", "true"));
    Connections secured = Connections.of(settings);
    assertThat(Files.readString(secured.file()))
        .contains("kafka.security.protocol=SASL_SSL", "postgres.tls=verify-full", "https://")
        .doesNotContain(secured.kafkaPassword(), secured.postgresPassword(), secured.s3SecretKey());
    assertThat(Connections.of(settings).kafkaPassword()).isEqualTo(secured.kafkaPassword());
  }

  @Test
  void theJobThatMeasuresHasSlotsOfItsOwnAndCanBeLeftOff() throws Exception {
    ClusterSettings usual = ClusterSettings.read(home, Map.of("pools", "general:2,gpu:2"));
    ClusterSettings without =
        ClusterSettings.read(home, Map.of("pools", "general:2,gpu:2", "measure.slots", "0"));
    ClusterSettings larger =
        ClusterSettings.read(
            home, Map.of("pools", "general:2,gpu:2", "measure.slots", "3", "split.render", "true"));
    assertThat(usual.pools().stream().map(usual::slotsOffered)).containsExactly(3, 2);
    assertThat(without.pools().stream().map(without::slotsOffered)).containsExactly(2, 2);
    assertThat(larger.pools().stream().map(larger::slotsOffered)).containsExactly(6, 2);
    assertThat(larger.poolsOption(false)).isEqualTo("general:2,gpu:2");
  }

  @Test
  void aWrongSettingIsNamed() {
    assertInvalid(Map.of("kafka.port", "80"), "kafka.port");
    assertInvalid(Map.of("kafka.prot", "20001"), "kafka.prot");
    assertInvalid(Map.of("pools", "gpu:2"), "general");
    assertInvalid(Map.of("pools", "general:2,general:3"), "general:3");
    assertInvalid(Map.of("pools", "general:2,GPU:2"), "GPU");
    assertInvalid(Map.of("render.pool", "tpu"), "tpu");
    assertInvalid(Map.of("render.routes", "low=cpu-render"), "render.routes 'cpu-render'");
    assertInvalid(Map.of("render.routes", "slow=gpu"), "render.routes: 'slow' is neither");
    assertInvalid(Map.of("kafka.port", "19000"), "same port");
    assertInvalid(Map.of("measure.slots", "-1"), "measure.slots");
  }

  private void assertInvalid(Map<String, String> flags, String part) {
    assertThatThrownBy(() -> ClusterSettings.read(home, flags))
        .isInstanceOf(StageException.class)
        .hasMessageContaining(part)
        .extracting(failure -> ((StageException) failure).code())
        .isEqualTo(FailureCode.CLUSTER_SETTINGS_INVALID);
  }
}
