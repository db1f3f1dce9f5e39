package dev.reelbeam.stages.visuals;

import dev.reelbeam.media.picture.PictureFacts;
import dev.reelbeam.media.picture.PictureKind;
import dev.reelbeam.model.content.BlockKind;
import dev.reelbeam.model.content.ChapterMarker;
import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.SectionRole;
import dev.reelbeam.model.content.SourceBlock;
import dev.reelbeam.model.content.TextOverlay;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.speech.SpokenSentence;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.model.video.VideoType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a visual for every beat of the narration; a pure function.
 *
 * <p>The record's own pictures come first, where the text mentions them: a picture scores by the
 * words its description shares with the beat, by its distance from the beat's source block, and by
 * being of the same section; having been seen a moment ago counts against it, and the same picture
 * never comes twice in a row. Code, lists, quotations, tables and numbers of the source get {@link
 * Cards} when they are what is being talked about, or when no picture serves.
 */
final class VisualPlanner {
  // What is chosen for a beat depends on the beat and on its neighbours, never on everything that
  // came before: an edit then changes the pictures near it, and what comes later is found again.

  private static final long SHORTEST_SHOT_US = 1_800_000;

  private static final long CLOSED_LIPS_US = 700_000;

  private static final long CHAPTER_CARD_US = 1_800_000;
  private static final int MIN_CHAPTER_MS = 10_000;
  private static final int MIN_CLIP_MS = 4_000;

  /** Sentences in type are spice: one in so many beats may become one while there are pictures. */
  private static final int STATEMENT_EVERY = 4;

  /** A picture that fits no worse than this is worth more than a sentence in type. */
  private static final double STATEMENT_BELOW = 0.3;

  /** What a picture must have in common with a beat to be kept for it. */
  private static final double OWN_BEAT_FITNESS = 0.6;

  private static final int NO_BEAT = -1;

  /** Shots for which a picture counts as seen. */
  private static final int MEMORY_SHOTS = 3;

  /** Before its own beat a picture is kept back for so many beats. */
  private static final int KEPT_BACK_BEATS = 2;

  /** An own picture that fits a beat so well leaves no need for another. */
  private static final double ENOUGH = 0.45;

  /** Blocks of the source that are shown as cards. */
  private static final Set<BlockKind> CARDS =
      Set.of(BlockKind.CODE, BlockKind.LIST, BlockKind.QUOTE, BlockKind.TABLE);

  /** How much the lot counts between pictures that fit as well as each other. */
  private static final double LOT = 0.35;

  private final ContentRecord content;
  private final Script script;
  private final Narration narration;
  private final Beats beats;
  private final Cards cards;
  private final Labels labels;
  private final Variant variant;
  private final Brand brand;
  private final List<Storyboard.Picture> pictures;
  private final List<Storyboard.Picture> insets;
  private final Relevance relevance;
  private final Map<Integer, Integer> blockOfPicture = new HashMap<>();
  private final int[] timesSeen;
  private final int[] ownBeat;
  private final List<Integer> lastSeen = new ArrayList<>();
  private final Set<Integer> blocksShown = new HashSet<>();
  private int heroIndex = -1;
  private int cardsInARow;
  private int shotsSinceStatement = STATEMENT_EVERY;
  private boolean titleShown;
  private int beatsSeen;
  private int beatCount = 1;

  VisualPlanner(
      ContentRecord content,
      Script script,
      Narration narration,
      Variant variant,
      Brand brand,
      List<Storyboard.Picture> pictures) {
    this(content, script, narration, variant, brand, pictures, content.project().texts());
  }

