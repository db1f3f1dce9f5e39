package dev.reelbeam.clients.moderation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.http.CallPolicy;
import dev.reelbeam.fakes.ModerationPromises;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.moderation.Finding;
import dev.reelbeam.model.moderation.ModerationReport;
import dev.reelbeam.model.moderation.ModerationRequest;
import dev.reelbeam.model.moderation.Verdict;
import dev.reelbeam.model.port.Moderator;
import dev.reelbeam.simulators.Fault;
import dev.reelbeam.simulators.OpenAiSimulator;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenAiModeratorTest {
  private static final CallPolicy QUICK =
      CallPolicy.DEFAULT
          .withPauses(Duration.ofMillis(1), Duration.ofSeconds(2))
          .withRates(100_000, 8);

  private OpenAiSimulator server;

  @BeforeEach
  void start() throws Exception {
    server = OpenAiSimulator.start("sk-right", OpenAiSimulator.Dialect.OPENAI);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Moderator moderator(String key) throws Exception {
    return new ModerationSettings.Provider(
            "openai", server.baseUrl(), "omni-moderation-latest", "env:KEY", 400, 900, 4, 60, 4)
        .open(Map.of("KEY", key), QUICK);
  }

  private static ModerationRequest request(String text, byte[]... pictures) {
    List<ModerationRequest.Picture> all = new java.util.ArrayList<>();
    for (byte[] picture : pictures) {
      all.add(new ModerationRequest.Picture("frame " + (all.size() + 1), picture));
    }
    return new ModerationRequest(
        "en", "", List.of(), false, List.of(new ModerationRequest.Text("title", text)), all);
  }

  @Test
  void itKeepsWhatEveryModeratorPromises() throws Exception {
    assertThat(ModerationPromises.broken(moderator("sk-right"), "simulate-violence")).isEmpty();
  }

  @Test
  void whatScoresHighIsBlockedAndTheReasonCanBeRead() throws Exception {
    ModerationReport report = moderator("sk-right").review(request("simulate-hate all day"));

    assertThat(report.verdict()).isEqualTo(Verdict.BLOCK);
    assertThat(report.findings())
        .singleElement()
        .extracting(Finding::describe)
        .isEqualTo(
            "title: it demeans people for what they are (0.97 of 1) (openai/hate): “simulate-hate all"
                + " day”");
  }

  @Test
  void picturesAreJudgedOneByOne() throws Exception {
    byte[] blue = picture(0x2040A0);
    byte[] red = picture(0xE01010);

    ModerationReport report = moderator("sk-right").review(request("A lake", blue, red, blue));

    assertThat(server.calls()).isEqualTo(4);
    assertThat(report.findings()).extracting(Finding::where).containsOnly("frame 2");
    assertThat(report.findings()).extracting(Finding::rule).contains("openai/violence/graphic");
  }

  @Test
  void whatScoresInBetweenGoesToAPersonAndAmountsToItsCharactersAndPictures() throws Exception {
    ModerationRequest request = request("A lake", picture(0xF08020));

    ModerationReport report = moderator("sk-right").review(request);

    assertThat(report.verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(report.findings())
        .extracting(Finding::describe)
        .containsExactly(
            "frame 1: it is about violence (0.60 of 1) (openai/violence)",
            "frame 1: it shows violence or injuries in detail (0.60 of 1)"
                + " (openai/violence/graphic)");
    assertThat(moderator("sk-right").price(request))
        .containsExactly(
            new Charge("openai", "omni-moderation-latest", Charge.Unit.CHARACTER, 6),
            new Charge("openai", "omni-moderation-latest", Charge.Unit.PICTURE, 1));
  }

  private static byte[] picture(int colour) throws Exception {
    var image = new java.awt.image.BufferedImage(64, 64, java.awt.image.BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 64 * 64; i++) {
      image.setRGB(i % 64, i / 64, colour);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, "jpeg", bytes)).isTrue();
    return bytes.toByteArray();
  }

  @Test
  void whoCannotBeAskedOrAnswersNonsenseGivesNoAllClear() throws Exception {
    StageException wrongKey =
        catchThrowableOfType(
            StageException.class, () -> moderator("sk-wrong").review(request("A lake")));
    assertThat(wrongKey.code()).isEqualTo(FailureCode.PROVIDER_UNAUTHORIZED);
    assertThat(wrongKey.getMessage()).doesNotContain("sk-wrong");

    server.next(Fault.NONSENSE);
    StageException nonsense =
        catchThrowableOfType(
            StageException.class, () -> moderator("sk-right").review(request("A lake")));
    assertThat(nonsense.code()).isEqualTo(FailureCode.PROVIDER_REPLY_INVALID);

    server.next(Fault.OVERLOADED, Fault.RATE_LIMIT_WITH_RETRY_AFTER);
    assertThat(moderator("sk-right").review(request("A lake")).verdict()).isEqualTo(Verdict.ALLOW);
  }

  /** As guards behind a gateway answer. */
  @Test
  void whatIsFlaggedWithoutAScoreGoesToAPerson() throws Exception {
    server.judgeBy(result -> result.remove("category_scores"));
    assertThat(moderator("sk-right").review(request("simulate-hate all day")).findings())
        .extracting(Finding::verdict, Finding::rule, Finding::reason)
        .containsExactly(
            tuple(Verdict.REVIEW, "openai/hate", "it demeans people for what they are"));
    assertThat(moderator("sk-right").review(request("A lake")).verdict()).isEqualTo(Verdict.ALLOW);

    server.judgeBy(result -> ((ObjectNode) result.get("category_scores")).putNull("illicit"));
    assertThat(moderator("sk-right").review(request("simulate-illicit things")).verdict())
        .isEqualTo(Verdict.REVIEW);

    server.judgeBy(result -> result.retain("flagged"));
    assertThat(moderator("sk-right").review(request("simulate-hate all day")).findings())
        .extracting(Finding::verdict, Finding::rule)
        .containsExactly(tuple(Verdict.REVIEW, "openai/flagged"));
  }

  @Test
  void whatIsSexualAboutMinorsIsBlockedAlsoWithoutAScore() throws Exception {
    server.judgeBy(result -> result.remove("category_scores"));

    assertThat(moderator("sk-right").review(request("simulate-sexual/minors")).verdict())
        .isEqualTo(Verdict.BLOCK);
  }

  @Test
  void whatSaysNeitherScoresNorWhetherItFlagsIsNoAllClear() throws Exception {
    for (Consumer<ObjectNode> left :
        List.<Consumer<ObjectNode>>of(
            ObjectNode::removeAll,
            result -> result.retain("categories"),
            result -> result.putNull("flagged").putObject("category_scores"))) {
      server.judgeBy(left);
      StageException failure =
          catchThrowableOfType(
              StageException.class, () -> moderator("sk-right").review(request("A lake")));
      assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_REPLY_INVALID);
    }
  }
}
