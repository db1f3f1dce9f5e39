package dev.reelbeam.model.engagement;

import java.io.Serializable;
import java.util.Arrays;

/**
 * A snapshot as it came, in one of its two forms.
 *
 * @param position where it came from, for example {@code reelbeam.engagement-3@1207}: names it when
 *     it cannot be read
 * @param bytes JSON or {@link SnapshotCodec}'s form
 */
public record SnapshotMessage(String position, byte[] bytes) implements Serializable {
  @Override
  public boolean equals(Object other) {
    return other instanceof SnapshotMessage message
        && position.equals(message.position)
        && Arrays.equals(bytes, message.bytes);
  }

  @Override
  public int hashCode() {
    return position.hashCode() * 31 + Arrays.hashCode(bytes);
  }
}
