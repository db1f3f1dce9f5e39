package dev.reelbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.clients.learning.FileArms;
import dev.reelbeam.model.learning.ArmEvidence;
import dev.reelbeam.model.learning.ArmKind;
import dev.reelbeam.model.port.ArmLedger;
import dev.reelbeam.pipelines.wiring.LocalProviders;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store of {@code make} learns from lists, without a database. */
class EngagementLearnTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;
  private Path list;

  @BeforeEach
  void writeList() throws Exception {
    list = folder.resolve("videos.jsonl");
    Files.writeString(
        list,
        """
        {"video_id":"v1","platform":"tiktok","preset":"tiktok","site_id":"acme","project":"p1",\
        "time_zone":"Europe/Berlin","hook_style":"story","title_style":"question",\
        "published_at":"2026-10-20T17:30:00Z"}

        {"video_id":"v2","platform":"tiktok","preset":"tiktok","site_id":"acme","project":"p2",\
        "published_at":"2026-10-20T07:30:00Z"}
        """);
  }

  private Path snapshots(String name, String... lines) throws Exception {
    return Files.write(folder.resolve(name), List.of(lines));
  }

  private static String snapshot(String video, String at, long views) {
    return "{\"video_id\":\"%s\",\"platform\":\"tiktok\",\"fetched_at\":\"%s\",\"views\":%d,\"likes\":%d}"
        .formatted(video, at, views, views / 20);
  }

  private int learn(Path... snapshots) {
    List<String> arguments =
        new ArrayList<>(List.of("engagement", "learn", list.toString(), "--store"));
    arguments.add(folder.resolve("store").toString());
    arguments.add("--snapshots");
    for (Path each : snapshots) {
      arguments.add(each.toString());
    }
    return Reelbeam.commandLine(new PrintWriter(out), new PrintWriter(err))
        .execute(arguments.toArray(new String[0]));
  }

  private double learned(ArmKind kind) {
    try (ArmLedger arms = FileArms.open(LocalProviders.learning(folder.resolve("store")))) {
      ArmEvidence evidence =
          arms.evidence(kind, 90, Instant.parse("2026-11-28T00:00:00Z").toEpochMilli());
      return evidence.weight();
    }
  }

  @Test
  void whatAVideoEarnedInItsFirstWeekTeachesItsArms() throws Exception {
    Path old = snapshots("old.jsonl", snapshot("v1", "2026-10-24T00:00:00Z", 100));
    Path all =
        snapshots(
            "all.jsonl",
            snapshot("v1", "2026-10-29T00:00:00Z", 50_000),
            "",
            snapshot("v1", "2026-10-23T00:00:00Z", 40_000),
            // Whoever is counted for longer has not earned more for it.
            snapshot("v1", "2026-11-19T00:00:00Z", 5_000_000),
            snapshot("v2", "2026-10-28T00:00:00Z", 30_000),
            snapshot("nobody", "2026-10-23T00:00:00Z", 30_000));

    assertThat(learn(old, all)).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("2 videos teach something; 1 that were counted are not on the list");
    double story = learned(ArmKind.HOOK_STYLE);
    assertThat(story).isPositive();
    assertThat(learned(ArmKind.TITLE_STYLE)).isEqualTo(story);
    assertThat(learned(ArmKind.POSTING_HOUR)).isGreaterThan(story);
    assertThat(learned(ArmKind.VOICE)).isZero();

    assertThat(learn(old)).as("a week that is not over teaches nothing").isNotZero();
    assertThat(learned(ArmKind.HOOK_STYLE)).isEqualTo(story);
  }

  @Test
  void aSnapshotOfAnotherCenturyIsNamedAndTeachesNothing() throws Exception {
    Path ahead =
        snapshots(
            "ahead.jsonl",
            snapshot("v1", "2026-10-29T00:00:00Z", 50_000),
            snapshot("v1", "2099-01-01T00:00:00Z", 60_000));

    assertThat(learn(ahead)).isNotZero();
    assertThat(err.toString()).contains("ahead.jsonl:2").contains("2099");
    assertThat(learned(ArmKind.HOOK_STYLE)).isZero();
  }

  @Test
  void aLineThatIsNoSnapshotIsNamed() throws Exception {
    Path broken =
        snapshots("broken.jsonl", snapshot("v1", "2026-11-21T00:00:00Z", 100), "{\"video_id\":1}");

    assertThat(learn(broken)).isNotZero();
    assertThat(err.toString()).contains("broken.jsonl:2");
    assertThat(learned(ArmKind.HOOK_STYLE)).isZero();
  }
}
