package dev.reelbeam.model.speech;

import java.io.Serializable;

/** A voice that a synthesizer offers; {@code language} is a BCP 47 tag. */
public record Voice(String id, String name, String language, String engine, String licence)
    implements Serializable {}
