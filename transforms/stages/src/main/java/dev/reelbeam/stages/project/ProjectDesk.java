package dev.reelbeam.stages.project;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.project.Admitted;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.ControlType;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.ProjectRow;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.flow.ParsedRecord;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.review.Audits;
import dev.reelbeam.stages.step.LogContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.joda.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where records become projects and where control events meet them.
 *
 * <p>Everything about a project comes to one key, one after the other, and this is the only place
 * that raises an epoch. A graph has no cycles: an edit does not go back to an earlier stage, it is
 * stored, and the record leaves here once more, in the next epoch and with all edits that stand. It
 * finds everything that the edit does not touch.
 *
 * <ul>
 *   <li>A first or newer revision is sent on; what is under way of an older one ends as superseded.
 *   <li>An older revision, and one that was sent on already, is dropped with a note, and so is one
 *       that was cancelled, rejected or skipped; the same revision with other content is a dead
 *       letter.
 *   <li>{@code script_edited}, {@code voice_changed}, {@code asset_swapped}, {@code
 *       overlay_changed} and {@code retry} send the record on; {@code cancel} ends it; {@code
 *       publish} is recorded ({@link ControlDesk}).
 *   <li>{@code approved} and {@code rejected} are the gates' affair, except for an artifact that
 *       was parked: then the decision is kept, and an approval sends the record on.
 * </ul>
 *
 * <p>State per project: two numbers, a hash, at most {@value Known#MOST_EVENTS} event ids, and
 * until the gate has answered at most {@value Undecided#MOST} decisions that it should carry out;
 * cleared when nothing was heard of it for a while (see {@link AdmissionSettings}). The ledger is
 * the truth: what comes later than that is found there. It cannot take the place of this state: it
 * keeps what a bundle did that failed, and a record that is read again after that has to go on.
 */
public final class ProjectDesk
    extends PTransform<PCollection<ParsedRecord>, PCollection<ParsedRecord>> {
  private static final long serialVersionUID = 1L;

  private final Providers providers;
  private final boolean dropsRepeated;
  private final long repeatsMs;
  private final transient @Nullable PCollection<ControlEvent> control;
  private final transient DeadLetters.Lane deadLetters;

  private ProjectDesk(
      Providers providers,
      boolean dropsRepeated,
      long repeatsMs,
      @Nullable PCollection<ControlEvent> control,
      DeadLetters.Lane deadLetters) {
    this.providers = providers;
    this.dropsRepeated = dropsRepeated;
    this.repeatsMs = repeatsMs;
    this.control = control;
    this.deadLetters = deadLetters;
  }

  /** A desk without control events; what was sent on before is sent on again and finds itself. */
  public static ProjectDesk bounded(Providers providers, DeadLetters.Lane deadLetters) {
    return new ProjectDesk(
        providers, false, AdmissionSettings.DEFAULT.repeatsMs(), null, deadLetters);
  }

  /**
   * A desk that hears control events and drops what comes twice.
   *
   * @param repeatsMs how long after it was heard of it a project is remembered
   */
  public static ProjectDesk streaming(
      Providers providers,
      long repeatsMs,
      PCollection<ControlEvent> control,
      DeadLetters.Lane deadLetters) {
    return new ProjectDesk(providers, true, repeatsMs, control, deadLetters);
  }

  @Override
  public PCollection<ParsedRecord> expand(PCollection<ParsedRecord> records) {
    Coder<KV<String, KV<ParsedRecord, ControlEvent>>> coder =
        KvCoder.of(
            StringUtf8Coder.of(),
            KvCoder.of(
                NullableCoder.of(RecordCoder.of(ParsedRecord.class)),
                NullableCoder.of(RecordCoder.of(ControlEvent.class))));
    PCollection<KV<String, KV<ParsedRecord, ControlEvent>>> input =
        records.apply("Key records", ParDo.of(new KeyRecordFn())).setCoder(coder);
    if (control != null) {
      PCollection<KV<String, KV<ParsedRecord, ControlEvent>>> events =
          control.apply("Key events", ParDo.of(new KeyEventFn())).setCoder(coder);
      input =
          PCollectionList.of(input)
              .and(events)
              .apply("Flatten", Flatten.pCollections())
              .setCoder(coder);
    }
    TupleTag<ParsedRecord> sentOn = new TupleTag<>("sent-on") {};
    TupleTag<BadRecord> dead = new TupleTag<>("dead") {};
    PCollectionTuple outputs =
        input.apply(
            "Project desk",
            ParDo.of(new DeskFn(providers, dropsRepeated, repeatsMs, sentOn, dead))
                .withOutputTags(sentOn, TupleTagList.of(dead)));
    deadLetters.add(Stage.PARSE, outputs.get(dead));
    return outputs.get(sentOn).setCoder(RecordCoder.of(ParsedRecord.class));
  }

  private static final class KeyRecordFn
      extends DoFn<ParsedRecord, KV<String, KV<ParsedRecord, ControlEvent>>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element ParsedRecord record,
        OutputReceiver<KV<String, KV<ParsedRecord, ControlEvent>>> receiver) {
      receiver.output(KV.of(record.key().recordId(), KV.of(record, null)));
    }
  }

  private static final class KeyEventFn
      extends DoFn<ControlEvent, KV<String, KV<ParsedRecord, ControlEvent>>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element ControlEvent event,
        OutputReceiver<KV<String, KV<ParsedRecord, ControlEvent>>> receiver) {
      receiver.output(KV.of(event.project(), KV.of(null, event)));
    }
  }

  private static final class DeskFn
      extends DoFn<KV<String, KV<ParsedRecord, ControlEvent>>, ParsedRecord> {
    private static final long serialVersionUID = 1L;

    private final Providers providers;
    private final boolean dropsRepeated;
    private final long repeatsMs;
    private final TupleTag<ParsedRecord> sentOn;
    private final TupleTag<BadRecord> dead;
    private final Counter repeatedCount = Metrics.counter("projects", "repeated");
    private final Counter olderCount = Metrics.counter("projects", "older-revision");
    private final Counter eventCount = Metrics.counter("projects", "events-applied");
    private final Counter idleEventCount = Metrics.counter("projects", "events-without-effect");
    private transient @Nullable ProjectLedger ledger;
    private transient @Nullable ObjectStore store;
    private transient @Nullable Progress progress;
    private transient @Nullable ControlDesk control;

    @StateId("known")
    private final StateSpec<ValueState<Known>> knownSpec =
        StateSpecs.value(RecordCoder.of(Known.class));

    @StateId("due")
    private final StateSpec<ValueState<Long>> dueSpec = StateSpecs.value(VarLongCoder.of());

    @TimerId("clear")
    private final TimerSpec clearSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

    @StateId("undecided")
    private final StateSpec<ValueState<Undecided>> undecidedSpec =
        StateSpecs.value(RecordCoder.of(Undecided.class));

    @TimerId("look-again")
    private final TimerSpec lookAgainSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

    DeskFn(
        Providers providers,
        boolean dropsRepeated,
        long repeatsMs,
        TupleTag<ParsedRecord> sentOn,
        TupleTag<BadRecord> dead) {
      this.providers = providers;
      this.dropsRepeated = dropsRepeated;
      this.repeatsMs = repeatsMs;
      this.sentOn = sentOn;
      this.dead = dead;
    }

    @Setup
    public void setup() {
      ProjectLedger projects = providers.projects().open();
      ObjectStore bytes = providers.store().open();
      ledger = projects;
      store = bytes;
      progress = providers.progress().open();
      control = new ControlDesk(projects, bytes);
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

    private ProjectLedger ledger() {
      return Objects.requireNonNull(ledger);
    }

    @ProcessElement
    public void process(
        @Element KV<String, KV<ParsedRecord, ControlEvent>> input,
        @StateId("known") ValueState<Known> knownState,
        @StateId("due") ValueState<Long> due,
        @StateId("undecided") ValueState<Undecided> undecided,
        @TimerId("clear") Timer clear,
        @TimerId("look-again") Timer lookAgain,
        MultiOutputReceiver receiver) {
      KV<ParsedRecord, ControlEvent> either = Objects.requireNonNull(input.getValue());
      Known before = knownState.read();
      Known known = before == null ? Known.NOTHING : before;
      ParsedRecord record = either.getKey();
      ControlEvent event = either.getValue();
      if (record != null) {
        try (LogContext context = LogContext.of(Stage.PLAN_VARIANTS, record)) {
          known = arrived(record, known, receiver);
        }
      } else if (event != null) {
        try (LogContext context = LogContext.of(Stage.PLAN_VARIANTS, event.project())) {
          known = heard(event, known, undecided, lookAgain, receiver);
        }
      }
      // Names that are made up leave no state.
      if (before != null || !known.equals(Known.NOTHING)) {
        remember(known, knownState, due, clear);
      }
    }

    private void remember(
        Known known, ValueState<Known> knownState, ValueState<Long> due, Timer clear) {
      knownState.write(known);
      due.write(clear.getCurrentRelativeTime().getMillis() + repeatsMs);
      clear.offset(Duration.millis(repeatsMs)).setRelative();
    }

    @OnTimer("clear")
    public void clear(
        @StateId("known") ValueState<Known> knownState,
        @StateId("due") ValueState<Long> due,
        @TimerId("clear") Timer clear) {
      Long dueMs = due.read();
      // It may fire early when bounded input ends.
      if (dueMs != null && clear.getCurrentRelativeTime().getMillis() >= dueMs) {
        knownState.clear();
        due.clear();
      }
    }

    /**
     * Looks again at decisions that a gate of the job was to carry out. Two of them may be heard
     * together, and the gate, which carries out the first, leaves the second to this desk.
     */
    @OnTimer("look-again")
    public void lookAgain(
        @StateId("known") ValueState<Known> knownState,
        @StateId("due") ValueState<Long> due,
        @StateId("undecided") ValueState<Undecided> undecided,
        @TimerId("clear") Timer clear,
        @TimerId("look-again") Timer lookAgain,
        MultiOutputReceiver receiver) {
      Undecided before = undecided.read();
      if (before == null) {
        return;
      }
      Known stored = knownState.read();
      Known known = stored == null ? Known.NOTHING : stored;
      List<ControlEvent> left = new ArrayList<>();
      for (ControlEvent event : before.events()) {
        try (LogContext context = LogContext.of(Stage.PLAN_VARIANTS, event.project())) {
          ControlDesk.Outcome outcome = Objects.requireNonNull(control).carryOut(event);
          if (outcome.effect() == ControlDesk.Effect.ELSEWHERE) {
            left.add(event);
          } else {
            known = done(event, outcome, known, receiver);
          }
        }
      }
      if (!known.equals(stored)) {
        remember(known, knownState, due, clear);
      }
      Undecided after = before.lookedAt(left);
      if (left.isEmpty() || after.looks() >= Undecided.MOST_LOOKS) {
        undecided.clear();
        return;
      }
      undecided.write(after);
      lookAgain.offset(Duration.millis(after.pauseMs())).setRelative();
    }

    private Known arrived(ParsedRecord record, Known known, MultiOutputReceiver receiver) {
      Admitted admitted;
      try {
        admitted = ledger().admit(record.entry());
      } catch (StoreException e) {
        if (!e.isOfOneElement()) {
          throw e;
        }
        // It would be refused for ever, and everybody else would wait.
        setAside(record, new StageException(e.code(), String.valueOf(e.getMessage()), e), receiver);
        return known;
      }
      ProjectRow row = admitted.row();
      RecordKey newest = row.entry().key();
      return switch (admitted.verdict()) {
        case NEW -> sendOn(row, known, receiver);
        case NEWER -> {
          for (String lost : admitted.before().lostIn(row.edits())) {
            listener().note(record, lost + " is given up: revision " + newest.revision());
          }
          yield sendOn(row, known, receiver);
        }
        case SAME -> {
          ProjectStatus status = row.status();
          if (status == ProjectStatus.CANCELLED
              || status == ProjectStatus.REJECTED
              || status == ProjectStatus.SKIPPED) {
            // Whoever wants it after all says so with an event. Nothing was to come of it, so it is
            // not lost either.
            repeatedCount.inc();
            listener()
                .note(
                    record,
                    "revision " + newest.revision() + " came again; it is " + status.label());
            yield known;
          }
          // In the ledger but not in this state: a failed bundle runs again, or it is long ago.
          if (known.is(row) && dropsRepeated) {
            repeatedCount.inc();
            listener().note(record, "revision " + newest.revision() + " came again; dropped");
            yield known;
          }
          yield sendOn(row, known, receiver);
        }
        case OLDER -> {
          olderCount.inc();
          String why = "superseded: revision " + newest.revision() + " is known already";
          listener().settled(record, DeliveryState.SUPERSEDED, why);
          yield known;
        }
        case CONFLICT -> {
          StageException failure =
              new StageException(
                  FailureCode.REVISION_CONFLICT,
                  "revision " + newest.revision() + " is known with other content");
          setAside(record, failure, receiver);
          yield known;
        }
      };
    }

    private void setAside(
        ParsedRecord record, StageException failure, MultiOutputReceiver receiver) {
      var letter = DeadLetters.of(Stage.PARSE, record, null, failure);
      listener().deadLetter(letter);
      receiver.get(dead).output(DeadLetters.toBadRecord(letter));
    }

    private Known sendOn(ProjectRow row, Known known, MultiOutputReceiver receiver) {
      receiver.get(sentOn).output(ParsedRecord.of(row));
      return known.sentOn(
          row.entry().key().revision(), row.entry().content().sha256(), row.epoch());
    }

    private Known heard(
        ControlEvent event,
        Known known,
        ValueState<Undecided> undecided,
        Timer lookAgain,
        MultiOutputReceiver receiver) {
      Optional<ControlType> type = event.knownType();
      if (type.isPresent() && known.events().contains(event.eventId())) {
        if (!type.get().forGate()) { // The gates have their own eyes for repeated decisions.
          idleEventCount.inc();
          repeated(event, known, "its id was heard before");
        }
        return known;
      }
      ControlDesk.Outcome outcome = Objects.requireNonNull(control).carryOut(event);
      if (outcome.effect() == ControlDesk.Effect.ELSEWHERE) {
        Undecided before = undecided.read();
        Undecided after = (before == null ? Undecided.NONE : before).with(event);
        undecided.write(after);
        lookAgain.offset(Duration.millis(after.pauseMs())).setRelative();
        return known;
      }
      return done(event, outcome, known, receiver);
    }

    /** What follows from an event that was carried out, or that changes nothing. */
    private Known done(
        ControlEvent event,
        ControlDesk.Outcome outcome,
        Known known,
        MultiOutputReceiver receiver) {
      Optional<ControlType> type = event.knownType();
      ProjectRow row = outcome.row();
      if (outcome.effect() != ControlDesk.Effect.DONE || row == null) {
        if (outcome.effect() == ControlDesk.Effect.NOTHING) {
          idleEventCount.inc();
        }
        return known;
      }
      Known after = known.heard(event.eventId());
      if (type.isPresent() && type.get().raisesEpoch()) {
        eventCount.inc();
      }
      if (type.isPresent() && type.get() == ControlType.CANCEL) {
        listener()
            .settled(
                ParsedRecord.of(row),
                DeliveryState.CANCELLED,
                event.reason() == null ? "cancelled" : event.reason());
        return after.sentOn(
            row.entry().key().revision(), row.entry().content().sha256(), row.epoch());
      }
      // The record may have come before it in a bundle that failed, and found the edit in the
      // ledger.
      boolean isUnderWay = type.isPresent() && type.get().raisesEpoch() && known.is(row);
      return outcome.goesOn() && !isUnderWay ? sendOn(row, after, receiver) : after;
    }

    private void repeated(ControlEvent event, Known known, String why) {
      ledger().audit(Audits.of(event, "project", ControlDesk.DUPLICATE, known.epoch(), why));
    }

    private Progress listener() {
      return Objects.requireNonNull(progress);
    }
  }
}
