package dev.reelbeam.clients.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.http.CallLimits;
import dev.reelbeam.clients.http.CallPolicy;
import dev.reelbeam.clients.http.Secret;
import dev.reelbeam.clients.provider.ProviderSettings;
import dev.reelbeam.model.content.BlockKind;
import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.HookStyle;
import dev.reelbeam.model.content.PlannedScene;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.SectionRole;
import dev.reelbeam.model.content.SeoMetadata;
import dev.reelbeam.model.content.SourceBlock;
import dev.reelbeam.model.content.TitleStyle;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.KeyPoints;
import dev.reelbeam.model.port.ScriptRequest;
import dev.reelbeam.model.port.ScriptWriter;
import dev.reelbeam.model.video.Platform;
import dev.reelbeam.model.video.VideoType;
import dev.reelbeam.simulators.Fault;
import dev.reelbeam.simulators.OpenAiSimulator;
import dev.reelbeam.simulators.SourceAuthor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(240)
class ModelScriptWriterTest {
  private static final CallPolicy QUICK =
      CallPolicy.DEFAULT
          .withPauses(Duration.ofMillis(1), Duration.ofSeconds(2))
          .withTimeouts(Duration.ofSeconds(30), Duration.ofSeconds(60))
          .withRates(10_000, 8);

  /** For a call that nobody answers. */
  private static final CallPolicy HASTY =
      QUICK.withTimeouts(Duration.ofMillis(500), Duration.ofSeconds(60));

  private static final ScriptRequest REQUEST =
      new ScriptRequest(
          VideoType.SHORT,
          40_000,
          30_000,
          60_000,
          400,
          200,
          "",
          List.of(Platform.YOUTUBE, Platform.TIKTOK),
          null,
          null);

  /** Somebody has allowed it. */
  private static final CallPolicy TWICE = QUICK.withPurchases(2);

  private OpenAiSimulator openAi;
  private CallPolicy policy = QUICK;

  @BeforeEach
  void start() throws IOException {
    openAi = OpenAiSimulator.start("sk-right", OpenAiSimulator.Dialect.OPENAI);
  }

  @AfterEach
  void stop() {
    openAi.close();
  }

  private ChatModel model(String name) {
    return model(name, openAi.baseUrl(), "writer-large", "max_completion_tokens", "sk-right");
  }

  private ChatModel model(
      String name, String baseUrl, String model, String limitField, String key) {
    return model(name, baseUrl, model, limitField, key, policy);
  }

  private static ChatModel model(
      String name, String baseUrl, String model, String limitField, String key, CallPolicy policy) {
    try {
      return new ChatModel(
          new ChatSettings(
              name,
              baseUrl,
              key.isEmpty() ? Secret.none() : Secret.resolve("env:K", Map.of("K", key)),
              model,
              limitField,
              /* reasoningEffort= */ "",
              policy));
    } catch (StageException e) {
      throw new AssertionError(e);
    }
  }

  private static ContentRecord article() {
    List<SourceBlock> blocks =
        List.of(
            paragraph(
                "A pour-over takes 4 minutes and 15 grams of coffee. Water at 94 degrees pulls out"
                    + " the sweetness before the bitterness."),
            new SourceBlock(BlockKind.HEADING, 2, "Grind", List.of(), null, -1),
            paragraph(
                "Grind as fine as table salt. A coarse grind lets the water run through too fast,"
                    + " and the cup tastes thin. A burr grinder cuts every bean to the same size."),
            paragraph(
                "Pour slowly in circles from the middle outwards. Wait 30 seconds for the bloom"
                    + " before the second pour. Stop at 250 grams of water in the cup."));
    return new ContentRecord(
        new RecordKey("coffee-1", 1),
        "acme",
        null,
        ContentKind.ARTICLE,
        "en",
        "How to brew a better pour-over",
        "Four minutes to a sweet cup.",
        List.of("coffee", "pour-over"),
        blocks,
        List.of(),
        null,
        new ProjectRequest(
            VideoType.SHORT,
            List.of("youtube_short"),
            VideoSettings.DEFAULT,
            ReviewPolicy.AUTO,
            "normal",
            true),
        "file:///nowhere/");
  }

  private static SourceBlock paragraph(String text) {
    return new SourceBlock(BlockKind.PARAGRAPH, 0, text, List.of(), null, -1);
  }

