package dev.reelbeam.stages.visuals;

/** What a shot of the storyboard shows. */
public enum ShotKind {
  /** A picture or clip: the record's own, or one that a provider had for the scene. */
  PICTURE,
  /** The title in type, when there is no picture to open with. */
  OPENING,
  /** One sentence in strong type. */
  STATEMENT,
  /** A quotation with its source. */
  QUOTE,
  /** One big number. */
  NUMBER,
  /** A list that builds up. */
  LIST,
  /** A code frame. */
  CODE,
  /** A small table. */
  TABLE,
  /** The title of a section, in long videos. */
  CHAPTER,
  /** Title, price and category of a listing. */
  PRICE,
  /** Logo and call to action. */
  END
}
