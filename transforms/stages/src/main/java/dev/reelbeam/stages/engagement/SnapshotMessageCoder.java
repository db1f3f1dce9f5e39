package dev.reelbeam.stages.engagement;

import dev.reelbeam.model.engagement.SnapshotMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;

/** Messages as they came. */
public final class SnapshotMessageCoder extends CustomCoder<SnapshotMessage> {
  private static final long serialVersionUID = 1L;

  @Override
  public void encode(SnapshotMessage message, OutputStream out) throws IOException {
    StringUtf8Coder.of().encode(message.source(), out);
    VarLongCoder.of().encode(message.offset(), out);
    ByteArrayCoder.of().encode(message.bytes(), out);
  }

  @Override
  public SnapshotMessage decode(InputStream in) throws IOException {
    return new SnapshotMessage(
        StringUtf8Coder.of().decode(in),
        VarLongCoder.of().decode(in),
        ByteArrayCoder.of().decode(in));
  }

  @Override
  public void verifyDeterministic() {
    // Texts and bytes have one form each.
  }

  @Override
  public boolean consistentWithEquals() {
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SnapshotMessageCoder;
  }

  @Override
  public int hashCode() {
    return SnapshotMessageCoder.class.hashCode();
  }
}