  @ParameterizedTest
  @EnumSource(HookStyle.class)
  void aStyleThatIsAskedForReachesTheModelAndIsSeenInItsHook(HookStyle style)
      throws StageException {
    ModelScriptWriter writer = new ModelScriptWriter(model("openai"));

    Script script = writer.write(article(), REQUEST.withHookStyle(style));

    assertThat(openAi.calls()).isEqualTo(1);
    assertThat(openAi.requests().get(0).toString()).contains("Hook: " + style.id() + ", that is ");
    assertThat(writer.hookStyles(article())).contains(style);
    String hook = script.sections().get(0).text();
    assertThat(HookTemplate.complaint(style, hook)).as(hook).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(TitleStyle.class)
  void aFormOfTitlesThatIsAskedForReachesTheModelAndIsReadInThem(TitleStyle style)
      throws StageException {
    ModelScriptWriter writer = new ModelScriptWriter(model("openai"));

    Script script = writer.write(article(), REQUEST.withTitleStyle(style));

    assertThat(openAi.calls()).isEqualTo(1);
    assertThat(openAi.requests().get(0).toString()).contains("Titles: " + style.id() + ", that is");
    assertThat(writer.titleStyles(article())).contains(style);
    assertThat(script.titleStyle()).isEqualTo(style);
    for (Platform platform : REQUEST.platforms()) {
      String title = writer.describe(article(), script, platform).title();
      assertThat(title.endsWith("?")).as(title).isEqualTo(style == TitleStyle.QUESTION);
    }
    assertThat(write().titleStyle()).isNull();
    assertThat(openAi.requests().get(1).toString()).doesNotContain("Titles: ");
  }

  @Test
  void aPromptThatTheServerCutIsToldAndNotAnsweredFromWhatWasLeft() throws IOException {
    try (OpenAiSimulator ollama = OpenAiSimulator.start("", OpenAiSimulator.Dialect.OLLAMA)) {
      ollama.context(500);
      ChatModel model = model("ollama", ollama.baseUrl(), "llama3.3", "max_tokens", "");

      StageException failure =
          catchThrowableOfType(
              StageException.class, () -> new ModelScriptWriter(model).write(article(), REQUEST));

      assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_REQUEST_INVALID);
      assertThat(failure).hasMessageContaining("cut the prompt: it read 500 tokens");
      // No repair round: the same would be cut again.
      assertThat(ollama.calls()).isEqualTo(1);
    }
  }

  /** They count what was not in their cache: most of a prompt comes first, so most of it was. */
  @Test
  void aServerThatCountsWhatItEvaluatedHasCutNothing() throws Exception {
    try (OpenAiSimulator ollama = OpenAiSimulator.start("", OpenAiSimulator.Dialect.OLLAMA)) {
      ollama.countEvaluatedOnly();
      for (int i = 0; i < 2; i++) {
        ChatModel model = model("ollama", ollama.baseUrl(), "llama3.3", "max_tokens", "");
        assertThat(new ModelScriptWriter(model).write(article(), REQUEST).wordCount())
            .isGreaterThan(40);
      }
      assertThat(ollama.calls()).isEqualTo(2);
      JsonNode messages = ollama.requests().get(1).path("messages");
      int fixed = messages.path(0).path("content").asText().length();
      int all = fixed + messages.path(1).path("content").asText().length();
      assertThat((all - fixed) / 4 * 6).as("looks cut").isLessThan(all);
    }
  }

