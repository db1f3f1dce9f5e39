package dev.reelbeam.pipelines.watch;

import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.CostItem;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.project.WaitingArtifact;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What became of a run: <em>accepted = completed + waiting + rejected + overtaken + dead</em>,
 * counted by key.
 *
 * @param planned every delivery whose video was begun
 * @param completed deliveries whose files are in place
 * @param gates what waits for a decision, as the gates said it
 * @param refusals what was rejected before, and why
 * @param over deliveries of projects that somebody has edited or cancelled meanwhile
 * @param deadLetters what was set aside, by id
 * @param parsedPositions source positions that were read as records
 * @param notes what was left out and why
 * @param stageWallMs time during which at least one worker was in the stage
 * @param artifacts results found and made, by kind
 * @param spent what was bought, by what it was for
 */
public record RunReport(
    Set<RunProgress.DeliveryKey> planned,
    List<Delivery> completed,
    Map<RunProgress.DeliveryKey, WaitingArtifact> gates,
    Map<RunProgress.DeliveryKey, String> refusals,
    Set<RunProgress.DeliveryKey> over,
    List<DeadLetter> deadLetters,
    Set<String> parsedPositions,
    List<String> notes,
    Map<Stage, Long> stageWallMs,
    Map<String, ArtifactCount> artifacts,
    Map<CostItem, List<Charge>> spent) {
  /** Results of one kind. */
  public record ArtifactCount(int found, int made) {}

  /** Every delivery that came in, and every record that never became one. */
  public Set<RunProgress.DeliveryKey> accepted() {
    Set<RunProgress.DeliveryKey> accepted = new LinkedHashSet<>(planned);
    accepted.addAll(completedKeys());
    accepted.addAll(dead());
    return accepted;
  }

  /**
   * Deliveries that were set aside and did not come through in another way. A letter about a whole
   * record stands for each of its planned deliveries, or for itself when none was planned.
   */
  public Set<RunProgress.DeliveryKey> dead() {
    Set<RunProgress.DeliveryKey> completedKeys = completedKeys();
    Set<RunProgress.DeliveryKey> dead = new LinkedHashSet<>();
    for (DeadLetter letter : deadLetters) {
      String preset = letter.preset();
      if (preset != null) {
        dead.add(new RunProgress.DeliveryKey(letter.recordId(), letter.revision(), preset));
        continue;
      }
      List<RunProgress.DeliveryKey> ofRecord =
          planned.stream()
              .filter(
                  key ->
                      key.recordId().equals(letter.recordId())
                          && key.revision() == letter.revision())
              .toList();
      if (ofRecord.isEmpty()) {
        dead.add(new RunProgress.DeliveryKey(letter.recordId(), letter.revision(), ""));
      } else {
        dead.addAll(ofRecord);
      }
    }
    dead.removeAll(completedKeys);
    return dead;
  }

  /** Deliveries that were planned and neither came through nor were set aside: always empty. */
  public Set<RunProgress.DeliveryKey> lost() {
    Set<RunProgress.DeliveryKey> lost = new LinkedHashSet<>(planned);
    lost.removeAll(dead());
    lost.removeAll(completedKeys());
    lost.removeAll(waiting().keySet());
    lost.removeAll(rejected().keySet());
    lost.removeAll(overtaken());
    return lost;
  }

  /** Deliveries that came to no end because their project was edited or cancelled meanwhile. */
  public Set<RunProgress.DeliveryKey> overtaken() {
    Set<RunProgress.DeliveryKey> overtaken = new LinkedHashSet<>(over);
    overtaken.removeAll(completedKeys());
    overtaken.removeAll(dead());
    return overtaken;
  }

  /** Deliveries that wait for a decision. */
  public Map<RunProgress.DeliveryKey, WaitingArtifact> waiting() {
    Map<RunProgress.DeliveryKey, WaitingArtifact> waiting = new LinkedHashMap<>(gates);
    waiting.keySet().removeAll(completedKeys());
    waiting.keySet().removeAll(dead());
    waiting.keySet().removeAll(overtaken());
    return waiting;
  }

  /** Deliveries that somebody has rejected, with the reason. */
  public Map<RunProgress.DeliveryKey, String> rejected() {
    Map<RunProgress.DeliveryKey, String> rejected = new LinkedHashMap<>(refusals);
    rejected.keySet().removeAll(completedKeys());
    rejected.keySet().removeAll(dead());
    rejected.keySet().removeAll(overtaken());
    rejected.keySet().removeAll(waiting().keySet());
    return rejected;
  }

  private Set<RunProgress.DeliveryKey> completedKeys() {
    Set<RunProgress.DeliveryKey> keys = new LinkedHashSet<>();
    completed.forEach(delivery -> keys.add(keyOf(delivery)));
    return keys;
  }

  static RunProgress.DeliveryKey keyOf(Delivery delivery) {
    return new RunProgress.DeliveryKey(
        delivery.key().recordId(), delivery.key().revision(), delivery.preset());
  }
}
