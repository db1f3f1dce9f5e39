package dev.reelbeam.model.content;

/** What a content record is. */
public enum ContentKind {
  ARTICLE,
  LISTING,
  TOPIC,
  PROMPT,
  CLIP,
  AUDIO
}
