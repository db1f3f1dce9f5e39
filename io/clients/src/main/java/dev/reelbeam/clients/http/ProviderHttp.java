package dev.reelbeam.clients.http;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.meter.Places;
import dev.reelbeam.model.meter.WorkMeter;
import dev.reelbeam.model.port.LostCallException;
import dev.reelbeam.model.port.StoreException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.Dns;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls one provider with one key. Thread-safe.
 *
 * <p>Each attempt waits for its turn (so many in a minute and so many in flight, shared by all
 * workers of this JVM that use the same key, and by all processes where the policy's {@link
 * CallLimits} reach that far), is bounded in time and in size, and counts for the circuit breaker.
 * What may be repeated is: 408, 409, 429 and 5xx that the provider's error reader calls passing,
 * and lost connections; {@code Retry-After} is obeyed. An empty wallet, a wrong key and a refusal
 * are told at once. When a reply says that it was the last one allowed ({@code
 * X-RateLimit-Remaining: 0}), or asks for patience, nobody calls before that time.
 *
 * <p>A paid call whose outcome nobody knows is not made again in the same run, by whomever, unless
 * the policy allows a second purchase ({@link LostCalls}). A gateway's page leaves the outcome
 * open, too. Before the next call somebody looks, for nothing, whether the provider itself answers
 * again, so that an outage is paid for by the calls that it met, and by no others.
 */
public final class ProviderHttp {
  private static final Logger log = LoggerFactory.getLogger(ProviderHttp.class);

  static final OkHttpClient BASE = new OkHttpClient();
  private static final Map<Shared, Gate> GATES = new ConcurrentHashMap<>();
  private static final Map<Entry, Health> HEALTH = new ConcurrentHashMap<>();
  private static final int MAX_ERROR_CHARS = 300;

  /** Who asks to be left alone for longer is asked again then: a date may be wrong. */
  private static final Duration LONGEST_CLOSED = Duration.ofHours(1);

  private final String provider;
  private final Secret secret;
  private final CallPolicy policy;
  private final ErrorReader errors;
  private final OkHttpClient client;
  private final Gate gate;
  private final Health health;
  private final CallLimits limits;
  private final String door;
  private final Pauses pauses;
  private final boolean tellRedirects;
  private final @Nullable HttpUrl base;

  /** Waits; a test passes its own. */
  @FunctionalInterface
  interface Pauses {
    void pause(Duration time) throws InterruptedException;
  }

  /** Whose calls count together. */
  private record Shared(String door, CallLimits limits) {}

  /** Until when nobody calls, and why. */
  private record Closed(long untilMs, CallLimits.Why why) {
    private static final Closed NEVER = new Closed(0, CallLimits.Why.ASKED);
  }

  /** What all callers with the same key share in this process. */
  private record Gate(TurnLine line, AtomicReference<Closed> closed) {
    static Gate open() {
      return new Gate(new TurnLine(), new AtomicReference<>(Closed.NEVER));
    }
  }

  /** One entry of the settings: a model may be down while others of the same key are well. */
  private record Entry(String provider, String endpoint, String key, CallPolicy policy) {}

  /** How an entry is, as far as this process knows. */
  private record Health(CircuitBreaker breaker, AtomicLong gatewaySinceMs) {
    static Health of(Entry entry) {
      CircuitBreaker breaker =
          CircuitBreaker.of(
              entry.provider(),
              CircuitBreakerConfig.custom()
                  .slidingWindowSize(20)
                  .minimumNumberOfCalls(10)
                  .failureRateThreshold(60)
                  .waitDurationInOpenState(Duration.ofSeconds(30))
                  .permittedNumberOfCallsInHalfOpenState(2)
                  .build());
      return new Health(breaker, new AtomicLong());
    }
  }

  /**
   * Opens the way to a provider.
   *
   * @param provider name for messages and metrics
   * @param endpoint base address; its host, the key and the kind of the policy say with whom limits
   *     are shared
   */
  public ProviderHttp(
      String provider, String endpoint, Secret secret, CallPolicy policy, ErrorReader errors) {
    this(provider, endpoint, secret, policy, errors, time -> Thread.sleep(time.toMillis()));
  }

