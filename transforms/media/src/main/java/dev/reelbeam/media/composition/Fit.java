package dev.reelbeam.media.composition;

/** How a picture or clip meets a canvas of another shape. */
public enum Fit {
  /** The picture fills the canvas; what is cut off lies away from the focus. */
  COVER,
  /** The whole picture is shown over a blurred and darkened copy of itself. */
  CONTAIN_BLUR,
  /** The whole picture, through whose transparent parts a ground of one colour is seen. */
  CONTAIN_COLOUR,
  /** The picture was drawn for this canvas and is shown as it is. */
  EXACT
}
