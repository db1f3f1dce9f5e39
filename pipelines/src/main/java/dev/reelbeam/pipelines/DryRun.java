package dev.reelbeam.pipelines;

import dev.reelbeam.clients.provider.ProviderSettings;
import dev.reelbeam.connectors.ContentRecordIO;
import dev.reelbeam.model.content.BlockKind;
import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.pipelines.watch.Amounts;
import dev.reelbeam.pipelines.watch.TextTable;
import dev.reelbeam.pipelines.watch.TextTable.Column;
import dev.reelbeam.stages.flow.RecordOverrides;
import dev.reelbeam.stages.ingest.ParseContentRecord;
import dev.reelbeam.stages.plan.PlanVariants;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The plan of a run: which videos, for which presets, how long. Nothing is made or stored. */
final class DryRun {
  /** Pace of speech before any was measured. */
  private static final int MS_PER_WORD = 400;

  private final RecordOverrides overrides;
  private final PrintWriter err;
  private final CostEstimate costs;
  private final TextTable table =
      new TextTable(
          Column.left("RECORD"),
          Column.left("KIND"),
          Column.left("LANGUAGE"),
          Column.left("VIDEO"),
          Column.left("TYPE"),
          Column.right("ABOUT"),
          Column.left("RANGE"),
          Column.left("PRESETS"));
  private int videos;
  private int deliveries;
  private int dead;

  private DryRun(RecordOverrides overrides, ProviderSettings settings, PrintWriter err) {
    this.costs = new CostEstimate(settings);
    this.overrides = overrides;
    this.err = err;
  }

  /** Prints the plan of the inputs; returns the exit code. */
  static int print(
      List<Path> inputs,
      RecordOverrides overrides,
      ProviderSettings settings,
      PrintWriter out,
      PrintWriter err) {
    DryRun plan = new DryRun(overrides, settings, err);
    for (Path input : inputs) {
      ContentRecordIO.readNow(input, plan::add, plan::refuse);
    }
    if (!plan.table.isEmpty()) {
      out.print(plan.table);
      out.println();
      out.print(plan.costs.table());
      out.println();
    }
    out.println(
        Amounts.count(plan.videos, "video")
            + " to make for "
            + (plan.deliveries == 1 ? "1 delivery" : plan.deliveries + " deliveries")
            + "; "
            + Amounts.count(plan.dead, "dead letter"));
    out.flush();
    err.flush();
    if (plan.deliveries == 0) {
      return ExitCode.NOTHING_COMPLETED.number();
    }
    return (plan.dead == 0 ? ExitCode.COMPLETED : ExitCode.SOME_DEAD).number();
  }

  /** The costs of the inputs by stage and record; what cannot be planned costs nothing. */
  static CostEstimate costs(
      List<Path> inputs, RecordOverrides overrides, ProviderSettings settings) {
    PrintWriter nobody = new PrintWriter(Writer.nullWriter());
    DryRun plan = new DryRun(overrides, settings, nobody);
    for (Path input : inputs) {
      ContentRecordIO.readNow(input, plan::add, plan::refuse);
    }
    return plan.costs;
  }

  /** What a run over records that were read already is expected to cost. */
  static CostEstimate costsOfRecords(
      List<RawRecord> records, RecordOverrides overrides, ProviderSettings settings) {
    PrintWriter nobody = new PrintWriter(Writer.nullWriter());
    DryRun plan = new DryRun(overrides, settings, nobody);
    records.forEach(plan::add);
    return plan.costs;
  }

  private void add(RawRecord raw) {
    try {
      ContentRecord record = ParseContentRecord.parse(raw, overrides);
      PlanVariants.Plan plan =
          PlanVariants.plan(
              record.project().presets(),
              record.project().type(),
              overrides.brand().watermark(),
              overrides.encoder(),
              overrides.quality(record.project()),
              record.project().settings().frameRate());
      for (Variant variant : plan.variants()) {
        videos++;
        deliveries += variant.presets().size();
        costs.add(record, words(record), estimateMs(record, variant), variant.presets());
        table.row(
            TextTable.shortened(record.key().recordId(), 40),
            record.kind().name().toLowerCase(Locale.ROOT),
            record.language(),
            variant.width() + "x" + variant.height() + " " + variant.frameRate() + " fps",
            variant.type().id(),
            Amounts.clock(estimateMs(record, variant)),
            Amounts.clock(variant.range().minMs()) + "-" + Amounts.clock(variant.range().maxMs()),
            String.join(", ", variant.presets()));
        long speakableMs = (long) words(record) * MS_PER_WORD;
        // Of a topic or a prompt, the writer says more than the record.
        boolean own =
            record.kind() == ContentKind.TOPIC
                || record.kind() == ContentKind.PROMPT
                || record.listing() != null;
        if (speakableMs < variant.range().minMs() && !own) {
          err.println(
              record.key().recordId()
                  + ": the text gives about "
                  + Amounts.clock(speakableMs)
                  + " of speech; "
                  + variant.id()
                  + " may turn out too thin");
        }
      }
      for (PlanVariants.Refusal refusal : plan.refusals()) {
        refuse(record.key().recordId() + "/" + refusal.preset(), refusal.failure());
      }
    } catch (StageException e) {
      refuse(raw.position(), e);
    }
  }

  private void refuse(String position, StageException failure) {
    dead++;
    err.println("dead: " + position + ": " + Failures.of(failure).line());
  }

  /** What the script will aim at, or what the source can fill. */
  private static long estimateMs(ContentRecord record, Variant variant) {
    long speakableMs = (long) words(record) * MS_PER_WORD;
    return Math.max(
        variant.range().minMs(), Math.min(variant.targetMs(), Math.max(speakableMs, 1)));
  }

  private static int words(ContentRecord record) {
    return record.blocks().stream()
        .filter(block -> block.kind() != BlockKind.CODE && block.kind() != BlockKind.PICTURE)
        .mapToInt(
            block -> {
              String text = (block.text() + " " + String.join(" ", block.items())).strip();
              return text.isEmpty() ? 0 : text.split("\\s+").length;
            })
        .sum();
  }
}
