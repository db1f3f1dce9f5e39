package dev.reelbeam.model.learning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.content.TitleStyle;
import dev.reelbeam.model.engagement.Dimension;
import dev.reelbeam.model.engagement.Measures;
import dev.reelbeam.model.engagement.VideoFacts;
import dev.reelbeam.model.engagement.WindowKind;
import dev.reelbeam.model.engagement.WindowRow;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PostingHoursTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final ZoneId ST_JOHNS = ZoneId.of("America/St_Johns");

  @Property
  void theNextMomentLiesAheadByADayAtMostAndInItsPartOfTheDay(
      @ForAll @LongRange(min = 1_700_000_000, max = 1_900_000_000) long nowS,
      @ForAll @IntRange(max = 5) int part,
      @ForAll int seed,
      @ForAll boolean far) {
    ZoneId zone = far ? ST_JOHNS : BERLIN;
    Instant now = Instant.ofEpochSecond(nowS);
    String wanted = PostingHours.SUGGESTED.get(part);
    ZonedDateTime next = PostingHours.next(wanted, zone, now, List.of(seed));

    // The longest day has 25 hours.
    assertThat(Duration.between(now, next.toInstant()))
        .isPositive()
        .isLessThanOrEqualTo(Duration.ofHours(25));
    assertThat(PostingHours.of(next.toInstant().toEpochMilli(), zone)).isEqualTo(wanted);
    assertThat(PostingHours.next(wanted, zone, now, List.of(seed))).isEqualTo(next);
  }

  @Test
  void anHourIsThatOfTheSitesClockOnBothSidesOfTheChange() {
    long summer = Instant.parse("2026-10-24T16:30:00Z").toEpochMilli();
    long winter = Instant.parse("2026-10-25T16:30:00Z").toEpochMilli();
    assertThat(PostingHours.of(summer, BERLIN)).isEqualTo("18-21");
    assertThat(PostingHours.of(winter, BERLIN)).isEqualTo("15-18");
    assertThat(PostingHours.of(winter, ZoneOffset.UTC)).isEqualTo("15-18");
    assertThat(PostingHours.of(Instant.parse("2026-06-01T22:00:00Z").toEpochMilli(), BERLIN))
        .isEqualTo("00-03");
  }

  @Test
  void videosOfOneSiteAreSpreadOverThePart() {
    Instant now = Instant.parse("2026-06-01T00:00:00Z");
    long minutes =
        java.util.stream.IntStream.range(0, 40)
            .mapToObj(video -> PostingHours.next("18-21", BERLIN, now, List.of(video)))
            .distinct()
            .count();
    assertThat(minutes).isGreaterThan(25);
  }

  @Test
  void aVideoTeachesAboutTheHourAtWhichItWasPublished() {
    VideoFacts facts =
        new VideoFacts(
            "v",
            "tiktok",
            "tiktok",
            "acme",
            "Europe/Berlin",
            "story",
            null,
            "short",
            null,
            "p",
            Instant.parse("2026-06-01T17:10:00Z").toEpochMilli(),
            0,
            0);
    assertThat(ArmReward.of(facts, TitleStyle.NUMBER, new ArmReward.Earned(30, 1_000, 9)))
        .extracting(reward -> reward.kind().id() + " " + reward.arm())
        .containsExactly("hook_style story", "title_style number", "posting_hour 18-21");
  }

  @Test
  void onlyAWholeFirstWeekEarns() {
    long[] measures = new long[Measures.SIZE];
    measures[Measures.ENGAGEMENTS] = 30;
    measures[Measures.ENGAGEMENT_VIEWS] = 1_000;
    measures[Measures.KNOWN] = 1;
    measures[Measures.KNOWN + 1] = 1;
    measures[Measures.VERSION] = 1L << 36;
    assertThat(earned(WindowKind.FIRST_7D, measures).interactions()).isEqualTo(30);
    assertThat(earned(WindowKind.FIRST_7D, measures).views()).isEqualTo(1_000);
    assertThat(earned(WindowKind.FIRST_24H, measures)).isNull();
    // A later generation counts, whatever its versions, and more than the times of before.
    WindowRow later = new WindowRow(Dimension.VIDEO, "x/v", WindowKind.FIRST_7D, 0, 1, measures);
    assertThat(ArmReward.Earned.of(later).version())
        .isGreaterThan(earned(WindowKind.FIRST_7D, measures).version())
        .isGreaterThan(Instant.parse("2050-01-01T00:00:00Z").toEpochMilli());
    measures[Measures.PROVISIONAL] = 1;
    assertThat(earned(WindowKind.FIRST_7D, measures)).isNull();
    measures[Measures.PROVISIONAL] = 0;
    measures[Measures.KNOWN] = 0;
    assertThat(earned(WindowKind.FIRST_7D, measures)).as("without views").isNull();
  }

  private static ArmReward.Earned earned(WindowKind kind, long[] measures) {
    return ArmReward.Earned.of(new WindowRow(Dimension.VIDEO, "x/v", kind, 0, measures));
  }

  @Test
  void aZoneThatIsNoneIsUtc() {
    assertThat(PostingHours.zone("Europe/Berlin")).isEqualTo(BERLIN);
    assertThat(PostingHours.zone("Nowhere/At all")).isEqualTo(ZoneOffset.UTC);
  }
}
