package dev.reelbeam.pipelines.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WordingTest {
  @Test
  void timesAreWordedForPeopleAndForScripts() {
    assertThat(Wording.clock(64_450_000)).isEqualTo("1:04.5");
    assertThat(Wording.clock(59_960_000)).isEqualTo("1:00.0");
    assertThat(Wording.minutes(614_900_000)).isEqualTo("10:14");
    assertThat(Wording.seconds(1_234_567)).isEqualTo("1.235");
    assertThat(Wording.length(20_400_000)).isEqualTo("20.4 s");
  }

  @Test
  void sizesAndMoneyKeepWhatMatters() {
    assertThat(Wording.size(996)).isEqualTo("996 B");
    assertThat(Wording.size(1_002)).isEqualTo("1.0 kB");
    assertThat(Wording.size(323_462)).isEqualTo("323 kB");
    assertThat(Wording.size(10_263_814)).isEqualTo("10.3 MB");
    assertThat(Wording.money(0)).isEqualTo("$0.00");
    assertThat(Wording.money(2_500)).isEqualTo("$0.0025");
    assertThat(Wording.money(1_200_000)).isEqualTo("$1.20");
  }

  @Test
  void sharesStayInsideTheWhole() {
    assertThat(Wording.percent(1, 3)).isEqualTo("33.333");
    assertThat(Wording.percent(5, 4)).isEqualTo("100.000");
    assertThat(Wording.percent(-1, 4)).isEqualTo("0.000");
    assertThat(Wording.percent(0, 0)).isEqualTo("0.000");
  }

  @Test
  void linksAreEncodedNameByName() {
    assertThat(Wording.link("a b", "c#d?.mp4")).isEqualTo("a%20b/c%23d%3F.mp4");
    assertThat(Wording.link("javascript:alert(1)")).doesNotContain(":");
  }

  @Test
  void oneIsNotMany() {
    assertThat(Wording.count(1, "video")).isEqualTo("1 video");
    assertThat(Wording.count(2, "delivery", "deliveries")).isEqualTo("2 deliveries");
  }
}
