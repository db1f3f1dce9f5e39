package dev.reelbeam.stages.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.fakes.FakeAssetReader;
import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.fakes.FakeScriptWriter;
import dev.reelbeam.fakes.FakeSpeechSynthesizer;
import dev.reelbeam.media.render.Segment;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.speech.SpokenSentence;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.model.video.DurationRange;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.model.video.VideoType;
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.flow.RecordOverrides;
import dev.reelbeam.stages.flow.RenderPlan;
import dev.reelbeam.stages.ingest.ParseContentRecord;
import dev.reelbeam.stages.layout.LayOutVideo;
import dev.reelbeam.stages.narration.FitNarration;
import dev.reelbeam.stages.step.Step;
import dev.reelbeam.stages.visuals.PlanVisuals;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What an edit costs, told by the keys of the segments: equal keys are found, others rendered. The
 * steps are called by hand up to the cut, so nothing is encoded here.
 */
class IncrementalEditsTest {
  private static final List<String> SENTENCES =
      List.of(
          "Warm light makes a room calm.",
          "Three small lamps do more than one big lamp ever could.",
          "Put the first lamp beside the chair where you read at night.",
          "A dimmer lets the evening come slowly and saves some power too.",
          "White walls carry the light far into every corner of the room.",
          "Keep the bulbs below three thousand kelvin so that skin looks alive.",
          "Candles are lovely but they never replace a lamp on the table.",
          "A mirror behind the lamp doubles what reaches the ceiling above.",
          "Try one corner tonight and look again tomorrow.");

  @TempDir Path folder;

  private FakeObjectStore store;
  private FakeSpeechSynthesizer speech;
  private FakeAssetReader assets;

  @BeforeEach
  void fresh() throws Exception {
    store = new FakeObjectStore(folder);
    speech = new FakeSpeechSynthesizer();
    assets = new FakeAssetReader();
    for (int i = 0; i < 6; i++) {
      assets = assets.with("p" + i + ".png", picture(i));
    }
  }

  /** A cut video: its segments, where each begins, and what is said. */
  private record Cut(RenderPlan plan, List<Integer> starts, Narration narration) {
    List<String> keys() {
      return plan.segments().stream().map(RenderPlan.PlannedSegment::key).toList();
    }

    /** Indices of the segments that are not among those of another cut. */
    List<Integer> changedSince(Cut before) {
      Set<String> known = new HashSet<>(before.keys());
      List<Integer> changed = new ArrayList<>();
      for (int i = 0; i < keys().size(); i++) {
        if (!known.contains(keys().get(i))) {
          changed.add(i);
        }
      }
      return changed;
    }

    long startUs(int segment) {
      return starts.get(segment) * 1_000_000L / plan.video().planned().variant().frameRate();
    }

