package dev.reelbeam.stages.engagement;

import dev.reelbeam.model.engagement.Dimension;
import dev.reelbeam.model.engagement.Measures;
import dev.reelbeam.model.engagement.Packed;
import dev.reelbeam.model.engagement.VideoFacts;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What many videos change in the days of everything that they count for, summed up before it
 * travels. Not thread-safe.
 */
final class DayChanges {
  private final Map<String, DaySums> sums = new HashMap<>();
  private final @Nullable DaySums[] current = new @Nullable DaySums[Dimension.count()];
  private @Nullable VideoFacts currentFacts;
  private long currentDay;

  /** Adds a change, for each dimension but that of videos. */
  @SuppressWarnings("ReferenceEquality") // Faster, and equal facts of another video do no harm.
  void add(VideoFacts facts, long day, int slot, long[] difference) {
    if (facts != currentFacts || day != currentDay) {
      currentFacts = facts;
      currentDay = day;
      for (int i = 1; i < current.length; i++) {
        String key = Dimension.of(i).key(facts);
        current[i] =
            key == null ? null : sums.computeIfAbsent(DaySums.key(i, day, key), k -> new DaySums());
      }
    }
    for (int i = 1; i < current.length; i++) {
      DaySums sumsOfDay = current[i];
      if (sumsOfDay != null) {
        sumsOfDay.add(slot, difference);
      }
    }
  }

  /** Gives a block of bytes for each shard: the generation, then keys of days and their sums. */
  void forEachShard(long generation, int shards, BiConsumer<Integer, byte[]> taker) {
    Map<Integer, Packed.Writer> blocks = new HashMap<>();
    sums.forEach(
        (key, day) -> {
          Packed.Writer writer =
              blocks.computeIfAbsent(
                  Shards.of(key, shards),
                  shard -> Seeds.mark(new Packed.Writer(2048), generation, Seeds.SOME));
          writer.text(key);
          day.write(writer);
        });
    blocks.forEach((shard, writer) -> taker.accept(shard, writer.toBytes()));
  }

  /**
   * The sums of a day of one key of a dimension: 24 hours, the day, the first windows of what was
   * published on it. Only slots that have anything take room.
   */
  static final class DaySums {
    private final long[] @Nullable [] slots = new long[FoldSnapshots.SLOTS][];

    DaySums() {}

    /** Names a day of a key: {@code <dimension letter><day>|<key>}. */
    static String key(int dimension, long day, String key) {
      return (char) ('A' + dimension) + Long.toString(day) + '|' + key;
    }

    static Dimension dimension(String dayKey) {
      return Dimension.of(dayKey.charAt(0) - 'A');
    }

    static long day(String dayKey) {
      return Long.parseLong(dayKey.substring(1, dayKey.indexOf('|')));
    }

    static String key(String dayKey) {
      return dayKey.substring(dayKey.indexOf('|') + 1);
    }

    void add(int slot, long[] difference) {
      Measures.add(slot(slot), difference, 1);
    }

    long[] slot(int slot) {
      long[] found = slots[slot];
      if (found == null) {
        found = new long[Measures.SIZE];
        slots[slot] = found;
      }
      return found;
    }

    void write(Packed.Writer writer) {
      int there = 0;
      for (int i = 0; i < slots.length; i++) {
        long[] slot = slots[i];
        there |= slot == null || Measures.isZero(slot) ? 0 : 1 << i;
      }
      writer.unsigned(there);
      for (int i = 0; i < slots.length; i++) {
        long[] slot = slots[i];
        if (slot != null && (there & (1 << i)) != 0) {
          Measures.write(slot, writer);
        }
      }
    }

    /**
     * Adds what {@link #write} wrote.
     *
     * @return the slots that it had, as bits
     */
    int addFrom(Packed.Reader reader) {
      int there = (int) reader.unsigned();
      for (int i = 0; i < slots.length; i++) {
        if ((there & (1 << i)) != 0) {
          Measures.readInto(slot(i), reader);
        }
      }
      return there;
    }
  }
}