  ProviderHttp(
      String provider,
      String endpoint,
      Secret secret,
      CallPolicy policy,
      ErrorReader errors,
      Pauses pauses) {
    this(provider, endpoint, secret, policy, errors, pauses, Dns.SYSTEM, false);
  }

  /**
   * @param dns resolves the names of addresses that come from content
   * @param tellRedirects whether a redirect is handed out as a reply, for the caller to judge
   */
  ProviderHttp(
      String provider,
      String endpoint,
      Secret secret,
      CallPolicy policy,
      ErrorReader errors,
      Pauses pauses,
      Dns dns,
      boolean tellRedirects) {
    this.tellRedirects = tellRedirects;
    this.base = HttpUrl.parse(endpoint);
    this.provider = provider;
    this.secret = secret;
    this.policy = policy;
    this.errors = errors;
    this.pauses = pauses;
    // Nobody has a limit with a server that knows no keys.
    this.limits = secret.present() ? policy.limits() : CallLimits.OF_THIS_PROCESS;
    this.door = Doors.door(endpoint, policy.kind(), secret);
    this.gate = GATES.computeIfAbsent(new Shared(door, limits), by -> Gate.open());
    this.health =
        HEALTH.computeIfAbsent(new Entry(provider, endpoint, secret.source(), policy), Health::of);
    this.client =
        BASE.newBuilder()
            .dns(dns)
            .connectTimeout(policy.connectTimeout())
            .readTimeout(policy.readTimeout())
            .writeTimeout(policy.readTimeout())
            .callTimeout(policy.callTimeout())
            // Attempts are counted here, and a redirect of an API is a mistake in its address.
            .retryOnConnectionFailure(false)
            .addNetworkInterceptor(chain -> uncountedRepeatsOff(chain.proceed(chain.request())))
            .eventListenerFactory(call -> new SentListener())
            .followRedirects(false)
            .build();
  }

  /**
   * Calls, and calls again where that may help.
   *
   * @throws StageException {@code PROVIDER_*}; {@code NO_TURN} if the limits of its own left none
   *     as long as a call may take. The message names the provider, never a key
   * @throws StoreException if who counts the calls is away, and what was sent before, if anything,
   *     has come to nothing
   */
  public Reply call(Request request, Repeatable repeatable) throws StageException {
    String purchase = repeatable == Repeatable.ONLY_AFTER_AN_ANSWER ? LostCalls.name(request) : "";
    if (!purchase.isEmpty() && LostCalls.times(purchase) >= policy.purchases()) {
      throw new StageException(
              FailureCode.PROVIDER_OUTCOME_UNKNOWN,
              provider
                  + " was asked for exactly this before in this run and may have done it, nobody"
                  + " knows; it is not bought again")
          .withProvider(provider)
          .withCharges(List.of());
    }
    if (repeatable != Repeatable.YES) {
      lookAfterAGateway();
    }
    StageException first = null;
    StageException lost = null;
    for (int attempt = 1; ; attempt++) {
      try {
        return attempt(request, attempt);
      } catch (LostCallException e) {
        if (!purchase.isEmpty() && WorkMeter.givenUp()) {
          int unused = LostCalls.add(purchase); // Its step is tried again, a restarted one anyway.
        }
        // What may simply be repeated is billed by nobody.
        throw repeatable == Repeatable.YES
            ? new CancellationException(String.valueOf(e.getMessage()))
            : e;
      } catch (StoreException e) {
        if (lost == null) {
          throw e;
        }
        // It may be billed: an outage would leave that to nobody.
        StageException unknown = unknown(lost, purchase);
        unknown.addSuppressed(e);
        throw unknown;
      } catch (Failed failed) {
        StageException failure = failed.failure.withProvider(provider);
        if (first == null) {
          first = failure;
        } else {
          failure.addSuppressed(first);
        }
        if (failed.outcomeUnknown) {
          lost = failure;
          if (repeatable != Repeatable.YES) {
            if (byGateway(failed.status)) {
              health.gatewaySinceMs().set(System.currentTimeMillis());
            }
            throw unknown(failure, purchase);
          }
        }
        if (!failed.retry || attempt >= policy.attempts()) {
          throw failure;
        }
        Duration pause = pause(attempt, failed.retryAfter);
        log.info(
            "{}: attempt {} of {} failed ({}), again in {} ms",
            provider,
            attempt,
            policy.attempts(),
            failure.getMessage(),
            pause.toMillis());
        rest(pause);
      }
    }
  }

