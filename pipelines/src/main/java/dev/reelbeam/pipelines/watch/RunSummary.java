package dev.reelbeam.pipelines.watch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.pipelines.watch.TextTable.Column;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What a run tells at its end. Pure: what is known in, text out. */
public final class RunSummary {
  private static final String VIDEO = "video.mp4";
  private static final int LONGEST_RECORD = 40;
  private static final int SHORTEST_STAGE_MS = 100;

  private RunSummary() {}

  /**
   * The table of deliveries, the counts, and a line for each dead letter.
   *
   * @param folderOf where a delivery's files were written
   * @param checksOf the delivery's {@code checks.json}, or a missing node
   */
  public static String of(
      RunReport report,
      Function<Delivery, Path> folderOf,
      Function<Delivery, JsonNode> checksOf,
      Duration wall,
      ProcessUsage usage) {
    StringBuilder text = new StringBuilder();
    TextTable table =
        new TextTable(
            Column.left("RECORD"),
            Column.left("PRESET"),
            Column.left("STATE"),
            Column.right("LENGTH"),
            Column.right("SIZE"),
            Column.right("LOUDNESS"),
            Column.left("SEGMENTS"),
            Column.left("FOLDER"));
    List<Delivery> completed = new ArrayList<>(report.completed());
    completed.sort(
        Comparator.<Delivery, String>comparing(delivery -> delivery.key().recordId())
            .thenComparing(Delivery::preset));
    for (Delivery delivery : completed) {
      table.row(
          TextTable.fit(delivery.key().recordId(), LONGEST_RECORD),
          delivery.preset(),
          "completed",
          Amounts.time(delivery.durationMs()),
          delivery.files().containsKey(VIDEO)
              ? Amounts.bytes(delivery.files().get(VIDEO).sizeBytes())
              : "-",
          loudness(checksOf.apply(delivery)),
          segments(delivery),
          folderOf.apply(delivery).toString());
    }
    report.waiting().forEach((key, row) -> ended(table, key, "waits at " + row.gate().label()));
    report.rejected().forEach((key, reason) -> ended(table, key, "rejected"));
    report.overtaken().forEach(key -> ended(table, key, "edited meanwhile"));
    for (DeadLetter letter : unresolved(report)) {
      String preset = letter.preset();
      table.row(
          TextTable.fit(letter.recordId(), LONGEST_RECORD),
          preset == null ? "(all)" : preset,
          "dead " + letter.number(),
          "-",
          "-",
          "-",
          "-",
          "-");
    }
    if (!table.isEmpty()) {
      text.append(table).append('\n');
    }
    text.append(counts(report)).append('\n');
    for (RunProgress.DeliveryKey key : report.lost()) {
      text.append("lost: ").append(key).append(" was begun and never ended; this is a defect\n");
    }
    text.append(stages(report.stageWallMs()));
    text.append(
        String.format(
            Locale.ROOT,
            "%s wall, %s CPU, speech included%s%n",
            Amounts.time(wall.toMillis()),
            Amounts.time(usage.cpu().toMillis()),
            usage.peakResidentBytes() == null
                ? ""
                : ", peak memory " + Amounts.bytes(usage.peakResidentBytes())));
    report
        .rejected()
        .forEach(
            (key, reason) ->
                text.append("rejected: ")
                    .append(key.recordId())
                    .append('/')
                    .append(key.preset())
                    .append(": ")
                    .append(reason)
                    .append('\n'));
    for (String note : report.notes().stream().sorted().toList()) {
      text.append("note: ").append(note).append('\n');
    }
    for (DeadLetter letter : unresolved(report)) {
      text.append(deadLetter(letter)).append('\n');
    }
    return text.toString();
  }

  private static void ended(TextTable table, RunProgress.DeliveryKey key, String state) {
    table.row(
        TextTable.fit(key.recordId(), LONGEST_RECORD),
        key.preset(),
        state,
        "-",
        "-",
        "-",
        "-",
        "-");
  }

