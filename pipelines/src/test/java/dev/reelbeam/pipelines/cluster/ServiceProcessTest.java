package dev.reelbeam.pipelines.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceProcessTest {
  @TempDir Path folder;

  @Test
  void aStartedProcessIsFoundAgainByAnotherCommandAndStopped() throws IOException {
    service().start(List.of("/bin/sleep", "60"), Map.of(), folder);
    ServiceProcess found = service();
    assertThat(found.running()).isPresent();
    assertThat(found.stop(Duration.ofSeconds(5))).isTrue();
    assertThat(found.running()).isEmpty();
    assertThat(service().stop(Duration.ofSeconds(5))).isFalse();
  }

  @Test
  void aNumberThatBelongsToSomebodyElseByNowIsNotOurs() throws IOException {
    long own = ProcessHandle.current().pid();
    Files.writeString(folder.resolve("one.pid"), own + " 1000\n");
    assertThat(service().running()).isEmpty();
  }

  @Test
  void whatAProcessSaidBeforeItEndedIsKept() throws Exception {
    ServiceProcess service = service();
    service.start(List.of("/bin/sh", "-c", "echo first; echo last"), Map.of(), folder);
    service.running().ifPresent(process -> process.onExit().join());
    assertThat(service.lastLines(1)).containsExactly("last");
  }

  private ServiceProcess service() {
    return new ServiceProcess(folder.resolve("one.pid"), folder.resolve("one.log"));
  }
}
