package dev.reelbeam.simulators;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A ComfyUI server with one graphics card: the list of its nodes, a queue, a socket that tells how
 * a job gets on (previews as binary frames included), a history, files. It judges a workflow as the
 * real one does, which lets unknown inputs pass. Queue and history lie in memory.
 *
 * <p>{@link #next} is for submissions, {@link #nextJobs} for what becomes of jobs, {@link
 * #nextFiles} for files; questions about the queue always come through.
 */
public final class ComfySimulator extends SimulatedServer {
  private static final int STEPS = 4;
  private static final int LONGEST_END_S = 10;
  private static final Set<String> SIZED =
      Set.of("EmptyLTXVLatentVideo", "Wan22ImageToVideoLatent", "EmptyLatentImage");

  private final JsonNode nodes;
  private final Map<String, WebSocket> sockets = new ConcurrentHashMap<>();
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final Deque<Fault> jobFaults = new ArrayDeque<>();
  private final Deque<Fault> fileFaults = new ArrayDeque<>();
  private final Deque<Job> pending = new ArrayDeque<>();
  private final Map<String, ObjectNode> history = new LinkedHashMap<>();
  private final List<JsonNode> workflows = new ArrayList<>();
  private final List<String> cancelled = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<Integer, Integer> looks = new HashMap<>();
  private final Set<String> made = ConcurrentHashMap.newKeySet();
  private final Thread card;
  private @Nullable Job running;
  private volatile long jobMs = 40;
  private volatile boolean ownNumbers;
  private volatile boolean deaf;
  private volatile boolean closed;
  private int submitted;

  /** One submission. */
  private static final class Job {
    private final String id;
    private final int number;
    private final String client;
    private final JsonNode workflow;
    private boolean interrupted;

    Job(String id, int number, String client, JsonNode workflow) {
      this.id = id;
      this.number = number;
      this.client = client;
      this.workflow = workflow;
    }
  }

  private ComfySimulator() throws IOException {
    try (InputStream file = ComfySimulator.class.getResourceAsStream("object-info.json")) {
      nodes = JSON.readTree(Objects.requireNonNull(file, "this build lacks object-info.json"));
    }
    card = new Thread(this::work, "simulated-card");
    card.setDaemon(true);
  }

  /** Starts on a free port of this machine. */
  public static ComfySimulator start() throws IOException {
    ComfySimulator simulator = new ComfySimulator();
    simulator.begin();
    simulator.card.start();
    return simulator;
  }

  /** Base address. */
  public String baseUrl() {
    return address();
  }

  /** What becomes of the next jobs, one after the other. */
  public void nextJobs(Fault... faultsInOrder) {
    synchronized (this) {
      jobFaults.addAll(List.of(faultsInOrder));
    }
  }

  /** What becomes of the next files, one after the other. */
  public void nextFiles(Fault... faultsInOrder) {
    synchronized (this) {
      fileFaults.addAll(List.of(faultsInOrder));
    }
  }

  /** How long a job takes. */
  public void jobTime(long millis) {
    jobMs = millis;
  }

  /** As servers of 2024: a job's number is the server's own, whatever the submission says. */
  public void ownNumbers() {
    ownNumbers = true;
  }

  /** From now on no socket opens, as behind a proxy that does not let them through. */
  public void deaf() {
    deaf = true;
  }

  /** Workflows that were taken, in order. */
  public synchronized List<JsonNode> workflows() {
    return List.copyOf(workflows);
  }

  /** How often the history was asked for a job, by the order in which jobs were taken. */
  public synchronized int looks(int job) {
    return looks.getOrDefault(job, 0);
  }

  /** Numbers of jobs that were taken out of the queue or interrupted. */
  public synchronized List<String> cancelled() {
    return List.copyOf(cancelled);
  }

  @Override
  MockResponse answer(RecordedRequest request, int number) {
    HttpUrl url = request.getUrl();
    String path = url.encodedPath().replaceFirst("^/api(?=/)", "");
    boolean post = Objects.equals(request.getMethod(), "POST");
    if (path.equals("/prompt") && post) {
      return submission(request);
    }
    if (path.equals("/ws")) {
      return socket(url.queryParameter("clientId"));
    }
    if (path.equals("/view")) {
      return file(url);
    }
    if (path.startsWith("/object_info")) {
      return json(200, nodes);
    }
    synchronized (this) {
      if (path.equals("/queue")) {
        return post ? changed(body(request)) : json(200, queue());
      }
      if (path.equals("/interrupt") && post) {
        return interrupted(body(request));
      }
      if (path.startsWith("/history")) {
        return json(200, history(path.replaceFirst("^/history/?", "")));
      }
    }
    return new MockResponse.Builder().code(404).body("404: Not Found").build();
  }

  private MockResponse submission(RecordedRequest request) {
    Fault fault = poll();
    MockResponse refused = fault == null ? null : refusal(fault);
    if (refused != null && fault != Fault.CONNECTION_RESET) {
      return refused;
    }
    JsonNode body = body(request);
    JsonNode workflow = body.path("prompt");
    ObjectNode faults = JSON.createObjectNode();
    String first = judged(workflow, faults);
    if (!first.isEmpty() || !faults.isEmpty()) {
      ObjectNode answer = JSON.createObjectNode();
      ObjectNode error = answer.putObject("error");
      error.put("type", first.isEmpty() ? "prompt_outputs_failed_validation" : "invalid_prompt");
      error.put("message", first.isEmpty() ? "Prompt outputs failed validation" : first);
      error.put("details", "").putObject("extra_info");
      answer.set("node_errors", faults);
      return json(400, answer);
    }
    ObjectNode answer = JSON.createObjectNode();
    synchronized (this) {
      String asked = body.path("prompt_id").asText("");
      String id = ownNumbers || asked.isEmpty() ? UUID.randomUUID().toString() : asked;
      Job job = new Job(id, submitted++, body.path("client_id").asText(""), workflow);
      workflows.add(workflow);
      numbers.put(id, job.number);
      pending.add(job);
      notifyAll();
      answer.put("prompt_id", id).put("number", job.number).putObject("node_errors");
    }
    // What was taken is taken, although nobody hears of it.
    return refused == null ? json(200, answer) : refused;
  }

  private static @Nullable MockResponse refusal(Fault fault) {
    return switch (fault) {
      case RATE_LIMIT -> new MockResponse.Builder().code(429).body("Too Many Requests").build();
      case RATE_LIMIT_WITH_RETRY_AFTER ->
          new MockResponse.Builder()
              .code(429)
              .setHeader("Retry-After", "1")
              .body("Too Many Requests")
              .build();
      case SERVER_ERROR ->
          new MockResponse.Builder().code(500).body("500 Internal Server Error").build();
      case OVERLOADED -> new MockResponse.Builder().code(503).body("503").build();
      case WRONG_KEY -> new MockResponse.Builder().code(401).body("Unauthorized").build();
      case TRUNCATED_JSON ->
          new MockResponse.Builder()
              .setHeader("Content-Type", "application/json")
              .body("{\"prompt_id\":")
              .build();
      default -> TransportFaults.of(fault);
    };
  }

  /** As the server does it; a message if nothing can be said of single nodes. */
  private String judged(JsonNode workflow, ObjectNode faults) {
    if (!workflow.isObject() || workflow.isEmpty()) {
      return "No prompt provided";
    }
    boolean ends = false;
    for (Iterator<Map.Entry<String, JsonNode>> i = workflow.fields(); i.hasNext(); ) {
      Map.Entry<String, JsonNode> entry = i.next();
      String type = entry.getValue().path("class_type").asText("");
      JsonNode kind = nodes.path(type);
      if (kind.isMissingNode()) {
        return "Cannot execute because node " + type + " does not exist.";
      }
      ends |= kind.path("output_node").asBoolean();
      JsonNode inputs = entry.getValue().path("inputs");
      for (Iterator<Map.Entry<String, JsonNode>> j = kind.path("input").path("required").fields();
          j.hasNext(); ) {
        Map.Entry<String, JsonNode> declared = j.next();
        String problem =
            inputs.has(declared.getKey())
                ? problem(declared.getValue(), inputs.path(declared.getKey()))
                : "Required input is missing";
        if (!problem.isEmpty()) {
          ObjectNode node =
              faults.has(entry.getKey())
                  ? (ObjectNode) faults.path(entry.getKey())
                  : faults.putObject(entry.getKey());
          node.put("class_type", type).putArray("dependent_outputs");
          node.withArray("errors")
              .addObject()
              .put("type", "invalid_input")
              .put("message", problem)
              .put("details", declared.getKey());
        }
      }
    }
    return ends ? "" : "Prompt has no outputs";
  }

  private static String problem(JsonNode declared, JsonNode value) {
    if (value.isArray()) {
      return value.size() == 2 ? "" : "Bad linked input, must be a length-2 list";
    }
    JsonNode listed =
        declared.path(0).isArray() ? declared.path(0) : declared.path(1).path("options");
    if (listed.size() > 0) {
      for (JsonNode choice : listed) {
        if (choice.asText().equals(value.asText())) {
          return "";
        }
      }
      return "Value not in list";
    }
    JsonNode most = declared.path(1).path("max");
    return most.isNumber() && value.asDouble() > most.asDouble() ? "Value bigger than max" : "";
  }

  private ObjectNode queue() {
    ObjectNode queue = JSON.createObjectNode();
    ArrayNode now = queue.putArray("queue_running");
    if (running != null) {
      now.add(item(running));
    }
    ArrayNode later = queue.putArray("queue_pending");
    pending.forEach(job -> later.add(item(job)));
    return queue;
  }

  private static ArrayNode item(Job job) {
    ArrayNode item = JSON.createArrayNode().add(job.number).add(job.id).add(job.workflow);
    item.addObject().put("client_id", job.client);
    item.addArray();
    return item;
  }

  private MockResponse changed(JsonNode body) {
    for (JsonNode id : body.path("delete")) {
      if (pending.removeIf(job -> job.id.equals(id.asText()))) {
        cancelled.add(id.asText());
      }
    }
    return new MockResponse.Builder().build();
  }

  private MockResponse interrupted(JsonNode body) {
    Job now = running;
    String id = body.path("prompt_id").asText("");
    if (now != null && (id.isEmpty() || id.equals(now.id))) {
      now.interrupted = true;
      cancelled.add(now.id);
      notifyAll();
      untilEnded(now);
    }
    return new MockResponse.Builder().build();
  }

  /** A card sees within a step that it is to end; here the machine may be too busy for that. */
  private synchronized void untilEnded(Job job) {
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_END_S);
    try {
      while (running == job && !closed && System.nanoTime() < endNs) {
        wait(100);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ObjectNode history(String id) {
    Integer number = numbers.get(id);
    if (number != null) {
      looks.merge(number, 1, Integer::sum);
    }
    ObjectNode answer = JSON.createObjectNode();
    history.forEach(
        (known, entry) -> {
          if (id.isEmpty() || id.equals(known)) {
            answer.set(known, entry);
          }
        });
    return answer;
  }

  private MockResponse socket(@Nullable String client) {
    if (deaf || client == null) {
      return new MockResponse.Builder().code(404).body("404: Not Found").build();
    }
    return new MockResponse.Builder()
        .webSocketUpgrade(
            new WebSocketListener() {
              @Override
              public void onOpen(WebSocket socket, Response response) {
                sockets.put(client, socket);
                ObjectNode data = JSON.createObjectNode();
                data.putObject("status").putObject("exec_info").put("queue_remaining", 0);
                tell(client, "status", data.put("sid", client));
              }

              @Override
              public void onFailure(WebSocket socket, Throwable t, @Nullable Response response) {
                sockets.remove(client, socket);
              }
            })
        .build();
  }

  private void tell(String client, String type, JsonNode data) {
    WebSocket socket = sockets.get(client);
    if (socket != null) {
      ObjectNode message = JSON.createObjectNode().put("type", type);
      message.set("data", data);
      boolean unused = socket.send(message.toString());
    }
  }

  private MockResponse file(HttpUrl url) {
    Fault fault;
    synchronized (this) {
      fault = fileFaults.poll();
    }
    MockResponse early = fault == null ? null : TransportFaults.of(fault);
    if (early != null) {
      return early;
    }
    String name = String.valueOf(url.queryParameter("filename"));
    byte[] bytes = files.get(url.queryParameter("subfolder") + "/" + name);
    if (bytes == null) {
      return new MockResponse.Builder().code(404).body("404: Not Found").build();
    }
    return new MockResponse.Builder()
        .setHeader("Content-Type", name.endsWith(".mp4") ? "video/mp4" : "image/png")
        .body(new Buffer().write(bytes))
        .build();
  }

  private void work() {
    while (!closed) {
      try {
        Job job;
        Fault fault;
        synchronized (this) {
          while (pending.isEmpty()) {
            wait();
          }
          job = pending.element();
          fault = jobFaults.poll();
          if (!leavesAPicture(fault)) {
            running = pending.remove();
          }
        }
        if (!leavesAPicture(fault)) {
          run(job, fault, null);
          continue;
        }
        // Painted before it begins: a deadline that counts from then is met by a slow machine, too.
        byte[] picture = painted(job, /* clip= */ false, null);
        synchronized (this) {
          if (!pending.remove(job)) {
            continue;
          }
          running = job;
        }
        run(job, fault, picture);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static boolean leavesAPicture(@Nullable Fault fault) {
    return fault == Fault.JOB_FAILS_LATE || fault == Fault.JOB_HANGS_LATE;
  }

  /**
   * Works on a job.
   *
   * @param picture all that it puts out; null if it puts out what its workflow says
   */
  private void run(Job job, @Nullable Fault fault, byte @Nullable [] picture)
      throws InterruptedException {
    ArrayNode messages = JSON.createArrayNode();
    ObjectNode outputs = JSON.createObjectNode();
    message(job, "execution_start", JSON.createObjectNode(), messages);
    ObjectNode cached = JSON.createObjectNode();
    ArrayNode known = cached.putArray("nodes");
    // Only the names of files differ: everything up to them lies in the cache.
    if (!made.add(job.workflow.toString().replaceAll("\"filename_prefix\":\"[^\"]*\"", ""))) {
      for (Iterator<Map.Entry<String, JsonNode>> i = job.workflow.fields(); i.hasNext(); ) {
        Map.Entry<String, JsonNode> node = i.next();
        if (!node.getValue().path("class_type").asText().startsWith("Save")) {
          known.add(node.getKey());
        }
      }
    }
    message(job, "execution_cached", cached, messages);
    for (int step = 1; step <= STEPS; step++) {
      if (rest(job, jobMs / STEPS, fault)) {
        end(job, "execution_interrupted", messages, outputs);
        return;
      }
      ObjectNode progress = JSON.createObjectNode().put("value", step).put("max", STEPS);
      tell(job.client, "progress", progress.put("prompt_id", job.id).put("node", "9"));
      WebSocket socket = sockets.get(job.client);
      if (socket != null) {
        // A preview: event 1, format 1 (JPEG), the picture.
        boolean unused = socket.send(ByteString.of((byte) 0, (byte) 0, (byte) 0, (byte) 1));
      }
    }
    if (fault == Fault.JOB_FORGOTTEN) {
      synchronized (this) {
        running = null;
        pending.clear();
        history.clear();
        return;
      }
    }
    if (fault == Fault.JOB_FAILS) {
      failed(
          job,
          "SamplerCustom",
          "Allocation on device 0 would exceed allowed memory.",
          messages,
          outputs);
      return;
    }
    for (Iterator<Map.Entry<String, JsonNode>> i = job.workflow.fields(); i.hasNext(); ) {
      Map.Entry<String, JsonNode> node = i.next();
      String type = node.getValue().path("class_type").asText();
      boolean clip = type.equals("SaveVideo");
      if (type.equals("SaveImage") || (clip && picture == null)) {
        byte[] bytes = picture == null ? painted(job, clip, fault) : picture;
        saved(job, node.getKey(), node.getValue(), bytes, outputs);
      }
    }
    if (fault == Fault.JOB_HANGS_LATE && rest(job, 0, Fault.JOB_HANGS)) {
      end(job, "execution_interrupted", messages, outputs);
      return;
    }
    if (fault == Fault.JOB_FAILS_LATE) {
      failed(job, "SaveVideo", "[Errno 28] No space left on device", messages, outputs);
      return;
    }
    end(job, "execution_success", messages, outputs);
  }

  /** Whether it was interrupted meanwhile. */
  private synchronized boolean rest(Job job, long millis, @Nullable Fault fault)
      throws InterruptedException {
    long endNs = System.nanoTime() + millis * 1_000_000;
    while (!job.interrupted && (fault == Fault.JOB_HANGS || System.nanoTime() < endNs)) {
      wait(Math.max(1, Math.min(100, (endNs - System.nanoTime()) / 1_000_000)));
    }
    return job.interrupted;
  }

  /** What a workflow makes: a clip, or a picture. */
  private static byte[] painted(Job job, boolean clip, @Nullable Fault fault) {
    int width = 512;
    int height = 512;
    int frames = 1;
    int frameRate = 24;
    StringBuilder words = new StringBuilder();
    for (JsonNode each : job.workflow) {
      JsonNode inputs = each.path("inputs");
      String type = each.path("class_type").asText();
      if (SIZED.contains(type)) {
        width = inputs.path("width").asInt();
        height = inputs.path("height").asInt();
        frames = inputs.path("length").asInt(1);
      } else if (type.equals("CreateVideo")) {
        frameRate = inputs.path("fps").asInt();
      } else if (type.equals("CLIPTextEncode") && words.length() == 0) {
        words.append(inputs.path("text").asText());
      }
    }
    return clip
        ? SimulatedClips.clip(words.toString(), width, height, frames, frameRate, fault)
        : SimulatedPictures.picture(words.toString(), width, height, "png", null);
  }

  private void saved(Job job, String id, JsonNode node, byte[] bytes, ObjectNode outputs) {
    boolean clip = node.path("class_type").asText().equals("SaveVideo");
    String prefix = node.path("inputs").path("filename_prefix").asText("ComfyUI");
    int slash = prefix.lastIndexOf('/');
    String folder = slash < 0 ? "" : prefix.substring(0, slash);
    String name = prefix.substring(slash + 1) + "_00001_" + (clip ? ".mp4" : ".png");
    files.put(folder + "/" + name, bytes);
    ObjectNode output = JSON.createObjectNode();
    ObjectNode file = output.putArray("images").addObject();
    file.put("filename", name).put("subfolder", folder).put("type", "output");
    if (clip) {
      output.putArray("animated").add(true);
    }
    outputs.set(id, output);
    ObjectNode executed = JSON.createObjectNode().put("node", id).put("prompt_id", job.id);
    executed.set("output", output);
    tell(job.client, "executed", executed);
  }

  private void failed(Job job, String node, String reason, ArrayNode messages, ObjectNode outputs) {
    ObjectNode data = JSON.createObjectNode().put("node_type", node);
    data.put("exception_type", "RuntimeError").put("exception_message", reason);
    synchronized (this) {
      message(job, "execution_error", data, messages);
      remember(job, "error", messages, outputs);
    }
  }

  private void end(Job job, String type, ArrayNode messages, ObjectNode outputs) {
    synchronized (this) {
      ObjectNode finished = JSON.createObjectNode().putNull("node").put("prompt_id", job.id);
      message(job, type, JSON.createObjectNode(), messages);
      remember(job, type.equals("execution_success") ? "success" : "error", messages, outputs);
      tell(job.client, "executing", finished);
    }
  }

  private void remember(Job job, String state, ArrayNode messages, ObjectNode outputs) {
    ObjectNode entry = JSON.createObjectNode();
    entry.set("prompt", item(job));
    entry.set("outputs", outputs);
    ObjectNode status = entry.putObject("status");
    status.put("status_str", state).put("completed", state.equals("success"));
    status.set("messages", messages);
    history.put(job.id, entry);
    running = null;
    notifyAll();
  }

  private void message(Job job, String type, ObjectNode data, ArrayNode messages) {
    data.put("prompt_id", job.id).put("timestamp", System.currentTimeMillis());
    messages.addArray().add(type).add(data);
    tell(job.client, type, data);
  }

  @Override
  public void close() {
    closed = true;
    card.interrupt();
    sockets.values().forEach(socket -> socket.close(1_001, null));
    super.close();
  }
}
