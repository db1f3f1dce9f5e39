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
  /** 504 with a page of the gateway in between, behind which the work goes on to its end. */
  GATEWAY_TIMEOUT,
  /** 502 with a page of the gateway in between, which found nobody behind it that answers. */
  BAD_GATEWAY,
  /** 401. */
  WRONG_KEY,
  /** 403 for a key that is right and may not ask this. */
  FORBIDDEN,
  /** 403 for a key that is wrong. */
  FORBIDDEN_KEY,
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
  /** What fits the protocol and makes no sense: word times that run backwards, for instance. */
  NONSENSE,
  /** 200, the right type, and not a byte of audio. */
  EMPTY_AUDIO,
  /** Audio of the right length in which nothing is heard. */
  SILENT_AUDIO,
  /** A file that says that it is longer than it is. */
  AUDIO_CUT,
  /** A click of audio for a sentence. */
  AUDIO_TOO_SHORT,
  /** Another format than the one that was asked for. */
  OTHER_AUDIO,
  /** 200 with JSON where audio was asked for. */
  JSON_FOR_AUDIO,
  /** A picture of another shape, and much smaller, than the one that was asked for. */
  WRONG_SIZE,
  /** The right type, and bytes that are no picture. */
  NO_PICTURE,
  /** A file that is said to lie at an address of a private network. */
  REDIRECT_TO_PRIVATE_ADDRESS,
  /** A file of the right kind in which nothing moves, because there is nothing. */
  CLIP_WITHOUT_FRAMES,
  /** A clip in which nothing moves. */
  FROZEN_CLIP,
  /** A clip in which nothing is to be seen. */
  BLACK_CLIP,
  /** A clip of a quarter of the length that was asked for. */
  SHORT_CLIP,
  /** A job that fails at once, for want of memory. */
  JOB_FAILS,
  /** A job that fails when it had put out a picture already. */
  JOB_FAILS_LATE,
  /** A job that never ends. */
  JOB_HANGS,
  /** A job that has put out a picture and then never ends. */
  JOB_HANGS_LATE,
  /** A server that starts anew while it works and remembers nothing. */
  JOB_FORGOTTEN
}
