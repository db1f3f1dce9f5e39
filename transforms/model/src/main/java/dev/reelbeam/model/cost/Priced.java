package dev.reelbeam.model.cost;

import java.io.Serializable;

/** A charge and what it comes to by the rate card. */
public record Priced(Charge charge, long microDollars) implements Serializable {}
