package dev.reelbeam.model.engagement;

/** The binary form of {@link VideoFacts}, for state: about 100 bytes. */
public final class FactsCodec {
  private static final int VERSION = 1;

  private FactsCodec() {}

  public static byte[] encode(VideoFacts facts) {
    return new Packed.Writer(160)
        .raw(VERSION)
        .text(facts.videoId())
        .text(facts.platform())
        .text(facts.preset())
        .text(facts.siteId())
        .text(facts.timeZone())
        .optional(facts.hookStyle())
        .optional(facts.voice())
        .optional(facts.durationClass())
        .optional(facts.topic())
        .text(facts.project())
        .signed(facts.publishedAtMs())
        .signed(facts.costMicros())
        .signed(facts.credits())
        .toBytes();
  }

  /**
   * Reads the binary form.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static VideoFacts decode(byte[] bytes) {
    Packed.Reader reader = new Packed.Reader(bytes);
    int version = reader.raw();
    if (version != VERSION) {
      throw new IllegalArgumentException("facts of form " + version);
    }
    return new VideoFacts(
        reader.text(),
        reader.text(),
        reader.text(),
        reader.text(),
        reader.text(),
        reader.optional(),
        reader.optional(),
        reader.optional(),
        reader.optional(),
        reader.text(),
        reader.signed(),
        reader.signed(),
        reader.signed());
  }
}
