package dev.reelbeam.connectors;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.io.UnboundedSource.CheckpointMark;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Another source, many elements at a time: what a runner does for each element it reads, among it
 * the sum of all metrics, is done for each block.
 *
 * <p>Flink's runner asks the readers of its partitions in turn, and Kafka's waits up to 20 ms
 * before it says that it has nothing. So one quiet partition would hold the others back to an
 * element for each such wait: whoever had nothing is not asked again for a moment.
 *
 * <p>A block ends at 1,000 elements or at 4 MiB, whichever is first, so what a sender of large ones
 * can fill is that and one element more.
 *
 * <p>A block is read to its end before it is told, so a mark between two blocks is the other
 * source's own, and nothing is lost or told twice by it.
 */
final class BlockSource<T, M extends CheckpointMark> extends UnboundedSource<List<T>, M> {
  private static final long serialVersionUID = 1L;

  /** Enough to share a block's cost, little enough to keep checkpoints from waiting for it. */
  private static final int MOST = 1_000;

  private static final long MOST_BYTES = 4L << 20;

  /** Less than the 50 ms for which Flink's runner rests when nobody has anything. */
  private static final long REST_MS = 20;

  private final UnboundedSource<T, M> elements;
  private final SerializableFunction<T, Integer> size;
  private final int most;

  /**
   * The source.
   *
   * @param size of an element, in bytes
   */
  BlockSource(UnboundedSource<T, M> elements, SerializableFunction<T, Integer> size) {
    this(elements, size, MOST);
  }

  BlockSource(UnboundedSource<T, M> elements, SerializableFunction<T, Integer> size, int most) {
    this.elements = elements;
    this.size = size;
    this.most = most;
  }

  @Override
  public List<BlockSource<T, M>> split(int desired, PipelineOptions options) throws Exception {
    List<BlockSource<T, M>> splits = new ArrayList<>();
    for (UnboundedSource<T, M> split : elements.split(desired, options)) {
      splits.add(new BlockSource<>(split, size, most));
    }
    return splits;
  }

  @Override
  public UnboundedReader<List<T>> createReader(PipelineOptions options, @Nullable M mark)
      throws IOException {
    return new BlockReader<>(this, elements.createReader(options, mark), InstantSource.system());
  }

  /** The same by another clock. */
  UnboundedReader<List<T>> createReader(
      PipelineOptions options, @Nullable M mark, InstantSource clock) throws IOException {
    return new BlockReader<>(this, elements.createReader(options, mark), clock);
  }

  @Override
  public Coder<M> getCheckpointMarkCoder() {
    return elements.getCheckpointMarkCoder();
  }

  @Override
  public Coder<List<T>> getOutputCoder() {
    return ListCoder.of(elements.getOutputCoder());
  }

  private static final class BlockReader<T, M extends CheckpointMark>
      extends UnboundedReader<List<T>> {
    private final BlockSource<T, M> source;
    private final UnboundedReader<T> elements;
    private final InstantSource clock;
    private List<T> block = List.of();
    private Instant newest = Instant.EPOCH;
    private long restsUntilMs = Long.MIN_VALUE;

    BlockReader(BlockSource<T, M> source, UnboundedReader<T> elements, InstantSource clock) {
      this.source = source;
      this.elements = elements;
      this.clock = clock;
    }

    @Override
    public boolean start() throws IOException {
      return fill(elements.start());
    }

    @Override
    public boolean advance() throws IOException {
      return clock.millis() >= restsUntilMs && fill(elements.advance());
    }

    private boolean fill(boolean hasOne) throws IOException {
      if (!hasOne) {
        restsUntilMs = clock.millis() + REST_MS;
        return false;
      }
      List<T> filled = new ArrayList<>();
      long bytes = 0;
      boolean isFull;
      do {
        T element = elements.getCurrent();
        filled.add(element);
        bytes += source.size.apply(element);
        newest = elements.getCurrentTimestamp();
        isFull = filled.size() >= source.most || bytes >= MOST_BYTES;
      } while (!isFull && elements.advance());
      if (!isFull) {
        restsUntilMs = clock.millis() + REST_MS;
      }
      block = filled;
      return true;
    }

    @Override
    public List<T> getCurrent() throws NoSuchElementException {
      if (block.isEmpty()) {
        throw new NoSuchElementException();
      }
      return block;
    }

    /** Of the newest element of the block. */
    @Override
    public Instant getCurrentTimestamp() throws NoSuchElementException {
      return newest;
    }

    @Override
    public Instant getWatermark() {
      return elements.getWatermark();
    }

    @Override
    public CheckpointMark getCheckpointMark() {
      return elements.getCheckpointMark();
    }

    @Override
    public long getSplitBacklogBytes() {
      return elements.getSplitBacklogBytes();
    }

    @Override
    public UnboundedSource<List<T>, ?> getCurrentSource() {
      return source;
    }

    @Override
    public void close() throws IOException {
      elements.close();
    }
  }
}
