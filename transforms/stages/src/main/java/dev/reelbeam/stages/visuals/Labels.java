package dev.reelbeam.stages.visuals;

import dev.reelbeam.media.picture.PictureFacts;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.SectionRole;
import dev.reelbeam.model.content.TextOverlay;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.model.video.Variant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is written over the pictures: the hook, what a section says in short, and texts that
 * somebody asks for at a time.
 */
final class Labels {
  private static final long SHORTEST_LABEL_US = 1_000_000;
  private static final int HOOK_WORDS = 7;

  private final ContentRecord content;
  private final Script script;
  private final Variant variant;
  private final Brand brand;
  private final List<TextOverlay> texts;

  Labels(
      ContentRecord content, Script script, Variant variant, Brand brand, List<TextOverlay> texts) {
    this.content = content;
    this.script = script;
    this.variant = variant;
    this.brand = brand;
    this.texts = texts;
  }

  /** Labels of these shots; none is seen longer than until {@code endCardUs}. */
  List<Storyboard.Label> over(List<Storyboard.Shot> shots, long endCardUs) {
    return asked(planned(shots, endCardUs), endCardUs);
  }

  private List<Storyboard.Label> planned(List<Storyboard.Shot> shots, long endCardUs) {
    List<Storyboard.Label> labels = new ArrayList<>();
    if (shots.size() > 1 && shots.get(0).kind() == ShotKind.PICTURE) {
      long until = shots.get(1).startUs();
      labels.add(
          new Storyboard.Label(
              Storyboard.LabelKind.HOOK, hookText(), brand.name(), 150_000, until - 100_000));
    }
    int labelled = -1;
    // Where captions are drawn, the lower third is theirs.
    boolean chip = variant.vertical() || variant.captions();
    for (int i = 1; i < shots.size() - 1; i++) {
      Storyboard.Shot shot = shots.get(i);
      ScriptSection section = script.sections().get(shot.section());
      String text = section.textOverlay().strip();
      boolean wanted =
          shot.kind() == ShotKind.PICTURE
              && section.role() == SectionRole.POINT
              && shot.picture() != null
              && !wouldCover(shot.picture().facts())
              && shot.section() != labelled
              && !text.isEmpty();
      if (!wanted) {
        continue;
      }
      labelled = shot.section();
      long start = shot.startUs() + 350_000;
      long until = Math.min(shots.get(i + 1).startUs() - 80_000, start + 4_500_000);
      if (until - start >= 1_000_000) {
        labels.add(
            new Storyboard.Label(
                chip ? Storyboard.LabelKind.LABEL : Storyboard.LabelKind.LOWER_THIRD,
                text,
                chip || section.heading().equals(text) ? "" : section.heading(),
                start,
                Math.min(until, endCardUs)));
      }
    }
    return labels;
  }

  /** Texts that somebody asks for; the planner's own make way for them. */
  private List<Storyboard.Label> asked(List<Storyboard.Label> planned, long endCardUs) {
    List<Storyboard.Label> labels = new ArrayList<>(planned);
    for (TextOverlay overlay : texts) {
      long startUs = overlay.startMs() * 1000L;
      long endUs = Math.min(overlay.endMs() * 1000L, endCardUs);
      if (endUs <= startUs) {
        continue;
      }
      List<Storyboard.Label> kept = new ArrayList<>();
      for (Storyboard.Label label : labels) {
        boolean apart = label.endUs() <= startUs || label.startUs() >= endUs;
        if (apart) {
          kept.add(label);
        } else if (startUs - label.startUs() >= SHORTEST_LABEL_US) {
          // What can still be read before it, is.
          kept.add(
              new Storyboard.Label(
                  label.kind(), label.text(), label.detail(), label.startUs(), startUs));
        }
      }
      kept.add(
          new Storyboard.Label(Storyboard.LabelKind.LABEL, overlay.text(), "", startUs, endUs));
      labels = kept;
    }
    labels.sort(Comparator.comparingLong(Storyboard.Label::startUs));
    return List.copyOf(labels);
  }

  /** Whether a label would lie on what is written in the picture. */
  private boolean wouldCover(PictureFacts facts) {
    boolean tall = facts.height() * 4L > facts.width() * 3L;
    return facts.hasText() && (tall || !variant.vertical());
  }

  private String hookText() {
    ScriptSection first = script.sections().get(0);
    String overlay = first.textOverlay().strip();
    String source = overlay.isEmpty() ? content.title() : overlay;
    String[] words = source.split("\\s+", -1);
    return words.length <= HOOK_WORDS || !overlay.isEmpty() ? source : content.title();
  }
}
