package dev.reelbeam.bench;

import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.VideoFacts;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BiConsumer;

/**
 * Snapshots of many videos with a Zipf spread, in the order of their coming: 5 % come up to six
 * hours late, 5 % come twice. The same figures give the same snapshots.
 *
 * @param endS when the newest snapshots were read, seconds since 1970, a whole hour
 * @param hours how long the videos were followed
 * @param exponent of the spread: 0 is even
 */
public record EngagementData(int videos, int snapshots, long endS, int hours, double exponent) {
  private static final long HOUR_S = 3600;
  private static final int LATE_S = 6 * 3600;
  private static final int TWICE_S = 3600;

  /** Numbers of all messages, those that come twice included. */
  public long messages() {
    return order().length;
  }

  public VideoFacts facts(int video) {
    boolean youtube = video % 2 == 0;
    return new VideoFacts(
        id(video),
        youtube ? "youtube" : "tiktok",
        youtube ? "youtube_short" : "tiktok",
        "acme",
        "UTC",
        null,
        null,
        null,
        null,
        "p",
        publishedS(video) * 1000,
        1000,
        5);
  }

  /** Ids look like those of the tables. */
  private static String id(int video) {
    return "%08x-0000-4000-8000-%012x".formatted(video * 0x9E3779B9, video);
  }

  private long publishedS(int video) {
    return endS - hours * HOUR_S + video % 3600;
  }

  /** How many snapshots each video has: at least two. */
  private int[] counts() {
    int[] ranks = new int[videos];
    Arrays.setAll(ranks, i -> i);
    Random random = new Random(11);
    for (int i = videos - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int rank = ranks[i];
      ranks[i] = ranks[j];
      ranks[j] = rank;
    }
    double sum = 0;
    for (int i = 1; i <= videos; i++) {
      sum += Math.pow(i, -exponent);
    }
    int[] counts = new int[videos];
    for (int i = 0; i < videos; i++) {
      counts[i] = (int) Math.max(2, snapshots * Math.pow(ranks[i] + 1, -exponent) / sum);
    }
    return counts;
  }

  /** Messages by the time of their coming: the time, then the number of the snapshot. */
  private long[] order() {
    int[] counts = counts();
    long[] order = new long[Arrays.stream(counts).sum() * 11 / 10 + 1000];
    int size = 0;
    int number = 0;
    Random random = new Random(13);
    for (int video = 0; video < videos; video++) {
      for (int k = 0; k < counts[video]; k++) {
        long atS = momentS(video, k, counts[video]) - endS + hours * HOUR_S;
        atS += random.nextInt(20) == 0 ? random.nextInt(LATE_S) : 0;
        order[size++] = atS << 31 | number;
        if (random.nextInt(20) == 0) {
          order[size++] = atS + random.nextInt(TWICE_S) << 31 | number;
        }
        number++;
      }
    }
    order = Arrays.copyOf(order, size);
    Arrays.sort(order);
    return order;
  }

  private long momentS(int video, int k, int count) {
    long publishedS = publishedS(video);
    return publishedS + (endS - publishedS) * (k + 1) / count;
  }

  /** Gives the key and the snapshot of each message. */
  public void forEach(BiConsumer<String, EngagementSnapshot> taker) {
    int[] counts = counts();
    int[] first = new int[videos + 1];
    for (int video = 0; video < videos; video++) {
      first[video + 1] = first[video] + counts[video];
    }
    for (long message : order()) {
      int number = (int) (message & Integer.MAX_VALUE);
      int found = Arrays.binarySearch(first, number);
      int video = found >= 0 ? found : -found - 2;
      VideoFacts facts = facts(video);
      int k = number - first[video];
      long views = k * (3L + video % 17) + 1;
      boolean youtube = video % 2 == 0;
      taker.accept(
          facts.videoKey(),
          new EngagementSnapshot(
              facts.videoId(),
              facts.platform(),
              null,
              momentS(video, k, counts[video]) * 1000,
              views,
              views / 20,
              views / 90,
              youtube ? null : Long.valueOf(views / 60),
              youtube ? Long.valueOf(views * 21) : null,
              null,
              null,
              null,
              null,
              null,
              false));
    }
  }
}
