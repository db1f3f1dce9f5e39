package dev.reelbeam.clients.visual;

import static dev.reelbeam.clients.visual.VisualFinderContract.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.reelbeam.clients.config.SettingsFaults;
import dev.reelbeam.clients.http.CallPolicy;
import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.VisualFinder;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Shape;
import dev.reelbeam.model.visual.Visual;
import dev.reelbeam.model.visual.VisualFile;
import dev.reelbeam.simulators.Fault;
import dev.reelbeam.simulators.OpenAiSimulator;
import dev.reelbeam.simulators.PexelsSimulator;
import dev.reelbeam.simulators.PixabaySimulator;
import dev.reelbeam.simulators.RunwareSimulator;
import dev.reelbeam.simulators.StableDiffusionSimulator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What providers of visuals do wrong, and what becomes of it. */
class VisualFaultsTest {
  private static final Scene SCENE = VisualFinderContract.scene();

  @TempDir Path folder;

  private PexelsSimulator pexels;
  private PixabaySimulator pixabay;
  private OpenAiSimulator openAi;
  private RunwareSimulator runware;
  private StableDiffusionSimulator webUi;

  enum Provider {
    PEXELS,
    PIXABAY,
    OPENAI,
    RUNWARE,
    WEB_UI
  }

  @BeforeEach
  void start() throws IOException {
    pexels = PexelsSimulator.start("sk-right");
    pixabay = PixabaySimulator.start("sk-right");
    openAi = OpenAiSimulator.start("sk-right", OpenAiSimulator.Dialect.OPENAI);
    runware = RunwareSimulator.start("sk-right");
    webUi = StableDiffusionSimulator.start();
  }

  @AfterEach
  void stop() {
    pexels.close();
    pixabay.close();
    openAi.close();
    runware.close();
    webUi.close();
  }

  private String entry(Provider provider, String key) {
    return switch (provider) {
      case PEXELS -> "{name: pexels, base_url: '" + pexels.baseUrl() + "', key: 'env:" + key + "'}";
      case PIXABAY ->
          "{name: pixabay, base_url: '" + pixabay.baseUrl() + "', key: 'env:" + key + "'}";
      case OPENAI ->
          "{name: openai, base_url: '"
              + openAi.baseUrl()
              + "', model: gpt-image-1, key: 'env:"
              + key
              + "'}";
      case RUNWARE ->
          "{name: runware, base_url: '"
              + runware.baseUrl()
              + "', model: 'runware:100@1', long_side: 1280, key: 'env:"
              + key
              + "'}";
      case WEB_UI ->
          "{name: local, kind: stable-diffusion-webui, base_url: '" + webUi.baseUrl() + "'}";
    };
  }

  private VisualFinder open(Provider provider) {
    return VisualTests.open(entry(provider, "KEY"));
  }

  private void next(Provider provider, Fault... faults) {
    switch (provider) {
      case PEXELS -> pexels.next(faults);
      case PIXABAY -> pixabay.next(faults);
      case OPENAI -> openAi.next(faults);
      case RUNWARE -> runware.next(faults);
      case WEB_UI -> webUi.next(faults);
    }
  }

  private int calls(Provider provider) {
    return switch (provider) {
      case PEXELS -> pexels.calls();
      case PIXABAY -> pixabay.calls();
      case OPENAI -> openAi.calls();
      case RUNWARE -> runware.calls();
      case WEB_UI -> webUi.calls();
    };
  }

  private static boolean stock(Provider provider) {
    return provider == Provider.PEXELS || provider == Provider.PIXABAY;
  }

  /** The one call of a provider: a search, or a picture. */
  private static Object call(VisualFinder finder, Provider provider) throws StageException {
    List<Visual> offers = finder.find(SCENE);
    return stock(provider) ? offers : finder.fetch(offers.get(0), SCENE);
  }

  private static Stream<Arguments> each(Fault... faults) {
    return Stream.of(Provider.values())
        .flatMap(provider -> Stream.of(faults).map(fault -> arguments(provider, fault)));
  }

  static Stream<Arguments> passing() {
    return each(
        Fault.RATE_LIMIT_WITH_RETRY_AFTER, Fault.RATE_LIMIT, Fault.SERVER_ERROR, Fault.OVERLOADED);
  }

  @ParameterizedTest
  @MethodSource("passing")
  void aPassingFaultIsOvercome(Provider provider, Fault fault) throws StageException {
    VisualFinder finder = open(provider);
    next(provider, fault);

    assertThat(call(finder, provider)).isNotNull();

    assertThat(calls(provider)).isEqualTo(2);
  }

