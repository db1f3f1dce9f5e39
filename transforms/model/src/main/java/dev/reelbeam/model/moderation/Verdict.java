package dev.reelbeam.model.moderation;

/** What follows from a look at texts and pictures, from the mildest to the strictest. */
public enum Verdict {
  ALLOW,
  /** A person decides at the next gate. */
  REVIEW,
  /** It is not made, or not delivered. */
  BLOCK
}
