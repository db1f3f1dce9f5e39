package dev.reelbeam.model.content;

/** The parts of a script, in their order. */
public enum SectionRole {
  HOOK,
  INTRO,
  POINT,
  CTA
}
