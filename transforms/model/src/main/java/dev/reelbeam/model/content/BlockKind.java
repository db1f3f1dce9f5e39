package dev.reelbeam.model.content;

/** Kinds of blocks of a source document. */
public enum BlockKind {
  HEADING,
  PARAGRAPH,
  LIST,
  QUOTE,
  CODE,
  TABLE,
  PICTURE
}