  /**
   * While a gateway answers for the provider, nothing is bought: its base address is asked, without
   * the key, until something comes that is not a gateway's. What that is does not matter.
   *
   * @throws StageException how it is away, after as many attempts as a call has
   */
  private void lookAfterAGateway() throws StageException {
    HttpUrl address = base;
    long sinceMs = health.gatewaySinceMs().get();
    if (sinceMs == 0 || address == null) {
      return;
    }
    Request look = new Request.Builder().url(address).build();
    long oldMs = Math.max(0, System.currentTimeMillis() - sinceMs);
    if (oldMs < policy.firstPause().toMillis()) {
      rest(policy.firstPause().minusMillis(oldMs));
    }
    for (int attempt = 1; ; attempt++) {
      try {
        Reply unused = attempt(look, attempt);
        break;
      } catch (LostCallException e) {
        throw new CancellationException(String.valueOf(e.getMessage())); // It cost nothing.
      } catch (Failed failed) {
        if (failed.status > 0 && !failed.outcomeUnknown && (!failed.retry || failed.busy)) {
          break;
        }
        if (!failed.retry || attempt >= policy.attempts()) {
          throw failed.failure.withProvider(provider);
        }
        rest(pause(attempt, failed.retryAfter));
      }
    }
    boolean unused = health.gatewaySinceMs().compareAndSet(sinceMs, 0);
  }

  /** Whether somebody in between found nobody behind it; a 500 is mostly the provider's own. */
  private static boolean byGateway(int status) {
    return status > 500 && !ErrorReader.lostPatience(status);
  }

  private StageException unknown(StageException failure, String purchase) {
    boolean onceMore = !purchase.isEmpty() && LostCalls.add(purchase) < policy.purchases();
    return new StageException(
            FailureCode.PROVIDER_OUTCOME_UNKNOWN,
            provider + " may have done it, nobody knows: " + failure.getMessage(),
            failure)
        .withOnceMore(onceMore);
  }

  private Duration pause(int attempt, Duration asked) {
    long millis = policy.firstPause().toMillis() << Math.min(20, attempt - 1);
    // Up to a quarter less, so that workers which failed together do not come back together.
    millis -= ThreadLocalRandom.current().nextLong(millis / 4 + 1);
    millis = Math.max(millis, asked.toMillis());
    return Duration.ofMillis(Math.min(millis, policy.longestPause().toMillis()));
  }

