package dev.reelbeam.clients.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.fakes.ScriptPromises;
import dev.reelbeam.model.content.BlockKind;
import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.HookStyle;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.SourceBlock;
import dev.reelbeam.model.content.TitleStyle;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ScriptRequest;
import dev.reelbeam.model.port.ScriptWriter;
import dev.reelbeam.model.video.Platform;
import dev.reelbeam.model.video.VideoType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every writer of scripts promises, whoever writes. */
@Timeout(240)
abstract class ScriptWriterContract {
  private static final int MS_PER_WORD = 400;
  private static final int PAUSE_MS = 200;

  /** A writer of its own, equal to the one before. */
  abstract ScriptWriter writer();

  /** What it says of a source that cannot fill the shortest length. */
  Set<FailureCode> tooThin() {
    return Set.of(FailureCode.SOURCE_TOO_THIN);
  }

  /** What it may say of a topic; empty if it writes for one. */
  abstract Set<FailureCode> topic();

  /** Whether another writes than the one whose styles are named; that one may open otherwise. */
  boolean standsIn() {
    return false;
  }

  static ScriptRequest request(VideoType type, int targetMs, int msPerWord) {
    return new ScriptRequest(
        type,
        targetMs,
        type.range().minMs(),
        type.range().maxMs(),
        msPerWord,
        PAUSE_MS,
        "",
        List.of(Platform.YOUTUBE, Platform.TIKTOK),
        null,
        null);
  }

  private static final ScriptRequest SHORT = request(VideoType.SHORT, 40_000, MS_PER_WORD);

