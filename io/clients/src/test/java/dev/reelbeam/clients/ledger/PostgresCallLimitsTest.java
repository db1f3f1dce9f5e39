package dev.reelbeam.clients.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.clients.TestServers;
import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.clients.http.CallLimits;
import dev.reelbeam.clients.http.CallPolicy;
import dev.reelbeam.clients.http.OpenAiErrors;
import dev.reelbeam.clients.http.ProviderHttp;
import dev.reelbeam.clients.http.Repeatable;
import dev.reelbeam.clients.http.Reply;
import dev.reelbeam.clients.http.Secret;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.simulators.NewAddresses;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two counters with a pool of connections each, as two processes have, on one real Postgres. */
@Timeout(240)
class PostgresCallLimitsTest {
  private static final Duration KEPT = Duration.ofHours(1);

  private static final CallPolicy POLICY =
      CallPolicy.DEFAULT
          .withTimeouts(Duration.ofSeconds(30), Duration.ofSeconds(60))
          .withRates(100, 2);

  private static final String KEY = "a-key-of-somebody";

  private final CallLimits one = process(3);
  private final CallLimits other = process(4);
  private final String door = "acme " + UUID.randomUUID();

  private static CallLimits process(int poolSize) {
    PostgresSettings server = TestServers.postgres();
    return PostgresCallLimits.open(
        new PostgresSettings(
            server.url(), server.user(), server.password(), poolSize, server.patienceSeconds()));
  }

  private static boolean given(CallLimits limits, String door, UUID permit) {
    return limits.ask(door, POLICY, permit).given();
  }

  @Test
  void noMoreAreInFlightThanTheKeyAllowsWhoeverAsks() {
    UUID first = UUID.randomUUID();
    assertThat(given(one, door, first)).isTrue();
    assertThat(given(other, door, UUID.randomUUID())).isTrue();
    UUID third = UUID.randomUUID();
    assertThat(given(other, door, third)).isFalse();
    assertThat(given(one, "another " + door, UUID.randomUUID())).isTrue();

    one.leave(first);

    assertThat(given(other, door, third)).isTrue();
  }

  /** What stays open outlives the job that asked, and holds its classes. */
  @Test
  void betweenTwoQuestionsNothingIsOpen() throws InterruptedException {
    long before = pools();
    UUID permit = UUID.randomUUID();
    assertThat(given(process(7), door, permit)).isTrue();
    process(7).close("closed " + door, Duration.ofMillis(1), CallLimits.Why.ASKED);
    process(7).leave(permit);
    for (int i = 0; i < 1_200 && pools() > before; i++) {
      TimeUnit.MILLISECONDS.sleep(50); // A thread takes a moment to end.
    }
    assertThat(pools()).isLessThanOrEqualTo(before);
  }

