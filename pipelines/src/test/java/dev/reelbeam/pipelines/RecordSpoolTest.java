package dev.reelbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.content.RawRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecordSpoolTest {
  @Test
  void recordsComeBackInTheirOrderAndInParts() throws Exception {
    List<RawRecord> records = IntStream.range(0, 5).mapToObj(i -> record(i, "text")).toList();
    List<List<RawRecord>> parts = new ArrayList<>();
    try (RecordSpool spool = RecordSpool.open()) {
      for (RawRecord record : records) {
        spool.add(record);
      }
      assertThat(spool.size()).isEqualTo(5);
      spool.inParts(2, parts::add);
    }
    assertThat(parts).extracting(List::size).containsExactly(2, 2, 1);
    assertThat(parts.stream().flatMap(List::stream)).containsExactlyElementsOf(records);
  }

  @Test
  void aFewLargeOnesAreAPart() throws Exception {
    List<Integer> sizes = new ArrayList<>();
    try (RecordSpool spool = RecordSpool.open()) {
      for (int i = 0; i < 4; i++) {
        spool.add(record(i, "x".repeat(17_000_000)));
      }
      spool.inParts(100, part -> sizes.add(part.size()));
    }
    assertThat(sizes).containsExactly(2, 2);
  }

  @Test
  void anEmptyOneGivesNothing() throws Exception {
    try (RecordSpool spool = RecordSpool.open()) {
      spool.inParts(
          2,
          part -> {
            throw new AssertionError("there is none");
          });
      assertThat(spool.size()).isZero();
    }
  }

  private static RawRecord record(int number, String text) {
    return new RawRecord(
        "archive.jsonl:" + number,
        "file:///archive/",
        "{\"title\":\"Änderung\n\u2028" + text + "\"}");
  }
}
