package dev.reelbeam.clients.ledger;

import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.clients.http.CallLimits;
import dev.reelbeam.clients.http.CallPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Calls of providers in the table {@code provider_call}: a row for each of the last minute and for
 * each in flight.
 *
 * <p>Turns of one door are given one after the other, under the lock of its row; that takes about a
 * millisecond where the call behind it takes seconds. So what is counted is exact: in any minute
 * there are never more calls than are allowed.
 *
 * <p>Who gets none waits in the table {@code provider_wait}: turns go to those who came first, as
 * long as they come again when they were told to. For somebody who does not, nobody waits longer
 * than a few seconds, so a worker that died holds up no others; whoever comes back within an hour
 * has its rank still.
 */
public final class PostgresCallLimits implements CallLimits {
  /** What a worker needs between the end of its call and saying so. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private static final Duration A_MINUTE = Duration.ofMinutes(1);

  /** Who ends a call tells nobody: those who wait look again so often. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

  /**
   * Who was told to come again is this late at the most: a quarter of its pause, and a moment, in
   * which a request that got no turn in time is there again, too.
   */
  private static final Duration LATE = Duration.ofSeconds(10);

  private static final Map<PostgresSettings, PostgresCallLimits> OF_DATABASES =
      new ConcurrentHashMap<>();

  private final PostgresSettings settings;

  private PostgresCallLimits(PostgresSettings settings) {
    this.settings = settings;
  }

  /**
   * Limits that are kept in this database. They live as long as the process, as its HTTP client
   * does, and hold nothing open between two questions: a pool that nobody closes would stay, with
   * its thread and the classes of its job, after each restart of a job.
   */
  public static PostgresCallLimits of(PostgresSettings settings) {
    return OF_DATABASES.computeIfAbsent(settings, PostgresCallLimits::new);
  }

  /** A counter of its own, as another process has one. */
  static PostgresCallLimits open(PostgresSettings settings) {
    return new PostgresCallLimits(settings);
  }

  @Override
  public Turn ask(String door, CallPolicy policy, UUID permit) {
    try (Database database = Database.open(settings)) {
      return database.inTransaction(handle -> ask(handle, door, policy, permit));
    }
  }

  private static Turn ask(Handle handle, String door, CallPolicy policy, UUID permit) {
    Turn closed = closed(handle, door);
    if (closed == null) {
      handle.execute("insert into provider_door (door) values (?) on conflict do nothing", door);
      closed = closed(handle, door);
    }
    if (closed != null && !closed.given()) {
      place(handle, door, permit, closed.pause().plus(LATE));
      return closed;
    }
    // Also what a transaction wrote that was done and not answered.
    handle.execute(
        "delete from provider_call where permit = ? or (door = ? and until <= clock_timestamp()"
            + " and taken_at <= clock_timestamp() - interval '1 minute')",
        permit,
        door);
    long ahead = ahead(handle, door, permit);
    long inFlight =
        handle
            .createQuery(
                "select count(*) from provider_call where door = :door"
                    + " and until > clock_timestamp()")
            .bind("door", door)
            .mapTo(Long.class)
            .one();
    if (inFlight + ahead >= policy.parallel()) {
      return waits(handle, door, permit, LOOK_AGAIN.toMillis());
    }
    // The one that has to be a minute old before there is a turn for this one and for those before
    // it; none if there is one.
    Long turnMs =
        policy.requestsPerMinute() <= ahead
            ? Long.valueOf(A_MINUTE.toMillis())
            : handle
                .createQuery(
                    "select ceil(extract(epoch from taken_at + interval '1 minute' -"
                        + " clock_timestamp()) * 1000)::bigint from provider_call where door ="
                        + " :door and taken_at > clock_timestamp() - interval '1 minute' order by"
                        + " taken_at desc offset :allowed - 1 limit 1")
                .bind("door", door)
                .bind("allowed", policy.requestsPerMinute() - ahead)
                .mapTo(Long.class)
                .findOne()
                .orElse(null);
    if (turnMs != null) {
      return waits(handle, door, permit, Math.max(1, turnMs));
    }
    handle.execute("delete from provider_wait where permit = ?", permit);
    handle.execute(
        "insert into provider_call (permit, door, taken_at, until) values (?, ?, clock_timestamp(),"
            + " clock_timestamp() + ? * interval '1 millisecond')",
        permit,
        door,
        policy.callTimeout().plus(GRACE).toMillis());
    return Turn.now();
  }

  /** How many came before and are waited for still. */
  private static long ahead(Handle handle, String door, UUID permit) {
    handle.execute(
        "delete from provider_wait where door = ? and until <= clock_timestamp() -"
            + " interval '1 hour'",
        door);
    return handle
        .createQuery(
            "select count(*) from provider_wait w where door = :door and permit <> :permit and"
                + " until > clock_timestamp() and asked_at <= coalesce((select asked_at from"
                + " provider_wait where permit = :permit), clock_timestamp())")
        .bind("door", door)
        .bind("permit", permit)
        .mapTo(Long.class)
        .one();
  }

  private static Turn waits(Handle handle, String door, UUID permit, long pauseMs) {
    place(handle, door, permit, Duration.ofMillis(pauseMs + pauseMs / 4).plus(LATE));
    return Turn.in(Duration.ofMillis(pauseMs));
  }

  /** Stands in line, where it stood before if it did; others wait for it so long. */
  private static void place(Handle handle, String door, UUID permit, Duration held) {
    handle.execute(
        "insert into provider_wait (permit, door, asked_at, until) values (?, ?, clock_timestamp(),"
            + " clock_timestamp() + ? * interval '1 millisecond') on conflict (permit) do update"
            + " set until = excluded.until",
        permit,
        door,
        held.toMillis());
  }

  /** Locks the door; null if there is none. */
  private static @Nullable Turn closed(Handle handle, String door) {
    return handle
        .createQuery(
            "select greatest(0, coalesce(ceil(extract(epoch from closed_until - clock_timestamp())"
                + " * 1000), 0))::bigint as closed_ms, used_up from provider_door"
                + " where door = :door for update")
        .bind("door", door)
        .map(
            (row, context) -> {
              long closedMs = row.getLong("closed_ms");
              return closedMs == 0
                  ? Turn.now()
                  : Turn.closed(
                      Duration.ofMillis(closedMs),
                      row.getBoolean("used_up") ? Why.USED_UP : Why.ASKED);
            })
        .findOne()
        .orElse(null);
  }

  @Override
  public void leave(UUID permit) {
    try (Database database = Database.open(settings)) {
      database.inTransaction(
          handle ->
              handle.execute("delete from provider_wait where permit = ?", permit)
                  + handle.execute(
                      "update provider_call set until = clock_timestamp() where permit = ?",
                      permit));
    }
  }

  @Override
  public void close(String door, Duration time, Why why) {
    try (Database database = Database.open(settings)) {
      database.inTransaction(
          handle ->
              handle.execute(
                      "insert into provider_door as d (door, closed_until, used_up) values (?,"
                          + " clock_timestamp() + ? * interval '1 millisecond', ?) on conflict"
                          + " (door) do update set closed_until = excluded.closed_until, used_up ="
                          + " excluded.used_up where d.closed_until is null or d.closed_until <"
                          + " excluded.closed_until",
                      door,
                      time.toMillis(),
                      why == Why.USED_UP)
                  + handle.execute(
                      "update provider_wait set until = greatest(until, clock_timestamp() + ? *"
                          + " interval '1 millisecond') where door = ? and until >"
                          + " clock_timestamp()",
                      time.plus(LATE).toMillis(),
                      door));
    }
  }
}
