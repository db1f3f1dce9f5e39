package dev.reelbeam.media.composition;

/** How a shot takes over from the one before it. */
public enum TransitionKind {
  /** At once. */
  CUT,
  /** The new shot appears through the old one. */
  DISSOLVE,
  /** The old shot goes into a plain colour, the new one comes out of it. */
  FADE,
  /** The new shot comes in from the right and pushes the old one away. */
  SLIDE_LEFT,
  /** The new shot comes in from below and pushes the old one away. */
  SLIDE_UP
}
