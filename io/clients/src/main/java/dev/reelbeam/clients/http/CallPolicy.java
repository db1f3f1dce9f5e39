package dev.reelbeam.clients.http;

import java.time.Duration;

/**
 * How patiently and how often one provider is called.
 *
 * @param connectTimeout until a connection stands
 * @param readTimeout longest silence within a reply
 * @param callTimeout for one attempt as a whole
 * @param attempts calls in all, the first included
 * @param firstPause before the second attempt; it doubles from there
 * @param longestPause no pause is longer, whatever the provider asks for
 * @param requestsPerMinute over all that use the same key for this kind, and share the limits
 * @param parallel requests in flight at once, likewise
 * @param maxReplyBytes longer replies are cut off and refused
 * @param limits who counts for other processes, too
 * @param kind of what is asked for: providers limit texts, speech and pictures of one key apart, so
 *     they are counted apart; empty where there is one kind alone
 * @param purchases how often one request is bought at the most where nobody knows what became of
 *     it: once, unless whoever wrote the settings allows a second time
 */
public record CallPolicy(
    Duration connectTimeout,
    Duration readTimeout,
    Duration callTimeout,
    int attempts,
    Duration firstPause,
    Duration longestPause,
    int requestsPerMinute,
    int parallel,
    long maxReplyBytes,
    CallLimits limits,
    String kind,
    int purchases) {
  /** Three attempts from 5 s, at most 5 minutes apart; texts of up to 4 MB. */
  public static final CallPolicy DEFAULT =
      new CallPolicy(
          Duration.ofSeconds(10),
          Duration.ofSeconds(120),
          Duration.ofMinutes(5),
          3,
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          60,
          4,
          4_000_000,
          CallLimits.OF_THIS_PROCESS,
          "",
          1);

  public CallPolicy {
    if (attempts < 1
        || requestsPerMinute < 1
        || parallel < 1
        || maxReplyBytes < 1
        || purchases < 1) {
      throw new IllegalArgumentException("a policy allows at least one of everything");
    }
  }

  /** The same with other pauses. */
  public CallPolicy withPauses(Duration first, Duration longest) {
    return new CallPolicy(
        connectTimeout,
        readTimeout,
        callTimeout,
        attempts,
        first,
        longest,
        requestsPerMinute,
        parallel,
        maxReplyBytes,
        limits,
        kind,
        purchases);
  }

  /** The same with other limits of time. */
  public CallPolicy withTimeouts(Duration read, Duration call) {
    return new CallPolicy(
        connectTimeout,
        read,
        call,
        attempts,
        firstPause,
        longestPause,
        requestsPerMinute,
        parallel,
        maxReplyBytes,
        limits,
        kind,
        purchases);
  }

  /** The same for a server that may say nothing for so long; the call has time for it. */
  public CallPolicy withSilence(int seconds) {
    Duration silence = Duration.ofSeconds(seconds);
    Duration whole = silence.plusSeconds(60);
    return withTimeouts(silence, whole.compareTo(callTimeout) > 0 ? whole : callTimeout);
  }

  /** The same with other rates. */
  public CallPolicy withRates(int perMinute, int inFlight) {
    return new CallPolicy(
        connectTimeout,
        readTimeout,
        callTimeout,
        attempts,
        firstPause,
        longestPause,
        perMinute,
        inFlight,
        maxReplyBytes,
        limits,
        kind,
        purchases);
  }

  /** The same with another bound of replies. */
  public CallPolicy withMaxReplyBytes(long bytes) {
    return new CallPolicy(
        connectTimeout,
        readTimeout,
        callTimeout,
        attempts,
        firstPause,
        longestPause,
        requestsPerMinute,
        parallel,
        bytes,
        limits,
        kind,
        purchases);
  }

  /** The same, counted together with whoever uses these limits. */
  public CallPolicy sharing(CallLimits newLimits) {
    return new CallPolicy(
        connectTimeout,
        readTimeout,
        callTimeout,
        attempts,
        firstPause,
        longestPause,
        requestsPerMinute,
        parallel,
        maxReplyBytes,
        newLimits,
        kind,
        purchases);
  }

  /** The same for what is asked for of another kind. */
  public CallPolicy ofKind(String newKind) {
    return new CallPolicy(
        connectTimeout,
        readTimeout,
        callTimeout,
        attempts,
        firstPause,
        longestPause,
        requestsPerMinute,
        parallel,
        maxReplyBytes,
        limits,
        newKind,
        purchases);
  }

  /** The same with another number of purchases of one request. */
  public CallPolicy withPurchases(int atMost) {
    return new CallPolicy(
        connectTimeout,
        readTimeout,
        callTimeout,
        attempts,
        firstPause,
        longestPause,
        requestsPerMinute,
        parallel,
        maxReplyBytes,
        limits,
        kind,
        atMost);
  }
}
