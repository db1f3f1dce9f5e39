package dev.reelbeam.model.engagement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.model.json.EngagementJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SnapshotFormsTest {
  @Provide
  Arbitrary<EngagementSnapshot> snapshots() {
    Arbitrary<Long> counter = Arbitraries.longs().injectNull(0.3);
    Arbitrary<String> text = Arbitraries.strings().alpha().numeric().ofMinLength(1).ofMaxLength(40);
    return Combinators.combine(
            text,
            text,
            text.injectNull(0.3),
            Arbitraries.longs().between(-1_000_000_000_000L, 10_000_000_000_000L),
            counter.array(Long[].class).ofSize(9),
            text.injectNull(0.5),
            Arbitraries.of(true, false))
        .as(
            (video, platform, site, at, counts, raw, removed) ->
                new EngagementSnapshot(
                    video, platform, site, at, counts[0], counts[1], counts[2], counts[3],
                    counts[4], counts[5], counts[6], counts[7], counts[8], raw, removed));
  }

  @Property(tries = 500)
  void bothFormsGiveBackWhatWasWritten(@ForAll("snapshots") EngagementSnapshot snapshot) {
    assertThat(SnapshotCodec.decode(SnapshotCodec.encode(snapshot))).isEqualTo(snapshot);
    assertThat(EngagementJson.readSnapshot(EngagementJson.write(snapshot))).isEqualTo(snapshot);
    assertThat(SnapshotCodec.isBinary(EngagementJson.write(snapshot))).isFalse();
  }

  @Property(tries = 500)
  void bytesThatWereCutOrDamagedAreRefusedOrReadButNothingElseHappens(
      @ForAll("snapshots") EngagementSnapshot snapshot,
      @ForAll int cut,
      @ForAll int at,
      @ForAll byte value) {
    byte[] whole = SnapshotCodec.encode(snapshot);
    byte[] shorter = Arrays.copyOf(whole, Math.floorMod(cut, whole.length));
    assertThatThrownBy(() -> SnapshotCodec.decode(shorter))
        .isInstanceOf(IllegalArgumentException.class);
    whole[Math.floorMod(at, whole.length)] = value;
    try {
      SnapshotCodec.decode(whole);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
  }

  @Test
  void theBinaryFormIsAThirdOfTheJson() {
    EngagementSnapshot snapshot =
        new EngagementSnapshot(
            "7b1e0a52-6f0e-4c1f-9a33-0a8f6f2f4b11",
            "youtube",
            null,
            1_793_000_000_000L,
            1_200L,
            80L,
            4L,
            2L,
            31_200L,
            9_000L,
            410L,
            null,
            1_840_000L,
            null,
            false);
    assertThat(SnapshotCodec.encode(snapshot)).hasSize(72);
    assertThat(EngagementJson.write(snapshot).length).isGreaterThan(200);
  }

  @Test
  void jsonIsStrictWhereAMistakeWouldBecomeAFigure() {
    assertRefused("{\"platform\":\"x\",\"fetched_at\":1}", "video_id is missing");
    assertRefused("{\"video_id\":\"a\",\"platform\":\"x\"}", "fetched_at is missing");
    assertRefused(snapshot("\"views\":1.5"), "views is not a whole number");
    assertRefused(snapshot("\"views\":\"12\""), "views is not a whole number");
    assertRefused(snapshot("\"views\":true"), "views is not a whole number");
    assertRefused(
        "{\"video_id\":\"a\",\"platform\":\"x\",\"fetched_at\":\"2026-11-01T12:00:00\"}",
        "fetched_at is not a time with an offset");
    assertRefused("[]", "not a JSON object");
    assertRefused(snapshot("\"views\":1") + "{}", "not one JSON object");
    assertRefused("", "not a JSON object");
    assertRefused("{\"video_id\":", "not JSON");
    assertThat(read(snapshot("\"views\":99999999999999999999")).views()).isEqualTo(Long.MAX_VALUE);
    assertThat(read(snapshot("\"views\":null")).views()).isNull();
    assertThat(read(snapshot("\"later\":{\"deep\":[1,2]}")).views()).isNull();
  }

  @Test
  void factsComeBackFromBothForms() {
    VideoFacts facts =
        new VideoFacts(
            "v1",
            "tiktok",
            "tiktok",
            "acme",
            "Europe/Berlin",
            "question",
            null,
            "short",
            "pumps",
            "blog-42",
            1_793_000_000_000L,
            12_345,
            17);
    assertThat(EngagementJson.readFacts(EngagementJson.write(facts))).isEqualTo(facts);
    assertThat(FactsCodec.decode(FactsCodec.encode(facts))).isEqualTo(facts);
  }

  private static String snapshot(String field) {
    return "{\"video_id\":\"a\",\"platform\":\"x\",\"fetched_at\":\"2026-11-01T12:00:00+01:00\","
        + field
        + "}";
  }

  private static EngagementSnapshot read(String json) {
    return EngagementJson.readSnapshot(json.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertRefused(String json, String message) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