    long endUs(int segment) {
      return startUs(segment)
          + plan.segments().get(segment).frames()
              * 1_000_000L
              / plan.video().planned().variant().frameRate();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {24, 30})
  void aWordFixedInOneSentenceSpeaksThatSentenceAndRendersWhatIsSeenWithIt(int frameRate)
      throws Exception {
    Cut before = cut(SENTENCES, frameRate);
    int spoken = speech.calls();
    List<String> fixed = new ArrayList<>(SENTENCES);
    fixed.set(4, SENTENCES.get(4).replace("White", "Light"));

    Cut after = cut(fixed, frameRate);

    assertThat(speech.calls() - spoken).as("sentences spoken").isEqualTo(1);
    assertThat(after.keys()).hasSameSizeAs(before.keys());
    SpokenSentence sentence = after.narration().sentences().get(4);
    for (int segment : after.changedSince(before)) {
      // Captions come up to 80 ms early and stay 400 ms; a picture comes 120 ms before its words.
      assertThat(after.startUs(segment)).isLessThan(sentence.endUs() + 400_000);
      assertThat(after.endUs(segment)).isGreaterThan(sentence.startUs() - 120_000);
    }
    assertThat(after.changedSince(before)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {24, 25, 30, 50, 60})
  void aLongerWordMovesLaterShotsAndLeavesThemFound(int frameRate) throws Exception {
    Cut before = cut(SENTENCES, frameRate);
    List<String> fixed = new ArrayList<>(SENTENCES);
    fixed.set(2, SENTENCES.get(2).replace("chair", "comfortable chair"));

    Cut after = cut(fixed, frameRate);

    long later = after.narration().sentences().get(3).endUs();
    assertThat(after.changedSince(before)).isNotEmpty();
    for (int segment : after.changedSince(before)) {
      assertThat(after.startUs(segment)).as("start of segment %d", segment).isLessThan(later);
    }
  }

  @ParameterizedTest
  @CsvSource({"24,2", "25,1", "25,2", "25,3", "30,1", "30,2", "30,3", "50,2", "60,2"})
  void aSentenceAddedLeavesLaterShotsFound(int frameRate, int place) throws Exception {
    Cut before = cut(SENTENCES, frameRate);
    List<String> longer = new ArrayList<>(SENTENCES);
    longer.add(place, "Nobody likes a glare from straight above the head.");

    Cut after = cut(longer, frameRate);

    int rendered = after.changedSince(before).size();
    long later = after.narration().sentences().get(place + 2).startUs();
    long late = after.changedSince(before).stream().filter(i -> after.startUs(i) >= later).count();
    assertThat(late).as("rendered although later").isLessThanOrEqualTo(1);
    assertThat(rendered).isLessThanOrEqualTo(after.keys().size() / 2);
  }

  @Test
  void aSwappedPictureRendersOnlyWhatShowsIt() throws Exception {
    Cut before = cut(SENTENCES, 30);
    Set<String> known = picturesOf(before);
    assets = assets.with("p3.png", picture(9));

    Cut after = cut(SENTENCES, 30);

    List<Integer> changed = after.changedSince(before);
    assertThat(changed).isNotEmpty();
    assertThat(changed.size()).isLessThanOrEqualTo(after.keys().size() / 2);
    for (int segment : changed) {
      // Its picture, or the ground of a card in its colours.
      assertThat(pictures(after, segment))
          .as("segment %d", segment)
          .anyMatch(p -> !known.contains(p));
    }
  }

  @Test
  void otherMusicRendersNothing() throws Exception {
    Cut before = cut(SENTENCES, 30);

    Cut after = cut(SENTENCES, 30, Brand.DEFAULT, "drive", false);

    assertThat(after.changedSince(before)).isEmpty();
  }

  @Test
  void anotherAddressOnTheEndCardRendersTheEndCardAlone() throws Exception {
    Cut before = cut(SENTENCES, 30, brand("example.com"), null, false);

    Cut after = cut(SENTENCES, 30, brand("example.org"), null, false);

    int last = after.keys().size() - 1;
    assertThat(after.changedSince(before)).isNotEmpty().allMatch(i -> i >= last - 1);
  }

  private static Brand brand(String url) throws Exception {
    ObjectNode brand = (ObjectNode) RecordJson.readTree(RecordJson.canonical(Brand.DEFAULT));
    brand.put("cta_url", url);
    return RecordJson.read(brand.toString(), Brand.class);
  }

  private Set<String> picturesOf(Cut cut) {
    Set<String> all = new HashSet<>();
    for (int i = 0; i < cut.keys().size(); i++) {
      all.addAll(pictures(cut, i));
    }
    return all;
  }

  private List<String> pictures(Cut cut, int segment) {
    return RecordJson.read(
            store.read(cut.plan().segments().get(segment).description()), Segment.class)
        .slices()
        .stream()
        .map(slice -> slice.still().picture().sha256())
        .toList();
  }

  private Cut cut(List<String> sentences, int frameRate) throws Exception {
    return cut(sentences, frameRate, Brand.DEFAULT, null, false);
  }

  private Cut cut(
      List<String> sentences, int frameRate, Brand brand, String music, boolean watermark)
      throws Exception {
    StringBuilder html = new StringBuilder();
    for (String sentence : sentences) {
      html.append("<p>").append(sentence).append("</p>");
      for (int picture = 0; picture < 6; picture++) {
        // By its last word, which no edit changes.
        if (lastWord(sentence).equals(lastWord(SENTENCES.get(picture)))) {
          html.append("<img src='p" + picture + ".png' alt='Room " + picture + "'>");
        }
      }
    }
    ObjectNode record = RecordJson.newObject();
    record.put("record_id", "edited");
    record.put("title", "Warm light at home");
    record.put("language", "en");
    record.put("content_html", html.toString());
    ContentRecord content =
        ParseContentRecord.parse(
            new RawRecord("test:0", "file:///", record.toString()), RecordOverrides.NONE);
    VideoSettings settings = VideoSettings.DEFAULT.withMusicTrack(music);
    PlannedVideo planned =
        new PlannedVideo(
            content.key(),
            store.put(RecordJson.canonicalBytes(content), "application/json"),
            content.title(),
            settings,
            brand,
            variant(frameRate));
    Providers providers =
        new Providers(
            () -> store, () -> assets, FakeScriptWriter::new, () -> speech, () -> Progress.NONE);
    NarratedVideo narrated = apply(new FitNarration(providers), planned);
    RenderPlan plan =
        apply(
            new CutIntoSegments(providers),
            apply(new LayOutVideo(providers), apply(new PlanVisuals(providers), narrated)));
    List<Integer> starts = new ArrayList<>();
    int start = 0;
    for (RenderPlan.PlannedSegment segment : plan.segments()) {
      starts.add(start);
      start += segment.frames();
    }
    return new Cut(
        plan, starts, RecordJson.read(store.read(narrated.narration()), Narration.class));
  }

  private static String lastWord(String sentence) {
    return sentence.substring(sentence.lastIndexOf(' '));
  }

  private static <I, O> O apply(Step<I, O> step, I input) throws Exception {
    step.open();
    try {
      return step.apply(input);
    } finally {
      step.close();
    }
  }

  private static Variant variant(int frameRate) {
    return new Variant(
        "v",
        270,
        480,
        frameRate,
        VideoType.SHORT,
        new DurationRange(3_000, 180_000),
        60_000,
        List.of("preview"),
        true,
        false,
        72_000_000,
        "libx264",
        "standard");
  }

  /** Photos that differ in colour and in structure: pictures that look alike are left out. */
  private static byte[] picture(int seed) throws Exception {
    int width = 600;
    int height = 400;
    double turn = seed * 0.7;
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double along = x * StrictMath.cos(turn) + y * StrictMath.sin(turn);
        double wave = StrictMath.sin(along / (40 + 9 * seed)) * 0.5 + 0.5;
        int grain = (x * (7 + seed) ^ y * 13) & 15;
        int rgb =
            Color.HSBtoRGB(seed / 7f + (float) wave * 0.1f, 0.7f, 0.25f + 0.6f * (float) wave);
        int r = Math.min(255, (rgb >> 16 & 0xFF) + grain);
        int g = Math.min(255, (rgb >> 8 & 0xFF) + grain);
        int b = Math.min(255, (rgb & 0xFF) + grain);
        image.setRGB(x, y, r << 16 | g << 8 | b);
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }
}
