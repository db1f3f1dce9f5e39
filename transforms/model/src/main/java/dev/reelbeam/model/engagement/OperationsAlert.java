package dev.reelbeam.model.engagement;

import java.io.Serializable;

/**
 * A quarter of an hour in which something went over its limit; told once for it.
 *
 * @param kind {@code cost}, {@code error_rate} or {@code queue_depth}
 * @param name the stage, the queue or the bearer of the cost
 * @param windowStartMs begin of the 15 minutes, ms since 1970 UTC
 * @param value micro-dollars, per mille of the attempts, or how many wait
 * @param limit what it went over, in the same unit
 */
public record OperationsAlert(String kind, String name, long windowStartMs, long value, long limit)
    implements Serializable {}
