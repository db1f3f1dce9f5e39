package dev.reelbeam.media.picture;

/** How a picture meets a canvas of another shape. */
public enum FramingMode {
  /** Fills the canvas; what does not fit is cut off. */
  COVER,
  /** Shown whole, over a blurred and darkened copy of itself. */
  CONTAIN_BLUR
}
