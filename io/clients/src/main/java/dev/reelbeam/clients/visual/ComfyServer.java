package dev.reelbeam.clients.visual;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.http.Repeatable;
import dev.reelbeam.clients.http.Reply;
import dev.reelbeam.clients.http.ServerCalls;
import dev.reelbeam.clients.http.ServerEvents;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.LostCallException;
import dev.reelbeam.model.port.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs workflows on a ComfyUI server. Thread-safe.
 *
 * <p>A job has a number of ours, which also stands in the names of its files: one whose submission
 * was cut off is looked for in the queue and in the history before anybody submits it again, on
 * servers that take our number and on those that make their own. How it gets on, the socket tells;
 * the history is what counts, and it is asked whenever the socket is quiet. The queue lies in the
 * server's memory: a job that neither queue nor history knows is lost, and is submitted once more.
 * A job that nobody waits for any longer is taken out of the queue or interrupted.
 */
final class ComfyServer {
  private static final Logger log = LoggerFactory.getLogger(ComfyServer.class);

  private static final long NODES_FRESH_NS = 600_000_000_000L;
  private static final int SUBMISSIONS = 2;

  /** A job that waits behind others may wait this many times as long as it may run. */
  private static final int QUEUE_PATIENCE = 6;

  /** In the queue and on the card together: the stage does not wait for ever. */
  static final Duration MOST_WAIT = Duration.ofSeconds(1_500);

  /** Jobs that are looked through for one of ours, on servers that make their own ids. */
  private static final String MOST_HISTORY = "20";

  /** The socket may be busy with jobs of others and never quiet. */
  private static final int MOST_QUIETS = 5;

  private final ServerCalls calls;
  private final ServerCalls files;
  private final Duration quiet;
  private @Nullable ComfyNodes nodes;
  private long nodesReadNs;

  /**
   * @param files the same server with a bound for clips
   * @param quiet after so long without an event the history is asked
   */
  ComfyServer(ServerCalls calls, ServerCalls files, Duration quiet) {
    this.calls = calls;
    this.files = files;
    this.quiet = quiet;
  }

  /**
   * A job was given up because nobody waits for it, and how long the card worked on it is known.
   */
  static final class GivenUp extends CancellationException {
    private static final long serialVersionUID = 1L;

    private final long gpuMs;

    private GivenUp(String message, long gpuMs) {
      super(message);
      this.gpuMs = gpuMs;
    }

    /** 0 for a job that left the queue before it began. */
    long gpuMs() {
      return gpuMs;
    }
  }

  /** What became of a job that was to end. */
  private enum Ended {
    /** It left the queue, and never began. */
    WAITING,
    /** It ran until now. */
    RUNNING,
    /** Nobody can tell. */
    UNKNOWN
  }