  /** A dead letter in one line: what, where, number, message, remedy. */
  public static String deadLetter(DeadLetter letter) {
    String preset = letter.preset();
    return "dead: "
        + letter.recordId()
        + (preset == null ? "" : "/" + preset)
        + " at "
        + letter.stage()
        + ": "
        + letter.number()
        + " "
        + letter.code()
        + ": "
        + sentence(letter.message())
        + " "
        + letter.remedy();
  }

  static String counts(RunReport report) {
    Set<String> renders = new LinkedHashSet<>();
    int found = 0;
    int rendered = 0;
    for (Delivery delivery : report.completed()) {
      // Deliveries of one variant share its segments.
      if (renders.add(delivery.key() + "|" + delivery.variantId())) {
        found += delivery.segmentsFound();
        rendered += delivery.segmentsRendered();
      }
    }
    StringBuilder text = new StringBuilder();
    long videos =
        report.completed().stream().filter(delivery -> delivery.files().containsKey(VIDEO)).count();
    text.append(Amounts.count(videos, "video"));
    if (found + rendered > 0) {
      text.append(", ")
          .append(Amounts.count(found + rendered, "segment"))
          .append(": ")
          .append(found)
          .append(" found, ")
          .append(rendered)
          .append(" rendered");
      if (rendered == 0) {
        text.append(" (rendered nothing: everything was found)");
      }
    }
    text.append('\n');
    text.append(
        String.format(
            Locale.ROOT,
            "accepted %d = completed %d + dead %d",
            report.accepted().size(),
            report.completed().size(),
            report.dead().size()));
    if (!report.waiting().isEmpty()) {
      text.append(" + waiting ").append(report.waiting().size());
    }
    if (!report.rejected().isEmpty()) {
      text.append(" + rejected ").append(report.rejected().size());
    }
    if (!report.overtaken().isEmpty()) {
      text.append(" + edited or cancelled meanwhile ").append(report.overtaken().size());
    }
    return text.toString();
  }

  private static String segments(Delivery delivery) {
    int found = delivery.segmentsFound();
    int rendered = delivery.segmentsRendered();
    if (found + rendered == 0) {
      return "-";
    }
    if (rendered == 0) {
      return found + " found";
    }
    return found == 0 ? rendered + " rendered" : found + " found, " + rendered + " rendered";
  }

  private static String stages(Map<Stage, Long> wallMs) {
    List<String> parts = new ArrayList<>();
    wallMs.forEach(
        (stage, ms) -> {
          if (ms >= SHORTEST_STAGE_MS) {
            parts.add(stage.label() + " " + Amounts.time(ms));
          }
        });
    return parts.isEmpty() ? "" : "stages: " + String.join(", ", parts) + "\n";
  }

  private static List<DeadLetter> unresolved(RunReport report) {
    Set<RunProgress.DeliveryKey> dead = report.dead();
    return report.deadLetters().stream()
        .filter(
            letter -> {
              String preset = letter.preset();
              return preset == null
                  || dead.contains(
                      new RunProgress.DeliveryKey(letter.recordId(), letter.revision(), preset));
            })
        .sorted(
            Comparator.comparing(DeadLetter::recordId)
                .thenComparing(letter -> String.valueOf(letter.preset()))
                .thenComparing(DeadLetter::id))
        .toList();
  }

  private static String loudness(JsonNode checks) {
    JsonNode milliLufs = checks.findValue("integrated_milli_lufs");
    return milliLufs == null || !milliLufs.isIntegralNumber()
        ? "-"
        : String.format(Locale.ROOT, "%.1f LUFS", milliLufs.asInt() / 1000.0);
  }

  private static String sentence(String message) {
    return message.isEmpty() || ".!?".indexOf(message.charAt(message.length() - 1)) >= 0
        ? message
        : message + ".";
  }
}
