package dev.reelbeam.embedded.script;

import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.SeoMetadata;
import dev.reelbeam.model.video.Platform;
import java.util.List;

/** Titles, descriptions and tags. */
public final class SeoTexts {
  SeoTexts(ContentRecord record, Script script, Platform platform) {}

  SeoMetadata metadata() {
    return new SeoMetadata("", "", List.of(), "");
  }
}