  /** A file that a node put out. */
  record OutFile(String filename, String subfolder, String type) {
    private String ending() {
      return filename.substring(filename.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    boolean clip() {
      return List.of("mp4", "webm", "mov", "mkv", "gif").contains(ending());
    }

    boolean picture() {
      return List.of("png", "jpg", "jpeg", "webp").contains(ending());
    }
  }

  /**
   * What became of a job.
   *
   * @param outputs files that were put out, of a failed one those before the failure
   * @param gpuMs how long it ran, without its time in the queue
   * @param cached whether the server had it from before, so that its time tells nothing
   * @param failure null if it was done
   */
  record Done(
      List<OutFile> outputs, long gpuMs, boolean cached, @Nullable StageException failure) {}

  /** The server's nodes; asked for anew every ten minutes, models may have been added. */
  synchronized ComfyNodes nodes() throws StageException {
    ComfyNodes known = nodes;
    if (known == null || System.nanoTime() - nodesReadNs > NODES_FRESH_NS) {
      // The list of a server with many extensions is as long as a picture.
      known = new ComfyNodes(files.json(files.get(files.url("object_info").build())));
      if (known.size() == 0) {
        throw calls.invalid("its list of nodes is empty");
      }
      nodes = known;
      nodesReadNs = System.nanoTime();
    }
    return known;
  }

  /** The numbers under which jobs for the same thing were submitted, kept over restarts. */
  interface Numbers {
    /** For jobs that nobody comes back to. */
    Numbers UNKEPT =
        new Numbers() {
          @Override
          public Optional<String> last() {
            return Optional.empty();
          }

          @Override
          public String next() {
            return UUID.randomUUID().toString();
          }
        };

    /** That of the newest job. */
    Optional<String> last();

    /** One for another job; it is the last from now on. */
    String next();
  }

  /**
   * Runs a workflow, or waits for the job that somebody began who did not stay: its number is
   * known, and it has not failed.
   *
   * @param numbers of the jobs for it
   * @param workflow in API format; the names of its files are set here
   * @param what for messages
   * @param deadline how long it may run
   * @throws StageException {@code WORKFLOW_INVALID} if the server refuses it, {@code JOB_LOST},
   *     {@code JOB_OVERDUE} if nothing is known of what it left, {@code PROVIDER_BUSY} if it did
   *     not begin, {@code PROVIDER_*}; what failed while it ran, or was interrupted for taking too
   *     long, is in the result
   * @throws GivenUp if the thread was interrupted, and it is known how long the job ran
   * @throws LostCallException if that is not known
   */
  Done run(ObjectNode workflow, String what, Duration deadline, Numbers numbers)
      throws StageException {
    String client = UUID.randomUUID().toString();
    HttpUrl socket = calls.url("ws").addQueryParameter("clientId", client).build();
    try (ServerEvents events = new ServerEvents(calls, socket)) {
      Done begun = begun(what, deadline, numbers, events);
      if (begun != null) {
        return begun;
      }
      for (int submission = 1; ; submission++) {
        String job = numbers.next();
        ComfyWorkflows.saveAs(workflow, "reelbeam/" + job);
        String id = submit(workflow, client, job);
        try {
          return await(id, what, events, deadline);
        } catch (StageException e) {
          if (e.code() != FailureCode.JOB_LOST || submission >= SUBMISSIONS) {
            throw e;
          }
          log.warn("{}: {}; it is submitted again", what, e.getMessage());
        }
      }
    }
  }

  /** What became of the job that was begun before; null if there is none, or it came to nothing. */
  private @Nullable Done begun(String what, Duration deadline, Numbers numbers, ServerEvents events)
      throws StageException {
    Optional<String> before = numbers.last();
    if (before.isEmpty()) {
      return null;
    }
    String id = known(before.get());
    if (id == null) {
      return null;
    }
    log.info("{}: job {} was begun before; it is waited for", what, id);
    try {
      Done done = await(id, what, events, deadline);
      // Its time was measured by whoever began it, or never will be.
      StageException failure = done.failure();
      if (failure != null) {
        return failure.code() == FailureCode.JOB_OVERDUE ? done : null;
      }
      return new Done(done.outputs(), done.gpuMs(), /* cached= */ true, null);
    } catch (StageException e) {
      if (e.code() != FailureCode.JOB_LOST) {
        throw e;
      }
      return null;
    }
  }

  /** Submits it; the number that the server knows it by. */
  private String submit(ObjectNode workflow, String client, String job) throws StageException {
    ObjectNode body = RecordJson.newObject();
    body.set("prompt", workflow);
    body.put("client_id", client);
    body.put("prompt_id", job);
    for (int attempt = 1; ; attempt++) {
      try {
        JsonNode reply = calls.json(calls.post("prompt", body, Repeatable.ONLY_AFTER_A_LOOK));
        String id = reply.path("prompt_id").asText("");
        if (id.isEmpty()) {
          throw calls.invalid("it took a workflow and gave no number");
        }
        return id;
      } catch (CancellationException e) {
        // It may have arrived, and nobody waits for it.
        Ended unused = cancel(job);
        throw e;
      } catch (StageException e) {
        if (e.code() != FailureCode.PROVIDER_OUTCOME_UNKNOWN) {
          throw e;
        }
        String known = lookedFor(job, e);
        if (known != null) {
          return known;
        }
        if (attempt >= SUBMISSIONS) {
          throw e;
        }
      }
    }
  }

  /** The server's number of a job of ours; null if it knows none. */
  private @Nullable String known(String job) throws StageException {
    JsonNode queue = queue();
    for (String list : List.of("queue_running", "queue_pending")) {
      for (JsonNode item : queue.path(list)) {
        // [number, id, workflow, …]; a server that makes its own ids still has our file names.
        if (item.path(1).asText().equals(job) || item.path(2).toString().contains(job)) {
          return item.path(1).asText();
        }
      }
    }
    if (calls.json(calls.get(calls.url("history/" + job).build())).has(job)) {
      return job;
    }
    // Whole workflows, those of others too: as many as fit into an answer.
    JsonNode history =
        calls.json(
            calls.get(calls.url("history").addQueryParameter("max_items", MOST_HISTORY).build()));
    for (var i = history.fields(); i.hasNext(); ) {
      var entry = i.next();
      if (entry.getKey().equals(job) || entry.getValue().path("prompt").toString().contains(job)) {
        return entry.getKey();
      }
    }
    return null;
  }

  /** The number of a job that may have arrived; null if it did not. */
  private @Nullable String lookedFor(String job, StageException cutOff) throws StageException {
    try {
      return known(job);
    } catch (StageException | StoreException probe) {
      cutOff.addSuppressed(probe);
      throw cutOff;
    }
  }

  private Done await(String id, String what, ServerEvents events, Duration deadline)
      throws StageException {
    long submittedNs = System.nanoTime();
    long startedNs = 0;
    long askedNs = submittedNs;
    int missing = 0;
    int quarter = 0;
    boolean over = false;
    try {
      while (true) {
        JsonNode event = over ? null : events.next(quiet);
        JsonNode data = event == null ? null : event.path("data");
        if (event != null && data != null && data.path("prompt_id").asText("").equals(id)) {
          String type = event.path("type").asText();
          if (startedNs == 0) {
            startedNs = System.nanoTime();
          }
          over =
              List.of("execution_success", "execution_error", "execution_interrupted")
                      .contains(type)
                  || (type.equals("executing") && data.path("node").isNull());
          if (type.equals("progress")) {
            quarter = told(what, data, quarter);
          }
        }
        boolean lately = System.nanoTime() - askedNs < MOST_QUIETS * quiet.toNanos();
        if (event != null && !over && lately && inTime(submittedNs, startedNs, deadline)) {
          continue;
        }
        askedNs = System.nanoTime();
        Done done = done(id, startedNs == 0 ? submittedNs : startedNs);
        if (done != null) {
          return done;
        }
        JsonNode queue = queue();
        if (holds(queue.path("queue_running"), id)) {
          startedNs = startedNs == 0 ? System.nanoTime() : startedNs;
          missing = 0;
        } else if (holds(queue.path("queue_pending"), id)) {
          missing = 0;
        } else if (++missing > 1) {
          // Twice: between leaving the queue and entering the history nobody knows it.
          throw new StageException(
              FailureCode.JOB_LOST, calls.name() + " knows nothing of job " + id + " any longer");
        }
        over = false;
        if (!inTime(submittedNs, startedNs, deadline)) {
          throw startedNs == 0
              ? new StageException(
                  FailureCode.PROVIDER_BUSY,
                  calls.name()
                      + " has not begun a job within "
                      + queuePatience(deadline).toSeconds()
                      + " s: others are before it")
              : new StageException(
                  FailureCode.JOB_OVERDUE,
                  calls.name()
                      + " has not finished within the "
                      + deadline.toSeconds()
                      + " s that it may run, or "
                      + MOST_WAIT.toSeconds()
                      + " s with the queue");
        }
      }
    } catch (InterruptedException | CancellationException e) {
      // Nobody waits, and the server still works.
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      long ranMs = startedNs == 0 ? 0 : (System.nanoTime() - startedNs) / 1_000_000;
      Ended ended = cancel(id);
      String message = "waiting for " + calls.name() + " was cancelled";
      if (ended == Ended.WAITING || (ended == Ended.RUNNING && startedNs != 0)) {
        throw new GivenUp(message, ranMs);
      }
      throw new LostCallException(message);
    } catch (StageException e) {
      // A look that got no turn says nothing against the job: it is found by whoever comes again.
      if (e.code() != FailureCode.JOB_LOST && e.code() != FailureCode.NO_TURN) {
        Ended unused = cancel(id);
      }
      Done left = e.code() == FailureCode.JOB_OVERDUE ? left(id, startedNs) : null;
      if (left == null) {
        throw e;
      }
      return new Done(left.outputs(), left.gpuMs(), /* cached= */ false, e);
    }
  }

  /** What a job that was interrupted had put out; null if the server does not say. */
  private @Nullable Done left(String id, long startedNs) {
    try {
      for (int look = 0; look < MOST_QUIETS; look++) {
        Done done = done(id, startedNs);
        if (done != null) {
          return done;
        }
        Thread.sleep(quiet.toMillis());
      }
    } catch (StageException e) {
      log.warn("{}: what job {} left is not known: {}", calls.name(), id, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return null;
  }

  private static boolean inTime(long submittedNs, long startedNs, Duration deadline) {
    long now = System.nanoTime();
    return startedNs == 0
        ? now - submittedNs < queuePatience(deadline).toNanos()
        : now - startedNs < deadline.toNanos() && now - submittedNs < MOST_WAIT.toNanos();
  }

  private static Duration queuePatience(Duration deadline) {
    Duration patience = deadline.multipliedBy(QUEUE_PATIENCE);
    return patience.compareTo(MOST_WAIT) < 0 ? patience : MOST_WAIT;
  }

  private static int told(String what, JsonNode data, int before) {
    int most = Math.max(1, data.path("max").asInt(1));
    int quarter = Math.min(4, 4 * data.path("value").asInt() / most);
    if (quarter > before) {
      log.info("{}: {} % of node {}", what, 25 * quarter, data.path("node").asText());
    }
    // Each node counts from nothing.
    return quarter == 4 ? 0 : Math.max(before, quarter);
  }

  private JsonNode queue() throws StageException {
    return calls.json(calls.get(calls.url("queue").build()));
  }

  private static boolean holds(JsonNode list, String id) {
    for (JsonNode item : list) {
      if (item.path(1).asText().equals(id)) {
        return true;
      }
    }
    return false;
  }

  /** What the history says; null while it says nothing. */
  private @Nullable Done done(String id, long startedNs) throws StageException {
    JsonNode entry = calls.json(calls.get(calls.url("history/" + id).build())).path(id);
    if (!entry.isObject()) {
      return null;
    }
    List<OutFile> outputs = outputs(entry.path("outputs"));
    JsonNode status = entry.path("status");
    long gpuMs = Math.max(0, System.nanoTime() - startedNs) / 1_000_000;
    long from = 0;
    long to = 0;
    boolean cached = false;
    StageException failure = null;
    for (JsonNode message : status.path("messages")) {
      String type = message.path(0).asText();
      JsonNode data = message.path(1);
      long at = data.path("timestamp").asLong(0);
      from = type.equals("execution_start") ? at : from;
      to = Math.max(to, at);
      if (type.equals("execution_cached")) {
        cached = drawnBefore(data.path("nodes"), entry.path("prompt").path(2));
      } else if (type.equals("execution_error")) {
        failure =
            new StageException(
                FailureCode.JOB_FAILED,
                calls.name()
                    + ": node "
                    + data.path("node_type").asText("?")
                    + ": "
                    + shortened(data.path("exception_message").asText("no reason")));
      } else if (type.equals("execution_interrupted")) {
        failure =
            new StageException(FailureCode.JOB_FAILED, calls.name() + ": somebody interrupted it");
      }
    }
    if (failure == null && status.path("status_str").asText("success").equals("error")) {
      failure = new StageException(FailureCode.JOB_FAILED, calls.name() + " failed without a word");
    }
    // The server's own clock, where it tells it: ours counts the way there and back, too.
    return new Done(outputs, from > 0 && to > from ? to - from : gpuMs, cached, failure);
  }

  /** Models lie in the cache most of the time; what the seed goes into is the drawing itself. */
  private static boolean drawnBefore(JsonNode nodes, JsonNode workflow) {
    for (JsonNode id : nodes) {
      JsonNode inputs = workflow.path(id.asText()).path("inputs");
      if (inputs.has("seed") || inputs.has("noise_seed")) {
        return true;
      }
    }
    return false;
  }

  private static String shortened(String text) {
    String line = text.replaceAll("\\s+", " ").strip();
    return line.length() > 200 ? line.substring(0, 200) + "…" : line;
  }

  /** Every list of a node's output may hold files; clips stand among the images. */
  private static List<OutFile> outputs(JsonNode nodes) {
    List<OutFile> files = new ArrayList<>();
    for (JsonNode node : nodes) {
      for (JsonNode list : node) {
        for (JsonNode file : list) {
          if (file.path("filename").isTextual()) {
            files.add(
                new OutFile(
                    file.path("filename").asText(),
                    file.path("subfolder").asText(""),
                    file.path("type").asText("output")));
          }
        }
      }
    }
    return List.copyOf(files);
  }

  /** The bytes of a file. */
  byte[] file(OutFile file) throws StageException {
    HttpUrl url =
        files
            .url("view")
            .addQueryParameter("filename", file.filename())
            .addQueryParameter("subfolder", file.subfolder())
            .addQueryParameter("type", file.type())
            .build();
    Reply reply = files.get(url);
    String type = reply.contentType();
    if (type.startsWith("text/") || type.equals("application/json") || reply.body().length == 0) {
      throw calls.invalid(ServerCalls.instead(reply) + " where a file was expected");
    }
    return reply.body();
  }

  private void interrupt(String id) throws StageException {
    // Older servers take no number and interrupt what runs: this is it.
    Reply unused =
        calls.post("interrupt", RecordJson.newObject().put("prompt_id", id), Repeatable.YES);
  }

  /** Ends a job that nobody waits for; the server may be away, and then it is left to itself. */
  private Ended cancel(String id) {
    boolean interrupted = Thread.interrupted();
    try {
      JsonNode queue = queue();
      if (holds(queue.path("queue_running"), id)) {
        interrupt(id);
        return Ended.RUNNING;
      }
      boolean waiting = holds(queue.path("queue_pending"), id);
      ObjectNode body = RecordJson.newObject();
      body.putArray("delete").add(id);
      Reply unused = calls.post("queue", body, Repeatable.YES);
      if (!waiting) {
        return Ended.UNKNOWN;
      }
      // Its turn may have come between the look and the word.
      if (holds(queue().path("queue_running"), id)) {
        interrupt(id);
        return Ended.UNKNOWN;
      }
      return calls.json(calls.get(calls.url("history/" + id).build())).has(id)
          ? Ended.UNKNOWN
          : Ended.WAITING;
    } catch (StageException | CancellationException e) {
      log.warn("{}: job {} could not be cancelled: {}", calls.name(), id, e.getMessage());
      return Ended.UNKNOWN;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