  private static Script edited(
      OpenAiSimulator server, ModelScriptWriter by, Consumer<ObjectNode> how)
      throws StageException {
    SourceAuthor faithful = new SourceAuthor();
    server.answerBy(
        (name, schema, prompt) -> {
          try {
            ObjectNode answer =
                (ObjectNode) RecordJson.readTree(faithful.write(name, schema, prompt));
            how.accept(answer);
            return answer.toString();
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    return by.write(article(), REQUEST.withTitleStyle(TitleStyle.NUMBER));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "title       | 99 secrets of coffee",
        "title       | Why baristas at Lavazza pour slowly",
        "description | A sweet cup in 7 minutes.",
        "description | It was found by Alessandro in a laboratory. Four minutes to a sweet cup."
      })
  void aTitleOrDescriptionBeyondTheSourceIsLeftToTheDescriber(String field, String words)
      throws StageException {
    ModelScriptWriter writer = new ModelScriptWriter(model("openai"));

    Script script =
        edited(
            openAi, writer, answer -> ((ObjectNode) answer.path("seo").get(0)).put(field, words));

    assertThat(openAi.calls()).as("a script is not bought again for its title").isEqualTo(1);
    assertThat(script.seo()).containsOnlyKeys("tiktok");
    if (field.equals("title")) {
      assertThat(script.titleStyle()).as("nobody learns from a title that is not shown").isNull();
    }
    SeoMetadata embedded = new SeoMetadata("A title", "A text.", List.of(), "");
    ScriptWriter describer =
        new ScriptWriter() {
          @Override
          public String identity() {
            return "describer";
          }

          @Override
          public Script write(ContentRecord record, ScriptRequest request) {
            throw new AssertionError("it writes no script");
          }

          @Override
          public SeoMetadata describe(ContentRecord record, Script told, Platform platform) {
            return embedded;
          }
        };
    assertThat(
            new ScriptWriterChain(List.of(writer), describer)
                .describe(article(), script, Platform.YOUTUBE))
        .isEqualTo(embedded);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "How to Brew a Better Pour-Over",
        "Why 94 degrees pull out the sweetness",
        "A pour-over that YouTube will like"
      })
  void aTitleInItsOwnWordsStays(String title) throws StageException {
    Script script =
        edited(
            openAi,
            new ModelScriptWriter(model("openai")),
            answer -> ((ObjectNode) answer.path("seo").get(0)).put("title", title));

    assertThat(script.seo().get("youtube").title()).isEqualTo(title);
  }

  /** Its sentence is dropped, and the one that stays is heard under it. */
  @Test
  void whatIsReadOverThePictureRestsOnWhatIsHeardMeanwhile() throws StageException {
    String holds = "Water at 94 degrees pulls out the sweetness before the bitterness.";
    int cited = SourceSentences.of(article()).closest(0, holds);
    Script script =
        edited(
            openAi,
            new ModelScriptWriter(model("openai")),
            answer -> {
              answer.withArray("points").removeAll();
              for (String[] read :
                  new String[][] {
                    {"80 % LESS ENERGY", "Save energy"},
                    {"Saves energy", "# grind:"},
                    {"94 degrees", "Grind"},
                    {"15 grams", "Grinding for 2026"},
                    {"Sweetness First", ""}
                  }) {
                invent(answer, holds, cited);
                ObjectNode point =
                    (ObjectNode) answer.path("points").get(answer.path("points").size() - 1);
                point.put("text_overlay", read[0]).put("heading", read[1]);
                point
                    .withArray("sentences")
                    .addObject()
                    .put("text", "It saves 80 % of the energy.")
                    .withArray("sources")
                    .add(cited);
              }
              answer.put("cta_overlay", "Save 80 % today");
            });

    List<ScriptSection> points =
        script.sections().stream().filter(one -> one.role() == SectionRole.POINT).toList();
    assertThat(script.scriptText()).contains(holds).doesNotContain("80 %");
    assertThat(points)
        .extracting(ScriptSection::textOverlay)
        .containsExactly("", "", "94 degrees", "", "Sweetness First");
    assertThat(points)
        .extracting(ScriptSection::heading)
        .as("the source's own, as it writes them")
        .containsExactly("", "Grind", "Grind", "", "");
    assertThat(script.sections().get(script.sections().size() - 1).textOverlay()).isEmpty();
  }

  @Test
  void aCallToActionWithANumberOfItsOwnIsSentBackOnceAndOneThatWasAskedForIsNot()
      throws StageException {
    AtomicInteger calls = new AtomicInteger();
    Script script =
        edited(
            openAi,
            new ModelScriptWriter(model("openai")),
            answer -> {
              if (calls.getAndIncrement() == 0) {
                answer.put("cta", "Order today and save 80 percent.");
              }
            });
    assertThat(calls).hasValue(2);
    assertThat(script.scriptText()).doesNotContain("80");

    ScriptAnswer answer =
        new ScriptAnswer(
            article(),
            new ScriptRequest(
                VideoType.SHORT,
                40_000,
                30_000,
                60_000,
                400,
                200,
                "Save 80 percent with us.",
                List.of(),
                null,
                null),
            SourceSentences.of(article()));
    Script unused =
        answer.read(RecordJson.newObject().put("cta", "Order today and save 80 percent."), "w");
    assertThat(answer.problems()).noneMatch(problem -> problem.contains("call to action"));
  }

  @Test
  void aHookThatIsNoQuestionThoughOneWasAskedForIsSentBackOnce() throws StageException {
    AtomicInteger calls = new AtomicInteger();
    LanguageModel stubborn =
        new LanguageModel() {
          private final LanguageModel model = model("openai");

          @Override
          public String identity() {
            return model.identity();
          }

          @Override
          public Answer ask(Prompt prompt, String name, JsonNode schema) throws StageException {
            Answer answer = model.ask(prompt, name, schema);
            if (calls.getAndIncrement() == 0) {
              ((ObjectNode) answer.json()).put("hook", "Coffee is wonderful in the morning.");
            }
            return answer;
          }
        };

    Script script =
        new ModelScriptWriter(stubborn).write(article(), REQUEST.withHookStyle(HookStyle.QUESTION));

    assertThat(calls).hasValue(2);
    assertThat(script.hookStyle()).isEqualTo(HookStyle.QUESTION);
  }

  private Script write() throws StageException {
    return new ModelScriptWriter(model("openai")).write(article(), REQUEST);
  }

  @Test
  void theFixedPartComesFirstAndIsFoundInTheCache() throws StageException {
    LanguageModel.Prompt prompt =
        ScriptPrompt.of(article(), REQUEST, SourceSentences.of(article()), KeyPoints.NONE);
    ChatModel model = model("openai");
    LanguageModel.Prompt long1 =
        new LanguageModel.Prompt(prompt.fixed().repeat(3), prompt.variable(), prompt.maxTokens());

    LanguageModel.Usage first = model.ask(long1, "script", ScriptPrompt.schema()).usage();
    LanguageModel.Usage second = model.ask(long1, "script", ScriptPrompt.schema()).usage();

    assertThat(first.cachedTokens()).isZero();
    assertThat(second.cachedTokens()).isGreaterThan(1_000).isLessThan(second.promptTokens());
    JsonNode sent = openAi.requests().get(0);
    assertThat(sent.at("/messages/0/role").asText()).isEqualTo("system");
    assertThat(sent.at("/messages/0/content").asText()).doesNotContain("pour-over");
    assertThat(sent.at("/messages/1/content").asText()).contains("Target words: 96");
  }

  @Test
  void whatTheSourceDoesNotSayIsDropped() throws StageException {
    SourceAuthor faithful = new SourceAuthor();
    openAi.answerBy(
        (name, schema, prompt) -> {
          try {
            ObjectNode answer =
                (ObjectNode) RecordJson.readTree(faithful.write(name, schema, prompt));
            invent(answer, "Doctors say that 9 of 10 people sleep better with it.", 2);
            invent(answer, "A pour-over takes 5 minutes and 15 grams of coffee.", 2);
            invent(answer, "Volcanic highland farmers invented paper filters overnight.", 3);
            invent(answer, "Water at 94 degrees pulls out the sweetness.", 99);
            return answer.toString();
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });

    Script script = write();

    assertThat(script.scriptText())
        .contains("Grind as fine as table salt.")
        .doesNotContain("Doctors")
        .doesNotContain("5 minutes")
        .doesNotContain("Volcanic");
    ScriptAnswer read = new ScriptAnswer(article(), REQUEST, SourceSentences.of(article()));
    read.read(
        model("openai")
            .ask(
                ScriptPrompt.of(article(), REQUEST, SourceSentences.of(article()), KeyPoints.NONE),
                "script",
                ScriptPrompt.schema())
            .json(),
        "test");
    assertThat(read.dropped()).isEqualTo(4);
    assertThat(read.checked()).isGreaterThan(8);
  }

  @Test
  void scenesAreReadInTheOrderOfTheirNumbersAndGoWithTheirSection() throws StageException {
    Script script = write();

    ScriptSection hook = script.sections().get(0);
    assertThat(hook.scenes()).hasSize(1);
    assertThat(script.sections())
        .filteredOn(section -> section.role() == SectionRole.POINT)
        .isNotEmpty()
        .allSatisfy(
            section -> {
              PlannedScene scene = section.scenes().get(0);
              assertThat(scene.description()).isEqualTo(section.visualCue());
              assertThat(scene.durationMs()).isGreaterThanOrEqualTo(2_000);
              assertThat(scene.entities()).hasSize(1);
              assertThat(scene.visualStyle()).isEqualTo("close view, soft light");
            });
    assertThat(openAi.requests().get(0).toString()).contains("Scenes: 5");
  }

  /** Of a schema that every one of them keeps. */
  @Test
  void scenesThatMakeNoSenseAreLeftOutAndNoScriptIsBoughtTwiceForThem() throws StageException {
    SourceAuthor faithful = new SourceAuthor();
    openAi.answerBy(
        (name, schema, prompt) -> {
          try {
            ObjectNode answer =
                (ObjectNode) RecordJson.readTree(faithful.write(name, schema, prompt));
            answer.putArray("scenes");
            scene(answer, 4, "1", "A hand stirs a jug.", 2, "hand", "hand", "jug");
            scene(answer, 3, "Point 1", "A kettle steams on a stove.", 4, "kettle");
            scene(answer, 1, "1", "Time runs backwards.", -4);
            scene(answer, 2, "2", "It never ends.", 9_000);
            scene(answer, 5, "2", " ", 3);
            scene(answer, 6, "2", "word ".repeat(200), 3);
            scene(answer, 7, "99", "A cup.", 3);
            return answer.toString();
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });

    Script script = write();

    assertThat(openAi.calls()).isEqualTo(1);
    List<PlannedScene> scenes =
        script.sections().stream().flatMap(section -> section.scenes().stream()).toList();
    assertThat(scenes)
        .extracting(PlannedScene::description)
        .describedAs("as many as the point has sentences, the lowest number first")
        .containsExactly("A kettle steams on a stove.");
    ScriptAnswer read = new ScriptAnswer(article(), REQUEST, SourceSentences.of(article()));
    read.read(
        model("openai")
            .ask(
                ScriptPrompt.of(article(), REQUEST, SourceSentences.of(article()), KeyPoints.NONE),
                "script",
                ScriptPrompt.schema())
            .json(),
        "test");
    assertThat(read.plannedScenes()).isEqualTo(7);
    assertThat(read.sceneProblems())
        .hasSize(5)
        .anySatisfy(problem -> assertThat(problem).contains("scene 1 lasts -4.0 s"))
        .anySatisfy(problem -> assertThat(problem).contains("'99'"));
    assertThat(read.problems()).isEmpty();
  }

  private static void scene(
      ObjectNode answer,
      int number,
      String part,
      String description,
      double seconds,
      String... entities) {
    ObjectNode scene = answer.withArray("scenes").addObject();
    scene.put("scene_number", number).put("part", part).put("description", description);
    scene.put("duration", seconds).put("visual_style", "");
    List.of(entities).forEach(scene.putArray("entities")::add);
  }

  @Test
  void theModelIsToldTheSentencesThatMatterMostByTheirNumbers() throws StageException {
    KeyPoints ranked =
        new KeyPoints() {
          @Override
          public String identity() {
            return "test-1";
          }

          @Override
          public List<KeyPoint> of(ContentRecord record, int most) {
            assertThat(most).isEqualTo(8);
            return List.of(
                new KeyPoint(3, "Wait 30 seconds for the bloom."),
                new KeyPoint(2, "A coarse grind: the water runs through too fast."),
                new KeyPoint(2, "Nothing of the kind"));
          }
        };
    SourceSentences source = SourceSentences.of(article());
    ModelScriptWriter writer = new ModelScriptWriter(model("openai"), ranked);

    writer.write(article(), REQUEST);

    int wait = source.closest(3, "Wait 30 seconds for the bloom before the second pour.");
    int coarse = source.closest(2, "A coarse grind lets the water run through too fast");
    assertThat(source.all().get(wait).text()).startsWith("Wait 30 seconds");
    assertThat(openAi.requests().get(0).at("/messages/1/content").asText())
        .contains("Key points, the most important first: [" + wait + "], [" + coarse + "]");
    assertThat(writer.identity()).isNotEqualTo(new ModelScriptWriter(model("openai")).identity());
  }

  private static void invent(ObjectNode answer, String text, int source) {
    ObjectNode point = answer.withArray("points").addObject();
    point.put("heading", "").put("visual_cue", "").put("text_overlay", "");
    point.withArray("sentences").addObject().put("text", text).withArray("sources").add(source);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {
        "RATE_LIMIT_WITH_RETRY_AFTER",
        "RATE_LIMIT",
        "SERVER_ERROR",
        "OVERLOADED",
        "TRUNCATED_JSON",
        "NONSENSE"
      })
  void aPassingFaultIsOvercome(Fault fault) throws StageException {
    openAi.next(fault);

    assertThat(write().wordCount()).isGreaterThan(40);
    assertThat(openAi.calls()).isEqualTo(2);
  }

  /** Whoever asks again, in one run: the first one may have been written, and billed. */
  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"CONNECTION_RESET", "BODY_CUT", "BAD_GATEWAY"})
  void whatMayHaveBeenWrittenIsBoughtOnceUnlessSomebodyAllowedMore(Fault fault)
      throws StageException {
    openAi.next(fault);

    StageException first = catchThrowableOfType(StageException.class, this::write);
    StageException second = catchThrowableOfType(StageException.class, this::write);

    assertThat(openAi.calls()).isEqualTo(1);
    assertThat(first.code()).isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);
    assertThat(first.charges()).isNotEmpty();
    assertThat(second.code()).isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);
    assertThat(second.provider()).isNotNull();
    assertThat(second.charges()).isEmpty();
    policy = TWICE;
    assertThat(write().wordCount()).isGreaterThan(40);
    assertThat(openAi.calls()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"CONNECTION_RESET", "BODY_CUT"})
  void aSecondPurchaseIsMadeAtOnceWhereSomebodyAllowedIt(Fault fault) throws StageException {
    policy = TWICE;
    openAi.next(fault);

    assertThat(write().wordCount()).isGreaterThan(40);
    assertThat(openAi.calls()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"EMPTY_WALLET", "WRONG_KEY", "NO_SUCH_MODEL", "REFUSAL", "CONTENT_FILTER"})
  void whatDoesNotPassIsToldAfterOneCallAndTheNextWriterTakesOver(Fault fault)
      throws StageException {
    openAi.next(fault);
    StageException failure = catchThrowableOfType(StageException.class, this::write);
    assertThat(openAi.calls()).isEqualTo(1);
    assertThat(failure.code())
        .isEqualTo(
            switch (fault) {
              case EMPTY_WALLET -> FailureCode.PROVIDER_QUOTA;
              case WRONG_KEY -> FailureCode.PROVIDER_UNAUTHORIZED;
              case NO_SUCH_MODEL -> FailureCode.PROVIDER_REQUEST_INVALID;
              default -> FailureCode.PROVIDER_REFUSED;
            });

    openAi.next(fault);
    ScriptWriter second =
        new ModelScriptWriter(
            model("local", openAi.baseUrl(), "writer-small", "max_completion_tokens", "sk-right"));
    ScriptWriterChain chain =
        new ScriptWriterChain(List.of(new ModelScriptWriter(model("openai")), second));
    assertThat(chain.write(article(), REQUEST).writer()).isEqualTo(second.identity());
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"REFUSAL", "CONTENT_FILTER"})
  void aRefusalIsCharged(Fault fault) {
    openAi.next(fault);

    StageException failure = catchThrowableOfType(StageException.class, this::write);

    assertThat(failure.charges())
        .extracting(Charge::unit)
        .contains(Charge.Unit.INPUT_TOKEN, Charge.Unit.OUTPUT_TOKEN);
  }

  /** Both may have been billed. */
  @Test
  void aCallWithAKeyThatIsLostTwiceIsNotMadeAThirdTime() {
    policy = TWICE;
    openAi.next(Fault.CONNECTION_RESET, Fault.CONNECTION_RESET);

    StageException failure = catchThrowableOfType(StageException.class, this::write);
    StageException again = catchThrowableOfType(StageException.class, this::write);

    assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);
    assertThat(again.code()).isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);
    assertThat(openAi.calls()).isEqualTo(2);
    assertThat(failure.charges()).isNotEmpty();
    assertThat(again.charges()).isEmpty();
  }

  /** A second call would take as long. */
  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"SILENCE", "GATEWAY_TIMEOUT"})
  void aCallThatTakesTooLongIsMadeOnce(Fault fault) {
    openAi.next(fault);
    ModelScriptWriter writer =
        new ModelScriptWriter(
            model(
                "openai",
                openAi.baseUrl(),
                "writer-large",
                "max_completion_tokens",
                "sk-right",
                fault == Fault.SILENCE ? HASTY : QUICK));

    StageException failure =
        catchThrowableOfType(StageException.class, () -> writer.write(article(), REQUEST));

    assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);
    assertThat(openAi.calls()).isEqualTo(1);
    assertThat(failure.charges()).isNotEmpty();
  }

  /** One paid call meets it; who comes later looks first, which costs nothing. */
  @Test
  void anOutageBehindAGatewayIsPaidForOnce() throws StageException {
    policy = TWICE;
    openAi.away(Fault.BAD_GATEWAY);

    StageException first = catchThrowableOfType(StageException.class, this::write);
    StageException second = catchThrowableOfType(StageException.class, this::write);

    assertThat(openAi.calls()).isEqualTo(1);
    assertThat(first.code()).isEqualTo(FailureCode.PROVIDER_DOWN);
    assertThat(first.charges()).isNotEmpty();
    assertThat(second.code()).isEqualTo(FailureCode.PROVIDER_DOWN);
    assertThat(second.provider()).isNotNull();
    assertThat(second.charges()).isEmpty();

    openAi.away(null);

    assertThat(write().wordCount()).isGreaterThan(40);
    assertThat(openAi.calls()).isEqualTo(2);
  }

  /** A page of a gateway that is well again. */
  @Test
  void aPageOfAGatewayIsOvercomeByASecondCall() throws StageException {
    policy = TWICE;
    openAi.next(Fault.BAD_GATEWAY);

    Script script = write();

    assertThat(openAi.calls()).isEqualTo(2);
    assertThat(script.charges()).extracting(Charge::unit).contains(Charge.Unit.OUTPUT_TOKEN);
  }

  @Test
  void numbersAreComparedByTheirValue() {
    SourceSentences source = SourceSentences.of(article());

    assertThat(Support.numbersHold("15 grams at 94.0 degrees", source)).isTrue();
    assertThat(Support.numbersHold("1.5 grams", source)).isFalse();
    assertThat(Support.numbersHold("9.4 degrees", source)).isFalse();
  }

  /** Else a record would be dead for good because a provider was down for a moment. */
  @ParameterizedTest
  @EnumSource(
      value = FailureCode.class,
      names = {"KIND_UNSUPPORTED", "SOURCE_TOO_THIN"})
  void aWriterThatRefusesTheRecordDoesNotHideWhyTheOthersCouldNotWrite(FailureCode refusal) {
    openAi.next(Fault.EMPTY_WALLET);
    ScriptWriter picky = refusing(refusal);
    ScriptWriterChain chain =
        new ScriptWriterChain(List.of(new ModelScriptWriter(model("openai")), picky));

    StageException failure =
        catchThrowableOfType(StageException.class, () -> chain.write(article(), REQUEST));
    assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_QUOTA);
    assertThat(failure.getSuppressed()).hasSize(1);

    StageException alone =
        catchThrowableOfType(
            StageException.class,
            () -> new ScriptWriterChain(List.of(picky)).write(article(), REQUEST));
    assertThat(alone.code()).isEqualTo(refusal);
  }

  private static ScriptWriter refusing(FailureCode refusal) {
    return new ScriptWriter() {
      @Override
      public String identity() {
        return "picky";
      }

      @Override
      public Script write(ContentRecord record, ScriptRequest request) throws StageException {
        throw new StageException(refusal, "not this one");
      }

      @Override
      public SeoMetadata describe(ContentRecord record, Script script, Platform platform) {
        throw new AssertionError("nothing was written");
      }
    };
  }

  /** Nobody would wait for a server that only answers wrongly. */
  @Test
  void aWriterThatIsAwayCountsBeforeOneThatCannot() {
    ScriptWriter away = refusing(FailureCode.PROVIDER_DOWN);
    ScriptWriter wrong = refusing(FailureCode.PROVIDER_REQUEST_INVALID);
    for (List<ScriptWriter> writers : List.of(List.of(away, wrong), List.of(wrong, away))) {
      StageException failure =
          catchThrowableOfType(
              StageException.class, () -> new ScriptWriterChain(writers).write(article(), REQUEST));

      assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_DOWN);
      assertThat(failure.getSuppressed()).hasSize(1);
    }
  }

  @Test
  void nobodyWritesForAWriterThatOnlyHasNoTurnYet() throws StageException {
    ModelScriptWriter tight =
        new ModelScriptWriter(
            new ChatModel(
                new ChatSettings(
                    "tight",
                    openAi.baseUrl(),
                    Secret.resolve("env:K", Map.of("K", "sk-right")),
                    "writer-small",
                    "max_completion_tokens",
                    "",
                    CallPolicy.DEFAULT
                        .withTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(2))
                        .withRates(/* perMinute= */ 1, /* inFlight= */ 1))));
    ScriptWriterChain chain =
        new ScriptWriterChain(List.of(tight, new ModelScriptWriter(model("openai"))));
    assertThat(chain.write(article(), REQUEST).writer()).isEqualTo(tight.identity());

    StageException failure =
        catchThrowableOfType(StageException.class, () -> chain.write(article(), REQUEST));

    assertThat(failure.code()).isEqualTo(FailureCode.NO_TURN);
    assertThat(openAi.calls()).isEqualTo(1);
  }

  @Test
  void nonsenseTwiceIsGivenUp() {
    openAi.next(Fault.NONSENSE, Fault.NONSENSE);

    StageException failure = catchThrowableOfType(StageException.class, this::write);

    assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_REPLY_INVALID);
    assertThat(openAi.requests()).hasSize(2);
    assertThat(openAi.requests().get(1).at("/messages/1/content").asText())
        .contains("Your last answer cannot be used");
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"HTML_PAGE", "ENDLESS_BODY"})
  void whatIsNoAnswerIsRefused(Fault fault) {
    openAi.next(fault, fault);

    StageException failure = catchThrowableOfType(StageException.class, this::write);

    assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_REPLY_INVALID);
  }

  @Test
  void aModelThatEndsSoonIsToldAndOneThatIsMissingToo() throws StageException {
    assertThat(model("openai").probe().endings()).isEmpty();
    assertThat(
            model("openai", openAi.baseUrl(), "writer-old", "max_completion_tokens", "sk-right")
                .probe()
                .endings())
        .containsExactly(Map.entry("writer-old", LocalDate.of(2027, 1, 14)));
    assertThat(
            catchThrowableOfType(
                    StageException.class,
                    () ->
                        model(
                                "openai",
                                openAi.baseUrl(),
                                "writer-gone",
                                "max_completion_tokens",
                                "sk-right")
                            .probe())
                .code())
        .isEqualTo(FailureCode.PROVIDER_REQUEST_INVALID);
  }

  @Test
  void settingsAreReadAndEveryMistakeIsNamed(@TempDir Path folder) throws Exception {
    String good =
        "script:\n"
            + "  - {name: sim, base_url: '"
            + openAi.baseUrl()
            + "', model: writer-large, key: 'env:KEY', parallel: 2}\n";
    List<WriterSettings> read = read(folder, good, Map.of("KEY", "sk-right"));
    assertThat(
            read.get(0)
                .open(Map.of("KEY", "sk-right"), KeyPoints.NONE, CallLimits.OF_THIS_PROCESS)
                .write(article(), REQUEST)
                .writer())
        .startsWith("sim:writer-large");

    assertThat(mistake(folder, good, Map.of())).contains("env:KEY: it is not set");
    assertThat(mistake(folder, good.replace("env:KEY", "sk-pasted"), Map.of()))
        .contains(":2: script[0].key: a secret is named here, never written down")
        .doesNotContain("sk-pasted");
    assertThat(mistake(folder, good.replace("parallel: 2", "paralel: 2"), Map.of()))
        .contains("script[0].paralel: unknown key 'paralel'");
    assertThat(mistake(folder, good.replace("http:", "gopher:"), Map.of()))
        .contains("script[0].base_url");
    assertThat(mistake(folder, good.replace("model: writer-large, ", ""), Map.of()))
        .contains("script[0]: 'model' is missing. Add model: to it.");
    assertThat(mistake(folder, "script: []", Map.of())).contains("script: nothing stands in it");
    assertThat(mistake(folder, "{", Map.of())).contains("not YAML");
  }

  private static List<WriterSettings> read(
      Path folder, String yaml, Map<String, String> environment) throws Exception {
    Path file = folder.resolve("reelbeam.yaml");
    Files.writeString(file, yaml);
    return ProviderSettings.read(file, environment).script();
  }

  private static String mistake(Path folder, String yaml, Map<String, String> environment) {
    StageException failure =
        catchThrowableOfType(StageException.class, () -> read(folder, yaml, environment));
    assertThat(failure.code()).isEqualTo(FailureCode.CONFIG_INVALID);
    return failure.getMessage();
  }
}
