package dev.reelbeam.model.engagement;

import java.io.Serializable;
import java.util.Arrays;

/**
 * A snapshot as it came, in one of its two forms.
 *
 * @param source where it came from, for example {@code reelbeam.engagement-3}
 * @param offset its place there, negative where places have no number
 * @param bytes JSON or {@link SnapshotCodec}'s form
 */
public record SnapshotMessage(String source, long offset, byte[] bytes) implements Serializable {
  /** A message of a source that does not number them. */
  public SnapshotMessage(String source, byte[] bytes) {
    this(source, -1, bytes);
  }

  /** Names it when it cannot be read: put together only then, of millions few are named. */
  public String position() {
    return offset < 0 ? source : source + "@" + offset;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SnapshotMessage message
        && offset == message.offset
        && source.equals(message.source)
        && Arrays.equals(bytes, message.bytes);
  }

  @Override
  public int hashCode() {
    return (source.hashCode() * 31 + Long.hashCode(offset)) * 31 + Arrays.hashCode(bytes);
  }
}
