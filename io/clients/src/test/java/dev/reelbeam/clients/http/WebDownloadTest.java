package dev.reelbeam.clients.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file's host is not the provider. */
@Timeout(30)
class WebDownloadTest {
  private static final CallPolicy POLICY =
      CallPolicy.DEFAULT
          .withPauses(Duration.ofMillis(1), Duration.ofSeconds(2))
          .withTimeouts(Duration.ofMillis(400), Duration.ofSeconds(5))
          .withRates(10_000, 4);

  private final MockWebServer server = new MockWebServer();

  @BeforeEach
  void start() throws IOException {
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private StageException failure(String origin, String file, Dns dns) {
    WebDownload files =
        new WebDownload("acme", Objects.requireNonNull(HttpUrl.parse(origin)), POLICY, 10_000, dns);
    return catchThrowableOfType(StageException.class, () -> files.fetch(file, "image/"));
  }

  private void answerAlways(int status) {
    for (int i = 0; i < POLICY.attempts(); i++) {
      server.enqueue(new MockResponse.Builder().code(status).body("no file").build());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void whatAnotherHostDoesNotGiveIsThatFilesFaultAlone(int status) {
    answerAlways(status);

    StageException failure =
        failure(
            "https://api.example.com/v1",
            "http://files.example.com:" + server.getPort() + "/a.jpg",
            host -> List.of(InetAddress.getLoopbackAddress()));

    assertThat(failure.code()).isEqualTo(FailureCode.FILE_UNAVAILABLE);
    assertThat(failure).hasMessageContaining("files.example.com");
    assertThat(server.getRequestCount()).isEqualTo(POLICY.attempts());
  }

  @Test
  void aHostThatIsNotThereIsThatFilesFaultAlone() {
    StageException failure =
        failure(
            "https://api.example.com/v1",
            "https://gone.example.com/a.jpg",
            host -> {
              throw new UnknownHostException(host);
            });

    assertThat(failure.code()).isEqualTo(FailureCode.FILE_UNAVAILABLE);
  }

  @Test
  void aProviderThatServesItsFilesItselfIsDownWhenItDoesNot() {
    answerAlways(503);

    StageException failure =
        failure(server.url("/").toString(), server.url("/a.jpg").toString(), new SafeAddresses());

    assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_DOWN);
  }
}