  static Stream<Arguments> lasting() {
    return each(Fault.WRONG_KEY, Fault.HTML_PAGE, Fault.ENDLESS_BODY);
  }

  @ParameterizedTest
  @MethodSource("lasting")
  void whatDoesNotPassIsToldAfterOneCall(Provider provider, Fault fault) {
    VisualFinder finder = open(provider);
    next(provider, fault);

    StageException failure = failure(() -> call(finder, provider));

    assertThat(calls(provider)).isEqualTo(1);
    assertThat(failure.code())
        .isEqualTo(
            fault == Fault.WRONG_KEY
                ? FailureCode.PROVIDER_UNAUTHORIZED
                : FailureCode.PROVIDER_REPLY_INVALID);
    assertThat(failure.getMessage()).doesNotContain("sk-right").doesNotContain("<html");
  }

  @ParameterizedTest
  @EnumSource(names = {"PEXELS", "PIXABAY", "OPENAI", "RUNWARE"})
  void aWrongKeyIsToldByTheProvidersNameAndNeverByItsValue(Provider provider) {
    VisualFinder finder = VisualTests.open(entry(provider, "WRONG"));

    StageException failure = failure(() -> call(finder, provider));

    assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_UNAUTHORIZED);
    assertThat(failure.describe()).contains(finder.provider()).doesNotContain("sk-wrong");
  }

  @ParameterizedTest
  @EnumSource(names = {"PEXELS", "PIXABAY", "OPENAI", "RUNWARE"})
  void anEmptyWalletIsNotAskedAgain(Provider provider) {
    VisualFinder finder = open(provider);
    next(provider, Fault.EMPTY_WALLET);

    assertThat(failure(() -> call(finder, provider)).code()).isEqualTo(FailureCode.PROVIDER_QUOTA);

    assertThat(calls(provider)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"REFUSAL", "CONTENT_FILTER"})
  void whatTheProviderDeclinesIsRefusedAndNotAskedAgain(Fault fault) {
    for (Provider provider : List.of(Provider.OPENAI, Provider.RUNWARE)) {
      VisualFinder finder = open(provider);
      next(provider, fault);

      assertThat(failure(() -> call(finder, provider)).code())
          .isEqualTo(FailureCode.PROVIDER_REFUSED);

      assertThat(calls(provider)).isEqualTo(1);
    }
  }

  @Test
  void aPaidPictureWhoseCallWasCutOffIsNotBoughtTwice() throws StageException {
    VisualFinder blind = open(Provider.OPENAI);
    openAi.next(Fault.CONNECTION_RESET);
    assertThat(failure(() -> call(blind, Provider.OPENAI)).code())
        .isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);
    assertThat(openAi.calls()).isEqualTo(1);

    // A task with a number can be asked for again.
    for (Fault fault : List.of(Fault.CONNECTION_RESET, Fault.BODY_CUT)) {
      int made = runware.made();
      VisualFinder probing = open(Provider.RUNWARE);
      runware.next(fault);

      VisualFile file = probing.fetch(probing.find(SCENE).get(0), SCENE);

      assertThat(file.charges())
          .containsExactly(new Charge("runware", "runware:100@1", Charge.Unit.MICRO_DOLLAR, 2_600));
      assertThat(runware.made()).isEqualTo(made + 1);
    }
  }

  /** Behind it the picture is made, and billed. */
  @Test
  void aPictureBehindAGatewayThatLostPatienceIsNotBoughtTwice() throws StageException {
    VisualFinder blind = open(Provider.OPENAI);
    openAi.next(Fault.GATEWAY_TIMEOUT);
    assertThat(failure(() -> call(blind, Provider.OPENAI)).code())
        .isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);
    assertThat(openAi.calls()).isEqualTo(1);
    assertThat(blind.probes()).isFalse();

    VisualFinder probing = open(Provider.RUNWARE);
    runware.next(Fault.GATEWAY_TIMEOUT);
    assertThat(call(probing, Provider.RUNWARE)).isNotNull();
    assertThat(runware.made()).isEqualTo(1);
    assertThat(probing.probes()).isTrue();
  }

  /** Who cannot be asked has not said that there is no such picture. */
  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"RATE_LIMIT", "OVERLOADED", "WRONG_KEY", "CONNECTION_RESET"})
  void aPictureThatCannotBeLookedForIsNotOrderedAnewAndBookedOnce(Fault fault)
      throws StageException {
    List<Charge> booked = new ArrayList<>();
    VisualFinder finder = open(Provider.RUNWARE).paying(VisualTests.booking(booked));
    Visual offer = finder.find(SCENE).get(0);
    Fault[] looks = {fault, fault, fault};
    runware.next(Fault.CONNECTION_RESET);
    runware.next(looks);
    assertThat(failure(() -> finder.fetch(offer, SCENE)).code())
        .isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);
    assertThat(booked).isEqualTo(offer.price());

    runware.clear();
    runware.next(looks);
    assertThat(failure(() -> finder.fetch(offer, SCENE)).code())
        .isNotEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);
    runware.clear();
    VisualFile file = finder.fetch(offer, SCENE);

    assertThat(file.bytes()).isNotEmpty();
    assertThat(file.charges()).isEmpty();
    assertThat(runware.made()).isEqualTo(1);
    assertThat(booked).isEqualTo(offer.price());
  }

  @Test
  void aPictureThatIsStillMadeIsWaitedForAndNeverOrderedAnew() throws StageException {
    SearchCache cache = VisualTests.cache();
    VisualFinder first = VisualTests.open(entry(Provider.RUNWARE, "KEY"), cache);
    Visual offer = first.find(SCENE).get(0);
    runware.next(Fault.CONNECTION_RESET);
    runware.slow(2);
    VisualFile file = first.fetch(offer, SCENE);
    assertThat(runware.made()).isEqualTo(1);

    // Who comes after a restart has the same store, and finds the same task.
    VisualFile again = VisualTests.open(entry(Provider.RUNWARE, "KEY"), cache).fetch(offer, SCENE);
    assertThat(runware.made()).isEqualTo(1);
    assertThat(again.bytes()).isEqualTo(file.bytes());
  }

  /** As after a process that was killed before it sent its task. */
  @Test
  void aPictureThatNobodyTellsOfIsNotYetThereAndOrderedAnewAfterAnHour() throws StageException {
    SearchCache cache = VisualTests.cache();
    List<Charge> booked = new ArrayList<>();
    VisualFinder finder =
        VisualTests.open(entry(Provider.RUNWARE, "KEY"), cache).paying(VisualTests.booking(booked));
    Visual offer = finder.find(SCENE).get(0);
    runware.silentOfUnknownTasks(true);
    runware.next(Fault.HTML_PAGE);
    assertThat(failure(() -> finder.fetch(offer, SCENE)).code())
        .isEqualTo(FailureCode.PROVIDER_REPLY_INVALID);
    for (int again = 0; again < 2; again++) {
      assertThat(failure(() -> finder.fetch(offer, SCENE)).code())
          .isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);
    }
    assertThat(runware.made()).isZero();
    assertThat(booked).isEqualTo(offer.price());

    SearchCache later =
        new SearchCache(cache.store(), Clock.offset(Clock.systemUTC(), Duration.ofMinutes(61)));
    VisualFinder next = VisualTests.open(entry(Provider.RUNWARE, "KEY"), later);
    VisualFile file = next.fetch(offer, SCENE);
    assertThat(file.bytes()).isNotEmpty();
    assertThat(file.charges()).isNotEmpty();
    assertThat(next.fetch(offer, SCENE).bytes()).isEqualTo(file.bytes());

    assertThat(runware.made()).isEqualTo(1);
  }

  @Test
  void tokensOfAPictureAreCharged() throws StageException {
    VisualFinder finder = open(Provider.OPENAI);
    Visual offer = finder.find(SCENE).get(0);

    VisualFile file = finder.fetch(offer, SCENE);

    assertThat(offer.price())
        .containsExactly(new Charge("openai", "gpt-image-1", Charge.Unit.PICTURE, 1));
    assertThat(file.charges())
        .extracting(Charge::unit)
        .containsExactlyInAnyOrder(
            Charge.Unit.PICTURE, Charge.Unit.INPUT_TOKEN, Charge.Unit.OUTPUT_TOKEN);
    assertThat(openAi.requests().get(0).path("size").asText()).isEqualTo("1024x1536");
  }

  static Stream<Arguments> passingFiles() {
    return Stream.of(Fault.RATE_LIMIT, Fault.SERVER_ERROR, Fault.CONNECTION_RESET, Fault.BODY_CUT)
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("passingFiles")
  void aFileThatFailsForAMomentComes(Fault fault) throws StageException {
    VisualFinder finder = open(Provider.PEXELS);
    Visual offer = finder.find(SCENE).get(0);
    pexels.nextFiles(fault);

    assertThat(finder.fetch(offer, SCENE).bytes()).isNotEmpty();

    assertThat(pexels.files()).isEqualTo(2);
  }

  @Test
  void aPageInsteadOfAFileAndAWayIntoAPrivateNetworkAreRefusedAtOnce() throws StageException {
    VisualFinder finder = open(Provider.PEXELS);
    Visual offer = finder.find(SCENE).get(0);

    pexels.nextFiles(Fault.HTML_PAGE);
    assertThat(failure(() -> finder.fetch(offer, SCENE)).code())
        .isEqualTo(FailureCode.PROVIDER_REPLY_INVALID);
    pexels.nextFiles(Fault.REDIRECT_TO_PRIVATE_ADDRESS);
    assertThat(failure(() -> finder.fetch(offer, SCENE)).code())
        .isEqualTo(FailureCode.ADDRESS_FORBIDDEN);

    assertThat(pexels.files()).isEqualTo(2);
  }

  @Test
  void aServerThatSaysNothingIsNotWaitedForForEver() throws Exception {
    CallPolicy hasty =
        VisualTests.QUICK.withTimeouts(Duration.ofMillis(200), Duration.ofSeconds(2));
    VisualFinder finder =
        VisualSettings.list(
                new com.fasterxml.jackson.dataformat.yaml.YAMLMapper()
                    .readTree("[" + entry(Provider.PEXELS, "KEY") + "]"),
                VisualTests.ENVIRONMENT,
                Path.of("."),
                SettingsFaults.END)
            .get(0)
            .open(VisualTests.ENVIRONMENT, VisualTests.cache(), hasty);
    pexels.next(Fault.SILENCE, Fault.SILENCE, Fault.SILENCE);

    assertThat(failure(() -> finder.find(SCENE)).code()).isEqualTo(FailureCode.PROVIDER_TIMEOUT);
  }

  @Test
  void aSearchIsMadeOnceADayAndAnEmptyOneEveryTime() throws StageException {
    FakeObjectStore store = new FakeObjectStore(folder);
    Instant noon = Instant.parse("2026-11-28T12:00:00Z");
    List<Visual> first = at(store, noon).find(SCENE);
    assertThat(pexels.searches()).isEqualTo(1);

    assertThat(at(store, noon.plusSeconds(86_399)).find(SCENE)).isEqualTo(first);
    assertThat(pexels.searches()).isEqualTo(1);
    assertThat(at(store, noon.plusSeconds(86_401)).find(SCENE)).isEqualTo(first);
    assertThat(pexels.searches()).isEqualTo(2);

    Scene empty = new Scene("nothing", "nothing", "nothing", List.of(), "en", Shape.SQUARE, 1_000);
    for (int i = 1; i <= 2; i++) {
      assertThat(failure(() -> at(store, noon).find(empty)).code())
          .isEqualTo(FailureCode.VISUAL_MISSING);
      assertThat(pexels.searches()).isEqualTo(2 + i);
    }
  }

  private VisualFinder at(FakeObjectStore store, Instant now) {
    return VisualTests.open(
        entry(Provider.PEXELS, "KEY"), new SearchCache(store, Clock.fixed(now, ZoneOffset.UTC)));
  }

  @Test
  void whoseAllowanceIsUsedUpIsLeftAlone() throws StageException {
    VisualFinder finder = open(Provider.PEXELS);
    pexels.searchesLeft(1, 3_600);
    assertThat(finder.find(SCENE)).isNotEmpty();

    Scene other = VisualTests.scene("a mountain lake", Shape.PORTRAIT);
    assertThat(failure(() -> finder.find(other)).code()).isEqualTo(FailureCode.PROVIDER_QUOTA);

    assertThat(pexels.searches()).isEqualTo(1);
  }

  @Test
  void theQuerySaysWhatShouldBeSeenFirst() {
    Scene planned =
        new Scene(
            "A barista pours milk.",
            List.of("latte", "milk"),
            "close view, soft light",
            SCENE.text(),
            SCENE.topic(),
            SCENE.terms(),
            "en",
            Shape.SQUARE,
            1_000);
    assertThat(SceneWords.of(planned).words()).startsWith("milk").contains("latte");
    assertThat(SceneWords.of(planned).queries().toString()).doesNotContain("light");
    assertThat(ScenePrompt.of(planned, "A picture", "cinematic", "", 500))
        .isEqualTo(
            "A barista pours milk. It shows latte. A picture for a video about "
                + SCENE.topic()
                + ". cinematic. close view, soft light. No text, no letters, no logos.");
    assertThat(SceneWords.of(SCENE).queries())
        .containsExactly("beans coffee grinder espresso", "beans coffee", "beans");
    Scene named =
        new Scene(
            "",
            "Then the crew of Apollo landed on the Moon, and everybody watched.",
            "A short history of spaceflight",
            List.of(),
            "en",
            Shape.PORTRAIT,
            4_000);
    assertThat(SceneWords.of(named).words()).startsWith("apollo", "moon");
  }
}
