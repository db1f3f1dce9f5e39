package dev.reelbeam.media.caption;

/** A subtitle file that breaks the rules of its format. */
public final class SubtitleFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  SubtitleFormatException(int line, String what) {
    super("line " + line + ": " + what);
  }
}
