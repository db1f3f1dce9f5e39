package dev.reelbeam.model.content;

import java.util.List;

/**
 * A record as it was read.
 *
 * @param position where it came from: a file, or a file and a line
 * @param baseUri where its relative paths resolve
 * @param json the record in wire form
 */
public record RawRecord(String position, String baseUri, String json)
    implements Tracked, java.io.Serializable {
  @Override
  public RecordKey recordKey() {
    return new RecordKey(position, 0);
  }

  @Override
  public List<String> presets() {
    return List.of();
  }
}
