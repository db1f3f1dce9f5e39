package dev.reelbeam.stages.step;

import dev.reelbeam.model.meter.Places;
import dev.reelbeam.model.meter.TurnWaits;
import dev.reelbeam.stages.flow.Urgency;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The calls to one provider that are out from this worker process: a bounded number at once, as
 * many again in line, and no more. Thread-safe.
 *
 * <p>The most urgent in line goes first, and the low lane leaves a quarter of the places to others,
 * where there are four or more: a live call waits for none of it. Where the places are the
 * machine's cores, what the low lane has begun takes no place from others: its threads have the
 * least priority, where the JVM honours that, and give way as they run. What is less urgent does
 * not fill the line for what is more urgent either. The low lane is not starved: while it waits,
 * every {@value #LOW_EVERY}th call is one of its.
 *
 * <p>One pool per provider, shared by every task of the process; it ends when the last one closes
 * it. A call is known by its id until its result is taken, so that a task which was restored meets
 * a call of its former life instead of making it twice. A result that nobody takes for {@value
 * #FORGET_MS} ms is forgotten: its task lives elsewhere now and asks again.
 */
final class CallPool implements AutoCloseable {
  static final long FORGET_MS = 600_000;

  /** Lines remember nobody for longer. */
  private static final long PLACES_MS = 3_600_000;

  private static final int LOW_EVERY = 8;

  private static final Map<String, CallPool> OPEN = new HashMap<>();

  private final String provider;
  private final int inFlight;
  private final boolean lowGivesWay;
  private final int lowAtOnce;
  private final ExecutorService threads;
  private final ExecutorService lowThreads;
  private final Map<String, Call<?>> calls = new ConcurrentHashMap<>();
  private final Map<String, Request> requests = new ConcurrentHashMap<>();
  private int users;

  // Guarded by this.
  private final PriorityQueue<Call<?>> line =
      new PriorityQueue<>(
          Comparator.<Call<?>>comparingInt(call -> call.rank)
              .thenComparingLong(call -> call.number));
  private final Deque<Call<?>> lowLine = new ArrayDeque<>();
  private final int[] pending = new int[Urgency.LOW + 1];
  private int running;
  private int lowRunning;
  private int sinceLow;
  private long arrivals;
  private boolean closed;

  private CallPool(String provider, int inFlight, boolean lowGivesWay) {
    this.provider = provider;
    this.inFlight = inFlight;
    this.lowGivesWay = lowGivesWay;
    this.lowAtOnce = lowGivesWay ? inFlight : inFlight - inFlight / 4;
    AtomicInteger number = new AtomicInteger();
    // They begin at once, on a task's thread: a thread inherits the priority of the one it begins
    // on.
    ThreadPoolExecutor ready = pool(Math.max(1, inFlight), number, Thread.NORM_PRIORITY);
    if (inFlight > 0) {
      int unused = ready.prestartAllCoreThreads();
    }
    threads = ready;
    ThreadPoolExecutor low = pool(Math.max(1, lowAtOnce), number, Thread.MIN_PRIORITY);
    low.allowCoreThreadTimeOut(true);
    lowThreads = low;
  }

  private ThreadPoolExecutor pool(int atOnce, AtomicInteger number, int priority) {
    return new ThreadPoolExecutor(
        atOnce,
        atOnce,
        10,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        work -> {
          Thread thread = new Thread(work, "call-" + provider + "-" + number.incrementAndGet());
          thread.setDaemon(true);
          thread.setPriority(priority);
          return thread;
        });
  }

  /** The pool of a provider; whoever opens it closes it. The first one decides on its size. */
  static CallPool open(String provider, int inFlight) {
    synchronized (OPEN) {
      boolean cores = inFlight == AwaitSettings.CORES;
      int atOnce = cores ? Runtime.getRuntime().availableProcessors() : inFlight;
      CallPool pool = OPEN.computeIfAbsent(provider, name -> new CallPool(name, atOnce, cores));
      pool.users++;
      return pool;
    }
  }

  @Override
  public void close() {
    synchronized (OPEN) {
      users--;
      if (users == 0) {
        OPEN.remove(provider);
        synchronized (this) {
          closed = true;
          threads.shutdownNow();
          lowThreads.shutdownNow();
        }
      }
    }
  }

  /** Where a request stands in lines for turns, and when it was asked for last. */
  private record Request(Places places, long askedNs) {}

  /** A call that is out, or whose result waits to be taken. */
  static final class Call<T> extends FutureTask<T> {
    private final int rank;
    private final long number;
    private final TurnWaits turns;
    private volatile boolean begun;
    private volatile boolean told;
    private volatile long endedNs;

    Call(Callable<T> work, int rank, long number, TurnWaits turns) {
      super(work);
      this.rank = rank;
      this.number = number;
      this.turns = turns;
    }

    /** Whether nobody was told yet that it waits for a turn; from now on somebody was. */
    boolean tellsFirst() {
      boolean first = !told;
      told = true;
      return first;
    }

    /** How long it has waited for turns with providers. */
    TurnWaits turns() {
      return turns;
    }

    @Override
    public void run() {
      begun = true;
      super.run();
    }

    /** Whether it stands in line no longer. */
    boolean hasBegun() {
      return begun;
    }

    @Override
    protected void done() {
      endedNs = System.nanoTime();
    }

    private boolean isForgotten(long nowNs) {
      return isDone() && nowNs - endedNs > FORGET_MS * 1_000_000;
    }
  }

  /**
   * Begins a call, or meets the one that has this id; null when the line is full.
   *
   * @param rank of its {@link Urgency}
   */
  <T> @Nullable Call<T> begin(String id, int rank, Callable<T> work) {
    return begin(id, rank, new TurnWaits(), work);
  }

  /**
   * The same for work that waits for turns.
   *
   * @param turns hears of these waits
   */
  <T> @Nullable Call<T> begin(String id, int rank, TurnWaits turns, Callable<T> work) {
    Call<T> known = find(id);
    if (known != null) {
      return known;
    }
    Call<T> call;
    synchronized (this) {
      int before = 0;
      for (int urgent = 0; urgent <= rank; urgent++) {
        before += pending[urgent];
      }
      if (before >= 2 * Math.max(1, inFlight)) {
        long nowNs = System.nanoTime();
        calls.values().removeIf(old -> old.isForgotten(nowNs));
        requests.values().removeIf(old -> nowNs - old.askedNs() > PLACES_MS * 1_000_000);
        return null;
      }
      pending[rank]++;
      call = new Call<>(work, rank, arrivals++, turns);
      calls.put(id, call);
      if (inFlight > 0) {
        if (rank == Urgency.LOW) {
          lowLine.add(call);
        } else {
          line.add(call);
        }
        fill();
        return call;
      }
    }
    try {
      call.run();
    } finally {
      synchronized (this) {
        pending[rank]--;
      }
    }
    return call;
  }

  /** Starts what there is room for. Under the lock. */
  private void fill() {
    while (!closed) {
      int inTheWay = lowGivesWay ? running - lowRunning : running;
      boolean urgentMay = !line.isEmpty() && inTheWay < inFlight;
      boolean lowsTurn = sinceLow >= LOW_EVERY - 1;
      boolean room = running < inFlight || (lowGivesWay && lowsTurn);
      boolean lowMay = !lowLine.isEmpty() && room && lowRunning < lowAtOnce;
      boolean low = lowMay && (!urgentMay || lowsTurn);
      if (!low && !urgentMay) {
        return;
      }
      Call<?> next = Objects.requireNonNull(low ? lowLine.poll() : line.poll());
      running++;
      lowRunning += low ? 1 : 0;
      sinceLow = low || lowLine.isEmpty() ? 0 : sinceLow + 1;
      (low ? lowThreads : threads).execute(() -> run(next));
    }
  }

  private void run(Call<?> call) {
    try {
      call.run();
    } finally {
      // Not before the thread is free: a call that was given up may still hold it.
      synchronized (this) {
        running--;
        lowRunning -= call.rank == Urgency.LOW ? 1 : 0;
        pending[call.rank]--;
        fill();
      }
    }
  }

  /** The call of this id; null when there is none here. */
  @SuppressWarnings("unchecked") // An id belongs to one transform, and so to one type.
  <T> @Nullable Call<T> find(String id) {
    return (Call<T>) calls.get(id);
  }

  /** The places of a request in lines for turns, the same for each of its attempts. */
  Places placesOf(String request) {
    return Objects.requireNonNull(
            requests.compute(
                request,
                (id, known) ->
                    new Request(known == null ? new Places() : known.places(), System.nanoTime())))
        .places();
  }

  /** A request has come to its end. */
  void end(String request) {
    requests.remove(request);
  }

  /** Forgets a call whose result was taken, or gives it up. */
  void forget(String id) {
    Call<?> call = calls.remove(id);
    if (call != null) {
      call.cancel(true);
      synchronized (this) {
        if (line.remove(call) || lowLine.remove(call)) {
          pending[call.rank]--;
        }
      }
    }
  }

  /** Calls that run, and those that stand in line. */
  record Out(int running, int waiting) {}

  /** Those of one caller, whose ids begin alike. */
  Out out(String owner) {
    int running = 0;
    int waiting = 0;
    for (Map.Entry<String, Call<?>> entry : calls.entrySet()) {
      if (entry.getKey().startsWith(owner) && !entry.getValue().isDone()) {
        if (entry.getValue().hasBegun()) {
          running++;
        } else {
          waiting++;
        }
      }
    }
    return new Out(running, waiting);
  }

  /** Waits a little for a call; true when it has ended. */
  static boolean endsWithin(Call<?> call, long milliseconds) {
    try {
      call.get(milliseconds, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | java.util.concurrent.CancellationException e) {
      return true;
    }
  }
}