  private void rest(Duration pause) {
    WorkMeter.waited(provider, pause.toMillis());
    try {
      pauses.pause(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("waiting for " + provider + " was cancelled");
    }
  }

  /** Whether anything of a call left this machine: only then may it have had an effect. */
  private static final class Sent {
    private volatile boolean yes;
  }

  private static final class SentListener extends EventListener {
    @Override
    public void requestHeadersStart(Call call) {
      Sent sent = call.request().tag(Sent.class);
      if (sent != null) {
        sent.yes = true;
      }
    }
  }

  private Reply attempt(Request request, int attempt) throws Failed {
    Places places = WorkMeter.places();
    UUID place = places == null ? UUID.randomUUID() : places.take(door);
    boolean given = false;
    boolean kept = false;
    try {
      waitForTurn(place);
      given = true;
      return turn(request, attempt);
    } catch (Failed | StoreException e) {
      kept = !given && places != null;
      throw e;
    } finally {
      if (kept) {
        // Its request comes again, and stands where it stood.
        Objects.requireNonNull(places).keep(door, place);
      } else {
        gate.line().leave(place);
        leave(place);
      }
      if (given) {
        gate.line().giveBack(place);
      }
    }
  }

  /** A turn in this process, the breaker's permission, and a turn among all processes. */
  private void waitForTurn(UUID place) throws Failed {
    Closed rested = null;
    while (true) {
      Closed closed = Objects.requireNonNull(gate.closed().get());
      long closedMs = closed.untilMs() - System.currentTimeMillis();
      if (closed != rested) {
        gate.line().enter(place, Duration.ofMillis(Math.max(0, closedMs)));
        restWhileClosed(closedMs, closed.why());
        rested = closed;
      }
      turnInThisProcess(place);
      if (gate.closed().get() == rested) {
        break;
      }
      // It was closed while this one stood in line.
      gate.line().giveBackUnused(place);
    }
    boolean given = false;
    try {
      permittedTurn(place);
      given = true;
    } finally {
      if (!given) {
        gate.line().giveBackUnused(place);
      }
    }
  }

  private void turnInThisProcess(UUID place) throws Failed {
    long queuedNs = System.nanoTime();
    TurnLine.Answer answer;
    try (WorkMeter.Waiting unused = WorkMeter.forTurn(provider)) {
      answer = gate.line().take(place, policy, policy.callTimeout());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("waiting for " + provider + " was cancelled");
    } finally {
      WorkMeter.waited(provider, (System.nanoTime() - queuedNs) / 1_000_000);
    }
    if (answer == TurnLine.Answer.TOO_MANY_IN_A_MINUTE) {
      throw noTurn("the limit of " + policy.requestsPerMinute() + " calls in a minute");
    }
    if (answer == TurnLine.Answer.TOO_MANY_AT_ONCE) {
      throw noTurn("the limit of " + policy.parallel() + " calls at once");
    }
  }

  /** Nobody failed: it is not the provider's fault, and nobody is to stand in for it. */
  private Failed noTurn(String limit) {
    return Failed.finalOne(
        FailureCode.NO_TURN,
        provider
            + ": "
            + limit
            + " left no turn within "
            + policy.callTimeout().toSeconds()
            + " s");
  }

  /**
   * A turn among all processes and the breaker's permission, which {@link #turn} gives back. The
   * breaker is asked first: who may not call takes nobody's turn.
   */
  private void permittedTurn(UUID place) throws Failed {
    try {
      health.breaker().acquirePermission();
    } catch (CallNotPermittedException e) {
      WorkMeter.called(provider, /* failed= */ true);
      throw Failed.finalOne(
          FailureCode.PROVIDER_DOWN, provider + " failed too often; it is left alone for 30 s");
    }
    boolean given = false;
    try {
      turnAmongAll(place);
      given = true;
    } finally {
      if (!given) {
        health.breaker().releasePermission();
      }
    }
  }

  private void restWhileClosed(long closedMs, CallLimits.Why why) throws Failed {
    if (closedMs > policy.longestPause().toMillis()) {
      throw shut(
          why,
          why == CallLimits.Why.USED_UP
              ? provider + ": what it allows is used up for another " + closedMs / 1000 + " s"
              : provider + " asked to be left alone for another " + closedMs / 1000 + " s",
          closedMs);
    }
    if (closedMs > 0) {
      restForTurn(Duration.ofMillis(closedMs));
    }
  }

  /** Who only asked for a pause is waited for by whoever has the patience. */
  private static Failed shut(CallLimits.Why why, String message, long closedMs) {
    boolean usedUp = why == CallLimits.Why.USED_UP;
    return Failed.finalOne(
        new StageException(usedUp ? FailureCode.PROVIDER_QUOTA : FailureCode.PROVIDER_BUSY, message)
            .withRetryAfterMs(closedMs));
  }

  private void restForTurn(Duration pause) {
    try (WorkMeter.Waiting unused = WorkMeter.forTurn(provider)) {
      rest(pause);
    }
  }

  /** Waits for a turn among all processes, holding one of this process. */
  private void turnAmongAll(UUID place) throws Failed {
    long leftMs = policy.callTimeout().toMillis();
    int closings = 0;
    while (true) {
      CallLimits.Turn turn = limits.ask(door, policy, place);
      if (turn.given()) {
        return;
      }
      long waitMs = turn.pause().toMillis();
      CallLimits.Why closed = turn.closed();
      if (closed != null) {
        if (++closings > policy.attempts()) {
          throw shut(
              closed,
              provider + " asked for patience again after each of " + (closings - 1) + " pauses",
              waitMs);
        }
        restWhileClosed(waitMs, closed);
        continue;
      }
      if (waitMs > leftMs) {
        throw noTurn("what all processes may call together");
      }
      leftMs -= waitMs;
      // Not all at the same moment again.
      restForTurn(Duration.ofMillis(waitMs + ThreadLocalRandom.current().nextLong(waitMs / 4 + 1)));
    }
  }

  private void leave(UUID place) {
    // A thread that is being cancelled could ask no database.
    boolean interrupted = Thread.interrupted();
    try {
      limits.leave(place);
    } catch (StoreException e) {
      // Its turn ends by itself; what the call brought is worth more.
      log.warn("{}: the end of a call is not counted: {}", provider, e.getMessage());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Nobody calls for so long, or for an hour if that is less; a longer pause that was asked for
   * before stays.
   */
  private void closeFor(Duration asked, CallLimits.Why why) {
    Duration time = asked.compareTo(LONGEST_CLOSED) > 0 ? LONGEST_CLOSED : asked;
    gate.closed()
        .accumulateAndGet(
            new Closed(System.currentTimeMillis() + time.toMillis(), why),
            (before, now) -> now.untilMs() >= before.untilMs() ? now : before);
    gate.line().closedFor(time);
    try {
      limits.close(door, time, why);
    } catch (StoreException e) {
      log.warn("{}: others are not told of its pause: {}", provider, e.getMessage());
    }
  }

  /** A test turns it by hand. */
  CircuitBreaker breaker() {
    return health.breaker();
  }

  /** OkHttp would send a request again by itself, a paid one too, after a 503 that says so. */
  private static Response uncountedRepeatsOff(Response response) {
    return response.code() == 503 && "0".equals(response.header("Retry-After"))
        ? response.newBuilder().removeHeader("Retry-After").build()
        : response;
  }

  private Reply turn(Request request, int attempt) throws Failed {
    long startedNs = System.nanoTime();
    boolean failed = true;
    try {
      Reply reply = send(request, attempt);
      failed = false;
      health
          .breaker()
          .onSuccess(System.nanoTime() - startedNs, java.util.concurrent.TimeUnit.NANOSECONDS);
      return reply;
    } catch (RuntimeException | Error e) {
      // Cancelled: it says nothing about the provider, and must not keep a turn of it for ever.
      health.breaker().releasePermission();
      throw e;
    } catch (Failed failure) {
      long tookNs = System.nanoTime() - startedNs;
      if (failure.busy) {
        // Who asks for patience is well.
        health.breaker().releasePermission();
      } else if (failure.retry || failure.failure.getCause() instanceof SSLException) {
        health.breaker().onError(tookNs, java.util.concurrent.TimeUnit.NANOSECONDS, failure);
      } else {
        // A refusal is an answer: the provider is well.
        health.breaker().onSuccess(tookNs, java.util.concurrent.TimeUnit.NANOSECONDS);
      }
      throw failure;
    } finally {
      WorkMeter.called(provider, failed);
    }
  }

  private Reply send(Request request, int attempt) throws Failed {
    Sent sent = new Sent();
    Call call = client.newCall(request.newBuilder().tag(Sent.class, sent).build());
    try (Response response = call.execute()) {
      byte[] body = bounded(response.body().source());
      String requestId = firstOf(response, "x-request-id", "request-id", "cf-ray");
      Duration reset = RateLimits.untilReset(response.headers());
      if (RateLimits.usedUp(response.headers())) {
        closeFor(reset, CallLimits.Why.USED_UP);
      }
      if (response.isSuccessful() || (tellRedirects && response.isRedirect())) {
        return new Reply(response.code(), response.headers(), body, requestId, attempt);
      }
      String text = new String(body, java.nio.charset.StandardCharsets.UTF_8);
      ErrorReader.Meaning meaning = errors.read(response.code(), response.headers(), text);
      String message =
          provider
              + " answered "
              + response.code()
              + ": "
              + tidy(meaning.message())
              + (requestId.isEmpty() ? "" : " (request " + requestId + ")")
              + (refusesKey(response.code()) ? ", with the key of " + secret.source() : "");
      Duration asked = RetryAfter.of(response.headers());
      if (asked.isZero() && response.code() == 429) {
        asked = reset;
        if (asked.compareTo(policy.longestPause()) > 0) {
          closeFor(asked, CallLimits.Why.USED_UP);
          throw Failed.finalOne(FailureCode.PROVIDER_QUOTA, message);
        }
      }
      StageException failure = new StageException(meaning.code(), message);
      if (!asked.isZero()) {
        failure.withRetryAfterMs(asked.toMillis());
      }
      if (meaning.retry() && !asked.isZero()) {
        // Asked of one, meant for all: nobody else calls meanwhile either.
        closeFor(asked, CallLimits.Why.ASKED);
      }
      if (meaning.retry() && asked.compareTo(policy.longestPause()) > 0) {
        // Longer than anybody waits here: it is told, and obeyed by whoever comes again.
        throw new Failed(failure, false, meaning.outcomeUnknown(), asked, true)
            .withStatus(response.code());
      }
      throw new Failed(
              failure, meaning.retry(), meaning.outcomeUnknown(), asked, response.code() == 429)
          .withStatus(response.code());
    } catch (TooLong e) {
      throw Failed.finalOne(
          FailureCode.PROVIDER_REPLY_INVALID,
          provider + " sent more than " + policy.maxReplyBytes() + " bytes");
    } catch (IOException e) {
      throw lost(e, sent);
    }
  }

  private boolean refusesKey(int status) {
    return (status == 401 || status == 403) && !secret.source().isEmpty();
  }

  private Failed lost(IOException e, Sent sent) {
    if (Thread.currentThread().isInterrupted()) {
      String cancelled = "calling " + provider + " was cancelled";
      throw sent.yes ? new LostCallException(cancelled) : new CancellationException(cancelled);
    }
    if (e instanceof SafeAddresses.PrivateAddressException) {
      return Failed.finalOne(FailureCode.ADDRESS_FORBIDDEN, provider + ": " + e.getMessage());
    }
    boolean never = !sent.yes;
    FailureCode code =
        e instanceof InterruptedIOException
            ? FailureCode.PROVIDER_TIMEOUT
            : FailureCode.PROVIDER_UNREACHABLE;
    String what =
        e instanceof InterruptedIOException
            ? "did not answer in time"
            : never ? "cannot be reached" : "was cut off";
    return new Failed(
        new StageException(
            code, provider + " " + what + ": " + tidy(String.valueOf(e.getMessage())), e),
        // A certificate does not get better by asking again.
        !(e instanceof SSLException),
        !never,
        Duration.ZERO,
        false);
  }

  private byte[] bounded(BufferedSource source) throws IOException {
    Buffer buffer = new Buffer();
    while (source.read(buffer, 65_536) != -1) {
      if (buffer.size() > policy.maxReplyBytes()) {
        throw new TooLong();
      }
    }
    return buffer.readByteArray();
  }

  private static String firstOf(Response response, String... names) {
    for (String name : names) {
      String value = response.header(name);
      if (value != null && value.length() <= 100) {
        return value;
      }
    }
    return "";
  }

  /** One short line without secrets. */
  private String tidy(String text) {
    String line = secret.redact(text).replaceAll("\\s+", " ").strip();
    return line.length() > MAX_ERROR_CHARS ? line.substring(0, MAX_ERROR_CHARS) + "…" : line;
  }

  private static final class TooLong extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** An attempt that came to nothing, and what follows from it. */
  private static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient StageException failure;
    private final boolean retry;
    private final boolean outcomeUnknown;
    private final transient Duration retryAfter;
    private final boolean busy;

    /** Of the reply, whoever wrote it; 0 if none came. */
    private int status;

    Failed(
        StageException failure,
        boolean retry,
        boolean outcomeUnknown,
        Duration retryAfter,
        boolean busy) {
      super(failure);
      this.busy = busy;
      this.failure = failure;
      this.retry = retry;
      this.outcomeUnknown = outcomeUnknown;
      this.retryAfter = retryAfter;
    }

    Failed withStatus(int newStatus) {
      status = newStatus;
      return this;
    }

    static Failed finalOne(FailureCode code, String message) {
      return finalOne(new StageException(code, message));
    }

    static Failed finalOne(StageException failure) {
      return new Failed(failure, false, false, Duration.ZERO, false);
    }
  }
}
