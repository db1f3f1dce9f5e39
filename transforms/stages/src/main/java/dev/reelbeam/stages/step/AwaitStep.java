package dev.reelbeam.stages.step;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.meter.TurnWaits;
import dev.reelbeam.model.port.PortFactory;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.flow.EpochFence;
import dev.reelbeam.stages.flow.NoLedger;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Urgency;
import dev.reelbeam.stages.pool.WorkerPool;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies a {@link Step} that waits for the outside world, and never blocks a task thread for it.
 *
 * <p>A request is kept in the state of its own key, a hash of the request, and its call runs in the
 * worker's {@link CallPool} of the provider; a processing-time timer looks whether it has ended. So
 * a checkpoint never waits for a call, and what is over the bound waits in state. Each request
 * gives one result or one dead letter. Equal requests that are out at the same time are one
 * request.
 *
 * <ul>
 *   <li>A passing fault of the provider (2xxx, replayable) is tried again: {@code attempts} times,
 *       with pauses from {@code firstPauseMs} doubling up to {@code longestPauseMs}, or as long as
 *       the provider asks. The count is state, so a restored request goes on counting.
 *   <li>A provider that is away (no answer, 429, 5xx, left alone after many faults) is waited for,
 *       with pauses up to a minute, for as long as the settings say and three attempts at least; if
 *       it says itself that it takes longer, not at all. That is not for those whom another
 *       provider serves: the step has chosen before.
 *   <li>What may have been bought already is not tried again.
 *   <li>A turn that our own limits did not leave ({@code NO_TURN}) is no attempt: the request waits
 *       and is submitted again, and stands in the line where it stood. Time in which a call waits
 *       for turns is not its deadline's.
 *   <li>After a restore the request is submitted again, under the same key: the step finds what was
 *       bought under the key of its inputs.
 *   <li>A call over its deadline is interrupted and counts as a failed attempt.
 *   <li>A store that is away counts as no attempt; after ten minutes it fails the bundle.
 * </ul>
 *
 * <p>On bounded runs ({@link AwaitSettings#inBundle}) the same calls end within the bundle. State
 * per key: one request and ten numbers, cleared with its result.
 */
public final class AwaitStep<InputT extends Tracked, OutputT>
    extends PTransform<PCollection<InputT>, PCollection<OutputT>> {
  private static final long serialVersionUID = 1L;

  /** A turn that takes longer is told. */
  private static final long TELL_TURN_MS = 10_000;

  /** How long a bundle in which everybody waits is left alone. */
  private static final long MOST_REST_MS = 200;

  private static final DateTimeFormatter HOUR_AND_MINUTE =
      DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);

  /** A young call is looked at this soon. */
  static final long FIRST_POLL_MS = 10;

  private final Stage stage;
  private final String provider;
  private final Step<InputT, OutputT> step;
  private final Class<InputT> inputType;
  private final Class<OutputT> outputType;
  private final AwaitSettings settings;
  private final Progress.Factory progress;
  private final PortFactory<ProjectLedger> projects;
  private final boolean fenced;
  private final String part;
  private final transient DeadLetters.Lane deadLetters;

  private AwaitStep(
      Stage stage,
      String provider,
      Step<InputT, OutputT> step,
      Class<InputT> inputType,
      Class<OutputT> outputType,
      AwaitSettings settings,
      Progress.Factory progress,
      PortFactory<ProjectLedger> projects,
      boolean fenced,
      String part,
      DeadLetters.Lane deadLetters) {
    this.stage = stage;
    this.provider = provider;
    this.step = step;
    this.inputType = inputType;
    this.outputType = outputType;
    this.settings = settings;
    this.progress = progress;
    this.projects = projects;
    this.fenced = fenced;
    this.part = part;
    this.deadLetters = deadLetters;
  }

  /**
   * The transform of one stage.
   *
   * @param provider whose bound the calls share, for example {@code speech}
   */
  public static <InputT extends Tracked, OutputT extends Record> AwaitStep<InputT, OutputT> apply(
      Stage stage,
      String provider,
      Step<InputT, OutputT> step,
      Class<InputT> inputType,
      Class<OutputT> outputType,
      AwaitSettings settings,
      Progress.Factory progress,
      DeadLetters.Lane deadLetters) {
    return new AwaitStep<>(
        stage,
        provider,
        step,
        inputType,
        outputType,
        settings,
        progress,
        NoLedger::new,
        /* fenced= */ true,
        stage.label(),
        deadLetters);
  }

  /** The same, dropping what belongs to an epoch that the ledger says is over. */
  public AwaitStep<InputT, OutputT> fencedBy(PortFactory<ProjectLedger> newProjects) {
    return withLedger(newProjects, /* newFenced= */ true);
  }

  /**
   * The same, noting letters in the ledger and dropping nothing: what is made is wanted though its
   * epoch is over, and the step sees for itself where it is not.
   */
  public AwaitStep<InputT, OutputT> settledIn(PortFactory<ProjectLedger> newProjects) {
    return withLedger(newProjects, /* newFenced= */ false);
  }

  private AwaitStep<InputT, OutputT> withLedger(
      PortFactory<ProjectLedger> newProjects, boolean newFenced) {
    return new AwaitStep<>(
        stage,
        provider,
        step,
        inputType,
        outputType,
        settings,
        progress,
        newProjects,
        newFenced,
        part,
        deadLetters);
  }

  /** The same with metrics of its own name: it is not all of its stage. */
  public AwaitStep<InputT, OutputT> countedAs(String newPart) {
    return new AwaitStep<>(
        stage,
        provider,
        step,
        inputType,
        outputType,
        settings,
        progress,
        projects,
        fenced,
        newPart,
        deadLetters);
  }

  /**
   * When something is looked at again that is so old: a call that runs or stands in line, or a
   * request that found the line full. At each age it waits a quarter of it, so a result lies for no
   * longer than that, and what takes minutes is looked at every {@code pollMs}.
   */
  static long nextLookMs(long ageMs, long pollMs) {
    return Math.min(Math.max(FIRST_POLL_MS, ageMs / 4), pollMs);
  }

  @Override
  @SuppressWarnings({"unchecked", "rawtypes"}) // Both types are records: see the factory.
  public PCollection<OutputT> expand(PCollection<InputT> input) {
    TupleTag<OutputT> done = new TupleTag<>("done") {};
    TupleTag<BadRecord> dead = new TupleTag<>("dead") {};
    RecordCoder inputCoder = RecordCoder.of((Class) inputType);
    Caller<InputT, OutputT> caller =
        new Caller<>(stage, provider, step, settings, progress, projects, fenced, part);
    PCollectionTuple outputs;
    if (settings.inBundle()) {
      outputs =
          input.apply(
              stage.label(),
              ParDo.of(new BundleFn<>(caller, done, dead))
                  .withOutputTags(done, TupleTagList.of(dead)));
    } else {
      PCollection<KV<String, InputT>> keyed =
          input.apply(
              "Key " + stage.label(),
              WithKeys.<String, InputT>of(RecordJson::sha256)
                  .withKeyType(TypeDescriptors.strings()));
      keyed.setCoder(KvCoder.of(StringUtf8Coder.of(), inputCoder));
      outputs =
          keyed.apply(
              stage.label(),
              ParDo.of(new AwaitFn<InputT, OutputT>(caller, inputCoder, done, dead))
                  .withOutputTags(done, TupleTagList.of(dead)));
    }
    deadLetters.add(stage, outputs.get(dead));
    return outputs.get(done).setCoder((RecordCoder) RecordCoder.of((Class) outputType));
  }

  /** What both shapes share: opening, calling, counting. */
  private static final class Caller<InputT extends Tracked, OutputT>
      implements java.io.Serializable {
    private static final long serialVersionUID = 1L;
    private static final Logger log = LoggerFactory.getLogger(AwaitStep.class);

    private final Stage stage;
    private final String provider;
    private final Step<InputT, OutputT> step;
    private final AwaitSettings settings;
    private final Progress.Factory progressFactory;
    private final PortFactory<ProjectLedger> projects;
    private final boolean fenced;

    /** Tells the calls of this transform from those of others in the same process. */
    private final String id = UUID.randomUUID().toString();

    private final StageMetrics metrics;
    private transient @Nullable StepPool<InputT, OutputT> steps;
    private transient @Nullable CallPool pool;
    private transient @Nullable Progress progress;
    private transient @Nullable ProjectLedger ledger;
    private transient @Nullable EpochFence fence;

    Caller(
        Stage stage,
        String provider,
        Step<InputT, OutputT> step,
        AwaitSettings settings,
        Progress.Factory progressFactory,
        PortFactory<ProjectLedger> projects,
        boolean fenced,
        String part) {
      this.stage = stage;
      this.provider = provider;
      this.step = step;
      this.settings = settings;
      this.progressFactory = progressFactory;
      this.projects = projects;
      this.fenced = fenced;
      this.metrics = StageMetrics.of(part);
    }

    void open() {
      progress = progressFactory.open();
      ProjectLedger opened = projects.open();
      ledger = opened;
      fence = EpochFence.open(opened);
      steps = new StepPool<>(step);
      pool = CallPool.open(provider, settings.inFlight());
    }

    void close() {
      if (pool != null) {
        pool.close();
      }
      if (steps != null) {
        steps.close();
      }
      if (fence != null) {
        fence.close();
      }
      if (ledger != null) {
        ledger.close();
      }
    }

    CallPool pool() {
      return Objects.requireNonNull(pool, "open() first");
    }

    boolean isOver(InputT input) {
      boolean over = fenced && Objects.requireNonNull(fence, "open() first").isOver(input);
      if (over) {
        metrics.over();
      }
      return over;
    }

    /** Begins the call of an attempt, or meets it; null when the line is full. */
    CallPool.@Nullable Call<Attempt<OutputT>> begin(String request, int attempt, InputT input) {
      StepPool<InputT, OutputT> opened = Objects.requireNonNull(steps, "open() first");
      EpochFence epochs = Objects.requireNonNull(fence, "open() first");
      Progress listener = Objects.requireNonNull(progress, "open() first");
      TurnWaits turns = new TurnWaits(pool().placesOf(requestId(request)));
      return pool()
          .begin(
              callId(request, attempt),
              Urgency.rank(input.priority()),
              turns,
              () -> {
                Step<InputT, OutputT> ready = opened.take();
                try {
                  return Attempt.of(stage, ready, input, listener, epochs, turns);
                } finally {
                  opened.giveBack(ready);
                }
              });
    }

    /** Whether a call that has begun is over its deadline, which waits for turns put off. */
    boolean isLate(CallPool.Call<Attempt<OutputT>> call, Tries tries, long nowMs) {
      return nowMs - tries.calledMs() - call.turns().totalMs() > settings.deadlineMs();
    }

    private String requestId(String request) {
      return id + "/" + request;
    }

    String callId(String request, int attempt) {
      return requestId(request) + "/" + attempt;
    }

    /** The request has come to its end: what is known of it is forgotten. */
    void end(String request, int attempt) {
      pool().forget(callId(request, attempt));
      pool().end(requestId(request));
    }

    void setAside(
        InputT input, StageException failure, java.util.function.Consumer<BadRecord> dead) {
      new SetAside(stage)
          .accept(
              input,
              failure,
              Objects.requireNonNull(ledger, "open() first"),
              Objects.requireNonNull(progress, "open() first"),
              dead);
    }

    /** What an attempt that failed leaves to be done; null when the request is given up. */
    @Nullable Tries afterFailure(InputT input, Tries tries, Attempt<OutputT> attempt, long nowMs) {
      StageException failure = Objects.requireNonNull(attempt.failure());
      Long asked = failure.retryAfterMs();
      long askedForMs = asked == null ? 0 : asked;
      if (attempt.leftWithoutTurn()) {
        Tries waiting = tries.withoutTurn(nowMs);
        if (nowMs - waiting.noTurnSinceMs() >= settings.retries().turnMs()) {
          return null;
        }
        tellTurn(input, failure.provider(), failure.describe());
        return waiting.notBefore(nowMs + settings.retries().pauseMs(1, askedForMs));
      }
      String provider = attempt.awayProvider();
      if (provider != null) {
        Tries waiting = tries.down(nowMs);
        long sinceMs = waiting.downSinceMs();
        if (settings.inBundle()) {
          sinceMs = Math.min(sinceMs, Outages.since(stage, provider, nowMs));
        }
        long leftMs = settings.retries().awayMs() - (nowMs - sinceMs);
        if (askedForMs > Math.max(leftMs, settings.retries().longestPauseMs())) {
          return null; // It says itself that it will not be back in time.
        }
        if (leftMs <= 0 && waiting.made() + waiting.waits() >= settings.retries().attempts()) {
          return null;
        }
        tellAway(input, provider, failure, leftMs);
        return waiting.notBefore(
            nowMs + settings.retries().awayPauseMs(waiting.waits(), askedForMs));
      }
      if (attempt.worthAnother() && tries.made() + 1 < settings.retries().attempts()) {
        try (LogContext context = LogContext.of(stage, input)) {
          log.info("{} is tried again: {}", stage.label(), failure.describe());
        }
        return tries.failed(nowMs + settings.retries().pauseMs(tries.made() + 1, askedForMs));
      }
      return null;
    }

    private void tellAway(InputT input, String provider, StageException failure, long leftMs) {
      try (LogContext context = LogContext.of(stage, input)) {
        log.info("{} waits for {}: {}", stage.label(), provider, failure.describe());
      }
      String untilWhen =
          leftMs <= 0
              ? "is asked for the last times"
              : "waits until "
                  + HOUR_AND_MINUTE.format(
                      LocalTime.now(ZoneId.systemDefault()).plusNanos(leftMs * 1_000_000));
      Objects.requireNonNull(progress, "open() first")
          .waits(
              stage,
              input,
              provider + " is away (" + failure.code().label() + "); what needs it " + untilWhen);
    }

    /** A call waits for a turn long enough to be told. */
    void tellTurn(InputT input, CallPool.Call<Attempt<OutputT>> call) {
      if (!call.isDone() && call.turns().currentMs() > TELL_TURN_MS && call.tellsFirst()) {
        tellTurn(input, call.turns().provider(), "for " + call.turns().currentMs() / 1000 + " s");
      }
    }

    private void tellTurn(InputT input, @Nullable String provider, String detail) {
      String line = "waits for a turn with " + (provider == null ? "a provider" : provider);
      try (LogContext context = LogContext.of(stage, input)) {
        log.info("{} {}: {}", stage.label(), line, detail);
      }
      Objects.requireNonNull(progress, "open() first")
          .waits(stage, input, stage.label() + " " + line + ": its limits allow no more at once");
    }

    /**
     * Who has given what was wanted is no longer away. That somebody answers is not enough: lists
     * may be told where nothing is made, and speech be given where scripts are not.
     */
    void heardFrom(Attempt<OutputT> attempt) {
      metrics.work(attempt.work());
      if (attempt.value() == null) {
        return;
      }
      attempt
          .work()
          .providers()
          .forEach(
              (name, use) -> {
                if (use.calls() > 0 && use.errors() == 0) {
                  Outages.over(stage, name);
                }
              });
    }

    /** Tells how many calls of this task are out: those of others in the pool, they tell. */
    void tellCalls() {
      CallPool.Out out = pool().out(id + "/");
      metrics.calls(out.running(), out.waiting());
      // All that works beside the task's thread; what it does itself, Flink's own metrics tell.
      StageMetrics.pool(WorkerPool.here(), out.running(), out.waiting());
    }

    /** The result of a call that has ended; an error of the step is thrown on. */
    Attempt<OutputT> resultOf(CallPool.Call<Attempt<OutputT>> call) {
      try {
        return call.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw new IllegalStateException("a step could not be opened", e.getCause());
      } catch (CancellationException e) {
        return timedOut();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while a call was waited for", e);
      }
    }

    Attempt<OutputT> timedOut() {
      return Attempt.failed(
          new StageException(
              FailureCode.CALL_TIMEOUT,
              "no answer from " + provider + " within " + settings.deadlineMs() / 1000 + " s"));
    }
  }

  /** Streaming: requests in state, results by timer. */
  private static final class AwaitFn<InputT extends Tracked, OutputT>
      extends DoFn<KV<String, InputT>, OutputT> {
    private static final long serialVersionUID = 1L;

    private final Caller<InputT, OutputT> caller;
    private final TupleTag<OutputT> done;
    private final TupleTag<BadRecord> dead;

    @StateId("request")
    private final StateSpec<ValueState<InputT>> requestSpec;

    @StateId("tries")
    private final StateSpec<ValueState<Tries>> triesSpec =
        StateSpecs.value(RecordCoder.of(Tries.class));

    @TimerId("poll")
    private final TimerSpec pollSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

    AwaitFn(
        Caller<InputT, OutputT> caller,
        org.apache.beam.sdk.coders.Coder<InputT> inputCoder,
        TupleTag<OutputT> done,
        TupleTag<BadRecord> dead) {
      this.caller = caller;
      this.requestSpec = StateSpecs.value(inputCoder);
      this.done = done;
      this.dead = dead;
    }

    @Setup
    public void setup() {
      caller.open();
    }

    @Teardown
    public void teardown() {
      caller.close();
    }

    @ProcessElement
    public void process(
        @Element KV<String, InputT> element,
        @StateId("request") ValueState<InputT> request,
        @StateId("tries") ValueState<Tries> triesState,
        @TimerId("poll") Timer poll,
        MultiOutputReceiver receiver) {
      InputT input = Objects.requireNonNull(element.getValue());
      if (request.read() != null) {
        return; // The same request is out already.
      }
      caller.metrics.in();
      if (caller.isOver(input)) {
        return; // Nobody waits for it any more.
      }
      Optional<OutputT> atOnce = caller.step.atOnce(input);
      if (atOnce.isPresent()) {
        caller.metrics.out();
        receiver.get(done).output(atOnce.get());
        return;
      }
      long nowMs = poll.getCurrentRelativeTime().getMillis();
      request.write(input);
      Tries tries = call(element.getKey(), input, Tries.arrived(nowMs), nowMs);
      lookAgain(tries, 0, nowMs, triesState, poll);
    }

    @OnTimer("poll")
    public void poll(
        @Key String key,
        @StateId("request") ValueState<InputT> request,
        @StateId("tries") ValueState<Tries> triesState,
        @TimerId("poll") Timer poll,
        MultiOutputReceiver receiver) {
      InputT input = request.read();
      Tries tries = triesState.read();
      // On Flink a timer cannot be cleared: it may fire for a request that was answered.
      if (input == null || tries == null) {
        return;
      }
      String callId = caller.callId(key, tries.made());
      if (caller.isOver(input)) {
        end(key, tries, request, triesState);
        return;
      }
      long nowMs = poll.getCurrentRelativeTime().getMillis();
      CallPool.Call<Attempt<OutputT>> call = caller.pool().find(callId);
      if (call != null && nowMs < tries.pollMs()) {
        // Timers fire early, again and again, when bounded input has ended: nothing else is left
        // to do on this thread, so it may wait a little.
        boolean unused = CallPool.endsWithin(call, Math.min(100, tries.pollMs() - nowMs));
      }
      if (call == null) {
        if (nowMs >= tries.notBeforeMs()) {
          Tries before = tries;
          tries = call(key, input, before, nowMs);
          // Lines are short and calls may take ms: a request that found one full looks soon, too.
          boolean full = tries.equals(before);
          lookAgain(tries, full ? nowMs - tries.notBeforeMs() : 0, nowMs, triesState, poll);
          return;
        }
        if (nowMs < tries.pollMs()) {
          BundleFn.pause(Math.min(100, tries.pollMs() - nowMs)); // As above.
        }
        again(tries, tries.notBeforeMs() - nowMs, nowMs, triesState, poll);
        return;
      }
      if (!call.isDone() && !call.hasBegun()) {
        // In line: the time of the call has not begun.
        long inLineMs = nowMs - tries.notBeforeMs();
        lookAgain(tries.called(nowMs), inLineMs, nowMs, triesState, poll);
        return;
      }
      boolean late = !call.isDone() && caller.isLate(call, tries, nowMs);
      if (!call.isDone() && !late) {
        caller.tellTurn(input, call);
        lookAgain(tries, nowMs - tries.calledMs(), nowMs, triesState, poll);
        return;
      }
      if (late) {
        call.turns().giveUp();
      }
      Attempt<OutputT> attempt = late ? caller.timedOut() : caller.resultOf(call);
      caller.pool().forget(callId);
      caller.heardFrom(attempt);
      StoreException outage = attempt.outage();
      if (outage != null) {
        if (tries.awayMs(nowMs) > caller.settings.outageMs()) {
          throw outage; // Lane 4, after patience.
        }
        long pauseMs = caller.settings.retries().pauseMs(tries.outages() + 1, 0);
        again(tries.away(nowMs, nowMs + pauseMs), pauseMs, nowMs, triesState, poll);
        return;
      }
      StageException failure = attempt.failure();
      if (failure == null) {
        caller.metrics.latency(nowMs - tries.arrivedMs());
        caller.metrics.out();
        receiver.get(done).output(Objects.requireNonNull(attempt.value()));
        end(key, tries, request, triesState);
        return;
      }
      Tries next = caller.afterFailure(input, tries, attempt, nowMs);
      if (next != null) {
        again(next, next.notBeforeMs() - nowMs, nowMs, triesState, poll);
        return;
      }
      caller.setAside(input, failure, letter -> receiver.get(dead).output(letter));
      end(key, tries, request, triesState);
    }

    /** Submits the attempt that is due; while the line is full, the request stays in state. */
    private Tries call(String key, InputT input, Tries tries, long nowMs) {
      if (caller.begin(key, tries.made(), input) == null) {
        return tries;
      }
      caller.metrics.attempt();
      return tries.called(nowMs);
    }

    private void lookAgain(
        Tries tries, long ageMs, long nowMs, ValueState<Tries> triesState, Timer poll) {
      again(tries, nextLookMs(ageMs, caller.settings.pollMs()), nowMs, triesState, poll);
    }

    private void again(
        Tries tries, long inMs, long nowMs, ValueState<Tries> triesState, Timer poll) {
      caller.tellCalls();
      long waitMs = Math.min(inMs, caller.settings.pollMs());
      triesState.write(tries.polledAt(nowMs + waitMs));
      poll.offset(Duration.millis(waitMs)).setRelative();
    }

    private void end(
        String key, Tries tries, ValueState<InputT> request, ValueState<Tries> triesState) {
      caller.end(key, tries.made());
      caller.tellCalls();
      request.clear();
      triesState.clear();
    }
  }

  /** Bounded: the same calls, ended with the bundle. */
  private static final class BundleFn<InputT extends Tracked, OutputT>
      extends DoFn<InputT, OutputT> {
    private static final long serialVersionUID = 1L;

    private final Caller<InputT, OutputT> caller;
    private final TupleTag<OutputT> done;
    private final TupleTag<BadRecord> dead;
    private transient List<Asked<InputT>> open = new ArrayList<>();

    /** A request of this bundle. */
    private static final class Asked<T> {
      private final String id;
      private final T input;
      private final Instant timestamp;
      private final BoundedWindow window;
      private Tries tries;

      Asked(T input, Tries tries, Instant timestamp, BoundedWindow window) {
        // In a bundle every element has its own call: what is equal finds what the first one made.
        this.id = UUID.randomUUID().toString();
        this.input = input;
        this.tries = tries;
        this.timestamp = timestamp;
        this.window = window;
      }
    }

    BundleFn(Caller<InputT, OutputT> caller, TupleTag<OutputT> done, TupleTag<BadRecord> dead) {
      this.caller = caller;
      this.done = done;
      this.dead = dead;
    }

    @Setup
    public void setup() {
      caller.open();
    }

    @Teardown
    public void teardown() {
      caller.close();
    }

    @StartBundle
    public void start() {
      open = new ArrayList<>();
    }

    @ProcessElement
    public void process(
        @Element InputT input,
        @Timestamp Instant timestamp,
        BoundedWindow window,
        MultiOutputReceiver receiver) {
      caller.metrics.in();
      if (caller.isOver(input)) {
        return;
      }
      Optional<OutputT> atOnce = caller.step.atOnce(input);
      if (atOnce.isPresent()) {
        caller.metrics.out();
        receiver.get(done).output(atOnce.get());
        return;
      }
      Asked<InputT> asked = new Asked<>(input, Tries.arrived(nowMs()), timestamp, window);
      open.add(asked);
      call(asked);
    }

    @FinishBundle
    public void finish(FinishBundleContext context) {
      // All of them wait side by side: for one that waits long, nobody else does.
      while (!open.isEmpty()) {
        for (Iterator<Asked<InputT>> each = open.iterator(); each.hasNext(); ) {
          Asked<InputT> asked = each.next();
          if (hasEnded(asked, context)) {
            caller.end(asked.id, asked.tries.made());
            each.remove();
          }
        }
        rest();
      }
    }

    /** Begins the attempt that is due; when the line is full, it is called when its turn comes. */
    private void call(Asked<InputT> asked) {
      if (caller.begin(asked.id, asked.tries.made(), asked.input) != null) {
        caller.metrics.attempt();
        asked.tries = asked.tries.called(nowMs());
      }
    }

    private CallPool.@Nullable Call<Attempt<OutputT>> callOf(Asked<InputT> asked) {
      return caller.pool().find(caller.callId(asked.id, asked.tries.made()));
    }

    /** Looks at a request, and takes it a step on; true when it has come to its end. */
    private boolean hasEnded(Asked<InputT> asked, FinishBundleContext context) {
      CallPool.Call<Attempt<OutputT>> call = callOf(asked);
      long nowMs = nowMs();
      if (call == null) {
        if (caller.isOver(asked.input)) {
          return true; // Cancelled while it waited.
        }
        if (nowMs >= asked.tries.notBeforeMs()) {
          call(asked);
        }
        return false;
      }
      if (!call.isDone() && !call.hasBegun()) {
        asked.tries = asked.tries.called(nowMs); // In line: the time of the call has not begun.
        return false;
      }
      boolean late = !call.isDone() && caller.isLate(call, asked.tries, nowMs);
      if (!call.isDone() && !late) {
        caller.tellTurn(asked.input, call);
        return false;
      }
      if (late) {
        call.turns().giveUp();
      }
      Attempt<OutputT> attempt = late ? caller.timedOut() : caller.resultOf(call);
      caller.pool().forget(caller.callId(asked.id, asked.tries.made()));
      caller.heardFrom(attempt);
      StoreException outage = attempt.outage();
      if (outage != null) {
        throw outage; // Lane 4: no record is to blame.
      }
      StageException failure = attempt.failure();
      if (failure != null) {
        Tries next = caller.afterFailure(asked.input, asked.tries, attempt, nowMs);
        if (next != null) {
          asked.tries = next;
          return false;
        }
        caller.metrics.latency(nowMs - asked.tries.arrivedMs());
        if (!caller.isOver(asked.input)) { // Else nobody waits for it, nor for a letter.
          caller.setAside(
              asked.input,
              failure,
              letter -> context.output(dead, letter, asked.timestamp, asked.window));
        }
        return true;
      }
      caller.metrics.latency(nowMs - asked.tries.arrivedMs());
      caller.metrics.out();
      OutputT value = Objects.requireNonNull(attempt.value());
      context.output(done, value, asked.timestamp, asked.window);
      return true;
    }

    /** Until a call ends, or for a moment. */
    private void rest() {
      long waitMs = MOST_REST_MS;
      for (Asked<InputT> asked : open) {
        CallPool.Call<Attempt<OutputT>> call = callOf(asked);
        if (call != null) {
          boolean unused = CallPool.endsWithin(call, FIRST_POLL_MS);
          waitMs = 0;
          break;
        }
        long inMs = asked.tries.notBeforeMs() - nowMs();
        waitMs = Math.min(waitMs, inMs > 0 ? inMs : FIRST_POLL_MS); // Else the line is full.
      }
      if (!open.isEmpty()) {
        pause(waitMs);
      }
    }

    private static void pause(long milliseconds) {
      try {
        Thread.sleep(milliseconds);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted between two attempts", e);
      }
    }

    private static long nowMs() {
      return System.nanoTime() / 1_000_000;
    }
  }
}
