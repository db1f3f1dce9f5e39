package dev.reelbeam.clients.visual;

import static dev.reelbeam.clients.visual.VisualFinderContract.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.LostCallException;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.port.VisualFinder;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Visual;
import dev.reelbeam.model.visual.VisualFile;
import dev.reelbeam.simulators.AvatarSimulator;
import dev.reelbeam.simulators.AvatarSimulator.Dialect;
import dev.reelbeam.simulators.Fault;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What providers of presenters do wrong, and what becomes of it. */
@Timeout(240)
class AvatarFaultsTest {
  private final Map<Dialect, AvatarSimulator> servers = new EnumMap<>(Dialect.class);
  private final SearchCache cache = VisualTests.cache();
  private final Scene scene =
      VisualTests.heard(VisualFinderContract.scene(), cache, /* voice= */ 1);

  @BeforeEach
  void start() throws IOException {
    for (Dialect dialect : Dialect.values()) {
      servers.put(dialect, AvatarSimulator.start(dialect, "sk-right"));
    }
  }

  @AfterEach
  void stop() {
    servers.values().forEach(AvatarSimulator::close);
  }

  private AvatarSimulator server(Dialect dialect) {
    return java.util.Objects.requireNonNull(servers.get(dialect));
  }

  private VisualFinder open(Dialect dialect, String key) {
    return open(dialect, key, cache);
  }

  private VisualFinder open(Dialect dialect, String key, SearchCache from) {
    String kind =
        switch (dialect) {
          case D_ID -> "d-id";
          case HEYGEN -> "heygen";
          case SYNTHESIA -> "synthesia";
        };
    return VisualTests.open(
        "{name: "
            + kind
            + ", base_url: '"
            + server(dialect).baseUrl()
            + "', key: 'env:"
            + key
            + "', avatar: {id: 'https://example.com/a.jpg', voice: hers}}",
        from);
  }

  private VisualFile fetch(Dialect dialect) throws StageException {
    VisualFinder finder = open(dialect, "KEY");
    return finder.fetch(finder.find(scene).get(0), scene);
  }

  @Test
  void ordersKeepToTheLimitOfTheSettingsAndLooksDoNot() throws Exception {
    VisualFinder finder =
        VisualTests.open(
            "{name: heygen, base_url: '"
                + server(Dialect.HEYGEN).baseUrl()
                + "', key: 'env:KEY', avatar: {id: ann, voice: hers}}",
            cache,
            VisualTests.QUICK.withRates(1, 8));
    Scene other = VisualTests.heard(VisualFinderContract.scene(), cache, /* voice= */ 2);
    VisualFile unused = finder.fetch(finder.find(scene).get(0), scene);
    int looks = server(Dialect.HEYGEN).calls();

    AtomicReference<Throwable> ended = new AtomicReference<>();
    Thread second =
        new Thread(
            () -> ended.set(catchThrowable(() -> finder.fetch(finder.find(other).get(0), other))));
    second.start();
    awaitInLine(second);
    second.interrupt();
    second.join(60_000);

    assertThat(ended.get()).isInstanceOf(CancellationException.class);
    assertThat(server(Dialect.HEYGEN).ordered()).isEqualTo(1);
    assertThat(looks).describedAs("an upload, an order, looks").isGreaterThan(3);
  }

  static Stream<Arguments> passing() {
    return Stream.of(Dialect.values())
        .flatMap(
            dialect ->
                Stream.of(Fault.RATE_LIMIT, Fault.RATE_LIMIT_WITH_RETRY_AFTER, Fault.OVERLOADED)
                    .map(fault -> Arguments.of(dialect, fault)));
  }

