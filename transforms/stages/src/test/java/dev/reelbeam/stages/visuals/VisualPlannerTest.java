package dev.reelbeam.stages.visuals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.media.picture.PermilleBox;
import dev.reelbeam.media.picture.PictureFacts;
import dev.reelbeam.media.picture.PictureKind;
import dev.reelbeam.model.content.BlockKind;
import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.Listing;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.SectionRole;
import dev.reelbeam.model.content.Sentence;
import dev.reelbeam.model.content.SourceBlock;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.speech.SpokenSentence;
import dev.reelbeam.model.speech.WordTiming;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.model.video.DurationRange;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.model.video.VideoType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VisualPlannerTest {
  private static final MediaRef REF = new MediaRef("ab".repeat(32), 1, "image/png");
  private static final int WORD_MS = 350;

  @Test
  void aPictureIsShownWhereTheTextMentionsIt() {
    Storyboard storyboard =
        plan(
            article(),
            List.of("A cup", "A kettle on a stove", "Fresh coffee beans", "A paper filter"),
            "Coffee at home can be great.",
            "First boil the water in a kettle on the stove.",
            "Then rinse the paper filter with hot water.",
            "Grind the fresh beans just before brewing.",
            "Follow for more.");
    assertThat(shownAt(storyboard, "kettle on the stove")).isEqualTo("A kettle on a stove");
    assertThat(shownAt(storyboard, "rinse the paper filter")).isEqualTo("A paper filter");
    assertThat(shownAt(storyboard, "Grind the fresh beans")).isEqualTo("Fresh coffee beans");
  }

  @Property(tries = 60)
  void aStoryboardIsSoundWhateverItIsMadeOf(
      @ForAll @IntRange(min = 0, max = 6) int pictures,
      @ForAll @IntRange(min = 2, max = 25) int sentences,
      @ForAll @IntRange(min = 1, max = 30) int words,
      @ForAll boolean vertical) {
    String[] spoken = new String[sentences];
    for (int i = 0; i < sentences; i++) {
      StringBuilder text = new StringBuilder("Word");
      for (int w = 1; w < words; w++) {
        text.append(" w").append((i * 7 + w) % 40);
      }
      spoken[i] = text + ".";
    }
    List<String> descriptions =
        IntStream.range(0, pictures).mapToObj(i -> "picture w" + i * 5).toList();
    Storyboard storyboard =
        plan(article(), descriptions, vertical ? VideoType.SHORT : VideoType.LONG, spoken);

    List<Storyboard.Shot> shots = storyboard.shots();
    assertThat(shots.get(0).startUs()).isZero();
    assertThat(shots.get(shots.size() - 1).kind()).isEqualTo(ShotKind.END);
    for (int i = 1; i < shots.size(); i++) {
      assertThat(shots.get(i).startUs()).isGreaterThan(shots.get(i - 1).startUs());
      boolean bothPictures =
          shots.get(i).kind() == ShotKind.PICTURE && shots.get(i - 1).kind() == ShotKind.PICTURE;
      if (bothPictures) {
        assertThat(shots.get(i).picture()).isNotEqualTo(shots.get(i - 1).picture());
      }
    }
    assertThat(shots.get(shots.size() - 1).startUs())
        .isLessThan(storyboard.durationMs() * 1000L - 500_000);
    for (Storyboard.Label label : storyboard.labels()) {
      assertThat(label.endUs()).isGreaterThan(label.startUs());
    }
    assertThat(storyboard.chapters().size()).isNotIn(1, 2);
  }

  @Test
  void aListingShowsItsNameAndItsPrice() {
    ContentRecord listing =
        record(
            ContentKind.LISTING,
            "2020 Toyota Camry",
            new Listing("18500", "USD", "automotive"),
            List.of());
    Storyboard storyboard =
        plan(
            listing,
            List.of("Exterior", "Interior", "Wheel"),
            "Looking for a family car?",
            "Meet the 2020 Toyota Camry.",
            "Have a look at the interior.",
            "The price is $18,500.",
            "Get in touch today.");
    assertThat(storyboard.shots())
        .extracting(Storyboard.Shot::kind)
        .contains(ShotKind.OPENING, ShotKind.PRICE, ShotKind.END);
  }

  @Test
  void aYearIsNoNumberWorthACard() {
    Storyboard storyboard =
        plan(
            article(),
            List.of(),
            "A short story.",
            "It began in 1999.",
            "It took 40 days.",
            "End.");
    assertThat(storyboard.shots())
        .filteredOn(shot -> shot.kind() == ShotKind.NUMBER)
        .extracting(Storyboard.Shot::text)
        .containsExactly("40");
  }

  private static String shownAt(Storyboard storyboard, String words) {
    int sentence = -1;
    String[] spoken = storyboardTexts;
    for (int i = 0; i < spoken.length; i++) {
      if (spoken[i].contains(words)) {
        sentence = i;
      }
    }
    int section = sentence;
    return storyboard.shots().stream()
        .filter(shot -> shot.section() == section && shot.picture() != null)
        .map(shot -> String.valueOf(shot.picture().description()))
        .findFirst()
        .orElse("no picture");
  }

  private static String[] storyboardTexts = {};

  private static Storyboard plan(ContentRecord content, List<String> pictures, String... spoken) {
    return plan(content, pictures, VideoType.SHORT, spoken);
  }

  private static Storyboard plan(
      ContentRecord content, List<String> descriptions, VideoType type, String... spoken) {
    storyboardTexts = spoken;
    List<ScriptSection> sections = new ArrayList<>();
    List<SpokenSentence> sentences = new ArrayList<>();
    long cursorUs = 200_000;
    for (int i = 0; i < spoken.length; i++) {
      SectionRole role =
          i == 0 ? SectionRole.HOOK : i == spoken.length - 1 ? SectionRole.CTA : SectionRole.POINT;
      sections.add(
          new ScriptSection(
              role, List.of(new Sentence(spoken[i], -1)), spoken[i], "", "Part " + i / 3, 0));
      List<WordTiming> words = new ArrayList<>();
      long startUs = cursorUs;
      int at = 0;
      for (String word : spoken[i].split(" ", -1)) {
        words.add(
            new WordTiming(word, at, at + word.length(), cursorUs, cursorUs + WORD_MS * 900L));
        at += word.length() + 1;
        cursorUs += WORD_MS * 1000L;
      }
      sentences.add(new SpokenSentence(i, 0, spoken[i], REF, 1, 48_000, startUs, cursorUs, words));
      cursorUs += 200_000;
    }
    Narration narration = new Narration(sentences, "v", 1000, 1, (int) (cursorUs / 1000) + 1200);
    List<Storyboard.Picture> pictures = new ArrayList<>();
    for (int i = 0; i < descriptions.size(); i++) {
      pictures.add(
          new Storyboard.Picture(i, i + ".png", REF, facts(i), descriptions.get(i), null, null));
    }
    boolean vertical = type != VideoType.LONG;
    Variant variant =
        new Variant(
            "v",
            vertical ? 1080 : 1920,
            vertical ? 1920 : 1080,
            30,
            type,
            new DurationRange(1000, 900_000),
            30_000,
            List.of("tiktok"),
            true,
            false,
            1_000_000,
            "libx264",
            "standard");
    return new VisualPlanner(
            content,
            new Script(sections, "en", 1, "test"),
            narration,
            variant,
            Brand.DEFAULT,
            pictures)
        .plan();
  }

  private static ContentRecord article() {
    return record(
        ContentKind.ARTICLE,
        "A title",
        null,
        List.of(new SourceBlock(BlockKind.PARAGRAPH, 0, "Text.", List.of(), null, -1)));
  }

  private static ContentRecord record(
      ContentKind kind, String title, @Nullable Listing listing, List<SourceBlock> blocks) {
    return new ContentRecord(
        new RecordKey("r", 1),
        null,
        null,
        kind,
        "en",
        title,
        null,
        List.of(),
        blocks,
        List.of(),
        listing,
        new ProjectRequest(
            null, List.of(), VideoSettings.DEFAULT, ReviewPolicy.AUTO, "normal", true),
        "file:///");
  }

  private static PictureFacts facts(int i) {
    return new PictureFacts(
        1200,
        900,
        PictureKind.PHOTO,
        false,
        0,
        500,
        500,
        PermilleBox.WHOLE,
        0,
        500,
        500,
        500,
        0,
        List.of("#336699"),
        String.format(java.util.Locale.ROOT, "%016x", 0x1234_5678L << i),
        List.of());
  }
}