  static ContentRecord record(
      String id, ContentKind kind, String language, String title, List<SourceBlock> blocks) {
    return new ContentRecord(
        new RecordKey(id, 1),
        "acme",
        null,
        kind,
        language,
        title,
        null,
        List.of(),
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

  static ContentRecord article(String id, String language, String title, String... paragraphs) {
    List<SourceBlock> blocks = new ArrayList<>();
    for (String text : paragraphs) {
      blocks.add(new SourceBlock(BlockKind.PARAGRAPH, 0, text, List.of(), null, -1));
    }
    return record(id, ContentKind.ARTICLE, language, title, blocks);
  }

  static ContentRecord coffee() {
    return article(
        "coffee-1",
        "en",
        "How to brew a better pour-over",
        "A pour-over takes 4 minutes and 15 grams of coffee. Water at 94 degrees pulls out the"
            + " sweetness before the bitterness. A paper filter holds back the oils of the beans.",
        "Grind as fine as table salt. A coarse grind lets the water run through too fast, and the"
            + " cup tastes thin. A burr grinder cuts every bean to the same size. Fresh beans keep"
            + " their taste for 4 weeks in a closed tin.",
        "Pour slowly in circles from the middle outwards. Wait 30 seconds for the bloom before the"
            + " second pour. Stop at 250 grams of water in the cup. Rinse the filter with hot water"
            + " before the coffee goes in. The rinse warms the cup and washes the paper taste"
            + " away.",
        "Soft water gives a rounder cup than hard water does. A kettle with a narrow spout makes"
            + " the stream easy to steer. Note the grind and the time of every good cup. Change"
            + " one thing at a time, and taste what it does.");
  }

  private static ContentRecord forest() {
    return article(
        "wald-1",
        "de",
        "Wie der Wald das Wasser hält",
        "Ein alter Buchenwald speichert 200 Liter Wasser auf jedem Quadratmeter Boden. Das Laub"
            + " bremst den Regen, bevor er den Boden erreicht. Darunter arbeiten Würmer und Pilze"
            + " das ganze Jahr.",
        "Nach einem Kahlschlag läuft das Wasser in wenigen Stunden ab. Der Boden trocknet aus, und"
            + " junge Bäume finden keinen Halt. Förster lassen deshalb heute 30 Prozent der Stämme"
            + " stehen.",
        "Totholz ist kein Abfall, sondern ein Speicher. Ein dicker Stamm hält das Wasser auch im"
            + " trockenen August. Käfer, Moose und Vögel leben von diesem Vorrat. Wer im Wald"
            + " spazieren geht, sieht die umgestürzten Bäume an jedem Weg.",
        "Mischwälder verdunsten weniger als reine Fichtenwälder. Ihre Wurzeln reichen 3 Meter tief"
            + " und erschließen verschiedene Schichten. So überstehen sie auch lange trockene"
            + " Sommer.");
  }

  @Test
  void aScriptHasItsShapeRestsOnItsSourceAndFitsTheLength() throws StageException {
    List<ScriptRequest> requests =
        List.of(
            request(VideoType.TEASER, 20_000, MS_PER_WORD),
            SHORT,
            request(VideoType.SHORT, 55_000, 350));
    for (ContentRecord record : List.of(coffee(), forest())) {
      for (ScriptRequest request : requests) {
        Script script = writer().write(record, request);

        assertThat(ScriptPromises.broken(record, request, script))
            .as(script.scriptText())
            .isEmpty();
        assertThat(writer().identity()).contains(script.writer());
        assertThat(RecordJson.read(RecordJson.canonical(script), Script.class)).isEqualTo(script);
      }
    }
  }

  @Test
  void moreTimeMeansMoreWordsAndASlowerVoiceFewer() throws StageException {
    int usual = writer().write(coffee(), SHORT).wordCount();

    assertThat(writer().write(coffee(), request(VideoType.TEASER, 18_000, MS_PER_WORD)).wordCount())
        .isLessThan(usual);
    assertThat(writer().write(coffee(), request(VideoType.SHORT, 40_000, 600)).wordCount())
        .isLessThan(usual);
  }

  @Test
  void equalRequestsGiveEqualScriptsAlsoManyAtOnce() throws Exception {
    Script first = writer().write(coffee(), SHORT);

    assertThat(writer().identity()).isEqualTo(writer().identity()).isNotBlank();
    assertThat(writer().preferred()).isEqualTo(writer().preferred());
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      ScriptWriter shared = writer();
      List<Future<Script>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        all.add(threads.submit(() -> shared.write(coffee(), SHORT)));
      }
      for (Future<Script> script : all) {
        // What is billed depends on whose prompt was found in a cache.
        assertThat(script.get().withCharges(List.of())).isEqualTo(first.withCharges(List.of()));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void itOpensAsItSaysThatItCan() throws StageException {
    for (HookStyle style : writer().hookStyles(coffee())) {
      HookStyle opens = writer().write(coffee(), SHORT.withHookStyle(style)).hookStyle();

      assertThat(opens == style || standsIn()).as("%s: %s", style, opens).isTrue();
    }
    for (TitleStyle style : writer().titleStyles(coffee())) {
      TitleStyle form = writer().write(coffee(), SHORT.withTitleStyle(style)).titleStyle();

      assertThat(form == style || standsIn()).as("%s: %s", style, form).isTrue();
    }
  }

  @Test
  void theTextsForPlatformsAreWithinTheirLimits() throws StageException {
    for (ContentRecord record : List.of(coffee(), forest())) {
      Script script = writer().write(record, SHORT);

      assertThat(script.seo().keySet()).isSubsetOf("youtube", "tiktok");
      for (Platform platform : SHORT.platforms()) {
        assertThat(
                ScriptPromises.tooLong(platform.id(), writer().describe(record, script, platform)))
            .isEmpty();
      }
    }
  }

  @Test
  void aThinSourceIsToldByItsNumber() {
    ContentRecord thin = article("thin-1", "en", "Bees", "A hive needs sun in the morning.");

    StageException failure =
        catchThrowableOfType(
            StageException.class,
            () -> writer().write(thin, request(VideoType.LONG, 400_000, MS_PER_WORD)));

    assertThat(tooThin()).contains(failure.code());
    assertThat(failure.describe()).doesNotContain("sk-right");
  }

  @Test
  void aTopicIsWrittenOrRefusedByItsNumber() throws StageException {
    ContentRecord topic =
        record("topic-1", ContentKind.TOPIC, "en", "Why bees like window boxes", List.of());
    if (topic().isEmpty()) {
      Script script = writer().write(topic, SHORT);

      assertThat(script.sections())
          .flatExtracting(section -> section.sentences())
          .allSatisfy(sentence -> assertThat(sentence.sourceBlock()).isEqualTo(-1));
    } else {
      assertThat(topic())
          .contains(
              catchThrowableOfType(StageException.class, () -> writer().write(topic, SHORT))
                  .code());
    }
  }

  @Test
  @Timeout(20)
  void aBookIsShortenedInBoundedTime() throws StageException {
    String[] who = {
      "gardeners", "carpenters", "teachers", "sailors", "bakers", "nurses", "farmers"
    };
    String[] what = {
      "barrels", "ladders", "notebooks", "compasses", "ovens", "bandages", "ploughs"
    };
    String[] how = {"patience", "daylight", "arithmetic", "courage", "silence"};
    String[] where = {"valley", "harbour", "attic", "orchard", "market", "station"};
    List<String> paragraphs = new ArrayList<>();
    for (int i = 0; i < who.length * what.length * how.length; i++) {
      String one = who[i % who.length];
      String thing = what[i / who.length % what.length];
      String virtue = how[i / who.length / what.length];
      String place = where[i % where.length];
      paragraphs.add(
          "In year %d the %s of the %s counted %d %s. Good %s ask for %s more than for money."
              .formatted(1700 + i, one, place, 3 + i * i % 997, thing, thing, virtue));
    }
    ContentRecord book =
        article("book-1", "en", "What the town counted", paragraphs.toArray(String[]::new));

    Script script = writer().write(book, SHORT);

    assertThat(ScriptPromises.broken(book, SHORT, script)).isEmpty();
  }

  @Test
  void theIdentityHoldsNoSecret() {
    assertThat(writer().identity()).doesNotContain("sk-right");
  }
}