  /**
   * @param texts to be read at their times
   */
  VisualPlanner(
      ContentRecord content,
      Script script,
      Narration narration,
      Variant variant,
      Brand brand,
      List<Storyboard.Picture> pictures,
      List<TextOverlay> texts) {
    this.content = content;
    this.script = script;
    this.narration = narration;
    this.variant = variant;
    this.brand = brand;
    this.pictures = pictures.stream().filter(picture -> !picture.small()).toList();
    this.insets = new ArrayList<>(pictures.stream().filter(Storyboard.Picture::small).toList());
    this.timesSeen = new int[this.pictures.size()];
    this.ownBeat = new int[this.pictures.size()];
    this.relevance =
        new Relevance(
            this.pictures.stream()
                .map(p -> p.description() == null ? "" : p.description())
                .toList());
    for (int block = 0; block < content.blocks().size(); block++) {
      SourceBlock source = content.blocks().get(block);
      if (source.kind() == BlockKind.PICTURE && source.imageIndex() >= 0) {
        blockOfPicture.putIfAbsent(source.imageIndex(), block);
      }
    }
    this.beats = new Beats(script, narration, variant);
    this.cards = new Cards(content, script, brand, this.pictures, blockOfPicture);
    this.labels = new Labels(content, script, variant, brand, texts);
  }

  Storyboard plan() {
    List<Beat> all = beats.all();
    List<Storyboard.Shot> shots = new ArrayList<>();
    Set<String> chaptersShown = new HashSet<>();
    heroIndex = hero();
    findOwnBeats(all);
    long endCardUs = beats.endCardUs();
    beatCount = all.size();
    for (int i = 0; i < all.size(); i++) {
      Beat beat = all.get(i);
      beatsSeen = i;
      if (beat.startUs() >= endCardUs) {
        break;
      }
      long startUs = i == 0 ? 0 : Math.max(0, beat.startUs() - Beats.EYE_LEAD_US);
      ScriptSection section = script.sections().get(beat.section());
      if (chapterCardBefore(beat, i, section, chaptersShown)) {
        shots.add(
            cards.card(
                ShotKind.CHAPTER,
                beat.during(startUs, beat.endUs()),
                section.heading(),
                chapterNumber(chaptersShown)));
        startUs += CHAPTER_CARD_US;
        if (beat.endUs() - startUs < SHORTEST_SHOT_US) {
          continue;
        }
      }
      Beat shown = beat.during(startUs, Math.min(beat.endUs(), endCardUs));
      int presenter = presenterOf(beat);
      if (presenter >= 0) {
        shots.add(picture(shown, presenter, "says it"));
      } else {
        shots.add(i == 0 ? opening(shown, heroIndex) : choose(shown, section));
      }
    }
    shots.add(cards.end(endCardUs, heroPicture()));
    List<Storyboard.Shot> settled =
        withInsets(settle(shots, endCardUs)).stream().map(Storyboard.Shot::inTime).toList();
    return new Storyboard(
        settled,
        labels.over(settled, endCardUs),
        chapters(),
        markers(MIN_CLIP_MS),
        heroPicture(),
        narration.durationMs());
  }

  /**
   * Sections of the script that neither a picture of the record nor a card of its source
   * illustrates, in order; never the call to action, which has the end card. A listing's own
   * pictures show the thing that is sold and those of others would show another; footage
   * illustrates itself.
   */
  List<Integer> bareSections() {
    boolean alone = content.kind() == ContentKind.CLIP || content.kind() == ContentKind.LISTING;
    if (alone && !pictures.isEmpty()) {
      return List.of();
    }
    heroIndex = hero();
    Set<Integer> bare = new TreeSet<>();
    Set<Integer> served = new HashSet<>();
    for (Beat beat : beats.all()) {
      ScriptSection section = script.sections().get(beat.section());
      if (section.role() == SectionRole.CTA) {
        continue;
      }
      bare.add(beat.section());
      boolean card = beat.block() >= 0 && CARDS.contains(content.blocks().get(beat.block()).kind());
      boolean shown = card;
      for (int picture = 0; picture < pictures.size() && !shown; picture++) {
        shown = fitness(beat, section, picture) >= ENOUGH;
      }
      if (shown) {
        served.add(beat.section());
      }
    }
    bare.removeAll(served);
    return List.copyOf(bare);
  }

