package dev.reelbeam.pipelines.cluster;

import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.clients.ledger.PostgresProjectLedger;
import dev.reelbeam.clients.topic.TopicWriter;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.project.AuditEntry;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.ControlType;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import dev.reelbeam.stages.review.Audits;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** What a job was busy with, by the ledger. */
final class UnderWay {
  private record Project(String id, long epoch) {}

  private UnderWay() {}

  /** Does something for each of what it is about, and returns how many those were. */
  @FunctionalInterface
  interface Step {
    int run() throws StageException;
  }

  /**
   * What follows when a job has begun without its state.
   *
   * <p>What was under way is sent through first: without that it stands still. The early decisions
   * are words in the audit log, so a failure over them is told and ends nothing.
   *
   * @throws StageException of the sending; both may be done once more
   */
  static void stateIsGone(Step sendThroughAgain, Step giveUpEarlyDecisions, Consumer<String> say)
      throws StageException {
    int again = sendThroughAgain.run();
    say.accept(again + " projects that were under way are sent through again");
    try {
      int early = giveUpEarlyDecisions.run();
      if (early > 0) {
        say.accept(
            early + " decisions whose artifacts had not come are given up: the audit log tells");
      }
    } catch (StageException | StoreException e) {
      say.accept(
          "decisions whose artifacts had not come are given up, and the audit log does not tell: "
              + e.getMessage());
    }
  }

  /**
   * Writes of each decision that a gate kept for an artifact which has not come that it is given
   * up: the gate's state was its only place.
   *
   * @return how many
   */
  static int giveUpEarlyDecisions(Path connections) throws StageException {
    try (PostgresProjectLedger ledger =
        PostgresProjectLedger.open(WorldSettings.read(connections).postgres())) {
      List<AuditEntry> early = ledger.early();
      early.forEach(line -> ledger.audit(givenUp(line)));
      return early.size();
    }
  }

  /** The line that a gate writes when an artifact never came, with another reason. */
  static AuditEntry givenUp(AuditEntry early) {
    String gate = String.valueOf(early.gate());
    ControlEvent event =
        new ControlEvent(
            early.eventId(),
            early.eventType(),
            early.project(),
            gate,
            early.version(),
            0,
            early.who(),
            early.atMs(),
            null,
            null);
    return Audits.of(
        event,
        gate,
        "unknown",
        early.epoch(),
        "the job's state was given up before its artifact came: decide once it waits");
  }

  /**
   * Sends every project that was begun and is not at its end through again, in a next epoch: it
   * finds what it made. What waits at a gate waits there anew.
   *
   * @return how many
   */
  static int sendThroughAgain(Path connections) throws StageException {
    WorldSettings world = WorldSettings.read(connections);
    List<Project> projects;
    try (Database database = Database.open(world.postgres())) {
      projects =
          database.with(
              handle ->
                  handle
                      .createQuery(
                          "select record_id, epoch from video_project where status in"
                              + " ('scripting', 'voiceover', 'composing', 'rendering', 'review')"
                              + " order by id")
                      .map(
                          (result, context) ->
                              new Project(result.getString("record_id"), result.getLong("epoch")))
                      .list());
    }
    try (TopicWriter writer = TopicWriter.open(world.kafka())) {
      for (Project project : projects) {
        // By its epoch: the same event when this is done twice, stale when somebody was quicker.
        ControlEvent retry =
            new ControlEvent(
                "upgrade:" + project.id() + ":" + project.epoch(),
                ControlType.RETRY.label(),
                project.id(),
                null,
                null,
                project.epoch(),
                "upgrade",
                System.currentTimeMillis(),
                "state was given up",
                null);
        writer.send(Topic.CONTROL, project.id(), RecordJson.canonicalBytes(retry));
      }
      writer.flush();
    }
    return projects.size();
  }
}
