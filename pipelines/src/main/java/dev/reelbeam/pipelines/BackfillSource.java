package dev.reelbeam.pipelines;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
  private final Bucket bucket;
  private final boolean keepsFetched;

  /** Objects of a bucket below a prefix. */
  interface Objects extends AutoCloseable {
    /** Gives the name of each. */
    void list(S3Archive.Listener listener) throws StageException;

    /** Copies one below a folder, under its own name; empty when there is none. */
    Optional<Path> fetch(String name, Path folder, long maxBytes) throws StageException;

    @Override
    void close();

    static Objects of(S3Archive archive) {
      return new Objects() {
        @Override
        public void list(S3Archive.Listener listener) throws StageException {
          archive.list(listener);
        }

        @Override
        public Optional<Path> fetch(String name, Path folder, long maxBytes) throws StageException {
          return archive.fetch(name, folder, maxBytes);
        }

        @Override
        public void close() {
          archive.close();
        }
      };
    }
  }

  /** How a bucket is reached. */
  interface Bucket {
    Objects open(String address) throws StageException;
  }

  /** A record of the archive, and its pictures where it is wanted: most may not be. */
  static final class Found {
    private final RawRecord raw;
    private final Runnable pictures;

    Found(RawRecord raw, Runnable pictures) {
      this.raw = raw;
      this.pictures = pictures;
    }

    /** As it was read: what it says can be looked at, and its pictures may not be there yet. */
    RawRecord raw() {
      return raw;
    }

    /** The same with its pictures at their places, as long as they are kept. */
    RawRecord fetched() {
      pictures.run();
      return raw;
    }
  }

  /**
   * The archive.
   *
   * @param address a file, a folder, {@code s3://bucket/prefix}, or a JDBC address
   * @param query of a JDBC address; each row is a record: a column {@code record} holds it whole as
   *     JSON, else each column is a field
   * @param bucket asked only if the address is one of S3
   * @param keepsFetched whether what is fetched from a bucket stays until this process ends: else
   *     it goes when the records of its object were heard of
   */
  BackfillSource(String address, @Nullable String query, Bucket bucket, boolean keepsFetched) {
    this.address = address;
    this.query = query;
    this.bucket = bucket;
    this.keepsFetched = keepsFetched;
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
  void read(Consumer<Found> records, BiConsumer<String, StageException> refused)
      throws StageException {
    Consumer<RawRecord> complete = raw -> records.accept(new Found(raw, () -> {}));
    try {
      if (isDatabase()) {
        rows(complete);
      } else if (S3Archive.isAddress(address)) {
        objects(records, refused);
      } else if (Files.exists(Path.of(address))) {
        ContentRecordIO.readNow(Path.of(address), complete, refused);
      } else {
        throw new StageException(FailureCode.SOURCE_UNREADABLE, address + " does not exist");
      }
    } catch (Enough e) {
      // Nobody wants more.
    }
  }

  private void objects(Consumer<Found> records, BiConsumer<String, StageException> refused)
      throws StageException {
    try (Objects objects = bucket.open(address)) {
      objects.list(
          name -> {
            if (RECORDS.matcher(name).matches()) {
              object(objects, name, records, refused);
            }
          });
    }
  }

  /**
   * An object that holds records is copied to a folder of its own, and so are the pictures of those
   * that are wanted: from there on it is a file like any other.
   */
  private void object(
      Objects objects,
      String name,
      Consumer<Found> records,
      BiConsumer<String, StageException> refused)
      throws StageException {
    Path folder = folder();
    boolean[] wanted = new boolean[1];
    try {
      Optional<Path> file = objects.fetch(name, folder, MOST_RECORD_BYTES);
      if (file.isPresent()) {
        ContentRecordIO.readNow(
            file.get(),
            raw ->
                records.accept(
                    new Found(
                        raw,
                        () -> {
                          wanted[0] = true;
                          fetchPictures(objects, name, raw, folder);
                        })),
            refused);
      }
    } catch (StageException e) {
      refused.accept(name, e);
    } finally {
      if (!keepsFetched || !wanted[0]) {
        boolean unused = TemporaryFolder.remove(folder);
      }
    }
  }

  private static Path folder() throws StageException {
    try {
      return Files.createTempDirectory("reelbeam-archive-");
    } catch (IOException e) {
      throw new StageException(
          FailureCode.SOURCE_UNREADABLE, "no folder for copies: " + e.getMessage(), e);
    }
  }

  private static void fetchPictures(Objects objects, String name, RawRecord raw, Path folder) {
    String beside = name.substring(0, name.lastIndexOf('/') + 1);
    try {
      for (ContentImage image : Submission.checked(raw).images()) {
        String url = image.url().replaceAll("[?#].*$", "");
        if (!WITH_SCHEME.matcher(url).matches()) {
          Optional<Path> unused = objects.fetch(beside + url, folder, MOST_PICTURE_BYTES);
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
          // Drivers repeat the address that they were given, with its password.
          "the source database: "
              + BackfillCommand.withoutSecrets(
                  String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
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
