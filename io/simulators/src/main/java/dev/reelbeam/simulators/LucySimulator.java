package dev.reelbeam.simulators;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Decart's jobs: a clip and a prompt are sent, the job is looked at, the clip is fetched. It gives
 * another clip of the same shape; a failed job has no reason, as theirs has none. {@link #next} is
 * for orders, {@link #nextJobs} for what becomes of them.
 */
public final class LucySimulator extends SimulatedServer {
  private static final int MOST_CHARS = 1_000;
  private static final int FRAMES = 100;
  private static final int FRAME_RATE = 20;

  private final String key;
  private final Map<String, byte[]> jobs = new ConcurrentHashMap<>();
  private final Map<String, Fault> jobFaults = new ConcurrentHashMap<>();
  private final Deque<Fault> faults = new ArrayDeque<>();
  private final List<String> prompts = new ArrayList<>();

  private LucySimulator(String key) {
    this.key = key;
  }

  /** Starts on a free port of this machine. */
  public static LucySimulator start(String key) throws IOException {
    LucySimulator simulator = new LucySimulator(key);
    simulator.begin();
    return simulator;
  }

  /** Base address. */
  public String baseUrl() {
    return address();
  }

  /** What becomes of the next jobs, one after the other. */
  public synchronized void nextJobs(Fault... faultsInOrder) {
    faults.addAll(List.of(faultsInOrder));
  }

  /** Deletes all jobs, as they are after a while. */
  public void forget() {
    jobs.clear();
  }

  /** Prompts of the jobs so far. */
  public synchronized List<String> prompts() {
    return List.copyOf(prompts);
  }

  @Override
  MockResponse answer(RecordedRequest request, int number) {
    String path = request.getUrl().encodedPath();
    if (!key.equals(request.getHeaders().get("X-API-KEY"))) {
      return text(401, "Invalid API key");
    }
    if (Objects.equals(request.getMethod(), "POST") && path.startsWith("/v1/jobs/")) {
      return order(request, path.replaceFirst("^/v1/jobs/", ""), "job-" + number);
    }
    String id = path.replaceFirst("^/v1/jobs/", "").replaceFirst("/content$", "");
    byte[] clip = jobs.get(id);
    if (clip == null) {
      return text(404, "Job not found");
    }
    Fault fault = jobFaults.get(id);
    if (path.endsWith("/content")) {
      return fault == Fault.HTML_PAGE
          ? Objects.requireNonNull(TransportFaults.of(fault))
          : new MockResponse.Builder()
              .setHeader("Content-Type", "video/mp4")
              .body(new Buffer().write(clip))
              .build();
    }
    ObjectNode state = JSON.createObjectNode().put("job_id", id);
    state.put(
        "status",
        fault == Fault.JOB_FAILS
            ? "failed"
            : fault == Fault.JOB_HANGS ? "processing" : "completed");
    return json(200, state);
  }

  private MockResponse order(RecordedRequest request, String model, String id) {
    Fault fault = poll();
    MockResponse refused = fault == null ? null : refusal(fault);
    if (refused != null) {
      return refused;
    }
    Map<String, ByteString> parts = FormParts.of(request);
    ByteString data = parts.get("data");
    ByteString prompt = parts.get("prompt");
    if (!model.startsWith("lucy-")) {
      return text(404, "Unknown model");
    }
    if (data == null || data.size() < 8 || prompt == null || prompt.size() > MOST_CHARS) {
      return text(422, "data and prompt are required");
    }
    synchronized (this) {
      prompts.add(prompt.utf8());
      Fault job = faults.poll();
      if (job != null) {
        jobFaults.put(id, job);
      }
      boolean upright = upright(data);
      jobs.put(
          id,
          SimulatedClips.clip(
              prompt.utf8(), upright ? 400 : 704, upright ? 704 : 400, FRAMES, FRAME_RATE, job));
    }
    return fault == Fault.CONNECTION_RESET
        ? Objects.requireNonNull(TransportFaults.of(fault))
        : json(200, JSON.createObjectNode().put("job_id", id).put("status", "pending"));
  }

  /** By the head of its track: the clip keeps its shape. */
  private static boolean upright(ByteString mp4) {
    int track = mp4.indexOf(ByteString.encodeUtf8("tkhd"));
    int sizes = track + 4 + 76;
    if (track < 0 || sizes + 8 > mp4.size()) {
      return false;
    }
    int width = (mp4.getByte(sizes) & 0xff) << 8 | (mp4.getByte(sizes + 1) & 0xff);
    int height = (mp4.getByte(sizes + 4) & 0xff) << 8 | (mp4.getByte(sizes + 5) & 0xff);
    return height > width;
  }

  private static @Nullable MockResponse refusal(Fault fault) {
    return switch (fault) {
      case RATE_LIMIT -> text(429, "Too many requests");
      case SERVER_ERROR -> text(500, "Internal error");
      case OVERLOADED -> text(503, "Overloaded");
      case EMPTY_WALLET -> text(402, "Insufficient credits");
      case CONNECTION_RESET -> null;
      default -> TransportFaults.of(fault);
    };
  }

  private static MockResponse text(int status, String message) {
    return new MockResponse.Builder().code(status).body(message).build();
  }
}
