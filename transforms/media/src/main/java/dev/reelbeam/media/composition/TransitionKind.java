package dev.reelbeam.media.composition;

import dev.reelbeam.media.effect.Blur;
import dev.reelbeam.media.effect.Diagonal;
import dev.reelbeam.media.effect.Dissolve;
import dev.reelbeam.media.effect.FadeColour;
import dev.reelbeam.media.effect.Iris;
import dev.reelbeam.media.effect.Melt;
import dev.reelbeam.media.effect.Push;
import dev.reelbeam.media.effect.Reveal;
import dev.reelbeam.media.effect.Slide;
import dev.reelbeam.media.effect.Split;
import dev.reelbeam.media.effect.TransitionEffect;
import dev.reelbeam.media.effect.Whip;
import dev.reelbeam.media.effect.Wipe;
import dev.reelbeam.media.effect.Zoom;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a shot takes over from the one before it. Another one is a class of {@code media.effect} and
 * a line here: names, checks and help are made of these lines.
 */
public enum TransitionKind {
  /** At once. */
  CUT(0, Uses.NOTHING, (direction, rgb) -> new Dissolve()),
  /** The new shot appears through the old one. */
  DISSOLVE(400, Uses.NOTHING, (direction, rgb) -> new Dissolve()),
  /** The old shot goes into a plain colour, the new one comes out of it. */
  FADE(400, Uses.COLOUR, (direction, rgb) -> new FadeColour(rgb)),
  /** The new shot pushes the old one away. */
  PUSH(400, Uses.DIRECTION, (direction, rgb) -> new Push(direction)),
  /** The new shot slides over the old one. */
  SLIDE(450, Uses.DIRECTION, (direction, rgb) -> new Slide(direction)),
  /** The old shot slides away over the new one. */
  REVEAL(450, Uses.DIRECTION, (direction, rgb) -> new Reveal(direction)),
  /** A soft edge goes straight across. */
  WIPE(450, Uses.DIRECTION, (direction, rgb) -> new Wipe(direction)),
  /** A soft edge goes aslant across. */
  DIAGONAL(450, Uses.DIRECTION, (direction, rgb) -> new Diagonal(direction)),
  /** A soft circle opens from the middle. */
  IRIS(450, Uses.NOTHING, (direction, rgb) -> new Iris()),
  /** The old shot opens in the middle like soft doors. */
  SPLIT(450, Uses.DIRECTION, (direction, rgb) -> new Split(direction)),
  /** The camera rushes into the old shot and comes to rest in the new one. */
  ZOOM(400, Uses.NOTHING, (direction, rgb) -> new Zoom()),
  /** Out of focus, and back into focus on the new shot. */
  BLUR(450, Uses.NOTHING, (direction, rgb) -> new Blur()),
  /** The camera is thrown over to the new shot. */
  WHIP(350, Uses.DIRECTION, (direction, rgb) -> new Whip(direction)),
  /** What is bright in the new shot comes first. */
  MELT(500, Uses.NOTHING, (direction, rgb) -> new Melt());

  private enum Uses {
    NOTHING,
    DIRECTION,
    COLOUR
  }

  private final int usualMs;
  private final Uses uses;
  private final TransitionEffect.Factory factory;

  TransitionKind(int usualMs, Uses uses, TransitionEffect.Factory factory) {
    this.usualMs = usualMs;
    this.uses = uses;
    this.factory = factory;
  }

  /** The name that people use, for example {@code dissolve}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Every name, the usual ones first. */
  public static List<String> ids() {
    return Arrays.stream(values()).map(TransitionKind::id).toList();
  }

  /** The kind of a name, in capitals or not. */
  public static Optional<TransitionKind> named(String id) {
    return Arrays.stream(values()).filter(kind -> kind.id().equalsIgnoreCase(id)).findFirst();
  }

  /** The length at which it looks right, in whole frames; at least 2, and 0 for a cut. */
  public int usualFrames(int frameRate) {
    return usualMs == 0 ? 0 : Math.max(2, (usualMs * frameRate + 500) / 1000);
  }

  boolean directed() {
    return uses == Uses.DIRECTION;
  }

  boolean coloured() {
    return uses == Uses.COLOUR;
  }

  TransitionEffect.Factory factory() {
    return factory;
  }
}
