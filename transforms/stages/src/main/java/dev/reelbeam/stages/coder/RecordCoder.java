package dev.reelbeam.stages.coder;

import dev.reelbeam.model.json.RecordJson;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * Codes a Java record as canonical JSON: deterministic, and older bytes are still read after a
 * field was added. Beam has no schema for Java records.
 */
public final class RecordCoder<T extends Record> extends CustomCoder<T> {
  private static final long serialVersionUID = 1L;

  private final Class<T> type;

  private RecordCoder(Class<T> type) {
    this.type = type;
  }

  public static <T extends Record> RecordCoder<T> of(Class<T> type) {
    return new RecordCoder<>(type);
  }

  @Override
  public void encode(T value, OutputStream out) throws java.io.IOException {
    ByteArrayCoder.of().encode(RecordJson.canonicalBytes(value), out);
  }

  @Override
  public T decode(InputStream in) throws java.io.IOException {
    return RecordJson.read(ByteArrayCoder.of().decode(in), type);
  }

  @Override
  public void verifyDeterministic() {
    // Canonical JSON is.
  }

  @Override
  public boolean consistentWithEquals() {
    return true;
  }

  @Override
  public TypeDescriptor<T> getEncodedTypeDescriptor() {
    return TypeDescriptor.of(type);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RecordCoder<?> coder && coder.type.equals(type);
  }

  @Override
  public int hashCode() {
    return type.hashCode();
  }
}
