package dev.reelbeam.clients.script;

import dev.reelbeam.model.content.RecordKey;
import java.util.Locale;

/** Ways to open a video; variation between videos keeps a channel from looking templated. */
enum HookTemplate {
  QUESTION("a question that the video answers"),
  NUMBER("the strongest number of the source"),
  CONTRAST("what people expect against what is true"),
  STORY("one concrete moment, in the middle of it"),
  PROMISE("what the viewer will be able to do afterwards");

  private final String instruction;

  HookTemplate(String instruction) {
    this.instruction = instruction;
  }

  String instruction() {
    return instruction;
  }

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The same record always opens in the same way; a retry never draws again. */
  static HookTemplate of(RecordKey key) {
    return values()[Math.floorMod(key.recordId().hashCode() * 31, values().length)];
  }
}
