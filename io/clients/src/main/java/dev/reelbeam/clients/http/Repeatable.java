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
   *
   * <p>The same request, for the same record in the same epoch, is refused from then on: in one run
   * it is bought once ({@link CallPolicy#purchases}), whoever asks, until a person asks for the
   * record anew.
   */
  ONLY_AFTER_AN_ANSWER,
  /**
   * The same, but for the refusal: whoever sends it again has looked at the provider, and the first
   * one is not there.
   */
  ONLY_AFTER_A_LOOK
}
