package dev.reelbeam.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BlockSourceTest {
  private final Feed feed = new Feed();
  private final Clock clock = new Clock();
  private final PipelineOptions options = PipelineOptionsFactory.create();

  @Test
  void elementsComeInBlocksUntilThereIsNone() throws IOException {
    UnboundedSource.UnboundedReader<List<String>> reader = reader();
    feed.add("a", "b", "c", "d");

    assertThat(reader.start()).isTrue();
    assertThat(reader.getCurrent()).containsExactly("a", "b", "c");
    assertThat(reader.getCurrentTimestamp().getMillis()).isEqualTo(3);
    assertThat(reader.advance()).isTrue();
    assertThat(reader.getCurrent()).containsExactly("d");
    clock.nowMs += 1_000;
    assertThat(reader.advance()).isFalse();
  }

  @Test
  void whoHadNothingIsNotAskedAgainForAMoment() throws IOException {
    UnboundedSource.UnboundedReader<List<String>> reader = reader();

    assertThat(reader.start()).isFalse();
    int asked = feed.asked;
    feed.add("a");
    assertThat(reader.advance()).isFalse();
    assertThat(feed.asked).isEqualTo(asked);

    clock.nowMs += 20;
    assertThat(reader.advance()).isTrue();
    assertThat(reader.getCurrent()).containsExactly("a");
  }

  @Test
  void aFullBlockIsFollowedByTheNextAtOnce() throws IOException {
    UnboundedSource.UnboundedReader<List<String>> reader = reader();
    feed.add("a", "b", "c", "d", "e", "f");

    assertThat(reader.start()).isTrue();
    assertThat(reader.advance()).isTrue();
    assertThat(reader.getCurrent()).containsExactly("d", "e", "f");
  }

  @Test
  void largeElementsEndABlockByTheirSize() throws IOException {
    UnboundedSource.UnboundedReader<List<String>> reader =
        new BlockSource<>(new FeedSource(feed), String::length).createReader(options, null, clock);
    String large = "x".repeat(1 << 20);
    feed.add(Collections.nCopies(10, large).toArray(new String[0]));

    assertThat(reader.start()).isTrue();
    assertThat(reader.getCurrent()).hasSize(4);
    assertThat(((Mark) reader.getCheckpointMark()).read()).isEqualTo(4);
    // The next one at once: there is more.
    assertThat(reader.advance()).isTrue();
    assertThat(reader.getCurrent()).hasSize(4);
    assertThat(reader.advance()).isTrue();
    assertThat(reader.getCurrent()).hasSize(2);
  }

  @Test
  void aMarkIsWhereTheBlockEnds() throws IOException {
    UnboundedSource.UnboundedReader<List<String>> reader = reader();
    feed.add("a", "b", "c", "d");

    reader.start();
    assertThat(((Mark) reader.getCheckpointMark()).read()).isEqualTo(3);
    reader.advance();
    assertThat(((Mark) reader.getCheckpointMark()).read()).isEqualTo(4);
  }

  @Test
  void beforeTheFirstBlockThereIsNoElement() throws IOException {
    UnboundedSource.UnboundedReader<List<String>> reader = reader();

    assertThat(reader.start()).isFalse();
    assertThatThrownBy(reader::getCurrent).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void splitsAreBlocksOfTheOthersSplits() throws Exception {
    BlockSource<String, Mark> source = new BlockSource<>(new FeedSource(feed), String::length, 3);

    assertThat(source.split(4, options)).hasSize(2);
    assertThat(source.getOutputCoder()).isEqualTo(ListCoder.of(StringUtf8Coder.of()));
    assertThat(source.requiresDeduping()).isFalse();
  }

  private UnboundedSource.UnboundedReader<List<String>> reader() throws IOException {
    return new BlockSource<>(new FeedSource(feed), String::length, 3)
        .createReader(options, null, clock);
  }

  private static final class Clock implements InstantSource {
    private long nowMs = 5_000;

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(nowMs);
    }
  }

  /** What there is to read; counts how often it was asked. */
  private static final class Feed {
    private final Deque<String> waiting = new ArrayDeque<>();
    private int asked;
    private int read;

    void add(String... elements) {
      waiting.addAll(Arrays.asList(elements));
    }

    @Nullable String next() {
      asked++;
      String next = waiting.poll();
      read += next == null ? 0 : 1;
      return next;
    }
  }

  private record Mark(int read) implements UnboundedSource.CheckpointMark {
    @Override
    public void finalizeCheckpoint() {
      // Nobody waits for it.
    }
  }

  private static final class FeedSource extends UnboundedSource<String, Mark> {
    private static final long serialVersionUID = 1L;

    private final transient Feed feed;

    FeedSource(Feed feed) {
      this.feed = feed;
    }

    @Override
    public List<FeedSource> split(int desired, PipelineOptions options) {
      return new ArrayList<>(List.of(this, this));
    }

    @Override
    public UnboundedReader<String> createReader(PipelineOptions options, @Nullable Mark mark) {
      return new FeedReader(this);
    }

    @Override
    public Coder<Mark> getCheckpointMarkCoder() {
      return new MarkCoder();
    }

    @Override
    public Coder<String> getOutputCoder() {
      return StringUtf8Coder.of();
    }
  }

  private static final class MarkCoder extends AtomicCoder<Mark> {
    private static final long serialVersionUID = 1L;

    @Override
    public void encode(Mark mark, java.io.OutputStream out) throws IOException {
      out.write(mark.read());
    }

    @Override
    public Mark decode(java.io.InputStream in) throws IOException {
      return new Mark(in.read());
    }
  }

  private static final class FeedReader extends UnboundedSource.UnboundedReader<String> {
    private final FeedSource source;
    private @Nullable String current;

    FeedReader(FeedSource source) {
      this.source = source;
    }

    @Override
    public boolean start() {
      return advance();
    }

    @Override
    public boolean advance() {
      String next = source.feed.next();
      current = next == null ? current : next;
      return next != null;
    }

    @Override
    public String getCurrent() {
      return Objects.requireNonNull(current);
    }

    @Override
    public org.joda.time.Instant getCurrentTimestamp() {
      return org.joda.time.Instant.ofEpochMilli(source.feed.read);
    }

    @Override
    public org.joda.time.Instant getWatermark() {
      return getCurrentTimestamp();
    }

    @Override
    public UnboundedSource.CheckpointMark getCheckpointMark() {
      return new Mark(source.feed.read);
    }

    @Override
    public UnboundedSource<String, ?> getCurrentSource() {
      return source;
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
