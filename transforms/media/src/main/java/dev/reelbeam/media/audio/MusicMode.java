package dev.reelbeam.media.audio;

/** How the music behaves under a voice. */
public enum MusicMode {
  /** One level throughout: 20 % of the voice's amplitude. */
  FLAT,
  /** As flat, and 6 dB further down while someone speaks (attack 80 ms, release 400 ms). */
  DUCKED
}
