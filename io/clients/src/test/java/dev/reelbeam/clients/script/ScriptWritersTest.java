package dev.reelbeam.clients.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.http.CallPolicy;
import dev.reelbeam.clients.http.Secret;
import dev.reelbeam.embedded.script.ExtractiveScriptWriter;
import dev.reelbeam.fakes.FakeScriptWriter;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.ScriptRequest;
import dev.reelbeam.model.port.ScriptWriter;
import dev.reelbeam.model.video.VideoType;
import dev.reelbeam.simulators.Fault;
import dev.reelbeam.simulators.OpenAiSimulator;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All writers, held to the contract. */
class ScriptWritersTest {
  private static final CallPolicy QUICK =
      CallPolicy.DEFAULT
          .withPauses(Duration.ofMillis(1), Duration.ofSeconds(2))
          .withTimeouts(Duration.ofSeconds(30), Duration.ofSeconds(60))
          .withRates(10_000, 8);

  /** For a server that is never anything but silent. */
  private static final CallPolicy HASTY =
      QUICK.withTimeouts(Duration.ofMillis(200), Duration.ofSeconds(5));

  private static final ScriptRequest REQUEST =
      ScriptWriterContract.request(VideoType.SHORT, 40_000, 400);

  private static ScriptWriter model(OpenAiSimulator server, String limitField, String key) {
    return model(server, limitField, key, QUICK);
  }

  private static ScriptWriter model(
      OpenAiSimulator server, String limitField, String key, CallPolicy policy) {
    try {
      return new ModelScriptWriter(
          new ChatModel(
              new ChatSettings(
                  "served",
                  server.baseUrl(),
                  key.isEmpty() ? Secret.none() : Secret.resolve("env:K", Map.of("K", key)),
                  "writer-large",
                  limitField,
                  /* reasoningEffort= */ "",
                  policy)));
    } catch (StageException e) {
      throw new AssertionError(e);
    }
  }

  @Nested
  class Fake extends ScriptWriterContract {
    @Override
    ScriptWriter writer() {
      return new FakeScriptWriter();
    }

    @Override
    Set<FailureCode> topic() {
      return Set.of(FailureCode.SOURCE_TOO_THIN);
    }
  }

  @Nested
  class Embedded extends ScriptWriterContract {
    @Override
    ScriptWriter writer() {
      return new ExtractiveScriptWriter();
    }

    @Override
    Set<FailureCode> topic() {
      return Set.of(FailureCode.KIND_UNSUPPORTED);
    }
  }

  /** A model behind a server; what all of them promise besides, whatever dialect they speak. */
  abstract static class Served extends ScriptWriterContract {
    private final OpenAiSimulator.Dialect dialect;
    private final String limitField;
    private final String key;
    OpenAiSimulator server;

    Served(OpenAiSimulator.Dialect dialect, String limitField, String key) {
      this.dialect = dialect;
      this.limitField = limitField;
      this.key = key;
    }

    @BeforeEach
    void start() throws IOException {
      server = OpenAiSimulator.start(key, dialect);
    }

    @AfterEach
    void stop() {
      server.close();
    }

    @Override
    ScriptWriter writer() {
      return writer(QUICK);
    }

    ScriptWriter writer(CallPolicy policy) {
      return model(server, limitField, key, policy);
    }

    /** A model could say more than its source does: only its answer shows that it does not. */
    @Override
    Set<FailureCode> tooThin() {
      return Set.of(FailureCode.PROVIDER_REPLY_INVALID);
    }

    @Override
    Set<FailureCode> topic() {
      return Set.of();
    }

    /** What no record changes comes first, so that a provider finds it in its cache. */
    @Test
    void theFixedPartIsTheSameForAllAndTheLimitOfTokensHasItsOwnName() throws StageException {
      Script first = writer().write(coffee(), REQUEST);
      Script second = writer().write(coffee(), request(VideoType.TEASER, 20_000, 300));

      assertThat(first.writer()).isEqualTo(second.writer());
      List<String> fixed =
          server.requests().stream()
              .map(sent -> sent.at("/messages/0/content").asText())
              .distinct()
              .toList();
      assertThat(fixed).hasSize(1);
      assertThat(fixed.get(0)).doesNotContain("pour-over");
      for (JsonNode sent : server.requests()) {
        assertThat(sent.path("messages")).hasSize(2);
        assertThat(sent.at("/messages/1/content").asText()).contains("Language: en");
        assertThat(sent.path(limitField).asInt()).isPositive();
        assertThat(sent.has("max_tokens")).isEqualTo(limitField.equals("max_tokens"));
        assertThat(sent.at("/response_format/json_schema/schema/required")).isNotEmpty();
      }
    }

