package dev.reelbeam.pipelines;

import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.clients.ledger.PostgresProjectLedger;
import dev.reelbeam.connectors.ContentRecordIO;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends records into the running job. */
@Command(
    name = "submit",
    header = "Sends articles and listings into the running job.",
    abbreviateSynopsis = true,
    sortOptions = false,
    footerHeading = "%n",
    footer = {
      "ID@REVISION of each project is printed on a line of its own; `reelbeam watch` takes it.",
      "Exit codes: 0 all were sent, 1 some were refused, 3 none was sent, 74 a service is away."
    })
final class SubmitCommand extends Subcommand {
  @Parameters(
      paramLabel = "RECORD",
      arity = "1..*",
      description = "Article, listing, .jsonl, or a folder of them.")
  private List<Path> inputs = List.of();

  @Option(
      names = "--presets",
      paramLabel = "A,B",
      split = ",",
      hideParamSyntax = true,
      description = "Where the videos go, instead of what the record says.")
  private List<String> presets = List.of();

  @Option(
      names = "--priority",
      paramLabel = "NAME",
      description = "high, normal or low, instead of what the record says.")
  private @Nullable String priority;

  @Option(
      names = "--new-revision",
      description =
          "Sends a record whose revision is known with other content as the next revision, instead"
              + " of refusing it.")
  private boolean newRevision;

  @Mixin private WorldOptions world = new WorldOptions();

  SubmitCommand() {}

  private static int known(ProjectLedger ledger, ContentRecord record) {
    return ledger
        .find(record.key().recordId())
        .map(row -> row.entry().key().revision())
        .orElse(record.key().revision());
  }

  @Override
  public Integer call() throws StageException {
    WorldSettings settings = world.settings();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    List<RawRecord> records = new ArrayList<>();
    int[] refused = {0};
    for (Path input : inputs) {
      ContentRecordIO.readNow(
          input,
          records::add,
          (position, failure) -> {
            refused[0]++;
            err.println("refused: " + position + ": " + Failures.of(failure).line());
          });
    }
    List<String> sent = new ArrayList<>();
    try (ProjectLedger ledger = PostgresProjectLedger.open(settings.postgres());
        Submission submission =
            Submission.open(
                settings,
                (position, failure) ->
                    err.println("left out: " + position + ": " + Failures.of(failure).line()))) {
      for (RawRecord found : records) {
        RawRecord raw = found;
        try {
          ContentRecord record = Submission.checked(raw);
          try {
            submission.checkRevision(ledger, raw, record, presets, priority);
          } catch (StageException e) {
            if (!newRevision || e.code() != FailureCode.REVISION_CONFLICT) {
              throw e;
            }
            raw = Submission.inRevision(raw, 1 + known(ledger, record));
            record = Submission.checked(raw);
          }
          boolean low = "low".equals(priority);
          submission.send(low ? Topic.CONTENT_LOW : Topic.CONTENT, raw, record, presets, priority);
          sent.add(record.key().toString());
        } catch (StageException e) {
          refused[0]++;
          err.println("refused: " + raw.position() + ": " + Failures.of(e).line());
        }
      }
      submission.flush();
    } finally {
      // Also when one of them was refused at last: the others are there.
      sent.forEach(out::println);
      out.flush();
      err.flush();
    }
    if (sent.isEmpty()) {
      return ExitCode.NOTHING_COMPLETED.number();
    }
    return (refused[0] == 0 ? ExitCode.COMPLETED : ExitCode.SOME_DEAD).number();
  }
}
