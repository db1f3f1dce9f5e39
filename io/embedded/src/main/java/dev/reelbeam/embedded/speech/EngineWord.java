package dev.reelbeam.embedded.speech;

/** A word as the engine reports it; offsets into the text that the engine was given. */
record EngineWord(int charStart, int charEnd, long startUs, long endUs) {}
