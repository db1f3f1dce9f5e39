package dev.reelbeam.stages.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.CostItem;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LooseBillsTest {
  private static final RecordKey RECORD = new RecordKey("p", 1);

  @Test
  void aBillIsToldByOneVariantHoweverOftenEachIsDelivered(@TempDir Path folder) {
    LooseBills bills = new LooseBills(new Artifacts(new FakeObjectStore(folder), Progress.NONE));
    Charge first = new Charge("painter", "model", Charge.Unit.PICTURE, 1);
    Charge second = new Charge("painter", "model", Charge.Unit.PICTURE, 2);
    CostItem item = CostItem.values()[0];
    bills.keep(RECORD, item, List.of(first));
    assertThat(bills.of(RECORD, "tall").get(item)).containsExactly(first);
    assertThat(bills.of(RECORD, "wide")).isEmpty();

    // One that came since, from an edit of the other variant for example.
    bills.keep(RECORD, item, List.of(second));
    assertThat(bills.of(RECORD, "wide").get(item)).containsExactly(second);
    assertThat(bills.of(RECORD, "tall").get(item)).containsExactly(first);
  }
}