    @ParameterizedTest
    @EnumSource(
        value = Fault.class,
        names = {
          "OVERLOADED",
          "SERVER_ERROR",
          "EMPTY_WALLET",
          "WRONG_KEY",
          "NO_SUCH_MODEL",
          "REFUSAL",
          "TRUNCATED_JSON",
          "NONSENSE",
          "HTML_PAGE",
          "SILENCE",
          "CONNECTION_RESET"
        })
    void whoCannotSaysSoInBoundedTimeAndTellsNoSecret(Fault fault) {
      Fault[] forEver = new Fault[20];
      Arrays.fill(forEver, fault);
      server.next(forEver);
      ScriptWriter writer = writer(fault == Fault.SILENCE ? HASTY : QUICK);
      long startedNs = System.nanoTime();

      StageException failure =
          catchThrowableOfType(StageException.class, () -> writer.write(coffee(), REQUEST));

      assertThat(Duration.ofNanos(System.nanoTime() - startedNs))
          .isLessThan(HASTY.callTimeout().multipliedBy(HASTY.attempts()));
      assertThat(failure.code().number() / 1000).as(failure.describe()).isEqualTo(2);
      StringBuilder told = new StringBuilder();
      for (Throwable each = failure; each != null; each = each.getCause()) {
        told.append(each).append('\n');
      }
      assertThat(told.append(failure.describe()).toString()).doesNotContain("sk-right");
      assertThat(server.calls()).isLessThanOrEqualTo(2 * QUICK.attempts());
    }
  }

  @Nested
  class OpenAi extends Served {
    OpenAi() {
      super(OpenAiSimulator.Dialect.OPENAI, "max_completion_tokens", "sk-right");
    }
  }

  @Nested
  class Ollama extends Served {
    Ollama() {
      super(OpenAiSimulator.Dialect.OLLAMA, "max_tokens", "");
    }
  }

  @Nested
  class Vllm extends Served {
    Vllm() {
      super(OpenAiSimulator.Dialect.VLLM, "max_completion_tokens", "sk-right");
    }
  }

  @Nested
  class LlamaCpp extends Served {
    LlamaCpp() {
      super(OpenAiSimulator.Dialect.LLAMA_CPP, "max_tokens", "");
    }
  }

  /** The first is never well: the embedded writer, the last of every chain, writes. */
  @Nested
  class ChainWhoseFirstIsAway extends ScriptWriterContract {
    /** Until its circuit opens, it is busy. */
    private static final Set<FailureCode> AWAY =
        Set.of(FailureCode.PROVIDER_BUSY, FailureCode.PROVIDER_FAILED, FailureCode.PROVIDER_DOWN);

    private OpenAiSimulator server;

    @BeforeEach
    void start() throws IOException {
      server = OpenAiSimulator.start("sk-right", OpenAiSimulator.Dialect.OPENAI);
      server.away(Fault.OVERLOADED);
    }

    @AfterEach
    void stop() {
      server.close();
    }

    @Override
    ScriptWriter writer() {
      return new ScriptWriterChain(
          List.of(
              model(server, "max_completion_tokens", "sk-right"), new ExtractiveScriptWriter()));
    }

    @Override
    boolean standsIn() {
      return true;
    }

    /** That the first was away can pass, so it is what counts. */
    @Override
    Set<FailureCode> tooThin() {
      return AWAY;
    }

    @Override
    Set<FailureCode> topic() {
      return AWAY;
    }
  }

  @Nested
  class ChainWhoseFirstIsWell extends Served {
    ChainWhoseFirstIsWell() {
      super(OpenAiSimulator.Dialect.OPENAI, "max_completion_tokens", "sk-right");
    }

    @Override
    ScriptWriter writer(CallPolicy policy) {
      return new ScriptWriterChain(List.of(super.writer(policy)), new ExtractiveScriptWriter());
    }
  }
}
