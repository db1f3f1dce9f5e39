package dev.reelbeam.simulators;

/** What can go wrong with a provider's answer; each is spoken as the provider would. */
public enum Fault {
  /** 429 that asks for a pause of a second. */
  RATE_LIMIT_WITH_RETRY_AFTER,
  /** 429 that does not say how long. */
  RATE_LIMIT,
  /** 429 that no pause will mend: the wallet is empty. */
  EMPTY_WALLET,
  /** 500. */
  SERVER_ERROR,
  /** 503, overloaded. */
  OVERLOADED,
  /** 401. */
  WRONG_KEY,
  /** 404 for the model. */
  NO_SUCH_MODEL,
  /** The connection ends before a byte of the answer. */
  CONNECTION_RESET,
  /** The connection ends in the middle of the body. */
  BODY_CUT,
  /** Nothing comes for longer than anyone waits. */
  SILENCE,
  /** A body that goes on and on. */
  ENDLESS_BODY,
  /** 200 with a page of HTML, as a proxy in between would send. */
  HTML_PAGE,
  /** The model declines. */
  REFUSAL,
  /** The provider's filter stopped the answer. */
  CONTENT_FILTER,
  /** The answer hit the token limit: JSON that ends in the middle. */
  TRUNCATED_JSON,
  /** JSON that fits the schema and makes no sense. */
  NONSENSE
}