  /** The picture whose lips say the beat, -1 for none: it is seen then and at no other time. */
  private int presenterOf(Beat beat) {
    for (int i = 0; i < pictures.size(); i++) {
      Storyboard.Clip clip = pictures.get(i).clip();
      if (clip != null && clip.followsUs() != null) {
        long from = clip.followsUs();
        // What begins in its last moments is the sentence after it.
        if (beat.startUs() >= from && beat.startUs() < from + clip.lengthUs() - CLOSED_LIPS_US) {
          return i;
        }
      }
    }
    return -1;
  }

  private boolean presents(int index) {
    Storyboard.Clip clip = pictures.get(index).clip();
    return clip != null && clip.followsUs() != null;
  }

  private Storyboard.Shot opening(Beat beat, int heroIndex) {
    if (content.kind() == ContentKind.CLIP && !pictures.isEmpty()) {
      return picture(beat, 0, "opens with the footage");
    }
    if (heroIndex >= 0) {
      return picture(beat, heroIndex, "opens with the strongest picture");
    }
    return cards.card(ShotKind.OPENING, beat, content.title(), brand.name());
  }

  private Storyboard.Shot choose(Beat beat, ScriptSection section) {
    if (content.kind() == ContentKind.CLIP && !pictures.isEmpty()) {
      // The footage is what the video is about: all of it, in its order.
      return picture(beat, beatsSeen * pictures.size() / beatCount, "the footage in its order");
    }
    if (content.kind() == ContentKind.LISTING && namesTheProduct(beat) && !titleShown) {
      titleShown = true;
      lastSeen.add(-1);
      String category =
          content.listing() == null || content.listing().category() == null
              ? ""
              : content.listing().category();
      return cards.card(ShotKind.OPENING, beat, content.title(), category);
    }
    int best = -1;
    double bestScore = -1;
    for (int i = 0; i < pictures.size(); i++) {
      double score = presents(i) ? -1 : pictureScore(beat, section, i);
      if (score > bestScore) {
        bestScore = score;
        best = i;
      }
    }
    Storyboard.Shot card =
        cardsInARow >= 2 && best >= 0
            ? null
            : cardFor(beat, best >= 0, best >= 0 ? bestScore - ownBeatCounts(best) : bestScore);
    if (card != null) {
      cardsInARow++;
      lastSeen.add(-1);
      return card;
    }
    boolean mayState =
        !beat.partOfSentence()
            && shotsSinceStatement >= STATEMENT_EVERY
            && lot(beat.text(), "statement") < 1.0 / STATEMENT_EVERY;
    if (best >= 0 && (bestScore > STATEMENT_BELOW || !mayState) && bestScore > -0.9) {
      cardsInARow = 0;
      shotsSinceStatement++;
      return picture(beat, best, String.format(Locale.ROOT, "picture fits with %.2f", bestScore));
    }
    cardsInARow++;
    shotsSinceStatement = 0;
    lastSeen.add(-1);
    return cards.statement(beat);
  }

  /** A listing is introduced by its name in type, over its first picture. */
  private boolean namesTheProduct(Beat beat) {
    return beat.text().toLowerCase(Locale.ROOT).contains(content.title().toLowerCase(Locale.ROOT));
  }

  /**
   * Gives pictures their own beats. First each the one that it fits best, if it does fit and no
   * other picture fits there better; the strongest picture has the opening. Then the photos that
   * are left over are drawn for beats that are: all are seen before one is seen again.
   */
  private void findOwnBeats(List<Beat> beats) {
    Arrays.fill(ownBeat, NO_BEAT);
    if (heroIndex >= 0) {
      ownBeat[heroIndex] = 0;
    }
    Set<Integer> taken = new HashSet<>(Set.of(0));
    give(beats, taken, OWN_BEAT_FITNESS, 0);
    give(beats, taken, 0, 10 * LOT);
  }

