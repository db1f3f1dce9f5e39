package dev.reelbeam.media.text;

/** Weights of the bundled families; a family without one gives its nearest. */
public enum FontWeight {
  REGULAR(400),
  SEMIBOLD(600),
  BOLD(700),
  EXTRABOLD(800);

  private final int css;

  FontWeight(int css) {
    this.css = css;
  }

  /** The weight as a number of CSS, 100 to 900. */
  public int css() {
    return css;
  }
}
