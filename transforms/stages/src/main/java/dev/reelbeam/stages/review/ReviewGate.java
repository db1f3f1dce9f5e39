package dev.reelbeam.stages.review;

import dev.reelbeam.model.content.ReviewMode;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.port.PortFactory;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.ControlType;
import dev.reelbeam.model.project.Decision;
import dev.reelbeam.model.project.Lane;
import dev.reelbeam.model.project.WaitingArtifact;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.flow.EpochFence;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.step.LogContext;
import dev.reelbeam.stages.step.StageMetrics;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.state.MapState;
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
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.joda.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The place in the graph where people decide about an artifact.
 *
 * <p>What asks for no review passes at once, and so does what was approved before: a decision holds
 * for the bytes, also in a later epoch. What asks for one
 *
 * <ul>
 *   <li>{@linkplain #passing passes} in a run that has nobody to ask,
 *   <li>{@linkplain #parking parks} in a bounded run: a durable row, and the element leaves; an
 *       approval sends the record through again, and it finds all earlier work,
 *   <li>is {@linkplain #holding held} in a streaming job until an event or a deadline decides. No
 *       worker waits. If more is approved at once than there are {@linkplain #within places}, what
 *       finds none leaves, and its project stands in line for one as a draft.
 * </ul>
 *
 * <p>An event decides only about the artifact whose hash it names, and only if it names no epoch
 * that is over, or that has not begun. One that comes before its artifact is kept, if its project
 * is known; a repeated, late or unknown one does nothing; all leave a line in the audit log. A
 * deadline decides {@link #GRACE} after it has passed, so that a decision made in time is heard
 * first. One that turns another round when its artifact is no longer here is the affair of {@code
 * ProjectDesk}.
 *
 * <p>State per project: the held elements (one per variant, some KB each), a row about each, and at
 * most {@value EarlyEvents#MOST} early events. Elements that have no deadline are parked after
 * {@link #LONGEST_HOLD}, early events are given up after {@link #EARLY_PATIENCE}.
 */
public final class ReviewGate<T extends Tracked>
    extends PTransform<PCollection<T>, PCollection<T>> {
  private static final long serialVersionUID = 1L;

  /**
   * How long an element without a deadline is held in state; then the ledger's row alone remembers
   * it. One with a deadline is held until that: nothing else would decide about it then.
   */
  static final Duration LONGEST_HOLD = Duration.standardDays(30);

  /** How long a decision about an artifact that has not come is kept. */
  static final Duration EARLY_PATIENCE = Duration.standardDays(7);

  /**
   * How long after its deadline an artifact waits for a decision that was made in time and is still
   * on its way. As long is listened after the job was away: its timers are quicker than its
   * sources.
   */
  static final Duration GRACE = Duration.standardSeconds(60);

  /** So often what is held is compared with the ledger: its epoch may have ended elsewhere. */
  private static final Duration LOOK = Duration.standardHours(1);

  /** A timer that fires earlier than this before it is due does so because the input has ended. */
  private static final long EARLY_FIRING_MS = 1_000;

  /** A timer that fires later than this after it was due does so because the job was away. */
  private static final long LATE_FIRING_MS = 5_000;

  private enum Manner {
    PASS,
    PARK,
    HOLD
  }

  private final Subject<T> subject;
  private final Manner manner;
  private final Progress.Factory progress;
  private final PortFactory<ProjectLedger> projects;
  private final transient @Nullable PCollection<ControlEvent> control;
  private final @Nullable Room room;

  /** How many projects of a lane may be under way at once. */
  @FunctionalInterface
  public interface Room extends Serializable {
    int places(Lane lane);
  }

  private ReviewGate(
      Subject<T> subject,
      Manner manner,
      Progress.Factory progress,
      PortFactory<ProjectLedger> projects,
      @Nullable PCollection<ControlEvent> control,
      @Nullable Room room) {
    this.subject = subject;
    this.manner = manner;
    this.progress = progress;
    this.projects = projects;
    this.control = control;
    this.room = room;
  }

  /** A gate that lets everything through and counts it. */
  public static <T extends Tracked> ReviewGate<T> passing(
      Subject<T> subject, Progress.Factory progress, PortFactory<ProjectLedger> projects) {
    return new ReviewGate<>(subject, Manner.PASS, progress, projects, null, null);
  }

  /** A gate of a bounded run. */
  public static <T extends Tracked> ReviewGate<T> parking(
      Subject<T> subject, Progress.Factory progress, PortFactory<ProjectLedger> projects) {
    return new ReviewGate<>(subject, Manner.PARK, progress, projects, null, null);
  }

  /** A gate of a streaming job, with the control events of all projects. */
  public static <T extends Tracked> ReviewGate<T> holding(
      Subject<T> subject,
      Progress.Factory progress,
      PortFactory<ProjectLedger> projects,
      PCollection<ControlEvent> control) {
    return new ReviewGate<>(subject, Manner.HOLD, progress, projects, control, null);
  }

  /** The same where so many projects may be under way: for a gate that holds. */
  public ReviewGate<T> within(Room newRoom) {
    return new ReviewGate<>(subject, manner, progress, projects, control, newRoom);
  }

  @Override
  @SuppressWarnings({"unchecked", "rawtypes"}) // Every Tracked of the flow is a record.
  public PCollection<T> expand(PCollection<T> input) {
    String name = "Gate " + subject.gate().label();
    RecordCoder coder = RecordCoder.of((Class) subject.type());
    if (manner != Manner.HOLD) {
      return input
          .apply(name, ParDo.of(new PassFn<>(subject, manner == Manner.PARK, progress, projects)))
          .setCoder(coder);
    }
    PCollection<ControlEvent> events = Objects.requireNonNull(control);
    Coder<KV<String, KV<T, ControlEvent>>> keyed =
        KvCoder.of(
            StringUtf8Coder.of(),
            KvCoder.of(
                (Coder) NullableCoder.of(coder),
                NullableCoder.of(RecordCoder.of(ControlEvent.class))));
    PCollection<KV<String, KV<T, ControlEvent>>> elements =
        input.apply("Key artifacts", ParDo.of(new KeyElementFn<T>())).setCoder(keyed);
    PCollection<KV<String, KV<T, ControlEvent>>> decisions =
        events
            .apply("Key events", ParDo.of(new KeyEventFn<T>(subject.gate().label())))
            .setCoder(keyed);
    return PCollectionList.of(elements)
        .and(decisions)
        .apply("Flatten", Flatten.pCollections())
        .setCoder(keyed)
        .apply(name, ParDo.of(new HoldFn<T>(subject, coder, progress, projects, room)))
        .setCoder(coder);
  }

  private static final class KeyElementFn<T extends Tracked>
      extends DoFn<T, KV<String, KV<T, ControlEvent>>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element T element, OutputReceiver<KV<String, KV<T, ControlEvent>>> receiver) {
      receiver.output(KV.of(element.recordKey().recordId(), KV.of(element, null)));
    }
  }

  /** Only what a gate has to hear: decisions about its artifacts, and cancels. */
  private static final class KeyEventFn<T extends Tracked>
      extends DoFn<ControlEvent, KV<String, KV<T, ControlEvent>>> {
    private static final long serialVersionUID = 1L;

    private final String gate;

    KeyEventFn(String gate) {
      this.gate = gate;
    }

    @ProcessElement
    public void process(
        @Element ControlEvent event, OutputReceiver<KV<String, KV<T, ControlEvent>>> receiver) {
      Optional<ControlType> type = event.knownType();
      boolean decision = type.isPresent() && type.get().forGate() && gate.equals(event.gate());
      boolean cancel = type.isPresent() && type.get() == ControlType.CANCEL;
      if (decision || cancel) {
        receiver.output(KV.of(event.project(), KV.of(null, event)));
      }
    }
  }

  /** The gate of a bounded run: lets through or parks. */
  private static final class PassFn<T extends Tracked> extends DoFn<T, T> {
    private static final long serialVersionUID = 1L;

    private final Subject<T> subject;
    private final boolean parks;
    private final Progress.Factory progress;
    private final PortFactory<ProjectLedger> projects;
    private final StageMetrics metrics;
    private final Counter parked;
    private final Counter rejected;
    private transient @Nullable ProjectLedger ledger;
    private transient @Nullable GateDesk<T> desk;

    PassFn(
        Subject<T> subject,
        boolean parks,
        Progress.Factory progress,
        PortFactory<ProjectLedger> projects) {
      this.subject = subject;
      this.parks = parks;
      this.progress = progress;
      this.projects = projects;
      String name = "gate-" + subject.gate().label();
      this.metrics = StageMetrics.of(name);
      this.parked = Metrics.counter(name, "parked");
      this.rejected = Metrics.counter(name, "rejected");
    }

    @Setup
    public void setup() {
      ProjectLedger opened = projects.open();
      ledger = opened;
      desk = new GateDesk<>(subject, opened, progress.open());
    }

    @Teardown
    public void teardown() {
      if (ledger != null) {
        ledger.close();
      }
    }

    @ProcessElement
    public void process(@Element T element, OutputReceiver<T> receiver) {
      try (LogContext context = LogContext.of(Stage.GATE, element)) {
        arrived(element, receiver);
      }
    }

    private void arrived(T element, OutputReceiver<T> receiver) {
      metrics.in();
      GateDesk<T> open = Objects.requireNonNull(desk);
      ReviewMode mode = subject.mode(element);
      if (!parks || !mode.manual()) {
        metrics.out();
        open.pass(element);
        receiver.output(element);
        return;
      }
      if (open.isApproved(element)) {
        metrics.out();
        open.release(element); // It may have been parked before.
        receiver.output(element);
        return;
      }
      long nowMs = System.currentTimeMillis();
      WaitingArtifact before = open.row(element).orElse(null);
      Long deadlineMs = before == null ? null : before.deadlineMs();
      Decision decision =
          deadlineMs != null && nowMs >= deadlineMs
              ? open.decideByDeadline(element, mode.approveAtDeadline(), deadlineMs)
              : open.decision(element).orElse(null);
      if (decision == null) {
        parked.inc();
        WaitingArtifact unused =
            open.hold(element, mode, before == null ? nowMs : before.sinceMs(), true);
      } else if (decision.approved()) {
        metrics.out();
        open.release(element);
        receiver.output(element);
      } else {
        rejected.inc();
        open.refuse(element, decision);
      }
    }
  }

  /** The gate of a streaming job. */
  private static final class HoldFn<T extends Tracked>
      extends DoFn<KV<String, KV<T, ControlEvent>>, T> {
    private static final long serialVersionUID = 1L;

    private final Subject<T> subject;
    private final Progress.Factory progress;
    private final PortFactory<ProjectLedger> projects;
    private final @Nullable Room room;
    private final StageMetrics metrics;
    private final Counter held;
    private final Counter putOff;
    private final Counter rejected;
    private transient @Nullable ProjectLedger ledger;
    private transient @Nullable EpochFence fence;
    private transient @Nullable GateDesk<T> desk;

    @StateId("held")
    private final StateSpec<MapState<String, T>> heldSpec;

    @StateId("rows")
    private final StateSpec<MapState<String, WaitingArtifact>> rowsSpec =
        StateSpecs.map(StringUtf8Coder.of(), RecordCoder.of(WaitingArtifact.class));

    @StateId("early")
    private final StateSpec<ValueState<EarlyEvents>> earlySpec =
        StateSpecs.value(RecordCoder.of(EarlyEvents.class));

    @StateId("due")
    private final StateSpec<ValueState<Long>> dueSpec = StateSpecs.value(VarLongCoder.of());

    @TimerId("wake")
    private final TimerSpec wakeSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

    HoldFn(
        Subject<T> subject,
        Coder<T> coder,
        Progress.Factory progress,
        PortFactory<ProjectLedger> projects,
        @Nullable Room room) {
      this.subject = subject;
      this.room = room;
      this.heldSpec = StateSpecs.map(StringUtf8Coder.of(), coder);
      this.progress = progress;
      this.projects = projects;
      String name = "gate-" + subject.gate().label();
      this.metrics = StageMetrics.of(name);
      this.held = Metrics.counter(name, "held");
      this.putOff = Metrics.counter(name, "put-off");
      this.rejected = Metrics.counter(name, "rejected");
    }

    @Setup
    public void setup() {
      ProjectLedger opened = projects.open();
      ledger = opened;
      fence = EpochFence.open(opened);
      desk = new GateDesk<>(subject, opened, progress.open());
    }

    @Teardown
    public void teardown() {
      if (fence != null) {
        fence.close();
      }
      if (ledger != null) {
        ledger.close();
      }
    }

    private GateDesk<T> desk() {
      return Objects.requireNonNull(desk);
    }

    private ProjectLedger ledger() {
      return Objects.requireNonNull(ledger);
    }

    @ProcessElement
    public void process(
        @Element KV<String, KV<T, ControlEvent>> input,
        @StateId("held") MapState<String, T> heldState,
        @StateId("rows") MapState<String, WaitingArtifact> rows,
        @StateId("early") ValueState<EarlyEvents> early,
        @StateId("due") ValueState<Long> due,
        @TimerId("wake") Timer wake,
        OutputReceiver<T> receiver) {
      KV<T, ControlEvent> either = Objects.requireNonNull(input.getValue());
      T element = either.getKey();
      ControlEvent event = either.getValue();
      long nowMs = wake.getCurrentRelativeTime().getMillis();
      if (element != null) {
        metrics.in();
        try (LogContext context = LogContext.of(Stage.GATE, element)) {
          arrived(element, nowMs, heldState, rows, early, receiver);
        }
      } else if (event != null) {
        try (LogContext context = LogContext.of(Stage.GATE, event.project())) {
          heard(event, nowMs, heldState, rows, early, receiver);
        }
        if (event.type().equals(ControlType.CANCEL.label()) && !all(rows).isEmpty()) {
          // The desk may not have heard of it yet: soon the ledger will say.
          long soonMs = nowMs + GRACE.getMillis();
          Long dueMs = due.read();
          due.write(dueMs == null || dueMs <= nowMs ? soonMs : Math.min(dueMs, soonMs));
        }
      }
      sleep(nowMs, rows, early, due, wake);
    }

    private void arrived(
        T element,
        long nowMs,
        MapState<String, T> heldState,
        MapState<String, WaitingArtifact> rows,
        ValueState<EarlyEvents> early,
        OutputReceiver<T> receiver) {
      ReviewMode mode = subject.mode(element);
      String variant = subject.variant(element);
      WaitingArtifact row = rows.get(variant).read();
      boolean older = row != null && row.epoch() > element.epoch();
      if (older || Objects.requireNonNull(fence).isOver(element)) {
        metrics.over();
        return;
      }
      String artifact = subject.artifact(element);
      if (!mode.manual() || desk().isApproved(element)) {
        if (row != null) {
          // What waited was an older version of this one.
          heldState.remove(variant);
          rows.remove(variant);
        }
        metrics.out();
        if (mode.manual()) {
          desk().release(element); // It may have been parked before.
        } else {
          desk().pass(element);
        }
        receiver.output(element);
        return;
      }
      Decision byEarly = decideByEarly(element, early);
      if (byEarly != null) {
        heldState.remove(variant);
        rows.remove(variant);
        carryOut(byEarly, element, receiver);
        return; // It comes from work, so its project has a place.
      }
      Optional<Decision> known = desk().decision(element);
      if (known.isPresent()) { // It was rejected for this epoch.
        heldState.remove(variant);
        rows.remove(variant);
        carryOut(known.get(), element, receiver);
        return;
      }
      // Without state, the ledger knows since when these bytes wait: no deadline begins anew.
      WaitingArtifact before =
          row != null && row.artifact().equals(artifact) ? row : desk().row(element).orElse(null);
      held.inc();
      heldState.put(variant, element);
      rows.put(
          variant, desk().hold(element, mode, before == null ? nowMs : before.sinceMs(), false));
    }

    /**
     * The decision that holds of all that came before the artifact; null where there was none. Each
     * is kept and leaves its line, as if it had come in time.
     */
    private @Nullable Decision decideByEarly(T element, ValueState<EarlyEvents> early) {
      EarlyEvents events = orNone(early.read());
      String artifact = subject.artifact(element);
      Decision holds = null;
      for (ControlEvent event : events.events()) {
        if (!artifact.equals(event.artifact())) {
          continue;
        }
        if (event.epoch() != 0 && event.epoch() < element.epoch()) {
          trace(event, "stale", element.epoch(), "epoch " + event.epoch() + " is over");
        } else if (isSpent(event, element.epoch())) {
          repeated(event, element.epoch());
        } else {
          holds = desk().decide(element, event);
        }
      }
      EarlyEvents others = events.without(artifact);
      if (others.events().size() < events.events().size()) {
        early.write(others);
      }
      return holds;
    }

    private void heard(
        ControlEvent event,
        long nowMs,
        MapState<String, T> heldState,
        MapState<String, WaitingArtifact> rows,
        ValueState<EarlyEvents> early,
        OutputReceiver<T> receiver) {
      if (event.type().equals(ControlType.CANCEL.label())) {
        // The desk knows whether it is one, or an old one that comes again.
        dropOver(heldState, rows);
        return;
      }
      WaitingArtifact row = null;
      for (WaitingArtifact one : all(rows)) {
        if (one.artifact().equals(event.artifact())) {
          row = one;
        }
      }
      long epoch = ledger().epoch(event.project());
      if (epoch == 0 || event.epoch() > epoch) {
        return; // Nobody knows the project, or this epoch of it: the desk says so, nothing is kept.
      }
      if (event.epoch() != 0 && event.epoch() < (row == null ? epoch : row.epoch())) {
        trace(event, "stale", epoch, "epoch " + event.epoch() + " is over");
        return;
      }
      if (isSpent(event, row == null ? epoch : row.epoch())) {
        repeated(event, epoch);
        return;
      }
      if (row == null) {
        notHeld(event, epoch, nowMs, early);
        return;
      }
      T element = heldState.get(row.variant()).read();
      if (row.epoch() < epoch || element == null) {
        // Something newer is on its way: this version is worth no decision any more.
        heldState.remove(row.variant());
        rows.remove(row.variant());
        metrics.over();
        trace(event, "stale", epoch, "a newer version is on its way");
        return;
      }
      heldState.remove(row.variant());
      rows.remove(row.variant());
      end(desk().decide(element, event), element, receiver);
    }

    /** Drops what belongs to epochs that are over by the ledger. */
    private void dropOver(MapState<String, T> heldState, MapState<String, WaitingArtifact> rows) {
      for (WaitingArtifact row : all(rows)) {
        if (row.epoch() < ledger().epoch(row.key().recordId())) {
          heldState.remove(row.variant());
          rows.remove(row.variant());
          metrics.over();
        }
      }
    }

    private void notHeld(
        ControlEvent event, long epoch, long nowMs, ValueState<EarlyEvents> early) {
      String artifact = event.artifact();
      if (artifact == null) {
        trace(event, "invalid", epoch, "it names no artifact");
        return;
      }
      Optional<Decision> known = ledger().decision(event.project(), subject.gate(), artifact);
      if (known.isPresent()) {
        if (Decision.of(event, subject.gate(), artifact, epoch).turns(known.get())) {
          trace(event, Audits.PAST, epoch, "its artifact has gone on, by " + known.get().who());
        } else if (known.get().eventId().equals(event.eventId())) {
          repeated(event, epoch);
        } else {
          trace(event, "duplicate", epoch, "decided by " + known.get().who());
        }
        return;
      }
      EarlyEvents events = orNone(early.read());
      if (events.holds(event.eventId())) {
        repeated(event, epoch);
      } else {
        if (events.events().size() >= EarlyEvents.MOST) {
          trace(events.events().get(0), "unknown", epoch, "too many for artifacts that never came");
        }
        trace(event, Audits.EARLY, epoch, "its artifact has not come yet");
        early.write(events.with(event, nowMs + EARLY_PATIENCE.getMillis()));
      }
    }

    private boolean isSpent(ControlEvent event, long epoch) {
      return Audits.isSpent(ledger().audited(event.project(), event.eventId()), epoch);
    }

    /** One line, however often it comes again: a line's id is made of the event's. */
    private void repeated(ControlEvent event, long epoch) {
      trace(event, Audits.REPEATED, epoch, "it came again: by its sender, or after a restart");
    }

    private void carryOut(Decision decision, T element, OutputReceiver<T> receiver) {
      if (decision.approved()) {
        metrics.out();
        desk().release(element);
        receiver.output(element);
      } else {
        rejected.inc();
        desk().refuse(element, decision);
      }
    }

    /** Carries a decision out about what was held: its project gave its place back meanwhile. */
    private void end(Decision decision, T element, OutputReceiver<T> receiver) {
      boolean goesOn =
          !decision.approved()
              || room == null
              || desk().resumes(element, room.places(Lane.of(element.priority())));
      if (goesOn) {
        carryOut(decision, element, receiver);
      } else {
        putOff.inc();
        desk().putOff(element);
      }
    }

    @OnTimer("wake")
    public void wake(
        @StateId("held") MapState<String, T> heldState,
        @StateId("rows") MapState<String, WaitingArtifact> rows,
        @StateId("early") ValueState<EarlyEvents> early,
        @StateId("due") ValueState<Long> due,
        @TimerId("wake") Timer wake,
        OutputReceiver<T> receiver) {
      long nowMs = wake.getCurrentRelativeTime().getMillis();
      Long dueMs = due.read();
      boolean inputEnded = dueMs != null && nowMs < dueMs - EARLY_FIRING_MS;
      if (dueMs != null && nowMs > dueMs + LATE_FIRING_MS) {
        due.write(nowMs + GRACE.getMillis());
        wake.offset(GRACE).setRelative();
        return;
      }
      dropOver(heldState, rows);
      for (WaitingArtifact row : all(rows)) {
        T element = heldState.get(row.variant()).read();
        Long deadlineMs = row.deadlineMs();
        boolean byDeadline = deadlineMs != null && nowMs >= deadlineMs + GRACE.getMillis();
        boolean tooLong = deadlineMs == null && nowMs >= row.sinceMs() + LONGEST_HOLD.getMillis();
        if (!byDeadline && !tooLong && !inputEnded) {
          continue;
        }
        heldState.remove(row.variant());
        rows.remove(row.variant());
        if (element == null || Objects.requireNonNull(fence).isOver(element)) {
          metrics.over();
          continue;
        }
        ReviewMode mode = subject.mode(element);
        if (deadlineMs != null && byDeadline) {
          end(
              desk().decideByDeadline(element, mode.approveAtDeadline(), deadlineMs),
              element,
              receiver);
        } else {
          WaitingArtifact unused = desk().hold(element, mode, row.sinceMs(), true);
        }
      }
      EarlyEvents events = orNone(early.read());
      if (inputEnded || nowMs >= events.untilMs()) {
        for (ControlEvent event : events.events()) {
          trace(event, "unknown", ledger().epoch(event.project()), "its artifact never came");
        }
        early.clear();
      }
      sleep(nowMs, rows, early, due, wake);
    }

    /** Sets the timer to what is due next; without anything it may fire and find nothing to do. */
    private static void sleep(
        long nowMs,
        MapState<String, WaitingArtifact> rows,
        ValueState<EarlyEvents> early,
        ValueState<Long> due,
        Timer wake) {
      long next = Long.MAX_VALUE;
      for (WaitingArtifact row : all(rows)) {
        next = Math.min(next, nowMs + LOOK.getMillis());
        next =
            Math.min(
                next,
                row.deadlineMs() == null
                    ? row.sinceMs() + LONGEST_HOLD.getMillis()
                    : row.deadlineMs() + GRACE.getMillis());
      }
      EarlyEvents events = early.read();
      if (events != null && events.events().isEmpty()) {
        early.clear();
      } else if (events != null) {
        next = Math.min(next, events.untilMs());
      }
      if (next == Long.MAX_VALUE) {
        due.clear();
        return;
      }
      Long listensUntilMs = due.read();
      if (listensUntilMs != null && listensUntilMs > nowMs && next > nowMs) {
        // Something is to be looked at before: whatever it is, it is not put off.
        next = Math.min(next, listensUntilMs);
      }
      if (next <= nowMs
          && listensUntilMs != null
          && listensUntilMs > nowMs
          && listensUntilMs <= nowMs + GRACE.getMillis()) {
        return; // It is overdue, and the timer is set to when all has been heard.
      }
      due.write(next);
      wake.offset(Duration.millis(Math.max(1, next - nowMs))).setRelative();
    }

    private void trace(ControlEvent event, String decision, long epoch, String reason) {
      ledger().audit(Audits.of(event, subject.gate().label(), decision, epoch, reason));
    }

    private static List<WaitingArtifact> all(MapState<String, WaitingArtifact> rows) {
      List<WaitingArtifact> all = new ArrayList<>();
      for (Map.Entry<String, WaitingArtifact> entry : rows.entries().read()) {
        all.add(entry.getValue());
      }
      return all;
    }

    private static EarlyEvents orNone(@Nullable EarlyEvents events) {
      return events == null ? EarlyEvents.NONE : events;
    }
  }
}
