package dev.reelbeam.clients.http;

/** What may be done when nobody knows whether a call took effect. */
public enum Repeatable {
  /** Calling again does no harm: reading, or work of a server that sends no bill. */
  YES,
  /**
   * The call is paid for. A call that was cut off after it was sent has an unknown outcome and is
   * not repeated; refusals that came back in full are, unless the provider's error reader says that
   * such a reply leaves it open. After a gateway answered in the provider's place, a free question
   * comes before the next one.
   */
  ONLY_AFTER_AN_ANSWER
}
