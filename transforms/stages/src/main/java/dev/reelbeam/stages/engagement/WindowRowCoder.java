package dev.reelbeam.stages.engagement;

import dev.reelbeam.model.engagement.Dimension;
import dev.reelbeam.model.engagement.Measures;
import dev.reelbeam.model.engagement.Packed;
import dev.reelbeam.model.engagement.WindowKind;
import dev.reelbeam.model.engagement.WindowRow;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CustomCoder;

/** Rows as about 100 bytes. */
final class WindowRowCoder extends CustomCoder<WindowRow> {
  private static final long serialVersionUID = 1L;
  private static final WindowKind[] KINDS = WindowKind.values();

  @Override
  public void encode(WindowRow row, OutputStream out) throws IOException {
    Packed.Writer writer =
        new Packed.Writer(160)
            .raw(row.dimension().ordinal())
            .raw(row.kind().ordinal())
            .text(row.key())
            .signed(row.startS())
            .signed(row.generation());
    Measures.write(row.measures(), writer);
    ByteArrayCoder.of().encode(writer.toBytes(), out);
  }

  @Override
  public WindowRow decode(InputStream in) throws IOException {
    Packed.Reader reader = new Packed.Reader(ByteArrayCoder.of().decode(in));
    Dimension dimension = Dimension.of(reader.raw());
    WindowKind kind = KINDS[reader.raw()];
    String key = reader.text();
    long startS = reader.signed();
    long generation = reader.signed();
    long[] measures = new long[Measures.SIZE];
    Measures.readInto(measures, reader);
    return new WindowRow(dimension, key, kind, startS, generation, measures);
  }

  @Override
  public void verifyDeterministic() {
    // Numbers and texts have one form each.
  }

  @Override
  public boolean consistentWithEquals() {
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WindowRowCoder;
  }

  @Override
  public int hashCode() {
    return WindowRowCoder.class.hashCode();
  }
}
