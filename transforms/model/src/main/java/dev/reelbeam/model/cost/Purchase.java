package dev.reelbeam.model.cost;

import java.io.Serializable;

/**
 * Something that is about to be bought.
 *
 * @param id of its own; what is told twice counts once
 * @param run whose {@link Budgets#run} it counts for; empty for nobody's
 * @param site of the record; empty if it has none
 * @param microDollars at most
 */
public record Purchase(
    String id,
    String run,
    String project,
    String site,
    CostItem item,
    String provider,
    long microDollars)
    implements Serializable {}