  private static long pools() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("reelbeam:"))
        .count();
  }

  @Test
  void noMoreAreBegunInAMinuteThanTheKeyAllows() {
    CallPolicy three = POLICY.withRates(3, 50);
    for (CallLimits each : List.of(one, other, one)) {
      UUID permit = UUID.randomUUID();
      assertThat(each.ask(door, three, permit).given()).isTrue();
      each.leave(permit);
    }

    CallLimits.Turn turn = other.ask(door, three, UUID.randomUUID());

    assertThat(turn.given()).isFalse();
    assertThat(turn.pause()).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60));
    age(Duration.ofSeconds(61));
    assertThat(other.ask(door, three, UUID.randomUUID()).given()).isTrue();
  }

  @Test
  void turnsGoToThoseWhoCameFirst() {
    UUID first = UUID.randomUUID();
    UUID second = UUID.randomUUID();
    assertThat(given(one, door, first)).isTrue();
    assertThat(given(one, door, second)).isTrue();
    UUID early = UUID.randomUUID();
    UUID late = UUID.randomUUID();
    assertThat(given(one, door, early)).isFalse();
    assertThat(given(other, door, late)).isFalse();
    keepPlaces();
    one.leave(first);

    assertThat(given(other, door, late)).isFalse();
    assertThat(given(other, door, UUID.randomUUID())).isFalse();
    assertThat(given(one, door, early)).isTrue();

    one.leave(second);
    assertThat(given(other, door, late)).isTrue();
  }

  @Test
  void whoWaitsInVainIsToldWhenItsOwnTurnComes() {
    CallPolicy three = POLICY.withRates(3, 50);
    for (int i = 0; i < 3; i++) {
      assertThat(one.ask(door, three, UUID.randomUUID()).given()).isTrue();
      age(Duration.ofSeconds(10));
    }
    // Begun 30, 20 and 10 s ago.
    Duration early = one.ask(door, three, UUID.randomUUID()).pause();
    Duration late = other.ask(door, three, UUID.randomUUID()).pause();

    assertThat(early).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(30));
    assertThat(late).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(40));
  }

  @Test
  void whoIsGoneOrLeavesHoldsNobodyUp() {
    UUID first = UUID.randomUUID();
    assertThat(given(one, door, first)).isTrue();
    assertThat(given(one, door, UUID.randomUUID())).isTrue();
    UUID gone = UUID.randomUUID();
    UUID leaves = UUID.randomUUID();
    assertThat(given(one, door, gone)).isFalse();
    assertThat(given(one, door, leaves)).isFalse();
    keepPlaces();
    one.leave(first);
    UUID next = UUID.randomUUID();
    assertThat(given(other, door, next)).isFalse();

    one.leave(leaves);
    assertThat(given(other, door, next)).isFalse();
    later(KEPT.plusSeconds(12));
    assertThat(given(other, door, next)).isTrue();
  }

  /** As if those who wait had not come for so long. */
  private void later(Duration time) {
    try (Database database = Database.open(TestServers.postgres())) {
      database.with(
          handle ->
              handle.execute(
                  "update provider_wait set until = until - ? * interval '1 second' where door = ?",
                  time.toSeconds(),
                  door));
    }
  }

  @Test
  void whoComesBackLateStandsBeforeThoseWhoCameAfterIt() {
    UUID first = UUID.randomUUID();
    UUID second = UUID.randomUUID();
    assertThat(given(one, door, first)).isTrue();
    assertThat(given(one, door, second)).isTrue();
    UUID early = UUID.randomUUID();
    UUID late = UUID.randomUUID();
    assertThat(given(one, door, early)).isFalse();
    later(Duration.ofMinutes(20));
    assertThat(given(other, door, late)).isFalse();

    assertThat(given(one, door, early)).isFalse();
    one.leave(first);

    assertThat(given(other, door, late)).isFalse();
    assertThat(given(one, door, early)).isTrue();
  }

  @Test
  void aRankIsForgottenAfterAnHour() {
    assertThat(given(one, door, UUID.randomUUID())).isTrue();
    UUID second = UUID.randomUUID();
    assertThat(given(one, door, second)).isTrue();
    UUID early = UUID.randomUUID();
    assertThat(given(one, door, early)).isFalse();
    later(Duration.ofMinutes(61));
    UUID late = UUID.randomUUID();
    assertThat(given(other, door, late)).isFalse();
    assertThat(given(one, door, early)).isFalse();
    one.leave(second);

    assertThat(given(one, door, early)).isFalse();
    assertThat(given(other, door, late)).isTrue();
  }

  /** Also of those who were told a longer pause before, and do not ask meanwhile. */
  @Test
  void aPauseOfTheProviderChangesNoOrder() {
    UUID first = UUID.randomUUID();
    UUID second = UUID.randomUUID();
    assertThat(given(one, door, first)).isTrue();
    assertThat(given(one, door, second)).isTrue();
    UUID early = UUID.randomUUID();
    assertThat(given(one, door, early)).isFalse();
    other.close(door, Duration.ofSeconds(40), CallLimits.Why.ASKED);
    UUID meanwhile = UUID.randomUUID();
    assertThat(other.ask(door, POLICY, meanwhile).closed()).isEqualTo(CallLimits.Why.ASKED);
    one.leave(first);
    // 45 s have passed.
    open(Duration.ofSeconds(45));
    later(Duration.ofSeconds(45));

    assertThat(given(one, door, UUID.randomUUID())).isFalse();
    assertThat(given(other, door, meanwhile)).isFalse();
    assertThat(given(one, door, early)).isTrue();
    one.leave(second);
    assertThat(given(one, door, UUID.randomUUID())).isFalse();
    assertThat(given(other, door, meanwhile)).isTrue();
  }

  private void open(Duration time) {
    try (Database database = Database.open(TestServers.postgres())) {
      database.with(
          handle ->
              handle.execute(
                  "update provider_door set closed_until = closed_until - ? * interval '1 second'"
                      + " where door = ?",
                  time.toSeconds(),
                  door));
    }
  }

  @Test
  void whoAsksAgainForTheSameCallHoldsOneTurn() {
    UUID permit = UUID.randomUUID();
    assertThat(given(one, door, permit)).isTrue();
    assertThat(given(one, door, permit)).isTrue();

    assertThat(given(other, door, UUID.randomUUID())).isTrue();
  }

  @Test
  void whatADeadProcessHeldIsFreeAfterItsLongestCall() {
    assertThat(given(one, door, UUID.randomUUID())).isTrue();
    assertThat(given(one, door, UUID.randomUUID())).isTrue();
    age(POLICY.callTimeout());
    assertThat(given(other, door, UUID.randomUUID())).isFalse();

    age(Duration.ofSeconds(31));

    assertThat(given(other, door, UUID.randomUUID())).isTrue();
  }

  @Test
  void aPauseHoldsForAllAndAShorterOneLeavesIt() {
    one.close(door, Duration.ofSeconds(40), CallLimits.Why.USED_UP);
    other.close(door, Duration.ofSeconds(2), CallLimits.Why.ASKED);

    CallLimits.Turn turn = other.ask(door, POLICY, UUID.randomUUID());

    assertThat(turn.closed()).isEqualTo(CallLimits.Why.USED_UP);
    assertThat(turn.pause()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(40));

    other.close(door, Duration.ofSeconds(90), CallLimits.Why.ASKED);

    CallLimits.Turn longer = one.ask(door, POLICY, UUID.randomUUID());
    assertThat(longer.closed()).isEqualTo(CallLimits.Why.ASKED);
    assertThat(longer.pause()).isGreaterThan(Duration.ofSeconds(40));
  }

  /** As if everybody in line asked again and again: a slow machine gives no place up. */
  private void keepPlaces() {
    try (Database database = Database.open(TestServers.postgres())) {
      database.with(
          handle ->
              handle.execute(
                  "update provider_wait set until = until + ? * interval '1 second' where door = ?",
                  KEPT.toSeconds(),
                  door));
    }
  }

  /** As if so much time had passed. */
  private void age(Duration time) {
    try (Database database = Database.open(TestServers.postgres())) {
      database.with(
          handle ->
              handle.execute(
                  "update provider_call set taken_at = taken_at - ? * interval '1 second',"
                      + " until = until - ? * interval '1 second' where door = ?",
                  time.toSeconds(),
                  time.toSeconds(),
                  door));
    }
  }

  /** A server that counts how many calls it has at once; it answers nobody before two were. */
  private static final class Busy extends Dispatcher {
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final CountDownLatch together = new CountDownLatch(2);

    @Override
    public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
      most.accumulateAndGet(now.incrementAndGet(), Math::max);
      together.countDown();
      assertThat(together.await(20, TimeUnit.SECONDS)).isTrue();
      // For a third one that should not come.
      Thread.sleep(60);
      now.decrementAndGet();
      return new MockResponse.Builder().code(200).body("fine").build();
    }
  }

  @Test
  void callsOfTwoProcessesWithOneKeyShareItsLimit() throws Exception {
    Busy busy = new Busy();
    ExecutorService pool = Executors.newFixedThreadPool(8);
    int port;
    try (MockWebServer server = new MockWebServer()) {
      server.setServerSocketFactory(new NewAddresses());
      server.setDispatcher(busy);
      server.start();
      port = server.getPort();
      List<Future<Reply>> replies = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        // Each has its own name for provider and key.
        String name = i % 2 == 0 ? "acme" : "ours";
        ProviderHttp http = http(server, i % 2 == 0 ? one : other, name, KEY);
        replies.add(pool.submit(() -> http.call(request(server), Repeatable.YES)));
      }
      for (Future<Reply> reply : replies) {
        assertThat(reply.get().text()).isEqualTo("fine");
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(busy.most).hasValue(2);
    try (Database database = Database.open(TestServers.postgres())) {
      List<String> doors =
          database.with(
              handle ->
                  handle
                      .createQuery("select door from provider_door where door like :server")
                      .bind("server", "%:" + port + "%")
                      .mapTo(String.class)
                      .list());
      assertThat(doors).singleElement().asString().doesNotContain(KEY);
    }
  }

  @Test
  void anotherKeyHasLimitsOfItsOwn() throws IOException, StageException {
    try (MockWebServer server = new MockWebServer()) {
      server.start();
      server.enqueue(
          new MockResponse.Builder()
              .code(200)
              .body("the last one")
              .setHeader("X-RateLimit-Remaining", "0")
              .setHeader("X-RateLimit-Reset", "200")
              .build());
      server.enqueue(new MockResponse.Builder().code(200).body("fine").build());
      http(server, one).call(request(server), Repeatable.YES);
      long beganNs = System.nanoTime();

      http(server, other, "acme", "another-key").call(request(server), Repeatable.YES);

      assertThat(Duration.ofNanos(System.nanoTime() - beganNs)).isLessThan(Duration.ofSeconds(30));
    }
  }

  @Test
  void whatOneProcessIsToldToWaitTheOtherWaits() throws IOException, StageException {
    try (MockWebServer server = new MockWebServer()) {
      server.setServerSocketFactory(new NewAddresses());
      server.start();
      server.enqueue(
          new MockResponse.Builder()
              .code(200)
              .body("the last one")
              .setHeader("X-RateLimit-Remaining", "0")
              .setHeader("X-RateLimit-Reset", "2")
              .build());
      server.enqueue(new MockResponse.Builder().code(200).body("fine").build());

      long beganNs = System.nanoTime();
      http(server, one).call(request(server), Repeatable.YES);
      http(server, other).call(request(server), Repeatable.YES);

      assertThat(Duration.ofNanos(System.nanoTime() - beganNs))
          .describedAs("the door was closed for 2 s after this time began")
          .isGreaterThan(Duration.ofMillis(1_950));
    }
  }

  private static ProviderHttp http(MockWebServer server, CallLimits limits) throws StageException {
    return http(server, limits, "acme", KEY);
  }

  private static ProviderHttp http(MockWebServer server, CallLimits limits, String name, String key)
      throws StageException {
    return new ProviderHttp(
        name,
        server.url("/").toString(),
        Secret.resolve("env:" + name, Map.of(name, key)),
        POLICY.sharing(limits),
        new OpenAiErrors());
  }

  private static Request request(MockWebServer server) {
    return new Request.Builder().url(server.url("/v1/things")).build();
  }
}
