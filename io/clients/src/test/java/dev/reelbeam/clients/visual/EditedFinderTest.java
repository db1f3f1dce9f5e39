package dev.reelbeam.clients.visual;

import static dev.reelbeam.clients.visual.VisualFinderContract.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.Lease;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.port.VisualFinder;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Visual;
import dev.reelbeam.model.visual.VisualFile;
import dev.reelbeam.simulators.AvatarSimulator;
import dev.reelbeam.simulators.Fault;
import dev.reelbeam.simulators.LucySimulator;
import dev.reelbeam.simulators.PexelsSimulator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clips of stock that an instruction changes. */
class EditedFinderTest {
  private static final Scene SCENE = VisualFinderContract.scene();

  /** Of those who want the same at once, all but one wait. */
  private static final class LeasingStore extends FakeObjectStore {
    private final Map<StepKey, ReentrantLock> leases = new ConcurrentHashMap<>();

    LeasingStore(Path folder) {
      super(folder);
    }

    @Override
    public Lease lease(StepKey key) {
      ReentrantLock lock = leases.computeIfAbsent(key, unused -> new ReentrantLock());
      lock.lock();
      return lock::unlock;
    }
  }

  @TempDir Path folder;

  private PexelsSimulator pexels;
  private LucySimulator lucy;
  private SearchCache cache;
  private VisualFinder finder;

  @BeforeEach
  void start() throws IOException {
    pexels = PexelsSimulator.start("sk-right");
    lucy = LucySimulator.start("sk-right");
    cache = new SearchCache(new LeasingStore(folder), Clock.systemUTC());
    finder = open(cache);
  }

  private VisualFinder open(SearchCache kept) {
    return VisualTests.open(
        "{name: pexels, media: clips, base_url: '"
            + pexels.baseUrl()
            + "', key: 'env:KEY', edit: {prompt: make it snow, base_url: '"
            + lucy.baseUrl()
            + "', key: 'env:KEY'}}",
        kept);
  }

  /** The same one by a later clock. */
  private VisualFinder after(Duration time) {
    return open(new SearchCache(cache.store(), Clock.offset(Clock.systemUTC(), time)));
  }

  @AfterEach
  void stop() {
    pexels.close();
    lucy.close();
  }

  @Nested
  class AsEveryProvider extends VisualFinderContract {
    @Override
    VisualFinder finder() {
      return finder;
    }
  }

  /** Why the edit failed: that it did is all that who asks has to know. */
  private FailureCode editFailure(Visual offer) {
    return editFailure(finder, offer);
  }

  private static FailureCode editFailure(VisualFinder by, Visual offer) {
    StageException failed = failure(() -> by.fetch(offer, SCENE));
    assertThat(failed.code()).isEqualTo(FailureCode.EDIT_FAILED);
    assertThat(failed.getCause()).isInstanceOf(StageException.class);
    return ((StageException) failed.getCause()).code();
  }

  @Test
  void whatAPresenterWasPaidForIsShownAndToldWhenItsEditFails() throws Exception {
    try (AvatarSimulator heygen =
        AvatarSimulator.start(AvatarSimulator.Dialect.HEYGEN, "sk-right")) {
      VisualFinder presenter =
          VisualTests.open(
              "{name: heygen, base_url: '"
                  + heygen.baseUrl()
                  + "', key: 'env:KEY', avatar: {id: a1, voice: v1}, edit: {prompt: make it snow,"
                  + " base_url: '"
                  + lucy.baseUrl()
                  + "', key: 'env:KEY'}}");
      List<Charge> booked = new ArrayList<>();
      VisualFinder paying = presenter.paying(VisualTests.booking(booked));
      List<Visual> offers = presenter.find(SCENE);
      lucy.nextJobs(Fault.JOB_FAILS);
      assertThat(failure(() -> paying.fetch(offers.get(0), SCENE)).code())
          .isEqualTo(FailureCode.EDIT_FAILED);
      assertThat(booked).extracting(Charge::provider).containsExactly("heygen", "lucy");

      assertThat(paying.fetch(offers.get(1), SCENE).bytes()).isNotEmpty();
      assertThat(booked).describedAs("paid for once").hasSize(2);
      assertThat(heygen.ordered()).isEqualTo(1);
    }
  }

  @Test
  void aClipIsChangedAndStillNamesWhoFilmedIt() throws StageException {
    Visual offer = finder.find(SCENE).get(0);

    VisualFile file = finder.fetch(offer, SCENE);

    assertThat(lucy.prompts()).containsExactly("make it snow");
    assertThat(offer.generated()).isTrue();
    Visual plain = finder.find(SCENE).get(1);
    assertThat(plain.credit()).startsWith("Video by " + plain.author() + " on Pexels, https://");
    assertThat(offer.credit()).isEqualTo(plain.credit() + ", edited by lucy-clip");
    assertThat(file.charges())
        .containsExactly(new Charge("lucy", "lucy-clip", Charge.Unit.VIDEO_SECOND, 6));
  }

  @Test
  void aClipThatCannotBeChangedIsOfferedAsItWasAndFetchedOnce() throws StageException {
    List<Visual> offers = finder.find(SCENE);
    lucy.nextJobs(Fault.JOB_FAILS);
    assertThat(editFailure(offers.get(0))).isEqualTo(FailureCode.JOB_FAILED);

    Visual plain = offers.get(1);
    VisualFile file = finder.fetch(plain, SCENE);

    assertThat(plain.concession()).isEqualTo("a clip without the edit");
    assertThat(plain.insteadOf()).isEqualTo(offers.get(0).id());
    assertThat(file.bytes()).isNotEmpty();
    assertThat(pexels.files()).isEqualTo(1);
  }

