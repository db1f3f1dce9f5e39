package dev.reelbeam.pipelines;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.config.S3Settings;
import dev.reelbeam.clients.store.S3Archive;
import dev.reelbeam.connectors.ContentRecordIO;
import dev.reelbeam.model.content.ContentImage;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The archive that a backfill reads: files, objects of a bucket, or the rows of a query. Read in
 * this thread, one record after the other, so that a limit or a budget ends the reading, too.
 */
final class BackfillSource {
  private static final int ROWS_AT_ONCE = 500;

  private static final long MOST_RECORD_BYTES = 20_000_000;
  private static final long MOST_PICTURE_BYTES = 50_000_000;
  private static final Pattern RECORDS = Pattern.compile("(?i).*\\.(json|jsonl|html?|md)");
  private static final Pattern WITH_SCHEME = Pattern.compile("(?i)^([a-z][a-z0-9+.-]*:|/).*");

  private final String address;
  private final @Nullable String query;
  private final BucketConnection bucket;

  /** How a bucket is reached. */
  interface BucketConnection {
    S3Settings get() throws StageException;
  }

  /**
   * @param address a file, a folder, {@code s3://bucket/prefix}, or a JDBC address
   * @param query of a JDBC address; each row is a record: a column {@code record} holds it whole as
   *     JSON, else each column is a field
   * @param bucket asked only if the address is one of S3
   */
  BackfillSource(String address, @Nullable String query, BucketConnection bucket) {
    this.address = address;
    this.query = query;
    this.bucket = bucket;
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
      } else if (S3Archive.isAddress(address)) {
        objects(records, refused);
      } else if (Files.exists(Path.of(address))) {
        ContentRecordIO.readNow(Path.of(address), records, refused);
      } else {
        throw new StageException(FailureCode.SOURCE_UNREADABLE, address + " does not exist");
      }
    } catch (Enough e) {
      // Nobody wants more.
    }
  }

  /**
   * Each object that holds records is copied to a folder of temporary files, and so are the
   * pictures that its records name: from there on it is a file like any other.
   */
  private void objects(Consumer<RawRecord> records, BiConsumer<String, StageException> refused)
      throws StageException {
    Path folder;
    try {
      folder = Files.createTempDirectory("reelbeam-archive-");
    } catch (IOException e) {
      throw new StageException(
          FailureCode.SOURCE_UNREADABLE, "no folder for copies: " + e.getMessage(), e);
    }
    try (S3Archive archive = S3Archive.open(bucket.get(), address)) {
      archive.list(
          name -> {
            if (!RECORDS.matcher(name).matches()) {
              return;
            }
            try {
              Optional<Path> file = archive.fetch(name, folder, MOST_RECORD_BYTES);
              if (file.isPresent()) {
                ContentRecordIO.readNow(
                    file.get(),
                    raw -> {
                      fetchPictures(archive, name, raw, folder);
                      records.accept(raw);
                    },
                    refused);
              }
            } catch (StageException e) {
              refused.accept(name, e);
            }
          });
    }
  }

  private static void fetchPictures(S3Archive archive, String name, RawRecord raw, Path folder) {
    String beside = name.substring(0, name.lastIndexOf('/') + 1);
    try {
      for (ContentImage image : Submission.checked(raw).images()) {
        String url = image.url().replaceAll("[?#].*$", "");
        if (!WITH_SCHEME.matcher(url).matches()) {
          Optional<Path> unused = archive.fetch(beside + url, folder, MOST_PICTURE_BYTES);
        }
      }
    } catch (StageException e) {
      // A picture that is not there is told where the record is made; so is a bad record.
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
