package dev.reelbeam.connectors;

import dev.reelbeam.clients.config.KafkaSettings;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.ledger.PostgresProgress;
import dev.reelbeam.clients.topic.TopicWriter;
import dev.reelbeam.model.engagement.OperationsEvent;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ProgressSink;
import dev.reelbeam.model.project.ProgressEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Progress for people: a row for each project, and a topic for whoever listens. */
public final class ProgressIO {
  /** Nobody sees more: each project is told of at most twice a second by a JVM. */
  private static final long PAUSE_MS = 500;

  /** Messages of progress carry it: of two of one project the one with the larger is the newer. */
  static final String VERSION = "version";

  /** A turn in telling is lost with a database's patience for transactions that do nothing. */
  private static final Duration SAYING = Duration.ofSeconds(20);

  /** Whoever closes the last sink waits for it. */
  private static final Duration ENDING = Duration.ofSeconds(4);

  private static final Map<List<Object>, Shared> OPEN = new HashMap<>();

  private ProgressIO() {}

  /**
   * A sink that merges the events of this JVM by project and writes what became of them at most
   * twice a second: to Postgres, which merges them with those of other workers. From there one JVM
   * at a time tells {@code reelbeam.progress} what has changed, whoever changed it. So progress
   * never falls within an epoch, neither in the row nor on the topic, and no work waits for any of
   * it. (Where the database ends that JVM's transaction while a broker stumbles, an older message
   * may come behind a newer one: their header {@code version} tells.) What cannot be told is told
   * in a later round, by whoever is there then; what a JVM that was killed had not written of
   * projects that have ended, the next one does when it starts. How elements ended in the stages
   * goes to {@code reelbeam.operations}, summed up as often.
   */
  public static ProgressSink sink(KafkaSettings kafka, PostgresSettings postgres) {
    synchronized (OPEN) {
      List<Object> id = List.of(kafka, postgres);
      Shared shared = OPEN.get(id);
      if (shared == null) {
        shared = new Shared(id, kafka, postgres);
        OPEN.put(id, shared);
      }
      shared.users++;
      return new Sink(shared);
    }
  }

  /** By stage: how many failed, of how many. */
  static List<OperationsEvent> events(Map<String, long[]> counted, long atMs) {
    List<OperationsEvent> events = new ArrayList<>();
    counted.forEach(
        (stage, counts) ->
            events.add(
                new OperationsEvent(
                    OperationsEvent.Kind.ATTEMPT, stage, atMs, counts[0], counts[1])));
    return events;
  }

  private static final class Sink implements ProgressSink {
    private final Shared shared;
    private boolean closed;

    Sink(Shared shared) {
      this.shared = shared;
    }

    @Override
    public void send(ProgressEvent event) {
      shared.add(event);
    }

    @Override
    public void outcome(String stage, boolean failed) {
      shared.count(stage, failed);
    }

    @Override
    public void close() {
      boolean last;
      synchronized (OPEN) {
        if (closed) {
          return;
        }
        closed = true;
        shared.users--;
        last = shared.users == 0;
        if (last) {
          OPEN.remove(shared.id);
        }
      }
      if (last) {
        shared.end();
      }
    }
  }

  private static final class Shared implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(ProgressIO.class);

    private final List<Object> id;
    private final PostgresProgress progress;
    private final TopicWriter writer;

    /** Of its own: what one topic does not take says nothing about the other. */
    private final TopicWriter operations;

    private final Thread thread;
    private final Thread saying;
    private final PendingProgress waiting = new PendingProgress();

    private Map<String, long[]> outcomes = new LinkedHashMap<>();
    private boolean ending;
    private boolean allShown;
    private int users;

    Shared(List<Object> id, KafkaSettings kafka, PostgresSettings postgres) {
      this.id = id;
      this.progress = PostgresProgress.open(postgres);
      this.writer = TopicWriter.open(kafka, SAYING);
      this.operations = TopicWriter.open(kafka);
      this.thread = new Thread(this, "reelbeam-progress");
      thread.setDaemon(true);
      thread.start();
      this.saying = new Thread(this::say, "reelbeam-progress-topic");
      saying.setDaemon(true);
      saying.start();
    }

    synchronized void add(ProgressEvent event) {
      waiting.add(event);
    }

    /** Once nobody sends any more, what fails is not tried again: somebody waits for the end. */
    private synchronized void putBack(ProgressEvent event) {
      if (!ending) {
        waiting.putBack(event);
      }
    }

    synchronized void count(String stage, boolean failed) {
      long[] counts = outcomes.computeIfAbsent(stage, name -> new long[2]);
      counts[0] += failed ? 1 : 0;
      counts[1]++;
    }

    void end() {
      synchronized (this) {
        ending = true;
        notifyAll();
      }
      try {
        thread.join(5_000);
        saying.join(5_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      progress.close();
      writer.close();
      operations.close();
    }

    @Override
    public void run() {
      tellEnds();
      for (List<ProgressEvent> events = next(); events != null; events = next()) {
        PendingProgress.tell(events, progress::take).forEach(this::putBack);
      }
      synchronized (this) {
        allShown = true;
        notifyAll();
      }
    }

    /** A broker that is away keeps its writer for a minute: rows do not wait for it. */
    private void say() {
      while (!pauses()) {
        tellOutcomes();
        // Whoever is at it in this moment tells ours in its next round, if we do not in ours.
        OptionalInt unused = tellStanding();
      }
      tellOutcomes();
      // Perhaps nobody else is left.
      PendingProgress.tellRest(this::tellStanding, ENDING);
    }

    /** How many were told; empty if they are to be told once more. */
    private OptionalInt tellStanding() {
      try {
        return progress.tell(this::say);
      } catch (RuntimeException e) {
        log.warn("progress is not told yet: {}", e.getMessage());
        return OptionalInt.empty();
      }
    }

    private void say(List<PostgresProgress.Standing> standing) {
      PendingProgress.say(
          standing,
          one ->
              writer.send(
                  Topic.PROGRESS,
                  one.event().project(),
                  RecordJson.canonicalBytes(one.event()),
                  Map.of(VERSION, String.valueOf(one.version()))),
          writer::flush);
    }

    /** Waits for the next round; true when nothing more will be shown after it. */
    private synchronized boolean pauses() {
      try {
        if (!allShown) {
          wait(PAUSE_MS);
        }
      } catch (InterruptedException e) {
        return true;
      }
      return allShown;
    }

    /** What a JVM that was killed between the end of a project and its last event left out. */
    private void tellEnds() {
      try {
        progress.untoldEnds(System.currentTimeMillis()).forEach(this::add);
      } catch (RuntimeException e) {
        log.warn("ends that nobody told of are not looked for: {}", e.getMessage());
      }
    }

    private void tellOutcomes() {
      Map<String, long[]> counted;
      synchronized (this) {
        counted = outcomes;
        outcomes = new LinkedHashMap<>();
      }
      long nowMs = System.currentTimeMillis();
      try {
        for (OperationsEvent event : events(counted, nowMs)) {
          operations.send(Topic.OPERATIONS, event.name(), RecordJson.canonicalBytes(event));
        }
      } catch (RuntimeException e) {
        log.warn("outcomes of stages were not told: {}", e.getMessage());
      }
    }

    /** What has come since; null when all is told and nobody sends any more. */
    private synchronized @Nullable List<ProgressEvent> next() {
      try {
        if (!ending) {
          wait(PAUSE_MS);
        }
      } catch (InterruptedException e) {
        ending = true;
      }
      if (waiting.isEmpty() && ending) {
        return null;
      }
      return waiting.take();
    }
  }
}
