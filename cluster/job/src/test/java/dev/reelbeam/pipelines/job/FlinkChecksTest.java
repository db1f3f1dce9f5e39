package dev.reelbeam.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.model.json.RecordJson;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlinkChecksTest {
  @Test
  void onlyThePinnedDefaultSchedulerWillDo() {
    assertThatCode(() -> FlinkChecks.checkScheduler(Map.of("jobmanager.scheduler", "Default")))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> FlinkChecks.checkScheduler(Map.of("jobmanager.scheduler", "Adaptive")))
        .hasMessageContaining("'Adaptive', which ignores pools");
    assertThatThrownBy(() -> FlinkChecks.checkScheduler(Map.of()))
        .hasMessageContaining("does not pin");
    assertThatThrownBy(
            () ->
                FlinkChecks.checkScheduler(
                    Map.of("jobmanager.scheduler", "Default", "scheduler-mode", "REACTIVE")))
        .hasMessageContaining("reactive");
  }

  @Test
  void aJobThatWillGoOnIsKnownByItsName() throws Exception {
    JsonNode jobs =
        RecordJson.readTree(
            """
            [{"jid":"a","name":"generate-videos","state":"CANCELED"},
             {"jid":"b","name":"measure-engagement","state":"RUNNING"},
             {"jid":"c","name":"generate-videos","state":"RESTARTING"}]\
            """);
    assertThat(FlinkChecks.alive(jobs, "generate-videos")).contains("c");
    assertThat(FlinkChecks.alive(jobs, "measure-engagement")).contains("b");
    assertThat(FlinkChecks.alive(jobs, "render-segments")).isEmpty();
  }

  @Test
  void aPoolThatOffersTooLittleIsTold() throws Exception {
    JsonNode workers =
        RecordJson.readTree(
            """
            [{"id":"a","totalResource":{"extendedResources":{"general":4.0}}},
             {"id":"b","totalResource":{"extendedResources":{"gpu":1.0}}}]\
            """);
    assertThat(FlinkChecks.missing(workers, Map.of("general", 4))).isEmpty();
    assertThat(FlinkChecks.missing(workers, Map.of("gpu", 2)))
        .singleElement()
        .asString()
        .contains("5035 POOL_MISSING")
        .contains("'gpu' offers 1 of 2");
  }
}
