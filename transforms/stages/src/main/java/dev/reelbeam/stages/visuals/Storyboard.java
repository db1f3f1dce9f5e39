package dev.reelbeam.stages.visuals;

import dev.reelbeam.media.picture.PictureFacts;
import dev.reelbeam.model.content.ChapterMarker;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.visual.Visual;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is seen while something is said.
 *
 * @param shots in order; each lasts until the next one starts
 * @param labels words on the picture
 * @param chapters at least three, or none
 * @param clips key moments for structured data: as chapters, but also short ones
 * @param hero the picture for the thumbnail, null when the record has none
 */
public record Storyboard(
    List<Shot> shots,
    List<Label> labels,
    List<ChapterMarker> chapters,
    List<ChapterMarker> clips,
    @Nullable Picture hero,
    int durationMs)
    implements Serializable {
  /**
   * One visual.
   *
   * @param startUs when it begins, from the start of the video
   * @param section index of the script's section it belongs to
   * @param picture shown whole or in part; for cards: whose colours are used
   * @param text main text of a card
   * @param detail second text of a card: a unit, a source
   * @param items entries of a list or lines of a table
   * @param itemStartsUs when each item appears, from the start of the video
   * @param language of code
   * @param move tells camera moves apart, so that directions alternate
   * @param reason why this visual was chosen, for people who look at the storyboard
   * @param inset shown small over the visual, null for nothing
   */
  public record Shot(
      ShotKind kind,
      long startUs,
      int section,
      @Nullable Picture picture,
      String text,
      String detail,
      List<String> items,
      List<Long> itemStartsUs,
      @Nullable String language,
      int move,
      String reason,
      @Nullable Picture inset)
      implements Serializable {
    /** Without an inset. */
    public Shot(
        ShotKind kind,
        long startUs,
        int section,
        @Nullable Picture picture,
        String text,
        String detail,
        List<String> items,
        List<Long> itemStartsUs,
        @Nullable String language,
        int move,
        String reason) {
      this(
          kind,
          startUs,
          section,
          picture,
          text,
          detail,
          items,
          itemStartsUs,
          language,
          move,
          reason,
          null);
    }

    /** The same with lips that fit what is heard, where there are any. */
    Shot inTime() {
      Picture shown = picture;
      Clip clip = shown == null ? null : shown.clip();
      return shown == null || clip == null || clip.followsUs() == null
          ? this
          : new Shot(
              kind,
              startUs,
              section,
              shown.with(clip.seenFrom(startUs)),
              text,
              detail,
              items,
              itemStartsUs,
              language,
              move,
              reason,
              inset);
    }

    /** The same with something small over it. */
    Shot withInset(Picture newInset) {
      return new Shot(
          kind,
          startUs,
          section,
          picture,
          text,
          detail,
          items,
          itemStartsUs,
          language,
          move,
          reason,
          newInset);
    }
  }

  /**
   * A picture of the record, or of a provider, normalized and looked at.
   *
   * @param index its place in the record; those of providers are counted on from there
   * @param url where a person finds it
   * @param bytes the normalized picture; of a clip, a frame that stands for it
   * @param clip what moves, null for a picture
   * @param small whether it is to be shown over another visual
   * @param origin of a provider's picture, null for one of the record's own
   */
  public record Picture(
      int index,
      String url,
      MediaRef bytes,
      PictureFacts facts,
      @Nullable String description,
      @Nullable String credit,
      @Nullable String license,
      @Nullable Clip clip,
      boolean small,
      @Nullable Origin origin)
      implements Serializable {
    /** A picture or clip of the record. */
    public Picture(
        int index,
        String url,
        MediaRef bytes,
        PictureFacts facts,
        @Nullable String description,
        @Nullable String credit,
        @Nullable String license,
        @Nullable Clip clip,
        boolean small) {
      this(index, url, bytes, facts, description, credit, license, clip, small, null);
    }

    /** The same picture with another part of its clip. */
    Picture with(Clip newClip) {
      return new Picture(
          index, url, bytes, facts, description, credit, license, newClip, small, origin);
    }

    /** A picture that fills its shot. */
    public Picture(
        int index,
        String url,
        MediaRef bytes,
        PictureFacts facts,
        @Nullable String description,
        @Nullable String credit,
        @Nullable String license) {
      this(index, url, bytes, facts, description, credit, license, null, false);
    }
  }

  /**
   * Where a picture comes from that the record did not bring along.
   *
   * @param section index of the script's section that it was found for
   * @param charges what was billed for it
   */
  public record Origin(Visual visual, int section, List<Charge> charges) implements Serializable {
    public Origin {
      charges = List.copyOf(charges);
    }
  }

  /**
   * The useful part of a clip.
   *
   * @param bytes the clip as it came
   * @param inUs where the part begins
   * @param outUs where it ends
   * @param loop whether it is repeated, instead of slowed, when it is too short
   * @param speedPermille its pace
   * @param soundPercent level of its own sound, 0 for silent
   * @param followsUs the time of the video that its first frame belongs to, for lips that follow
   *     the narration; null for a clip that can begin at any time
   */
  public record Clip(
      MediaRef bytes,
      long inUs,
      long outUs,
      boolean loop,
      int speedPermille,
      int soundPercent,
      @Nullable Long followsUs)
      implements Serializable {
    /** A clip that can begin at any time. */
    public Clip(
        MediaRef bytes, long inUs, long outUs, boolean loop, int speedPermille, int soundPercent) {
      this(bytes, inUs, outUs, loop, speedPermille, soundPercent, null);
    }

    /** The clip as it is seen from a time on, so that its lips fit what is heard. */
    Clip seenFrom(long startUs) {
      long offset = followsUs == null ? 0 : startUs - followsUs;
      return offset > 0 && offset < outUs - inUs
          ? new Clip(bytes, inUs + offset, outUs, loop, speedPermille, soundPercent, startUs)
          : this;
    }

    /** How long it can be shown without repeating itself, in microseconds. */
    public long lengthUs() {
      return (outUs - inUs) * 1000 / speedPermille;
    }
  }

  /** Kinds of labels. */
  public enum LabelKind {
    HOOK,
    LABEL,
    LOWER_THIRD
  }

  /** Words on the picture from one time to another. */
  public record Label(LabelKind kind, String text, String detail, long startUs, long endUs)
      implements Serializable {}
}
