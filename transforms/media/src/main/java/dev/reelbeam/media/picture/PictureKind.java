package dev.reelbeam.media.picture;

/** What a picture is, as far as it matters for showing it. */
public enum PictureKind {
  /** Taken or painted: may be cropped around what matters. */
  PHOTO,
  /** Drawn: charts, schemes, maps, illustrations of flat colour. */
  DIAGRAM,
  /** A screen or a page: mostly text and straight lines. */
  SCREENSHOT,
  /** A small mark on an even or transparent ground. */
  LOGO
}
