package dev.reelbeam.stages.project;

import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.Applied;
import dev.reelbeam.model.project.AuditEntry;
import dev.reelbeam.model.project.ProjectEdits;
import dev.reelbeam.model.project.ProjectEntry;
import dev.reelbeam.model.project.ProjectRow;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.flow.ParsedRecord;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/**
 * Records of a run on one machine as projects, so that they can be edited there, too: a record is
 * always its newest text, whatever its revision says, and every record goes on.
 *
 * <p>Edits stand from run to run. What the record itself asks for later counts more: a script that
 * was edited is given up when the text changes, a voice when the record names another pace, mood or
 * voice, texts over the picture when its own change. That is a note of the run and a line of the
 * audit log. Pictures that were swapped stay.
 */
public final class LocalProjects
    extends PTransform<PCollection<ParsedRecord>, PCollection<ParsedRecord>> {
  private static final long serialVersionUID = 1L;

  private final Providers providers;

  private LocalProjects(Providers providers) {
    this.providers = providers;
  }

  /** The projects of the providers' ledger. */
  public static LocalProjects of(Providers providers) {
    return new LocalProjects(providers);
  }

  @Override
  public PCollection<ParsedRecord> expand(PCollection<ParsedRecord> records) {
    return records
        .apply("Local projects", ParDo.of(new AmendFn(providers)))
        .setCoder(RecordCoder.of(ParsedRecord.class));
  }

  private static final class AmendFn extends DoFn<ParsedRecord, ParsedRecord> {
    private static final long serialVersionUID = 1L;

    private final Providers providers;
    private transient @Nullable ProjectLedger ledger;
    private transient @Nullable ObjectStore store;
    private transient Progress progress = Progress.NONE;

    AmendFn(Providers providers) {
      this.providers = providers;
    }

    @Setup
    public void setup() {
      ledger = providers.projects().open();
      store = providers.store().open();
      progress = providers.progress().open();
    }

    @Teardown
    public void teardown() {
      if (ledger != null) {
        ledger.close();
      }
      if (store != null) {
        store.close();
      }
    }

    @ProcessElement
    public void process(@Element ParsedRecord record, OutputReceiver<ParsedRecord> receiver) {
      ProjectLedger projects = Objects.requireNonNull(ledger);
      ProjectEntry entry = record.entry();
      // Admitted once: a newer revision would be begun without the edits.
      ProjectRow row =
          projects.find(record.key().recordId()).orElseGet(() -> projects.admit(entry).row());
      boolean amends = !row.entry().equals(entry);
      while (amends) {
        List<AuditEntry> givenUp = new ArrayList<>();
        ProjectEdits edits = standing(record, row, givenUp);
        Applied amended = projects.amend(entry, row.epoch(), edits, givenUp);
        row = Objects.requireNonNull(amended.row());
        // Somebody may have edited it just now.
        amends = amended.verdict() == Applied.Verdict.STALE;
      }
      receiver.output(ParsedRecord.of(row));
    }

    /** What goes on of the edits that were made on what stood before. */
    private ProjectEdits standing(ParsedRecord record, ProjectRow row, List<AuditEntry> lines) {
      ProjectEdits edits = row.edits();
      ProjectEntry before = row.entry();
      if (!edits.scripts().isEmpty() && otherText(before.content(), record.content())) {
        givenUp(lines, record, row, "the edited script", "the text has changed since");
        edits = edits.withoutScripts();
      }
      if (edits.voice() != null
          && !before.request().settings().speaksLike(record.project().settings())) {
        givenUp(lines, record, row, "the voice of an edit", "the record asks for another one now");
        edits = edits.withoutVoice();
      }
      if (edits.overlays() != null && !before.request().texts().equals(record.project().texts())) {
        givenUp(lines, record, row, "the texts of an edit", "the record has other ones now");
        edits = edits.withOverlays(null);
      }
      return edits;
    }

    private boolean otherText(MediaRef before, MediaRef now) {
      ObjectStore bytes = Objects.requireNonNull(store);
      if (before.equals(now)) {
        return false;
      }
      return !bytes.holds(before)
          || !told(RecordJson.read(bytes.read(before), ContentRecord.class))
              .equals(told(RecordJson.read(bytes.read(now), ContentRecord.class)));
    }

    /** What a script is made of. */
    private static List<@Nullable Object> told(ContentRecord content) {
      return Arrays.asList(
          content.kind(),
          content.language(),
          content.title(),
          content.description(),
          content.blocks(),
          content.listing());
    }

    private void givenUp(
        List<AuditEntry> lines, ParsedRecord record, ProjectRow row, String what, String why) {
      progress.note(record, what + " is given up: " + why);
      lines.add(
          AuditEntry.givenUp(record.entry(), row.epoch(), what, why, System.currentTimeMillis()));
    }
  }
}
