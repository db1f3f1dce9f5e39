package dev.reelbeam.model.project;

import java.io.Serializable;
import java.util.Map;

/**
 * Who sent a project into a running job last. A job that goes on from a savepoint knows how far
 * each hand had counted when that was taken: what a hand began later was lost with the state, and
 * so was what hands began that the job has never heard of.
 *
 * @param by the hand: one opened instance of what admits projects
 * @param number counted from 1 by each hand
 */
public record Begun(String by, long number) implements Serializable {
  /** Whether whoever remembers these hands and their newest numbers knows of it. */
  public boolean knownTo(Map<String, Long> hands) {
    return number <= hands.getOrDefault(by, 0L);
  }
}
