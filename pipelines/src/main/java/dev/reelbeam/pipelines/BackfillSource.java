package dev.reelbeam.pipelines;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.connectors.ContentRecordIO;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The archive that a backfill reads: files, or the rows of a query. Read in this thread, one record
 * after the other, so that a limit or a budget ends the reading, too.
 */
final class BackfillSource {
  private static final int ROWS_AT_ONCE = 500;

  private final String address;
  private final @Nullable String query;

  /**
   * @param address a file, a folder, or a JDBC address
   * @param query of a JDBC address; each row is a record: a column {@code record} holds it whole as
   *     JSON, else each column is a field
   */
  BackfillSource(String address, @Nullable String query) {
    this.address = address;
    this.query = query;
  }

  /** Whether it is a database. */
  boolean isDatabase() {
    return address.startsWith("jdbc:");
  }

  /**
   * Reads it.
   *
   * @param records hears of each record; throws {@link Enough} to end
   * @throws StageException {@code SOURCE_UNREADABLE}
   */
  void read(Consumer<RawRecord> records, BiConsumer<String, StageException> refused)
      throws StageException {
    try {
      if (isDatabase()) {
        rows(records);
      } else if (Files.exists(Path.of(address))) {
        ContentRecordIO.readNow(Path.of(address), records, refused);
      } else {
        throw new StageException(FailureCode.SOURCE_UNREADABLE, address + " does not exist");
      }
    } catch (Enough e) {
      // Nobody wants more.
    }
  }

  private void rows(Consumer<RawRecord> records) throws StageException {
    String user = System.getenv("REELBEAM_SOURCE_USER");
    String password = System.getenv("REELBEAM_SOURCE_PASSWORD");
    try (Connection connection = DriverManager.getConnection(address, user, password)) {
      connection.setReadOnly(true);
      // A cursor: the archive is not held in memory.
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.setFetchSize(ROWS_AT_ONCE);
        try (ResultSet rows = statement.executeQuery(query)) {
          ResultSetMetaData columns = rows.getMetaData();
          for (int number = 1; rows.next(); number++) {
            String position = "query row " + number;
            records.accept(new RawRecord(position, "none:", record(rows, columns)));
          }
        }
      }
    } catch (SQLException e) {
      throw new StageException(
          FailureCode.SOURCE_UNREADABLE,
          "the source database: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
          e);
    }
  }

  private static String record(ResultSet rows, ResultSetMetaData columns) throws SQLException {
    ObjectNode record = RecordJson.newObject();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      String name = columns.getColumnLabel(i);
      String value = rows.getString(i);
      if (value == null) {
        continue;
      }
      if (name.equals("record")) {
        return value;
      }
      try {
        // A JSON column is a list or an object; everything else is text or a number.
        boolean json = columns.getColumnTypeName(i).startsWith("json");
        if (json) {
          record.set(name, RecordJson.readTree(value));
        } else if (columns.getColumnTypeName(i).matches("int.*|bigint|smallint")) {
          record.put(name, rows.getLong(i));
        } else {
          record.put(name, value);
        }
      } catch (JsonProcessingException e) {
        record.put(name, value);
      }
    }
    return record.toString();
  }

  /** Ends the reading early. */
  static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Enough() {
      super("enough was read", null, false, false);
    }
  }
}
