package dev.reelbeam.model.port;

import dev.reelbeam.model.store.StepKey;
import java.io.Serializable;

/**
 * The right to do a step, for a while.
 *
 * @param owner who holds it: a worker's own random name
 * @param token grows with every lease that is given: whoever shows a smaller one was overtaken
 * @param untilMs when it ends unless it is renewed, ms since 1970 UTC
 * @param lost how many holders before, one after the other, began to {@link LeaseStore#work} and
 *     neither renewed it nor gave it back
 */
public record StepLease(StepKey key, String owner, long token, long untilMs, int lost)
    implements Serializable {}