  @Test
  void anOrderWhoseAnswerWasLostIsUnknownAndNotSentAgain() throws StageException {
    Visual offer = finder.find(SCENE).get(0);
    lucy.next(Fault.CONNECTION_RESET);

    assertThat(editFailure(offer)).isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);

    assertThat(lucy.prompts()).hasSize(1);
  }

  /** A process that is killed tells nobody: what it leaves is what it wrote before. */
  @Test
  void anOrderWhoseProcessWasKilledIsNotSentAgainBeforeThatWasTold() throws StageException {
    Visual offer = finder.find(SCENE).get(0);
    IllegalStateException killed = new IllegalStateException("killed");
    VisualFinder first =
        finder.paying(
            (provider, price) ->
                new Purse.Hold() {
                  @Override
                  public void settle(List<Charge> billed) {
                    throw killed;
                  }

                  @Override
                  public void release() {}
                });
    assertThat(catchThrowable(() -> first.fetch(offer, SCENE))).isSameAs(killed);
    assertThat(lucy.prompts()).hasSize(1);

    // However long nobody came back.
    VisualFinder second = after(Duration.ofDays(3));
    assertThat(editFailure(second, offer)).isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);
    VisualFinder soon = after(Duration.ofDays(3).plusMinutes(50));
    assertThat(editFailure(soon, offer)).isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);
    assertThat(lucy.prompts()).hasSize(1);

    VisualFinder asked = after(Duration.ofDays(3).plusMinutes(70));
    assertThat(asked.fetch(offer, SCENE).bytes()).isNotEmpty();
    assertThat(lucy.prompts()).hasSize(2);
  }

  @Test
  void anOrderThatWasRefusedIsSentByTheNext() throws StageException {
    Visual offer = finder.find(SCENE).get(0);
    lucy.next(Fault.EMPTY_WALLET);
    assertThat(editFailure(offer)).isEqualTo(FailureCode.PROVIDER_QUOTA);

    assertThat(finder.fetch(offer, SCENE).bytes()).isNotEmpty();

    assertThat(lucy.prompts()).hasSize(1);
  }

  @Test
  void anEditThatWasInterruptedGoesOnAnotherDayWhateverStockOffersThen() throws StageException {
    // Not the first one: what was begun with comes before what is ranked before it.
    Visual offer = finder.find(SCENE).get(2);
    VisualFile file = finder.fetch(offer, SCENE);
    // Nobody stored it: its process was killed.
    VisualFinder nextDay = after(Duration.ofHours(25));
    assertThat(nextDay.find(SCENE).get(0)).isEqualTo(offer);
    assertThat(nextDay.find(SCENE)).extracting(Visual::id).doesNotHaveDuplicates();

    pexels.close();
    VisualFinder dayAfter = after(Duration.ofHours(50));
    Visual found = dayAfter.find(SCENE).get(0);
    VisualFile again = dayAfter.fetch(found, SCENE);

    assertThat(found).isEqualTo(offer);
    assertThat(again.bytes()).isEqualTo(file.bytes());
    assertThat(again.charges()).isEmpty();
    assertThat(lucy.prompts()).hasSize(1);
  }

  @Test
  void whoComesBackLooksAfterTheSameJob() throws StageException {
    Visual offer = finder.find(SCENE).get(0);
    lucy.nextJobs(Fault.HTML_PAGE);
    assertThat(editFailure(offer)).isEqualTo(FailureCode.PROVIDER_REPLY_INVALID);

    assertThat(editFailure(offer)).isEqualTo(FailureCode.PROVIDER_REPLY_INVALID);

    assertThat(lucy.prompts()).hasSize(1);
  }

  @Test
  void aJobThatFailedOrIsGoneIsOrderedAnew() throws StageException {
    Visual offer = finder.find(SCENE).get(0);
    lucy.nextJobs(Fault.JOB_FAILS);
    assertThat(editFailure(offer)).isEqualTo(FailureCode.JOB_FAILED);

    assertThat(finder.fetch(offer, SCENE).charges()).hasSize(1);
    assertThat(finder.fetch(offer, SCENE).charges()).describedAs("paid for").isEmpty();
    assertThat(lucy.prompts()).hasSize(2);

    lucy.forget();
    assertThat(finder.fetch(offer, SCENE).bytes()).isNotEmpty();
    assertThat(lucy.prompts()).hasSize(3);
  }

  @Test
  void anOrderThatTheServerStumbledOverIsNotSentAgain() throws StageException {
    Visual offer = finder.find(SCENE).get(0);
    lucy.next(Fault.SERVER_ERROR);

    assertThat(editFailure(offer)).isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);

    assertThat(lucy.calls()).isEqualTo(1);
  }

  @Test
  void whoGoesWithoutTheEditKeepsSayingWhatElseIsGivenUp() throws StageException {
    VisualFinder made =
        VisualTests.open(
            "{name: comfyui, base_url: 'http://localhost:1', model: m, long_side: 992,"
                + " edit: {prompt: make it snow, key: 'env:KEY'}}");

    assertThat(made.find(SCENE))
        .extracting(Visual::concession)
        .contains(
            "fewer pixels", "a clip without the edit", "fewer pixels, a clip without the edit")
        .contains("a still picture")
        .doesNotContain("a still picture, a clip without the edit");
  }

  @Test
  void aPageInsteadOfAClipIsRefused() throws StageException {
    Visual offer = finder.find(SCENE).get(0);
    lucy.nextJobs(Fault.HTML_PAGE);

    assertThat(editFailure(offer)).isEqualTo(FailureCode.PROVIDER_REPLY_INVALID);
  }
}
