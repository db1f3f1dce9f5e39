package dev.reelbeam.media.probe;

import java.io.Serializable;

/**
 * One line of the table of checks.
 *
 * @param name what was checked, for example {@code loudness}
 * @param expected in words, for example {@code -14.0 LUFS ±1.0}
 * @param measured in words
 * @param passed whether the two agree
 */
public record CheckResult(String name, String expected, String measured, boolean passed)
    implements Serializable {}