  /** Adds the beats that are given to those that are taken. */
  private void give(List<Beat> beats, Set<Integer> taken, double atLeast, double lot) {
    Map<Integer, Integer> winners = new HashMap<>();
    Map<Integer, Double> bids = new HashMap<>();
    for (int picture = 0; picture < pictures.size(); picture++) {
      boolean photo = pictures.get(picture).facts().kind() == PictureKind.PHOTO;
      if (ownBeat[picture] != NO_BEAT || lot > 0 && !photo) {
        continue;
      }
      int best = NO_BEAT;
      double bestBid = atLeast;
      for (int i = 0; i < beats.size(); i++) {
        if (taken.contains(i)) {
          continue;
        }
        Beat beat = beats.get(i);
        double bid =
            fitness(beat, script.sections().get(beat.section()), picture)
                + lot * lot(beat.text(), "picture " + pictures.get(picture).index());
        if (bid > bestBid) {
          bestBid = bid;
          best = i;
        }
      }
      if (best != NO_BEAT && bestBid > bids.getOrDefault(best, 0.0)) {
        bids.put(best, bestBid);
        winners.put(best, picture);
      }
    }
    winners.forEach((beat, picture) -> ownBeat[picture] = beat);
    taken.addAll(winners.keySet());
  }

  private double pictureScore(Beat beat, ScriptSection section, int index) {
    Storyboard.Picture picture = pictures.get(index);
    double score = fitness(beat, section, index);
    if (!lastSeen.isEmpty() && lastSeen.get(lastSeen.size() - 1) == index) {
      // Never the same picture twice in a row; one that was made for this scene stays for it.
      return picture.origin() != null && picture.origin().section() == beat.section()
          ? score - 0.3
          : -1;
    }
    Storyboard.Clip clip = picture.clip();
    if (clip != null) {
      // What moves holds the eye, and its next part is something new.
      long shownUs = timesSeen[index] * (beat.endUs() - beat.startUs());
      boolean fresh = shownUs < clip.lengthUs();
      score += fresh ? 0.15 : 0;
      score -= (fresh ? 0.12 : 0.4) * Math.min(3, timesSeen[index]);
    } else {
      score += LOT * lot(beat.text(), "picture " + picture.index()) + ownBeatCounts(index);
    }
    for (int back = 1; back <= Math.min(MEMORY_SHOTS, lastSeen.size()); back++) {
      if (lastSeen.get(lastSeen.size() - back) == index) {
        score -= 0.6 / back;
      }
    }
    if (Math.min(picture.facts().width(), picture.facts().height()) < 400) {
      score -= 0.25;
    }
    return score;
  }

  /** A picture is best where it is talked about; a drawing says the same thing twice elsewhere. */
  private double ownBeatCounts(int index) {
    int own = ownBeat[index];
    boolean photo = pictures.get(index).facts().kind() == PictureKind.PHOTO;
    if (own == beatsSeen) {
      return 0.4;
    }
    if (own == NO_BEAT) {
      return photo ? 0 : -0.3 * Math.min(3, timesSeen[index]);
    }
    double counts = photo ? -0.3 : -0.8;
    return own > beatsSeen && own - beatsSeen <= KEPT_BACK_BEATS ? counts - 0.8 : counts;
  }

  /**
   * A lot from 0 to 1 by the words of the beat and by what it is drawn for. The highest wins, so a
   * candidate more or fewer, or a beat more elsewhere, changes no other outcome (highest random
   * weight, Thaler and Ravishankar 1998).
   */
  private static double lot(String beat, String candidate) {
    long bits = 31L * beat.hashCode() + candidate.hashCode();
    bits = (bits ^ bits >>> 33) * 0xff51afd7ed558ccdL;
    bits = (bits ^ bits >>> 33) * 0xc4ceb9fe1a85ec53L;
    bits ^= bits >>> 33;
    return (bits >>> 11) * 0x1.0p-53;
  }

  /** How well a picture goes with a beat, for itself. */
  private double fitness(Beat beat, ScriptSection section, int index) {
    Storyboard.Picture picture = pictures.get(index);
    double score = 0.22;
    score += 1.2 * relevance.score(beat.text(), index);
    score += 0.3 * relevance.score(section.visualCue(), index);
    if (index == heroIndex) {
      score += 0.08;
    }
    if (picture.origin() != null) {
      score += picture.origin().section() == beat.section() ? 0.6 : -0.5;
    }
    Integer block = blockOfPicture.get(picture.index());
    if (block != null && beat.block() >= 0) {
      // Authors set a picture behind what it shows: between two paragraphs it is the first one's.
      double distance = block >= beat.block() ? block - beat.block() : beat.block() - block + 0.7;
      score += 0.55 * Math.exp(-distance / 2.0);
      if (sameSection(block, beat.block())) {
        score += 0.25;
      }
    }
    return score;
  }

