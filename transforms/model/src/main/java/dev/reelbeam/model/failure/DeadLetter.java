package dev.reelbeam.model.failure;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A record or a delivery that was set aside.
 *
 * @param id stable hash of what failed and where: a repeated bundle gives the same letter
 * @param recordId id of the content record, or its source position when it could not be parsed
 * @param revision revision of the record, 0 when unknown
 * @param preset the delivery's preset, null when the failure concerns the whole record
 * @param stage label of the stage that failed
 * @param code failure code name
 * @param number failure code number
 * @param message what happened, in one line
 * @param remedy what to do about it
 * @param replayable whether the same input can succeed later
 * @param payloadJson the element as it entered the stage, for exact replay
 * @param detail stack trace of an unexpected failure, else null
 */
public record DeadLetter(
    String id,
    String recordId,
    int revision,
    @Nullable String preset,
    String stage,
    String code,
    int number,
    String message,
    String remedy,
    boolean replayable,
    String payloadJson,
    @Nullable String detail)
    implements Serializable {}
