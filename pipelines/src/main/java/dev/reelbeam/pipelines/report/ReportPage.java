package dev.reelbeam.pipelines.report;

import java.util.List;

/**
 * What the template shows, in the words that it shows. Empty strings and lists leave their place
 * out. Links are relative to the record's folder and encoded; times for scripts are in seconds.
 */
record ReportPage(
    String fingerprint,
    String assets,
    String title,
    String language,
    String recordId,
    String revision,
    String made,
    String madeIso,
    String completed,
    String dead,
    boolean anyDead,
    List<Letter> letters,
    boolean several,
    List<Variant> variants) {
  /** Something that was set aside. */
  record Letter(
      String label, String concerns, String stage, String message, String remedy, String again) {}

  /** A bitstream and everything it was made from and delivered as. */
  record Variant(
      String id,
      String heading,
      String shape,
      String language,
      String video,
      String width,
      String height,
      String poster,
      String track,
      String narration,
      List<Fact> facts,
      List<Delivery> deliveries,
      String frameStyle,
      String frameNote,
      List<Frame> frames,
      Sound sound,
      List<Section> script,
      String words,
      List<Cue> cues,
      List<Chapter> chapters,
      List<Check> checks,
      String checksSummary,
      boolean checksPassed,
      List<Thumbnail> thumbnails,
      List<Text> texts,
      Account account,
      List<Credit> credits,
      List<StoredFile> files,
      List<String> notes) {}

  record Fact(String name, String value) {}

  record Delivery(String name, String preset, List<Link> links) {}

  record Link(String name, String href) {}

  /** A shot by one of its frames. */
  record Frame(
      String number,
      String time,
      String seconds,
      String image,
      int width,
      int height,
      String alt,
      String kind,
      String reason,
      String text) {}

  /** The waveform; positions are shares of the duration in percent. */
  record Sound(
      boolean there,
      String path,
      String wordTicks,
      String sentenceTicks,
      String duration,
      String durationSeconds,
      List<Band> bands) {}

  /** A section of the script along the waveform. */
  record Band(String name, String left, String width, String seconds) {}

  record Section(
      String role,
      String heading,
      String time,
      String seconds,
      String length,
      String text,
      String overlay,
      String cue) {}

  record Cue(String from, String to, String startSeconds, String endSeconds, String text) {}

  record Chapter(String time, String seconds, String title) {}

  record Check(String name, String expected, String measured, boolean passed) {}

  record Thumbnail(String href, String shape, String caption, String size) {}

  /** The texts for one platform. */
  record Text(
      String name,
      String language,
      String title,
      String titleCount,
      String description,
      String descriptionCount,
      String tags,
      String tagsCount,
      List<String> tagList,
      String category,
      String postAt) {}

  /** What the deliveries cost when they were made; what they share is counted once. */
  record Account(
      boolean there,
      boolean estimated,
      String expected,
      String total,
      String money,
      List<Item> items) {}

  record Item(String name, String share, String expected, String credits, String money) {}

  record Credit(String picture, String shows, String size, String credit, String shots) {}

  record StoredFile(String name, String href, String size, String sha256) {}
}