  private boolean sameSection(int blockA, int blockB) {
    int from = Math.min(blockA, blockB);
    int to = Math.min(Math.max(blockA, blockB), content.blocks().size() - 1);
    for (int i = from + 1; i <= to; i++) {
      if (content.blocks().get(i).kind() == BlockKind.HEADING) {
        return false;
      }
    }
    return true;
  }

  private Storyboard.@Nullable Shot cardFor(Beat beat, boolean pictureAtHand, double pictureScore) {
    long length = beat.endUs() - beat.startUs();
    if (beat.block() >= 0) {
      for (int block = beat.block(); block <= Math.min(beat.block() + 2, last()); block++) {
        SourceBlock source = content.blocks().get(block);
        if (block > beat.block() && source.kind() == BlockKind.HEADING) {
          break;
        }
        if (blocksShown.contains(block)) {
          continue;
        }
        Storyboard.Shot shot = cards.source(beat, source, length, pictureScore);
        if (shot != null) {
          blocksShown.add(block);
          return shot;
        }
      }
      // Code is talked about before and after it stands there.
      for (int block = beat.block() - 1; block >= Math.max(0, beat.block() - 2); block--) {
        SourceBlock source = content.blocks().get(block);
        if (source.kind() == BlockKind.CODE && !blocksShown.contains(block)) {
          blocksShown.add(block);
          return cards.code(beat, source);
        }
      }
    }
    Storyboard.Shot price = cards.price(beat);
    if (price != null) {
      return price;
    }
    boolean worthIt = !pictureAtHand || pictureScore < 0.35;
    if (worthIt && cardsInARow == 0) {
      Storyboard.Shot number = cards.number(beat);
      if (number != null) {
        return number;
      }
    }
    return null;
  }

  private Storyboard.Shot picture(Beat beat, int index, String reason) {
    int seenBefore = timesSeen[index]++;
    lastSeen.add(index);
    return new Storyboard.Shot(
        ShotKind.PICTURE,
        beat.startUs(),
        beat.section(),
        pictures.get(index),
        "",
        "",
        List.of(),
        List.of(),
        null,
        move(beat, index, seenBefore),
        reason);
  }

  /**
   * By the picture and its beat, not by the shot's place: a shot more elsewhere turns no camera
   * around. Authors' neighbours differ, and at its own beat the same picture has the opposite move.
   */
  private int move(Beat beat, int index, int seenBefore) {
    Storyboard.Picture picture = pictures.get(index);
    boolean opposite;
    if (picture.clip() != null) {
      return picture.index() + 2 * seenBefore;
    } else if (ownBeat[index] == NO_BEAT) {
      opposite = lot(beat.text(), "move") < 0.5;
    } else {
      opposite = ownBeat[index] != beatsSeen;
    }
    return picture.index() + (opposite ? 2 : 0);
  }

  /** Puts what is shown small over the shot whose words are nearest to it. */
  private List<Storyboard.Shot> withInsets(List<Storyboard.Shot> shots) {
    List<Storyboard.Shot> result = new ArrayList<>(shots);
    for (Storyboard.Picture inset : insets) {
      String words = inset.description() == null ? "" : inset.description();
      Relevance fit = new Relevance(List.of(words));
      int best = -1;
      double bestScore = -1;
      // Not over the opening: there the hook stands.
      for (int i = 1; i < result.size(); i++) {
        Storyboard.Shot shot = result.get(i);
        if (shot.kind() != ShotKind.PICTURE || shot.inset() != null) {
          continue;
        }
        double score = fit.score(script.sections().get(shot.section()).text(), 0);
        if (score > bestScore) {
          bestScore = score;
          best = i;
        }
      }
      if (best >= 0) {
        result.set(best, result.get(best).withInset(inset));
      }
    }
    return List.copyOf(result);
  }

