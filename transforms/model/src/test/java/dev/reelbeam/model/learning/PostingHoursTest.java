package dev.reelbeam.model.learning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.content.TitleStyle;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.VideoFacts;
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
    EngagementSnapshot snapshot =
        new EngagementSnapshot(
            "v", "tiktok", null, 9, 1_000L, 30L, null, null, null, null, null, null, null, null,
            false);

    assertThat(ArmReward.of(facts, TitleStyle.NUMBER, snapshot))
        .extracting(reward -> reward.kind().id() + " " + reward.arm())
        .containsExactly("hook_style story", "title_style number", "posting_hour 18-21");
  }

  @Test
  void aZoneThatIsNoneIsUtc() {
    assertThat(PostingHours.zone("Europe/Berlin")).isEqualTo(BERLIN);
    assertThat(PostingHours.zone("Nowhere/At all")).isEqualTo(ZoneOffset.UTC);
  }
}
