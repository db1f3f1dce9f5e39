package dev.reelbeam.simulators;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A shelf of pictures and clips about anything, except what contains {@code nothing}. Equal
 * searches find the same; searches that share a word have things in common.
 */
abstract class StockSimulator extends SimulatedServer {
  private static final String NOTHING = "nothing";
  private static final int ON_A_SHELF = 12;
  private static final int LENGTH_SECONDS = 6;
  private static final List<String> AUTHORS =
      List.of("Ada Example", "Ben Sample", "Cleo Instance", "Dan Specimen");

  private final Deque<Fault> fileFaults = new ArrayDeque<>();
  private final AtomicInteger searches = new AtomicInteger();
  private final AtomicInteger files = new AtomicInteger();
  private volatile long fileLatencyMs;
  private int left = Integer.MAX_VALUE;
  private long resetSeconds = 60;

  /**
   * What lies on the shelf.
   *
   * @param width of the original
   */
  record Item(int id, boolean clip, String words, String author, int width, int height) {
    boolean upright() {
      return height > width;
    }

    int seconds() {
      return LENGTH_SECONDS;
    }

    /** Address of its file, of so many pixels on its longer side at most. */
    String path(int longest) {
      int longer = Math.max(width, height);
      int side = Math.min(longest, longer);
      return String.format(
          Locale.ROOT,
          "/files/%d-%dx%d.%s",
          id,
          width * side / longer,
          height * side / longer,
          clip ? "mp4" : "jpeg");
    }
  }

  /** Searches so far. */
  public final int searches() {
    return searches.get();
  }

  /** Files sent so far. */
  public final int files() {
    return files.get();
  }

  /** The next files go wrong like this, one after the other. */
  public final void nextFiles(Fault... faultsInOrder) {
    synchronized (fileFaults) {
      fileFaults.addAll(List.of(faultsInOrder));
    }
  }

  /** How long a file takes; searches take the other latency. */
  public final void fileLatency(long millis) {
    fileLatencyMs = millis;
  }

  /** How many searches the account may still make, and when it may make more. */
  public final synchronized void searchesLeft(int searchesLeft, long secondsUntilReset) {
    left = searchesLeft;
    resetSeconds = secondsUntilReset;
  }

  /** What a search finds; {@code orientation} is {@code null} for any. */
  static List<Item> shelf(String query, boolean clips, @Nullable Boolean upright) {
    List<Item> items = new ArrayList<>();
    if (query.isBlank() || query.toLowerCase(Locale.ROOT).contains(NOTHING)) {
      return items;
    }
    String[] words = query.strip().split("\\s+", -1);
    Random random = new Random(query.toLowerCase(Locale.ROOT).hashCode());
    for (int i = 0; i < ON_A_SHELF; i++) {
      // The first word's shelf, so that other searches for the same thing meet the same items.
      int id = Math.floorMod(words[0].toLowerCase(Locale.ROOT).hashCode(), 90_000) * 100 + i;
      boolean tall = upright == null ? i % 2 == 0 : upright;
      int longer = i % 4 == 3 ? 1_280 : 2_160;
      int shorter = longer * (i % 3 == 0 ? 9 : 11) / 16;
      String shown = words[i % words.length] + " in the " + (i % 2 == 0 ? "morning" : "evening");
      items.add(
          new Item(
              clips ? id + 50 : id,
              clips,
              i == 0 ? query : shown,
              AUTHORS.get(random.nextInt(AUTHORS.size())),
              tall ? shorter : longer,
              tall ? longer : shorter));
    }
    return items;
  }

  @Override
  final MockResponse answer(RecordedRequest request, int number) {
    String path = request.getUrl().encodedPath();
    if (path.startsWith("/files/")) {
      return file(path);
    }
    searches.incrementAndGet();
    Fault fault = poll();
    int remaining;
    long reset;
    synchronized (this) {
      remaining = left = Math.max(-1, left - 1);
      reset = resetSeconds;
    }
    MockResponse response =
        remaining < 0
            ? java.util.Objects.requireNonNull(refusal(Fault.RATE_LIMIT))
            : fault == null ? search(request, null) : faulty(request, fault);
    if (response.getHeaders().get("Content-Type") == null || remaining > 1_000_000) {
      return response;
    }
    return response
        .newBuilder()
        .setHeader("X-RateLimit-Remaining", String.valueOf(Math.max(0, remaining)))
        .setHeader("X-RateLimit-Reset", String.valueOf(reset))
        .build();
  }

  private MockResponse faulty(RecordedRequest request, Fault fault) {
    MockResponse transport = TransportFaults.of(fault);
    if (transport != null) {
      return transport;
    }
    if (fault == Fault.BODY_CUT) {
      return TransportFaults.cut("application/json", "{\"page\":1," + " ".repeat(200_000) + "}");
    }
    MockResponse refused = refusal(fault);
    return refused == null ? search(request, fault) : refused;
  }

  private MockResponse file(String path) {
    files.incrementAndGet();
    Fault fault;
    synchronized (fileFaults) {
      fault = fileFaults.poll();
    }
    MockResponse.Builder file = fileOf(path, fault).newBuilder();
    if (fault != Fault.SILENCE && fileLatencyMs > 0) {
      file.headersDelay(fileLatencyMs, TimeUnit.MILLISECONDS);
    }
    return file.build();
  }

  private static MockResponse fileOf(String path, @Nullable Fault fault) {
    boolean clip = path.endsWith(".mp4");
    String type = clip ? "video/mp4" : "image/jpeg";
    String[] parts = path.replaceFirst("^/files/", "").split("[-x.]", -1);
    if (fault != null) {
      MockResponse transport = TransportFaults.of(fault);
      if (transport != null) {
        return transport;
      }
      switch (fault) {
        case BODY_CUT:
          return TransportFaults.cut(type, "x".repeat(200_000));
        case REDIRECT_TO_PRIVATE_ADDRESS:
          return new MockResponse.Builder()
              .code(302)
              .setHeader("Location", "http://169.254.169.254/latest/meta-data/")
              .build();
        case RATE_LIMIT:
          return new MockResponse.Builder().code(429).build();
        case SERVER_ERROR:
          return new MockResponse.Builder().code(500).build();
        case OVERLOADED:
          return new MockResponse.Builder().code(503).build();
        default:
          break;
      }
    }
    int width = Integer.parseInt(parts[1]);
    int height = Integer.parseInt(parts[2]);
    byte[] bytes =
        clip
            ? SimulatedPictures.clip(height > width, fault)
            : SimulatedPictures.picture(parts[0], width, height, "jpg", fault);
    return new MockResponse.Builder()
        .setHeader("Content-Type", type)
        .body(new Buffer().write(bytes))
        .build();
  }

  /**
   * The answer to a search; {@link Fault#NONSENSE} and {@link Fault#TRUNCATED_JSON} are its own.
   */
  abstract MockResponse search(RecordedRequest request, @Nullable Fault fault);

  /** How it says no; null for faults that it does not know. */
  abstract @Nullable MockResponse refusal(Fault fault);
}