  /** The strongest picture: a photo that is sharp, colourful, large and fits the title. */
  private int hero() {
    int best = -1;
    double bestScore = -1;
    for (int i = 0; i < pictures.size(); i++) {
      if (presents(i)) {
        continue; // Lips that say something else are worse than no picture.
      }
      PictureFacts facts = pictures.get(i).facts();
      double score = facts.kind() == PictureKind.PHOTO ? 1 : 0.2;
      score += facts.colourfulnessPermille() / 1000.0 * 0.5;
      score += facts.sharpnessPermille() / 1000.0 * 0.3;
      score += 0.6 * relevance.score(content.title(), i);
      // Authors put their best picture first.
      score += i == 0 ? 0.6 : 0.1 / i;
      if (pictures.get(i).origin() != null) {
        score -= 0.5; // The record's own comes first.
      }
      if (Math.min(facts.width(), facts.height()) < 500) {
        score -= 0.6;
      }
      if (score > bestScore) {
        bestScore = score;
        best = i;
      }
    }
    return best;
  }

  private Storyboard.@Nullable Picture heroPicture() {
    return heroIndex >= 0 ? pictures.get(heroIndex) : null;
  }

  private int last() {
    return content.blocks().size() - 1;
  }

  private boolean chapterCardBefore(
      Beat beat, int index, ScriptSection section, Set<String> shown) {
    return variant.type() == VideoType.LONG
        && index > 0
        && section.role() == SectionRole.POINT
        && !section.heading().isBlank()
        && beat.endUs() - beat.startUs() >= CHAPTER_CARD_US
        && shown.add(section.heading());
  }

  private static String chapterNumber(Set<String> shown) {
    return Integer.toString(shown.size());
  }

  /** Chapters as platforms take them: at least three, each at least ten seconds long. */
  private List<ChapterMarker> chapters() {
    List<ChapterMarker> markers = markers(MIN_CHAPTER_MS);
    return markers.size() >= 3 ? markers : List.of();
  }

  private List<ChapterMarker> markers(int shortestMs) {
    List<ChapterMarker> markers = new ArrayList<>();
    String last = "";
    for (SpokenSentence spoken : narration.sentences()) {
      ScriptSection section = script.sections().get(spoken.section());
      String title = section.heading();
      if (markers.isEmpty()) {
        markers.add(new ChapterMarker(0, content.title()));
        last = title;
        continue;
      }
      int timeMs = (int) (spoken.startUs() / 1000);
      boolean room =
          timeMs - markers.get(markers.size() - 1).timeMs() >= shortestMs
              && narration.durationMs() - timeMs >= shortestMs;
      if (!title.isBlank() && !title.equals(last) && room) {
        markers.add(new ChapterMarker(timeMs, title));
        last = title;
      }
    }
    return List.copyOf(markers);
  }

  /** Joins shots that would be too short to see. */
  private List<Storyboard.Shot> settle(List<Storyboard.Shot> shots, long endCardUs) {
    List<Storyboard.Shot> settled = new ArrayList<>();
    for (int i = 0; i < shots.size(); i++) {
      Storyboard.Shot shot = shots.get(i);
      long next = i + 1 < shots.size() ? shots.get(i + 1).startUs() : Long.MAX_VALUE;
      boolean tooShort = next - shot.startUs() < 900_000 && shot.startUs() < endCardUs;
      if (tooShort && !settled.isEmpty()) {
        continue; // The shot before holds a little longer.
      }
      // Another part of a clip is another picture.
      boolean montage = content.kind() == ContentKind.CLIP;
      boolean repeats =
          !montage
              && !settled.isEmpty()
              && shot.kind() == ShotKind.PICTURE
              && settled.get(settled.size() - 1).kind() == ShotKind.PICTURE
              && shot.picture() != null
              && shot.picture().equals(settled.get(settled.size() - 1).picture());
      if (!repeats) {
        settled.add(shot);
      }
    }
    return List.copyOf(settled);
  }
}
