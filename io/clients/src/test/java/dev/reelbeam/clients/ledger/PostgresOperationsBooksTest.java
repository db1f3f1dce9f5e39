package dev.reelbeam.clients.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.clients.TestServers;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.engagement.OperationsEvent;
import dev.reelbeam.model.engagement.OperationsEvent.Kind;
import dev.reelbeam.model.port.OperationsBooks;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.ProgressEvent;
import dev.reelbeam.model.project.ProjectEntry;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.video.VideoType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What waits; what is spent is in {@link SpendLedgersTest}. */
class PostgresOperationsBooksTest {
  private static final long NOW_MS = 1_790_000_000_000L;

  @Test
  void draftsAndRendersThatNothingHasComeOfWaitAndNobodyElse() {
    try (ProjectLedger ledger = PostgresProjectLedger.open(TestServers.postgres());
        PostgresProgress progress = PostgresProgress.open(TestServers.postgres());
        OperationsBooks books = PostgresOperationsBooks.open(TestServers.postgres())) {
      // Other tests leave projects of theirs behind.
      long before = waiting(books);
      List<String> drafts = new ArrayList<>();
      for (int i = 0; i < 150; i++) {
        drafts.add(project(ledger));
      }
      assertThat(waiting(books)).isEqualTo(before + 150);

      for (String begun : drafts.subList(0, 3)) {
        ledger.status(begun, epoch(ledger, begun), ProjectStatus.RENDERING);
      }
      assertThat(waiting(books)).as("admitted").isEqualTo(before + 147);
      String first = drafts.get(0);
      String second = drafts.get(1);
      progress.take(rendering(first, epoch(ledger, first), 0, 28));
      progress.take(rendering(second, epoch(ledger, second), 1, 28));
      assertThat(waiting(books)).as("in line").isEqualTo(before + 149);
      progress.take(rendering(first, epoch(ledger, first), null, 40));
      assertThat(waiting(books)).as("a segment is there").isEqualTo(before + 148);
      ledger.status(second, epoch(ledger, second), ProjectStatus.CANCELLED);
      assertThat(waiting(books)).as("cancelled in line").isEqualTo(before + 147);
    }
  }

  /** They are asked every ten seconds, over all that was ever bought. */
  @Test
  void costsOfTheLastQuartersAreFoundByTheIndexOfTheirQuarter() {
    try (Database database = Database.open(TestServers.postgres())) {
      List<String> plan =
          database.with(
              handle ->
                  handle.inTransaction(
                      inside -> {
                        // However few rows there are.
                        inside.execute("set local enable_seqscan = off");
                        inside.execute("set local enable_bitmapscan = off");
                        return inside
                            .createQuery(
                                "explain select money_micros from cost_quarter"
                                    + " where window_start > now() - interval '30 minutes'")
                            .mapTo(String.class)
                            .list();
                      }));
      assertThat(plan)
          .as("by site, and altogether")
          .filteredOn(line -> line.contains("Index Cond") && line.contains("date_bin"))
          .hasSize(2);
      assertThat(plan).filteredOn(line -> line.contains("cost_entry_quarter")).hasSize(2);
    }
  }

  private static long waiting(OperationsBooks books) {
    return books.look(NOW_MS).stream()
        .filter(event -> event.kind() == Kind.QUEUE)
        .peek(event -> assertThat(event.name()).isEqualTo(OperationsBooks.ALL))
        .peek(event -> assertThat(event.atMs()).isEqualTo(NOW_MS))
        .mapToLong(OperationsEvent::value)
        .sum();
  }

  private static long epoch(ProjectLedger ledger, String project) {
    return ledger.find(project).orElseThrow().epoch();
  }

  private static ProgressEvent rendering(
      String project, long epoch, @Nullable Integer position, int percent) {
    return new ProgressEvent(
        project,
        1,
        epoch,
        "rendering",
        position == null ? "render" : "dispatch",
        percent,
        Map.of("preview", percent),
        position,
        null,
        Map.of(),
        null,
        NOW_MS + percent);
  }

  private static String project(ProjectLedger ledger) {
    String project = "waits-" + UUID.randomUUID();
    ledger.admit(
        new ProjectEntry(
            new RecordKey(project, 1),
            new MediaRef("ab".repeat(32), 3, "application/json"),
            "Title",
            null,
            null,
            new ProjectRequest(
                VideoType.SHORT,
                List.of("preview"),
                VideoSettings.DEFAULT,
                ReviewPolicy.AUTO,
                "normal",
                true),
            "x"));
    return project;
  }
}
