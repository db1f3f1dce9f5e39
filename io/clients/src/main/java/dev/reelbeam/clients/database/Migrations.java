package dev.reelbeam.clients.database;

import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.port.StoreException;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** Brings the tables of a database to this release. */
public final class Migrations {
  private static final String LOCATION = "classpath:dev/reelbeam/clients/database";

  private Migrations() {}

  /** {@link #run(DataSource)} on the database of these settings. */
  public static int run(PostgresSettings settings) {
    try (Database database = Database.open(settings)) {
      // Waits for a database that is just starting, and tells of wrong credentials.
      database.with(handle -> handle.execute("select 1"));
    }
    // Not by the pool: each migration holds two connections, and a small pool shared by several
    // would give the first to all and the second to none.
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setUrl(settings.url());
    dataSource.setUser(settings.user());
    dataSource.setPassword(settings.password().resolve());
    try {
      for (Map.Entry<String, String> property : settings.client().entrySet()) {
        dataSource.setProperty(property.getKey(), property.getValue());
      }
    } catch (SQLException e) {
      throw Database.failure(e);
    }
    return run(dataSource);
  }

  /**
   * Applies the migrations that are missing. Repeatable; several processes may call it at once, one
   * migrates and the others wait for it. A database of a newer release is left as it is.
   *
   * @return how many were applied
   * @throws StoreException {@code DATABASE_SCHEMA} when one fails or was changed afterwards, or why
   *     the database cannot be used
   */
  public static int run(DataSource dataSource) {
    try {
      return Flyway.configure(Migrations.class.getClassLoader())
          .dataSource(dataSource)
          .locations(LOCATION)
          .table("schema_history")
          .connectRetries(0)
          .load()
          .migrate()
          .migrationsExecuted;
    } catch (FlywayException e) {
      SQLException sql = sqlCause(e);
      if (sql != null && sql.getSQLState() != null && sql.getSQLState().matches("08.*|28.*|3D.*")) {
        throw Database.failure(sql);
      }
      throw new StoreException(
          FailureCode.DATABASE_SCHEMA,
          "the tables cannot be brought to this release: " + e.getMessage(),
          e);
    }
  }

  private static @Nullable SQLException sqlCause(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }
}
