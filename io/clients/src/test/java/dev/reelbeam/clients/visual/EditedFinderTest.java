package dev.reelbeam.clients.visual;

import static dev.reelbeam.clients.visual.VisualFinderContract.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.LostCallException;
import dev.reelbeam.model.port.VisualFinder;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Visual;
import dev.reelbeam.model.visual.VisualFile;
import dev.reelbeam.simulators.AvatarSimulator;
import dev.reelbeam.simulators.Fault;
import dev.reelbeam.simulators.LucySimulator;
import dev.reelbeam.simulators.PexelsSimulator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Clips of stock that an instruction changes. */
class EditedFinderTest {
  private static final Scene SCENE = VisualFinderContract.scene();

  private PexelsSimulator pexels;
  private LucySimulator lucy;
  private VisualFinder finder;

  @BeforeEach
  void start() throws IOException {
    pexels = PexelsSimulator.start("sk-right");
    lucy = LucySimulator.start("sk-right");
    finder =
        VisualTests.open(
            "{name: pexels, media: clips, base_url: '"
                + pexels.baseUrl()
                + "', key: 'env:KEY', edit: {prompt: make it snow, base_url: '"
                + lucy.baseUrl()
                + "', key: 'env:KEY'}}");
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
    StageException failed = failure(() -> finder.fetch(offer, SCENE));
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
    assertThat(offer.author()).contains("https://").endsWith("edited by lucy-clip");
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

  @Test
  void anOrderThatWasInterruptedIsNotSentAgain() throws StageException {
    VisualFinder interrupted =
        finder.paying(
            (provider, price) -> {
              throw new LostCallException("cancelled");
            });
    Visual offer = finder.find(SCENE).get(0);
    assertThat(catchThrowable(() -> interrupted.fetch(offer, SCENE)))
        .isInstanceOf(LostCallException.class);

    assertThat(editFailure(offer)).isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);

    assertThat(lucy.prompts()).isEmpty();
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
