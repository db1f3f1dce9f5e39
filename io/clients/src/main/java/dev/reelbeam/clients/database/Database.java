package dev.reelbeam.clients.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.shared.OneForAll;
import dev.reelbeam.clients.tls.TrustedRoots;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.port.StoreException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Postgres, with one pool of connections per JVM however many workers open it.
 *
 * <p>Work that meets a database that is away, a deadlock or a conflict is done again, up to the
 * patience of the settings; so all work given here may be repeated. Other failures are {@link
 * StoreException}s with a number. Thread-safe.
 */
public final class Database implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Database.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);
  private static final long CONNECTION_TIMEOUT_MS = 5_000;
  private static final OneForAll<PostgresSettings, Shared, RuntimeException> ALL =
      new OneForAll<>(settings -> new Shared(pool(settings)), shared -> shared.pool.close());

  /**
   * A row that another worker put there, or took away, since this one looked: with another look it
   * is there or gone. What no look helps is a defect, not the value's fault.
   */
  private static final Set<String> RACES = Set.of("23503", "23505");

  private final PostgresSettings settings;
  private final OneForAll<PostgresSettings, Shared, RuntimeException>.Share share;

  private Database(PostgresSettings settings) {
    this.settings = settings;
    this.share = ALL.share(settings);
  }

  /** Work on a connection. */
  @FunctionalInterface
  public interface Work<T extends @Nullable Object> {
    T on(Handle handle);
  }

  /** Opens it without a call: whether it is there shows with the first work. */
  public static Database open(PostgresSettings settings) {
    return new Database(settings);
  }

  /** Does one statement, or several that need not go together. */
  public <T extends @Nullable Object> T with(Work<T> work) {
    return patiently(
        () -> share.it().jdbi.withHandle((HandleCallback<T, RuntimeException>) work::on));
  }

  /** Does several statements together or not at all. */
  public <T extends @Nullable Object> T inTransaction(Work<T> work) {
    return patiently(
        () -> share.it().jdbi.inTransaction((HandleCallback<T, RuntimeException>) work::on));
  }

  /** Does several statements together or not at all, without a result. */
  public void change(java.util.function.Consumer<Handle> work) {
    inTransaction(
        handle -> {
          work.accept(handle);
          return true;
        });
  }

  @Override
  public void close() {
    share.close();
  }

  private <T extends @Nullable Object> T patiently(java.util.function.Supplier<T> work) {
    long beganNs = System.nanoTime();
    Duration pause = FIRST_PAUSE;
    boolean raced = false;
    while (true) {
      try {
        return work.get();
      } catch (StoreException e) {
        throw e;
      } catch (RuntimeException e) {
        SQLException sql = sqlFailure(e);
        if (sql == null) {
          throw e;
        }
        if (!raced && RACES.contains(state(sql))) {
          raced = true;
          continue;
        }
        Duration passed = Duration.ofNanos(System.nanoTime() - beganNs);
        if (!mayPass(sql) || isTlsRefusal(sql) || passed.compareTo(patience()) >= 0) {
          throw failure(sql);
        }
        if (pause.equals(FIRST_PAUSE)) {
          log.warn("the database is asked again: {}", sql.getMessage());
        }
        try {
          Thread.sleep(pause.toMillis());
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          throw failure(sql);
        }
        pause = pause.multipliedBy(2);
        if (pause.compareTo(LONGEST_PAUSE) > 0) {
          pause = LONGEST_PAUSE;
        }
      }
    }
  }

  private Duration patience() {
    return Duration.ofSeconds(settings.patienceSeconds());
  }

  private static HikariDataSource pool(PostgresSettings settings) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(settings.url());
    config.setUsername(settings.user());
    config.setPassword(settings.password().resolve());
    config.setMaximumPoolSize(settings.poolSize());
    config.setMinimumIdle(0);
    config.setConnectionTimeout(CONNECTION_TIMEOUT_MS);
    // A worker may start before its database.
    config.setInitializationFailTimeout(-1);
    config.setPoolName("reelbeam");
    config.addDataSourceProperty("ApplicationName", "reelbeam");
    config.addDataSourceProperty("connectTimeout", "5");
    config.addDataSourceProperty("socketTimeout", "60");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    settings.client().forEach(config::addDataSourceProperty);
    return new HikariDataSource(config);
  }

  /** The failure that says most: the deepest one with a state. */
  private static @Nullable SQLException sqlFailure(Throwable failure) {
    SQLException found = null;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && (found == null || sql.getSQLState() != null)) {
        found = sql;
      }
    }
    return found;
  }

  /** Whether the same work can succeed a little later. */
  private static boolean mayPass(SQLException e) {
    String state = state(e);
    // 08 connection, 40 deadlock and conflict, 53 too many connections, 57P server going or coming.
    return state.isEmpty()
        || state.startsWith("08")
        || state.startsWith("40")
        || state.startsWith("53")
        || state.startsWith("57P");
  }

  /** The driver tells some of them by nothing but a sentence. */
  private static boolean isTlsRefusal(SQLException e) {
    String told = String.valueOf(e.getMessage());
    return TrustedRoots.refused(e)
        || told.contains("does not support SSL")
        || told.contains("SSL root certificate")
        || (told.contains("hostname") && told.contains("verif"));
  }

  private static String state(SQLException e) {
    return e.getSQLState() == null ? "" : e.getSQLState();
  }

  /** An SQL failure as a numbered one. */
  static StoreException failure(SQLException e) {
    String state = state(e);
    FailureCode code;
    if (isTlsRefusal(e)) {
      code = FailureCode.TLS_REFUSED;
    } else if (state.startsWith("28") || state.equals("3D000") || state.equals("42501")) {
      code = FailureCode.DATABASE_REFUSED;
    } else if (state.equals("42P01") || state.equals("42703")) {
      code = FailureCode.DATABASE_SCHEMA;
    } else if (mayPass(e)) {
      code = FailureCode.DATABASE_UNAVAILABLE;
    } else if (state.equals("53100")) {
      code = FailureCode.STORAGE_FULL;
    } else if (state.startsWith("22")
        || state.startsWith("54")
        || (state.startsWith("23") && !RACES.contains(state))) {
      // No value of its type, one that a constraint forbids, one that is too large.
      code = FailureCode.VALUE_REFUSED;
    } else {
      code = FailureCode.UNEXPECTED;
    }
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    if (e.getCause() != null && TrustedRoots.refused(e)) {
      message += " (" + e.getCause().getMessage() + ")";
    }
    return new StoreException(code, "Postgres: " + message, e);
  }

  private static final class Shared {
    private final HikariDataSource pool;
    private final Jdbi jdbi;

    Shared(HikariDataSource pool) {
      this.pool = pool;
      this.jdbi = Jdbi.create(pool).registerArrayType(String.class, "text");
    }
  }
}
