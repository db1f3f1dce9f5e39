package dev.reelbeam.clients.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.meter.Places;
import dev.reelbeam.model.meter.TurnWaits;
import dev.reelbeam.model.meter.WorkMeter;
import dev.reelbeam.model.port.LostCallException;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.simulators.NewAddresses;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ProviderHttpTest {
  /** So patient that no machine is too slow: silence is measured by a policy of its own. */
  private static final CallPolicy POLICY =
      CallPolicy.DEFAULT
          .withTimeouts(Duration.ofSeconds(30), Duration.ofSeconds(60))
          .withMaxReplyBytes(1_000)
          .withRates(1_000, 4);

  private final MockWebServer server = new MockWebServer();
  private final List<Duration> pauses = new ArrayList<>();
  private Secret secret = Secret.none();

  @BeforeEach
  void start() throws IOException, StageException {
    // Doors are remembered by their address, some of them as closed for an hour.
    server.setServerSocketFactory(new NewAddresses());
    server.start();
    secret = Secret.resolve("env:KEY", Map.of("KEY", "sk-very-secret"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private ProviderHttp http(CallPolicy policy) {
    return new ProviderHttp(
        "acme",
        server.url("/").toString(),
        secret,
        policy,
        (status, headers, body) ->
            new ErrorReader.Meaning(
                status == 401 ? FailureCode.PROVIDER_UNAUTHORIZED : FailureCode.PROVIDER_FAILED,
                status == 429 || status >= 500,
                body),
        pauses::add);
  }

  private Request request() {
    return new Request.Builder()
        .url(server.url("/v1/things"))
        .header("Authorization", "Bearer " + secret.reveal())
        .build();
  }

  private static MockResponse status(int code, String body) {
    return new MockResponse.Builder().code(code).body(body).build();
  }

  private StageException failure(Repeatable repeatable) {
    return catchThrowableOfType(
        StageException.class, () -> http(POLICY).call(request(), repeatable));
  }

  @Test
  void aPassingFaultIsCalledAgainAfterGrowingPauses() throws StageException {
    server.enqueue(status(503, "busy"));
    server.enqueue(status(500, "oops"));
    server.enqueue(status(200, "fine"));

    Reply reply = http(POLICY).call(request(), Repeatable.YES);

    assertThat(reply.text()).isEqualTo("fine");
    assertThat(reply.attempts()).isEqualTo(3);
    assertThat(pauses).hasSize(2);
    assertThat(pauses.get(0)).isBetween(Duration.ofMillis(3_750), Duration.ofSeconds(5));
    assertThat(pauses.get(1)).isBetween(Duration.ofMillis(7_500), Duration.ofSeconds(10));
  }

  /** OkHttp would do so by itself, and nobody would count it. */
  @Test
  void a503ThatAsksForNoPauseIsNotRepeatedBehindOurBack() {
    for (int i = 0; i < 2 * POLICY.attempts(); i++) {
      server.enqueue(status(503, "busy").newBuilder().setHeader("Retry-After", "0").build());
    }

    StageException failure =
        catchThrowableOfType(
            StageException.class,
            () -> http(POLICY).call(request(), Repeatable.ONLY_AFTER_AN_ANSWER));

    assertThat(failure).isNotNull();
    assertThat(server.getRequestCount()).isEqualTo(POLICY.attempts());
    assertThat(pauses).hasSize(POLICY.attempts() - 1);
  }

  /** Only what may have had an effect is lost. */
  @Test
  void aCallThatIsInterruptedAfterItWasSentIsLost() throws Exception {
    Thread caller = Thread.currentThread();
    // Who reads notices before the next bytes: of so many there is more than one reading.
    String body = "late".repeat(50_000);
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            caller.interrupt();
            return status(200, body);
          }
        });
    for (Repeatable repeatable : Repeatable.values()) {
      Throwable thrown =
          catchThrowable(
              () -> http(POLICY.withMaxReplyBytes(2L * body.length())).call(request(), repeatable));
      assertThat(Thread.interrupted()).isTrue();

      assertThat(thrown)
          .isExactlyInstanceOf(
              repeatable == Repeatable.YES ? CancellationException.class : LostCallException.class);
    }
  }

  /** A step over its deadline is tried again; one that a restart interrupts has to be. */
  @Test
  void whatIsInterruptedBecauseItTookTooLongIsNotBoughtAgain() throws Exception {
    CallPolicy patient = POLICY.withTimeouts(Duration.ofSeconds(20), Duration.ofSeconds(25));
    for (boolean tooLong : List.of(false, true)) {
      server.enqueue(
          new MockResponse.Builder()
              .code(200)
              .body("late")
              .headersDelay(500, TimeUnit.MILLISECONDS)
              .bodyDelay(500, TimeUnit.MILLISECONDS)
              .build());
      TurnWaits turns = new TurnWaits();
      Thread caller = Thread.currentThread();
      Thread interrupts =
          new Thread(
              () -> {
                try {
                  server.takeRequest();
                } catch (InterruptedException e) {
                  return;
                }
                if (tooLong) {
                  turns.giveUp();
                }
                caller.interrupt();
              });
      interrupts.start();
      try (WorkMeter unused = WorkMeter.begin(turns, "a record " + tooLong)) {
        assertThat(
                catchThrowable(
                    () -> http(patient).call(request(), Repeatable.ONLY_AFTER_AN_ANSWER)))
            .isInstanceOf(LostCallException.class);
      }
      assertThat(Thread.interrupted()).isTrue();
      interrupts.join();
      int sent = server.getRequestCount();
      server.enqueue(status(200, "made"));

      Throwable again;
      try (WorkMeter unused = WorkMeter.begin(new TurnWaits(), "a record " + tooLong)) {
        again =
            catchThrowable(() -> http(patient).call(request(), Repeatable.ONLY_AFTER_AN_ANSWER));
      }

      assertThat(server.getRequestCount()).isEqualTo(tooLong ? sent : sent + 1);
      assertThat(again == null).isEqualTo(!tooLong);
      if (!tooLong) {
        assertThat(server.takeRequest().getUrl().encodedPath()).isEqualTo("/v1/things");
      }
    }
  }

  @Test
  void theProvidersOwnPauseIsObeyedByAllWhoCallIt() throws StageException {
    server.enqueue(status(429, "slow").newBuilder().setHeader("Retry-After", "42").build());
    server.enqueue(status(200, "fine"));
    server.enqueue(status(200, "fine"));

    http(POLICY).call(request(), Repeatable.YES);

    assertThat(pauses.get(0)).isEqualTo(Duration.ofSeconds(42));
    pauses.clear();
    // Nobody has really waited, so it is closed to others still.
    http(POLICY).call(request(), Repeatable.YES);
    assertThat(pauses)
        .singleElement()
        .satisfies(time -> assertThat(time).isGreaterThan(Duration.ofSeconds(30)));
  }

  @Test
  void whoStandsInLineMeanwhileObeysThePauseToo() throws Exception {
    server.enqueue(
        status(429, "slow")
            .newBuilder()
            .setHeader("Retry-After", "1000")
            .headersDelay(300, TimeUnit.MILLISECONDS)
            .build());
    CallPolicy one = POLICY.withRates(1_000, 1);
    ProviderHttp http = http(one);
    AtomicReference<Throwable> first = new AtomicReference<>();
    Thread caller =
        new Thread(() -> first.set(catchThrowable(() -> http.call(request(), Repeatable.YES))));
    caller.start();
    server.takeRequest();

    StageException second =
        catchThrowableOfType(StageException.class, () -> http.call(request(), Repeatable.YES));

    caller.join();
    assertThat(first.get()).hasMessageContaining("answered 429");
    assertThat(second.code()).isEqualTo(FailureCode.PROVIDER_BUSY);
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void aShorterPauseLeavesALongerOneAsItIs() throws StageException {
    server.enqueue(status(429, "slow").newBuilder().setHeader("Retry-After", "42").build());
    server.enqueue(
        status(200, "the last one")
            .newBuilder()
            .setHeader("X-RateLimit-Remaining", "0")
            .setHeader("X-RateLimit-Reset", "2")
            .build());
    server.enqueue(status(200, "fine"));

    http(POLICY).call(request(), Repeatable.YES);
    pauses.clear();
    http(POLICY).call(request(), Repeatable.YES);

    assertThat(pauses)
        .singleElement()
        .satisfies(time -> assertThat(time).isGreaterThan(Duration.ofSeconds(30)));
  }

  @Test
  void aLongerPauseThanAnybodyWaitsIsToldAtOnce() {
    server.enqueue(status(429, "slow").newBuilder().setHeader("Retry-After", "86400").build());

    StageException failure = failure(Repeatable.YES);

    assertThat(failure.retryAfterMs()).isEqualTo(86_400_000L);
    assertThat(pauses).isEmpty();
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  /** Why the door is closed decides who waits: a moment of patience is worth it. */
  @ParameterizedTest
  @CsvSource({
    "Retry-After, PROVIDER_BUSY, asked to be left alone for another",
    "X-RateLimit-Reset, PROVIDER_QUOTA, used up for another"
  })
  void nobodyElseCallsDuringAPauseThatNobodyWaitsForHere(
      String header, FailureCode code, String told) {
    server.enqueue(status(429, "slow").newBuilder().setHeader(header, "3000").build());
    StageException first = failure(Repeatable.YES);

    for (int i = 0; i < 3; i++) {
      server.enqueue(status(200, "fine"));
      StageException next = failure(Repeatable.YES);
      assertThat(next.code()).isEqualTo(code);
      assertThat(next).hasMessageContaining(told);
      assertThat(next.provider()).isEqualTo("acme");
      assertThat(next.retryAfterMs()).isBetween(2_900_000L, 3_000_000L);
      // Within its first millisecond the pause is still whole.
      assertThat(next).hasMessageEndingWith(" " + next.retryAfterMs() / 1000 + " s");
    }

    assertThat(first).hasMessageContaining("answered 429");
    assertThat(server.getRequestCount()).isEqualTo(1);
    assertThat(pauses).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"9999999", "Sun, 29 Nov 2099 10:00:00 GMT"})
  void aPauseWithoutMeasureClosesTheDoorForAnHour(String asked) {
    List<Duration> told = new ArrayList<>();
    CallLimits limits =
        new Scripted(number -> CallLimits.Turn.now()) {
          @Override
          public void close(String door, Duration time, Why why) {
            told.add(time);
          }
        };
    server.enqueue(status(503, "away").newBuilder().setHeader("Retry-After", asked).build());
    CallPolicy shared = POLICY.sharing(limits);

    for (int i = 0; i < 2; i++) {
      assertThat(catchThrowable(() -> http(shared).call(request(), Repeatable.YES))).isNotNull();
    }

    assertThat(told).containsExactly(Duration.ofHours(1));
    assertThat(
            catchThrowableOfType(
                    StageException.class, () -> http(shared).call(request(), Repeatable.YES))
                .retryAfterMs())
        .isLessThanOrEqualTo(3_600_000L);
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void afterAGatewaysPageItIsAskedForNothingBeforeAnybodyBuysAgain() throws Exception {
    // Whoever comes within it waits for the rest of it, however slow the machine is.
    ProviderHttp http = paid(POLICY.withPauses(Duration.ofHours(1), Duration.ofHours(1)));
    server.enqueue(status(502, "<h1>Bad Gateway</h1>"));
    StageException first =
        catchThrowableOfType(
            StageException.class, () -> http.call(request(), Repeatable.ONLY_AFTER_AN_ANSWER));
    assertThat(first.code()).isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);
    assertThat(pauses).isEmpty();

    // Three looks in vain, then one that somebody answers, if only that there is nothing.
    for (int i = 0; i < POLICY.attempts(); i++) {
      server.enqueue(status(502, "<h1>Bad Gateway</h1>"));
    }
    StageException away =
        catchThrowableOfType(
            StageException.class, () -> http.call(another(), Repeatable.ONLY_AFTER_AN_ANSWER));
    assertThat(away.code()).isEqualTo(FailureCode.PROVIDER_DOWN);
    assertThat(away.provider()).isEqualTo("acme");
    assertThat(pauses).hasSize(POLICY.attempts());
    server.enqueue(status(404, "{\"error\": {\"message\": \"Unknown path\"}}"));
    server.enqueue(status(200, "made"));
    server.enqueue(status(200, "made"));

    for (int i = 0; i < 2; i++) {
      assertThat(http.call(another(), Repeatable.ONLY_AFTER_AN_ANSWER).text()).isEqualTo("made");
    }

    List<String> asked = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    for (int i = server.getRequestCount(); i > 0; i--) {
      var request = server.takeRequest();
      asked.add(request.getUrl().encodedPath());
      if (request.getUrl().encodedPath().equals("/")) {
        keys.add(String.valueOf(request.getHeaders().get("Authorization")));
      }
    }
    assertThat(asked).containsExactly("/v1/things", "/", "/", "/", "/", "/v1/others", "/v1/others");
    assertThat(keys).containsOnly("null");
  }

  private Request another() {
    return request().newBuilder().url(server.url("/v1/others")).build();
  }

  /** A gateway that has an answer of its own for the base address defeats the look. */
  @Test
  void aRequestThatMayHaveBeenCarriedOutIsBoughtOnceInARun() throws StageException {
    ProviderHttp http = paid(POLICY);
    server.enqueue(status(502, "<h1>Bad Gateway</h1>"));
    StageException first = lost(http, Repeatable.ONLY_AFTER_AN_ANSWER);
    assertThat(first.onceMore()).isFalse();

    StageException second = lost(http, Repeatable.ONLY_AFTER_AN_ANSWER);

    assertThat(server.getRequestCount()).isEqualTo(1);
    assertThat(second.provider()).isEqualTo("acme");
    assertThat(second.chargesKnown()).isTrue();
    assertThat(second.charges()).isEmpty();
    // Somebody retried the record, or looked at the provider.
    server.enqueue(status(200, "a gateway's own page"));
    server.enqueue(status(200, "made"));
    try (WorkMeter unused = WorkMeter.begin(new TurnWaits(), "record 1 in epoch 2")) {
      assertThat(http.call(request(), Repeatable.ONLY_AFTER_AN_ANSWER).text()).isEqualTo("made");
    }
    server.enqueue(status(200, "made"));
    assertThat(http.call(request(), Repeatable.ONLY_AFTER_A_LOOK).text()).isEqualTo("made");
  }

  @Test
  void whereSomebodyAllowedItARequestIsBoughtTwiceAndNeverAThirdTime() {
    ProviderHttp http = paid(POLICY.withPurchases(2));
    server.enqueue(status(502, "<h1>Bad Gateway</h1>"));
    assertThat(lost(http, Repeatable.ONLY_AFTER_AN_ANSWER).onceMore()).isTrue();
    server.enqueue(status(200, "a gateway's own page"));
    server.enqueue(status(502, "<h1>Bad Gateway</h1>"));

    assertThat(lost(http, Repeatable.ONLY_AFTER_AN_ANSWER).onceMore()).isFalse();
    assertThat(lost(http, Repeatable.ONLY_AFTER_AN_ANSWER).onceMore()).isFalse();

    assertThat(server.getRequestCount()).isEqualTo(3);
  }

  private StageException lost(ProviderHttp http, Repeatable repeatable) {
    StageException failure =
        catchThrowableOfType(StageException.class, () -> http.call(request(), repeatable));
    assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);
    return failure;
  }

  /** They say themselves that nobody was reached. */
  @ParameterizedTest
  @ValueSource(ints = {503, 521, 522, 523, 525, 526, 530})
  void wherePagesSayThatNobodyWasReachedNothingIsBought(int status) throws StageException {
    server.enqueue(status(status, "<h1>Web server is down</h1>"));
    server.enqueue(status(200, "made"));

    assertThat(paid(POLICY).call(request(), Repeatable.ONLY_AFTER_AN_ANSWER).text())
        .isEqualTo("made");
    assertThat(server.getRequestCount()).isEqualTo(2);
  }

  private ProviderHttp paid(CallPolicy policy) {
    return new ProviderHttp(
        "acme", server.url("/").toString(), secret, policy, new OpenAiErrors(), pauses::add);
  }

  @Test
  void whoNeverReachedItHasBoughtNothing() {
    server.close();

    assertThat(failure(Repeatable.ONLY_AFTER_AN_ANSWER).code())
        .isEqualTo(FailureCode.PROVIDER_UNREACHABLE);
  }

  @Test
  void afterTheLastAttemptTheFailureIsTold() {
    for (int i = 0; i < 3; i++) {
      server.enqueue(status(500, "oops"));
    }

    StageException failure = failure(Repeatable.YES);

    assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_FAILED);
    assertThat(failure.getSuppressed()).isNotEmpty();
    assertThat(server.getRequestCount()).isEqualTo(3);
  }

  @Test
  void aRefusalIsNotRepeatedAndNoKeyIsTold() {
    server.enqueue(status(401, "the key sk-very-secret is unknown"));

    StageException failure = failure(Repeatable.YES);

    assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_UNAUTHORIZED);
    assertThat(failure).hasMessageContaining("[secret]").hasMessageNotContaining("sk-very");
    assertThat(server.getRequestCount()).isEqualTo(1);
    assertThat(secret).hasToString("secret env:KEY");
  }

  @Test
  void aPaidCreateThatWasCutOffIsUnknownAndNotRepeated() {
    server.enqueue(
        new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build());

    StageException failure = failure(Repeatable.ONLY_AFTER_AN_ANSWER);

    assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void aPaidCreateThatWasRefusedInFullIsRepeated() throws StageException {
    server.enqueue(status(503, "busy"));
    server.enqueue(status(200, "made"));

    assertThat(http(POLICY).call(request(), Repeatable.ONLY_AFTER_AN_ANSWER).text())
        .isEqualTo("made");
  }

  @Test
  void silenceIsATimeoutAndALostConnectionIsCalledAgain() throws StageException {
    server.enqueue(new MockResponse.Builder().headersDelay(1, TimeUnit.HOURS).build());
    server.enqueue(
        new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build());
    server.enqueue(status(200, "fine"));

    CallPolicy hasty = POLICY.withTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(60));

    assertThat(http(hasty).call(request(), Repeatable.YES).attempts()).isEqualTo(3);
  }

  @Test
  void aLongReplyIsCutOffNotKept() {
    server.enqueue(status(200, "x".repeat(100_000)));

    assertThat(failure(Repeatable.YES).code()).isEqualTo(FailureCode.PROVIDER_REPLY_INVALID);
  }

  @Test
  void aRedirectIsNotFollowed() {
    server.enqueue(
        status(302, "").newBuilder().setHeader("Location", "http://169.254.169.254/").build());

    assertThat(failure(Repeatable.YES)).hasMessageContaining("302");
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void aProviderThatKeepsFailingIsLeftAlone() {
    List<FailureCode> codes = answers(500);

    assertThat(codes.subList(0, 10)).containsOnly(FailureCode.PROVIDER_FAILED);
    assertThat(codes.subList(10, 12)).containsOnly(FailureCode.PROVIDER_DOWN);
    assertThat(server.getRequestCount()).isEqualTo(10);
  }

  @Test
  void aProviderThatAsksForPatienceIsNotDown() {
    assertThat(answers(429)).containsOnly(FailureCode.PROVIDER_FAILED);
    assertThat(server.getRequestCount()).isEqualTo(12);
  }

  /** Limits of several processes, as a test wants them; it counts how often they are asked. */
  private static class Scripted implements CallLimits {
    private final IntFunction<CallLimits.Turn> turns;
    private int asked;

    Scripted(IntFunction<CallLimits.Turn> turns) {
      this.turns = turns;
    }

    private final List<UUID> permits = new ArrayList<>();
    private final List<UUID> left = new ArrayList<>();

    @Override
    public Turn ask(String door, CallPolicy policy, UUID permit) {
      permits.add(permit);
      return turns.apply(++asked);
    }

    @Override
    public void leave(UUID permit) {
      left.add(permit);
    }

    @Override
    public void close(String door, Duration time, Why why) {}
  }

  private static CallLimits.Turn away() {
    throw new StoreException(FailureCode.DATABASE_UNAVAILABLE, "away", null);
  }

  @Test
  void whoLeavesAProviderAloneTakesNobodysTurn() {
    Scripted limits = new Scripted(number -> CallLimits.Turn.now());

    assertThat(answers(500, POLICY.sharing(limits))).contains(FailureCode.PROVIDER_DOWN);

    assertThat(limits.asked).isEqualTo(10);
  }

  @Test
  void aTurnThatNobodyGaveIsNoTrialOfAProviderThatWasDown() throws StageException {
    // Two trials are allowed; four calls never come so far.
    Scripted limits =
        new Scripted(
            number ->
                number <= 2
                    ? away()
                    : number <= 4
                        ? CallLimits.Turn.closed(Duration.ofDays(1), CallLimits.Why.USED_UP)
                        : CallLimits.Turn.now());
    ProviderHttp http = http(POLICY.sharing(limits));
    http.breaker().transitionToOpenState();
    http.breaker().transitionToHalfOpenState();
    for (int i = 0; i < 4; i++) {
      assertThat(catchThrowable(() -> http.call(request(), Repeatable.YES))).isNotNull();
    }
    server.enqueue(status(200, "fine"));

    assertThat(http.call(request(), Repeatable.YES).text()).isEqualTo("fine");
  }

  @Test
  void aTurnThatOurOwnLimitsDoNotLeaveIsNoFaultOfTheProvider() throws StageException {
    CallPolicy tight =
        POLICY
            .withTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(2))
            .withRates(/* perMinute= */ 1, /* inFlight= */ 1);
    server.enqueue(status(200, "fine"));
    server.enqueue(status(200, "not so soon"));
    ProviderHttp http = http(tight);
    assertThat(http.call(request(), Repeatable.YES).text()).isEqualTo("fine");

    TurnWaits turns = new TurnWaits();
    StageException failure;
    try (WorkMeter meter = WorkMeter.begin(turns)) {
      failure =
          catchThrowableOfType(StageException.class, () -> http.call(request(), Repeatable.YES));
      assertThat(meter.sum().providers().get("acme").calls()).isZero();
    }

    assertThat(failure.code()).isEqualTo(FailureCode.NO_TURN);
    assertThat(failure.provider()).isEqualTo("acme");
    assertThat(failure.code().providersFault()).isFalse();
    assertThat(turns.totalMs()).isGreaterThanOrEqualTo(1_900);
    assertThat(turns.currentMs()).isZero();
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  /** Two entries of the settings with one key: no more than one of them may. */
  @Test
  void whoeverUsesAKeyIsCountedTogetherUnderWhateverNames() throws StageException {
    CallPolicy one =
        POLICY.withTimeouts(Duration.ofMillis(100), Duration.ofMillis(100)).withRates(1, 1);
    server.enqueue(status(200, "fine"));
    server.enqueue(status(200, "fine"));
    server.enqueue(status(200, "fine"));
    assertThat(named("acme", "sk-one", one).call(request(), Repeatable.YES).text())
        .isEqualTo("fine");

    assertThat(
            catchThrowableOfType(
                    StageException.class,
                    () -> named("other", "sk-one", one).call(request(), Repeatable.YES))
                .code())
        .isEqualTo(FailureCode.NO_TURN);
    assertThat(named("acme", "sk-two", one).call(request(), Repeatable.YES).text())
        .isEqualTo("fine");
    assertThat(named("acme", "sk-one", one.ofKind("speech")).call(request(), Repeatable.YES).text())
        .isEqualTo("fine");
  }

  private ProviderHttp named(String name, String key, CallPolicy policy) throws StageException {
    return new ProviderHttp(
        name,
        server.url("/v1/").toString(),
        Secret.resolve("env:" + name, Map.of(name, key)),
        policy,
        new OpenAiErrors(),
        pauses::add);
  }

  /** One model may be down while the next one of the same key is well. */
  @Test
  void anEntryThatFailsTooOftenClosesNoOtherOne() throws StageException {
    for (int i = 0; i < 10; i++) {
      server.enqueue(status(500, "oops"));
    }
    CallPolicy once = POLICY.withPauses(Duration.ZERO, Duration.ZERO);
    ProviderHttp first = named("first", "sk-one", once);
    for (int i = 0; i < 4; i++) {
      assertThat(catchThrowable(() -> first.call(request(), Repeatable.YES))).isNotNull();
    }
    assertThat(
            catchThrowableOfType(StageException.class, () -> first.call(request(), Repeatable.YES))
                .code())
        .isEqualTo(FailureCode.PROVIDER_DOWN);
    server.enqueue(status(200, "fine"));

    assertThat(named("second", "sk-one", once).call(request(), Repeatable.YES).text())
        .isEqualTo("fine");
  }

  @Test
  void turnsThatOtherProcessesTakeAreNoFaultOfTheProviderEither() {
    Scripted limits = new Scripted(number -> CallLimits.Turn.in(Duration.ofMinutes(2)));

    StageException failure =
        catchThrowableOfType(
            StageException.class,
            () -> http(POLICY.sharing(limits)).call(request(), Repeatable.YES));

    assertThat(failure.code()).isEqualTo(FailureCode.NO_TURN);
    assertThat(server.getRequestCount()).isZero();
  }

  @Test
  void whoComesAgainWaitsWhereItStoodAndHasATurnOfItsOwnAfterwards() throws StageException {
    // No turn in time, the database away, the door closed for long; then one, and another one.
    Scripted limits =
        new Scripted(
            number ->
                switch (number) {
                  case 1 -> CallLimits.Turn.in(Duration.ofMinutes(2));
                  case 2 -> away();
                  case 3 -> CallLimits.Turn.closed(Duration.ofDays(1), CallLimits.Why.ASKED);
                  default -> CallLimits.Turn.now();
                });
    ProviderHttp http = http(POLICY.sharing(limits));
    Places places = new Places();
    for (int i = 0; i < 3; i++) {
      try (WorkMeter unused = WorkMeter.begin(new TurnWaits(places))) {
        assertThat(catchThrowable(() -> http.call(request(), Repeatable.YES))).isNotNull();
      }
      assertThat(limits.left).isEmpty();
    }
    server.enqueue(status(200, "fine"));
    server.enqueue(status(200, "fine"));
    try (WorkMeter unused = WorkMeter.begin(new TurnWaits(places))) {
      Reply first = http.call(request(), Repeatable.YES);
      Reply second = http.call(request(), Repeatable.YES);
      assertThat(List.of(first.text(), second.text())).containsOnly("fine");
    }

    assertThat(limits.permits.subList(0, 4)).containsOnly(limits.permits.get(0));
    assertThat(limits.permits.get(4)).isNotEqualTo(limits.permits.get(0));
    assertThat(limits.left).containsExactlyElementsOf(limits.permits.subList(3, 5));
  }

  @Test
  void whoDoesNotComeAgainLeavesItsPlace() {
    Scripted limits = new Scripted(number -> CallLimits.Turn.in(Duration.ofMinutes(2)));
    ProviderHttp http = http(POLICY.sharing(limits));

    assertThat(catchThrowable(() -> http.call(request(), Repeatable.YES))).isNotNull();

    assertThat(limits.left).hasSize(1).isEqualTo(limits.permits);
  }

  /** A turn of this process in which nobody was called is not counted. */
  @Test
  void whatOtherProcessesDoNotLeaveUsesUpNothingHere() throws StageException {
    Scripted limits =
        new Scripted(
            number ->
                number == 1 ? CallLimits.Turn.in(Duration.ofMinutes(2)) : CallLimits.Turn.now());
    ProviderHttp http =
        http(
            POLICY
                .withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(1))
                .withRates(/* perMinute= */ 1, /* inFlight= */ 1)
                .sharing(limits));
    server.enqueue(status(200, "fine"));

    assertThat(catchThrowable(() -> http.call(request(), Repeatable.YES))).isNotNull();

    assertThat(http.call(request(), Repeatable.YES).text()).isEqualTo("fine");
  }

  @ParameterizedTest
  @CsvSource({"ASKED, PROVIDER_BUSY", "USED_UP, PROVIDER_QUOTA"})
  void aDoorThatClosesWheneverItOpensIsLeft(CallLimits.Why why, FailureCode code) {
    // It opens at last, so that who waits for ever comes to an end, too.
    Scripted limits =
        new Scripted(
            number ->
                number <= 50
                    ? CallLimits.Turn.closed(Duration.ofSeconds(1), why)
                    : CallLimits.Turn.now());
    server.enqueue(status(200, "fine"));

    StageException failure =
        catchThrowableOfType(
            StageException.class,
            () -> http(POLICY.sharing(limits)).call(request(), Repeatable.YES));

    assertThat(failure.code()).isEqualTo(code);
    assertThat(pauses).hasSize(POLICY.attempts());
    assertThat(server.getRequestCount()).isZero();
  }

  @Test
  void whatMayHaveBeenDoneBeforeNobodyCountsAnyMoreIsUnknown() {
    server.enqueue(
        new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build());

    Throwable failure = afterOneTurn();

    assertThat(failure)
        .isInstanceOfSatisfying(
            StageException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN));
    assertThat(failure.getSuppressed()).hasAtLeastOneElementOfType(StoreException.class);
  }

  @Test
  void afterAnAnswerInFullItIsAnOutageThatNobodyCounts() {
    server.enqueue(status(503, "busy"));

    assertThat(afterOneTurn()).isInstanceOf(StoreException.class);
  }

  private Throwable afterOneTurn() {
    Scripted limits = new Scripted(number -> number == 1 ? CallLimits.Turn.now() : away());
    return catchThrowable(() -> http(POLICY.sharing(limits)).call(request(), Repeatable.YES));
  }

  private List<FailureCode> answers(int status) {
    return answers(status, POLICY);
  }

  private List<FailureCode> answers(int status, CallPolicy policy) {
    CallPolicy oneAttempt =
        new CallPolicy(
            POLICY.connectTimeout(),
            POLICY.readTimeout(),
            POLICY.callTimeout(),
            1,
            POLICY.firstPause(),
            POLICY.longestPause(),
            POLICY.requestsPerMinute(),
            POLICY.parallel(),
            POLICY.maxReplyBytes(),
            policy.limits(),
            policy.kind(),
            policy.purchases());
    ProviderHttp http = http(oneAttempt);
    List<FailureCode> codes = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      server.enqueue(status(status, "oops"));
      codes.add(
          catchThrowableOfType(StageException.class, () -> http.call(request(), Repeatable.YES))
              .code());
    }
    return codes;
  }

  @Test
  void aSecretWrittenIntoTheSettingsIsRefusedWithoutRepeatingIt() {
    StageException failure =
        catchThrowableOfType(
            StageException.class, () -> Secret.resolve("sk-pasted-by-mistake", Map.of()));

    assertThat(failure.code()).isEqualTo(FailureCode.CONFIG_INVALID);
    assertThat(failure).hasMessageNotContaining("sk-pasted");
  }
}