  @ParameterizedTest
  @MethodSource("passing")
  void aPassingFaultIsOvercomeAndOneClipIsPaidFor(Dialect dialect, Fault fault)
      throws StageException {
    server(dialect).next(fault);

    VisualFile file = fetch(dialect);

    assertThat(file.charges())
        .singleElement()
        .satisfies(charge -> assertThat(charge.unit()).isEqualTo(Charge.Unit.VIDEO_SECOND));
    assertThat(server(dialect).ordered()).isEqualTo(1);
    assertThat(server(dialect).uploads()).isEqualTo(dialect == Dialect.SYNTHESIA ? 0 : 1);
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void anOrderWhoseAnswerWasLostIsFoundByItsTitleAndNotPaidTwice(Dialect dialect)
      throws StageException {
    server(dialect).next(Fault.CONNECTION_RESET);

    assertThat(fetch(dialect).bytes()).isNotEmpty();

    assertThat(server(dialect).ordered()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void beforeEveryOrderItIsLookedForByItsTitle(Dialect dialect) throws StageException {
    assertThat(fetch(dialect).charges()).isNotEmpty();
    // Who ordered it was killed before its number was kept.
    SearchCache other = VisualTests.cache();
    Scene same = VisualTests.heard(VisualFinderContract.scene(), other, /* voice= */ 1);
    VisualFinder finder = open(dialect, "KEY", other);

    VisualFile file = finder.fetch(finder.find(same).get(0), same);

    assertThat(file.bytes()).isNotEmpty();
    assertThat(file.charges()).describedAs("paid for by the first").isEmpty();
    assertThat(server(dialect).ordered()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void anOrderThatMayBeOnItsWayIsFoundBehindManyOfOthers(Dialect dialect) throws StageException {
    server(dialect).next(Fault.CONNECTION_RESET);
    server(dialect).listBehind(4);
    assertThat(failure(() -> fetch(dialect)).code())
        .isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);
    server(dialect).ordersOfOthers(250);

    assertThat(fetch(dialect).bytes()).isNotEmpty();

    assertThat(server(dialect).ordered()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void whatWasNeverSentIsLookedForAmongTheNewestAlone(Dialect dialect) throws StageException {
    server(dialect).ordersOfOthers(1_000);
    server(dialect).jobTime(0);

    assertThat(fetch(dialect).bytes()).isNotEmpty();

    assertThat(server(dialect).calls())
        .describedAs("a page, an upload, an order, a look, the file")
        .isLessThanOrEqualTo(5);
  }

  @Test
  void anOrderThatStoodInLineAndWasGivenUpIsSentByTheNext() throws Exception {
    VisualFinder slow =
        VisualTests.open(
            "{name: heygen, base_url: '"
                + server(Dialect.HEYGEN).baseUrl()
                + "', key: 'env:KEY', avatar: {id: 'https://example.com/a.jpg', voice: hers}}",
            cache,
            VisualTests.QUICK.withRates(1, 8));
    VisualFile unused = slow.fetch(slow.find(scene).get(0), scene);
    Scene other = VisualTests.heard(VisualFinderContract.scene(), cache, /* voice= */ 2);
    AtomicReference<Throwable> ended = new AtomicReference<>();
    Thread inLine =
        new Thread(
            () -> ended.set(catchThrowable(() -> slow.fetch(slow.find(other).get(0), other))));
    inLine.start();
    awaitInLine(inLine);
    assertThat(server(Dialect.HEYGEN).uploads()).isEqualTo(2);
    inLine.interrupt();
    inLine.join(60_000);
    assertThat(ended.get())
        .isInstanceOf(CancellationException.class)
        .isNotInstanceOf(LostCallException.class);
    assertThat(server(Dialect.HEYGEN).ordered()).isEqualTo(1);

    VisualFinder next = open(Dialect.HEYGEN, "KEY");
    assertThat(next.fetch(next.find(other).get(0), other).bytes()).isNotEmpty();

    assertThat(server(Dialect.HEYGEN).ordered()).isEqualTo(2);
  }

  /** Until it waits for a turn of so many in a minute. */
  private static void awaitInLine(Thread thread) throws InterruptedException {
    long endNs = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!standsInLine(thread)) {
      assertThat(System.nanoTime()).describedAs("stands in no line").isLessThan(endNs);
      Thread.sleep(1);
    }
  }

  private static boolean standsInLine(Thread thread) {
    return thread.getState() == Thread.State.TIMED_WAITING
        && Stream.of(thread.getStackTrace())
            .anyMatch(frame -> frame.getClassName().equals("dev.reelbeam.clients.http.TurnLine"));
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void aListThatIsAMomentBehindIsAskedAgain(Dialect dialect) throws StageException {
    server(dialect).next(Fault.CONNECTION_RESET);
    // Before the order, and once after it.
    server(dialect).listBehind(2);

    assertThat(fetch(dialect).bytes()).isNotEmpty();

    assertThat(server(dialect).ordered()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void anOrderThatNoListShowsIsNotSentASecondTimeAndFoundWhenItDoes(Dialect dialect)
      throws StageException {
    server(dialect).next(Fault.CONNECTION_RESET);
    server(dialect).listBehind(5);
    for (int again = 0; again < 2; again++) {
      assertThat(failure(() -> fetch(dialect)).code())
          .isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);
    }

    assertThat(fetch(dialect).bytes()).isNotEmpty();

    assertThat(server(dialect).ordered()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void anOrderThatAServerStumbledOverIsNotSentAgainInTheSameRun(Dialect dialect)
      throws StageException {
    server(dialect).next(Fault.SERVER_ERROR);

    assertThat(failure(() -> fetch(dialect)).code())
        .isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);

    assertThat(failure(() -> fetch(dialect)).code())
        .isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);

    assertThat(server(dialect).requests()).hasSize(1);
    SearchCache later =
        new SearchCache(cache.store(), Clock.offset(Clock.systemUTC(), Duration.ofMinutes(61)));
    VisualFinder finder = open(dialect, "KEY", later);
    assertThat(finder.fetch(finder.find(scene).get(0), scene).bytes()).isNotEmpty();
    assertThat(server(dialect).ordered()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void whatIsOrderedIsPaidForWhateverBecomesOfIt(Dialect dialect) throws StageException {
    List<Charge> settled = new ArrayList<>();
    Purse purse =
        (provider, price) ->
            new Purse.Hold() {
              @Override
              public void settle(List<Charge> billed) {
                settled.addAll(billed);
              }

              @Override
              public void release() {
                throw new AssertionError("it was bought");
              }
            };
    server(dialect).nextJobs(Fault.JOB_FAILS);
    Visual offer = offer(dialect);

    assertThat(failure(() -> open(dialect, "KEY").paying(purse).fetch(offer, scene)).code())
        .isEqualTo(FailureCode.JOB_FAILED);

    assertThat(settled).isEqualTo(offer.price());
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void aClipThatTheProviderHasNoLongerIsOrderedAnew(Dialect dialect) throws StageException {
    assertThat(fetch(dialect).bytes()).isNotEmpty();
    server(dialect).forget();

    VisualFile file = fetch(dialect);

    assertThat(file.charges()).isNotEmpty();
    assertThat(server(dialect).ordered()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void whatIsDeclinedAnEmptyWalletAndAWrongKeyAreToldAtOnce(Dialect dialect) {
    List<Map.Entry<Fault, FailureCode>> told =
        List.of(
            Map.entry(Fault.CONTENT_FILTER, FailureCode.PROVIDER_REFUSED),
            Map.entry(Fault.EMPTY_WALLET, FailureCode.PROVIDER_QUOTA),
            Map.entry(Fault.WRONG_KEY, FailureCode.PROVIDER_UNAUTHORIZED),
            // Whether it was ordered, nobody can tell from that: nothing is sent after it.
            Map.entry(Fault.HTML_PAGE, FailureCode.PROVIDER_OUTCOME_UNKNOWN));
    for (Map.Entry<Fault, FailureCode> each : told) {
      // Synthesia tells a rejection by the state of the video.
      if (dialect != Dialect.SYNTHESIA || each.getKey() != Fault.CONTENT_FILTER) {
        server(dialect).next(each.getKey());
        assertThat(failure(() -> fetch(dialect)).code()).isEqualTo(each.getValue());
      }
    }
    assertThat(server(dialect).ordered()).isZero();
    assertThat(failure(() -> open(dialect, "WRONG").fetch(offer(dialect), scene)).describe())
        .contains("2002")
        .doesNotContain("sk-wrong");
  }

  private Visual offer(Dialect dialect) throws StageException {
    return open(dialect, "KEY").find(scene).get(0);
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void whatIsRejectedLaterIsRefusedAndWhatFailedIsOrderedAnewByTheNextRun(Dialect dialect)
      throws StageException {
    server(dialect).nextJobs(Fault.JOB_FAILS);
    assertThat(failure(() -> fetch(dialect)).code()).isEqualTo(FailureCode.JOB_FAILED);
    assertThat(fetch(dialect).bytes()).isNotEmpty();
    assertThat(server(dialect).ordered()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void aRejectionIsFinal(Dialect dialect) {
    server(dialect).nextJobs(Fault.REFUSAL);

    assertThat(failure(() -> fetch(dialect)).code()).isEqualTo(FailureCode.PROVIDER_REFUSED);
    assertThat(failure(() -> fetch(dialect)).code()).isEqualTo(FailureCode.PROVIDER_REFUSED);

    assertThat(server(dialect).ordered()).isEqualTo(1);
  }

  @Test
  void whoComesBackAfterAnInterruptionLooksAfterTheSameClip() throws Exception {
    AvatarSimulator server = server(Dialect.HEYGEN);
    server.jobTime(600_000);
    VisualFinder finder = open(Dialect.HEYGEN, "KEY");
    Visual offer = offer(Dialect.HEYGEN);
    Thread waiting =
        new Thread(
            () -> {
              try {
                VisualFile unused = finder.fetch(offer, scene);
              } catch (StageException | CancellationException e) {
                // It is looked after below.
              }
            });
    waiting.start();
    while (server.ordered() == 0) {
      Thread.onSpinWait();
    }
    // The order is kept before the first look.
    int calls = server.calls();
    while (server.calls() < calls + 2) {
      Thread.onSpinWait();
    }
    waiting.interrupt();
    waiting.join(60_000);
    server.jobTime(0);

    VisualFile file = fetch(Dialect.HEYGEN);

    assertThat(server.ordered()).isEqualTo(1);
    assertThat(file.bytes()).isNotEmpty();
    assertThat(file.charges()).describedAs("paid for by the first").isEmpty();
  }

  @Test
  void anAddressThatExpiredIsAskedForAnew() throws StageException {
    AvatarSimulator server = server(Dialect.D_ID);
    server.nextFiles(Fault.WRONG_KEY);

    assertThat(fetch(Dialect.D_ID).bytes()).isNotEmpty();

    assertThat(server.ordered()).isEqualTo(1);
  }

  @Test
  void aWayIntoAPrivateNetworkIsRefused() {
    server(Dialect.D_ID).nextFiles(Fault.REDIRECT_TO_PRIVATE_ADDRESS);

    assertThat(failure(() -> fetch(Dialect.D_ID)).code()).isEqualTo(FailureCode.ADDRESS_FORBIDDEN);
  }

  @Test
  void lipsFollowOurAudioAndWhatDoesNotSaysSo() throws StageException {
    VisualFinder finder = open(Dialect.HEYGEN, "KEY");

    List<Visual> offers = finder.find(scene);

    assertThat(finder.narrated()).isTrue();
    assertThat(offers)
        .extracting(Visual::concession)
        .containsExactly(null, "lips that do not follow the narration");
    VisualFile unused = finder.fetch(offers.get(1), scene);
    assertThat(server(Dialect.HEYGEN).requests().get(0).path("script").asText())
        .isEqualTo(scene.text());
    assertThat(server(Dialect.HEYGEN).uploads()).isZero();
    // Another voice is another clip.
    Scene other = VisualTests.heard(VisualFinderContract.scene(), cache, /* voice= */ 2);
    assertThat(finder.find(other).get(0).id()).isNotEqualTo(offers.get(0).id());
  }

  @Test
  void aTemplateOfSynthesiaIsFilled() throws StageException {
    VisualFinder finder =
        VisualTests.open(
            "{name: synthesia, base_url: '"
                + server(Dialect.SYNTHESIA).baseUrl()
                + "', key: 'env:KEY', avatar: {template: t-1, test: true}}",
            cache);
    Visual offer = finder.find(scene).get(0);

    VisualFile file = finder.fetch(offer, scene);

    assertThat(offer.price()).isEmpty();
    assertThat(file.charges()).isEmpty();
    assertThat(server(Dialect.SYNTHESIA).requests().get(0).path("templateId").asText())
        .isEqualTo("t-1");
  }

  @Test
  void aBudgetHoldsBackAnOrder() throws StageException {
    Purse empty =
        (provider, price) -> {
          throw new StageException(FailureCode.BUDGET_SPENT, "nothing left");
        };
    Visual offer = offer(Dialect.D_ID);

    assertThat(failure(() -> open(Dialect.D_ID, "KEY").paying(empty).fetch(offer, scene)).code())
        .isEqualTo(FailureCode.BUDGET_SPENT);

    assertThat(server(Dialect.D_ID).ordered()).isZero();
  }
}
