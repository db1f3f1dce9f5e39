package dev.reelbeam.pipelines;

import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.StoreException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Records of an archive that are to be made, in a file: however many there are, a part of them is
 * in memory, and a source database is not kept waiting until the videos are there.
 */
final class RecordSpool implements AutoCloseable {
  /** Of JSON in a part: a record may have many megabytes. */
  private static final int MOST_CHARACTERS = 32_000_000;

  private final Path file;
  private final BufferedWriter writer;
  private int size;

  private RecordSpool(Path file, BufferedWriter writer) {
    this.file = file;
    this.writer = writer;
  }

  /** Makes something of a part. */
  @FunctionalInterface
  interface Part {
    void make(List<RawRecord> records) throws StageException;
  }

  /**
   * An empty one, below the folder for temporary files.
   *
   * @throws StoreException {@code STORAGE_UNAVAILABLE}, as all of its methods
   */
  static RecordSpool open() {
    try {
      Path file = Files.createTempFile("reelbeam-records-", ".jsonl");
      return new RecordSpool(file, Files.newBufferedWriter(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  /** Adds a record behind the others. */
  void add(RawRecord record) {
    try {
      // Canonical JSON is one line.
      writer.write(RecordJson.canonical(record));
      writer.write('\n');
      size++;
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  int size() {
    return size;
  }

  /** Gives all of them in their order, at most so many at once; nothing is added after that. */
  void inParts(int most, Part part) throws StageException {
    try {
      writer.close();
      try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        List<RawRecord> records = new ArrayList<>();
        long characters = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          records.add(RecordJson.read(line, RawRecord.class));
          characters += line.length();
          if (records.size() == most || characters > MOST_CHARACTERS) {
            part.make(List.copyOf(records));
            records.clear();
            characters = 0;
          }
        }
        if (!records.isEmpty()) {
          part.make(List.copyOf(records));
        }
      }
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  private static StoreException unavailable(IOException e) {
    return new StoreException(
        FailureCode.STORAGE_UNAVAILABLE,
        "the records that are to be made cannot be kept: " + e.getMessage(),
        e);
  }

  @Override
  public void close() {
    try {
      writer.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // It goes with the folder for temporary files.
    }
  }
}
