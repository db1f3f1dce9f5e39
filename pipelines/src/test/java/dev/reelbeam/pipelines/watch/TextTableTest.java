package dev.reelbeam.pipelines.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.pipelines.watch.TextTable.Column;
import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void columnsAreAsWideAsTheirWidestCellAndNothingTrails() {
    TextTable table = new TextTable(Column.left("A"), Column.right("B"), Column.left("C"));
    table.row("x", "1", "").row("long", "100", "c\nd");
    assertThat(table).hasToString("A       B  C\nx       1\nlong  100  c d\n");
  }

  @Test
  void wideCharactersTakeTwoColumnsAndMarksNone() {
    assertThat(TextTable.width("日本")).isEqualTo(4);
    assertThat(TextTable.width("e\u0301")).isEqualTo(1);
    assertThat(TextTable.width("🎬")).isEqualTo(2);
    assertThat(TextTable.shortened("日本語の記事", 7)).isEqualTo("日本語…");
  }

  @Test
  void aRowOfTheWrongLengthIsRefused() {
    assertThatThrownBy(() -> new TextTable(Column.left("A")).row("1", "2"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void amountsReadWell() {
    assertThat(Amounts.time(45_290)).isEqualTo("45.2 s");
    assertThat(Amounts.time(185_000)).isEqualTo("3:05");
    assertThat(Amounts.clock(3_723_000)).isEqualTo("1:02:03");
    assertThat(Amounts.bytes(999)).isEqualTo("999 B");
    assertThat(Amounts.bytes(999_960)).isEqualTo("1.0 MB");
    assertThat(Amounts.bytes(256_000_000_000L)).isEqualTo("256.0 GB");
    assertThat(Amounts.count(1, "video")).isEqualTo("1 video");
    assertThat(Amounts.count(0, "video")).isEqualTo("0 videos");
  }

  @Test
  void thisProcessHasUsedTimeAndMemory() {
    ProcessUsage usage = ProcessUsage.now();
    assertThat(usage.cpu()).isPositive();
    assertThat(usage.peakResidentBytes()).isGreaterThan(10_000_000L);
  }
}
