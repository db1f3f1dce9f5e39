package dev.reelbeam.stages.layout;

import dev.reelbeam.media.caption.CaptionPage;
import dev.reelbeam.media.caption.CaptionRaster;
import dev.reelbeam.media.caption.CaptionRenderer;
import dev.reelbeam.media.caption.CaptionState;
import dev.reelbeam.media.caption.CaptionStyle;
import dev.reelbeam.media.caption.CaptionWord;
import dev.reelbeam.media.card.Card;
import dev.reelbeam.media.card.CardLayer;
import dev.reelbeam.media.card.CardRenderer;
import dev.reelbeam.media.card.OverlayRenderer;
import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.Fit;
import dev.reelbeam.media.composition.FrameClock;
import dev.reelbeam.media.composition.Motion;
import dev.reelbeam.media.composition.Overlay;
import dev.reelbeam.media.composition.PictureInPicture;
import dev.reelbeam.media.composition.Playback;
import dev.reelbeam.media.composition.Shot;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.composition.Transition;
import dev.reelbeam.media.composition.TransitionKind;
import dev.reelbeam.media.composition.View;
import dev.reelbeam.media.effect.Direction;
import dev.reelbeam.media.picture.CameraMove;
import dev.reelbeam.media.picture.Framing;
import dev.reelbeam.media.picture.FramingChoice;
import dev.reelbeam.media.picture.FramingMode;
import dev.reelbeam.media.picture.PictureFacts;
import dev.reelbeam.media.picture.PictureKind;
import dev.reelbeam.media.text.FontBook;
import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.Listing;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.narration.CaptionWords;
import dev.reelbeam.stages.visuals.ShotKind;
import dev.reelbeam.stages.visuals.Storyboard;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.text.NumberFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One storyboard as a timeline: shots with their camera moves, cards as a moving background with
 * type over it, labels, captions and the watermark.
 *
 * <p>All times become whole frames here and only here.
 */
final class TimelineLayout {
  private static final int CARD_LAYER = 10;
  private static final int LABEL_LAYER = 20;
  private static final int CAPTION_LAYER = 30;
  private static final int WATERMARK_LAYER = 40;

  /** Cards breathe: a still picture of seconds looks like a fault. */
  private static final int CARD_ZOOM_PERMILLE = 1045;

  /** Mean speed; eased at both ends, the peak is half as fast again. */
  private static final double PAN_PX_PER_SECOND = 40;

  private static final int CONTAINED_PLACE_PERMILLE = 430;
  private static final int HIGHEST_PLACE_PERMILLE = 350;
  private static final int CAPTIONS_TOP_PERMILLE = 595;
  private static final int CONTAINED_UNDER_HOOK_PERMILLE = 645;
  private static final int INSET_WIDTH_PERMILLE = 440;

  /** Over a picture that is shown whole in a portrait: smaller, as that is smaller, too. */
  private static final int INSET_ON_WHOLE_WIDTH_PERMILLE = 360;

  private static final int INSET_LANDSCAPE_WIDTH_PERMILLE = 300;

  /** Under the labels of a portrait. */
  private static final int INSET_HIGHEST_PERMILLE = 225;

  /** Beside the buttons that platforms lay over a portrait. */
  private static final int INSET_RIGHT_PERMILLE = 870;

  private static final int INSET_LANDSCAPE_TOP_PERMILLE = 60;
  private static final int INSET_LANDSCAPE_RIGHT_PERMILLE = 950;

  /** From this share of transparent pixels on a picture is a cutout. */
  private static final int CUTOUT_PERMILLE = 20;

  /** Share of a clip that must be left of it where it fills the canvas anyway. */
  private static final int ALIKE_PERMILLE = 850;

  /** Enough of a logo for every place that it has. */
  private static final int LOGO_PX = 1024;

  /** Slow motion below this share of a clip's own pace stutters. */
  private static final int SLOWEST = 600;

  private final ContentRecord content;
  private final PlannedVideo planned;
  private final Storyboard storyboard;
  private final Narration narration;
  private final FontBook fonts;
  private final Rasters rasters;
  private final Drawings drawings;
  private final Variant variant;
  private final Brand brand;
  private final int frameRate;
  private final int totalFrames;
  private final int[] startFrames;
  private final List<Overlay> overlays = new ArrayList<>();

  /** Where the parts of each clip begin, by the clip's place in the record. */
  private final Map<Integer, List<Long>> parts = new HashMap<>();

  /** How many parts of each clip are shown so far. */
  private final Map<Integer, Integer> uses = new HashMap<>();

  private int chapters;

  TimelineLayout(
      ContentRecord content,
      PlannedVideo planned,
      Storyboard storyboard,
      Narration narration,
      FontBook fonts,
      ObjectStore store) {
    this.content = content;
    this.planned = planned;
    this.storyboard = storyboard;
    this.narration = narration;
    this.fonts = fonts;
    this.rasters = new Rasters(store);
    this.drawings = new Drawings(store);
    this.variant = planned.variant();
    this.brand = planned.brand();
    this.frameRate = variant.frameRate();
    this.totalFrames = frames(narration.durationMs() * 1000L);
    this.startFrames = new int[storyboard.shots().size()];
    for (int i = 0; i < startFrames.length; i++) {
      startFrames[i] = frames(storyboard.shots().get(i).startUs());
    }
  }

  Timeline layOut() throws StageException {
    List<Shot> shots = new ArrayList<>();
    for (int i = 0; i < storyboard.shots().size(); i++) {
      Storyboard.Shot planned = storyboard.shots().get(i);
      Transition transition = transition(i);
      Storyboard.Picture picture = planned.picture();
      if (planned.kind() == ShotKind.PICTURE && picture != null) {
        Shot shot = pictureShot(i, planned, picture, transition);
        Storyboard.Picture small = planned.inset();
        shots.add(small == null ? shot : shot.withInset(inset(i, small, shot, picture.facts())));
      } else {
        shots.add(cardShot(i, planned, card(planned), transition));
      }
    }
    OverlayRenderer overlayRenderer =
        new OverlayRenderer(fonts, brand, variant.width(), variant.height());
    for (Storyboard.Label label : storyboard.labels()) {
      addLabel(overlayRenderer, label);
    }
    if (variant.captions()) {
      addCaptions();
    }
    if (variant.watermark()) {
      addWatermark(overlayRenderer);
    }
    return new Timeline(
        new Canvas(variant.width(), variant.height(), frameRate), shots, overlays, totalFrames);
  }

  // ---- shots -------------------------------------------------------------------------------

  private int endFrame(int index) {
    return index + 1 < startFrames.length ? startFrames[index + 1] : totalFrames;
  }

  private int visibleFrames(int index) {
    int takenOver = index + 1 < startFrames.length ? transition(index + 1).frames() : 0;
    return endFrame(index) + takenOver - startFrames[index];
  }

  /** Within a section a cut; from section to section the video's one effect. */
  private Transition transition(int index) {
    if (index == 0) {
      return Transition.CUT;
    }
    Storyboard.Shot shot = storyboard.shots().get(index);
    Storyboard.Shot before = storyboard.shots().get(index - 1);
    boolean sameThought =
        shot.section() == before.section()
            && shot.kind() == ShotKind.PICTURE
            && before.kind() == ShotKind.PICTURE;
    TransitionKind kind = transitionKind();
    int longest = (endFrame(index) - startFrames[index]) / 2;
    int frames = Math.min(longest, kind.usualFrames(frameRate));
    if (sameThought || frames < 2) {
      return Transition.CUT;
    }
    return kind == TransitionKind.FADE
        ? Transition.fade(frames, Integer.parseInt(brand.background().substring(1), 16))
        : Transition.of(kind, frames, Direction.along(variant.width(), variant.height()));
  }

  private TransitionKind transitionKind() {
    String style = planned.settings().transition();
    return style == null
        ? TransitionKind.DISSOLVE
        : TransitionKind.named(style).orElse(TransitionKind.DISSOLVE);
  }

  private Shot pictureShot(
      int index, Storyboard.Shot shot, Storyboard.Picture picture, Transition transition) {
    FramingChoice choice =
        Framing.choose(
            picture.facts(),
            variant.width(),
            variant.height(),
            shot.move(),
            visibleFrames(index),
            frameRate);
    Storyboard.Clip clip = picture.clip();
    if (clip != null) {
      boolean covers = choice.mode() == FramingMode.COVER || shapedAlike(picture.facts());
      Still still =
          covers
              ? Still.cover(clip.bytes(), choice.focusXPermille(), choice.focusYPermille())
              : Still.contain(clip.bytes(), containedPlace(index, picture.facts()));
      return Shot.footage(
          startFrames[index], still, playback(picture, clip, visibleFrames(index)), transition);
    }
    if (choice.mode() == FramingMode.COVER) {
      Still still = Still.cover(picture.bytes(), choice.focusXPermille(), choice.focusYPermille());
      return new Shot(startFrames[index], still, coverMotion(picture.facts(), choice), transition);
    }
    if (panorama(picture.facts())) {
      Still still = Still.cover(picture.bytes(), choice.focusXPermille(), 500);
      return new Shot(startFrames[index], still, pan(index, shot.move()), transition);
    }
    // Whole pictures move little, so that what is written on them can be read.
    Motion motion = shot.move() % 2 == 0 ? Motion.zoom(1000, 1025) : Motion.zoom(1025, 1000);
    int place = containedPlace(index, picture.facts());
    // What is cut out stands on the brand's own ground: a blur of it would be a blur of nothing.
    Still still =
        picture.facts().transparentPermille() >= CUTOUT_PERMILLE
            ? Still.over(
                picture.bytes(), place, Integer.parseInt(brand.background().substring(1), 16))
            : Still.contain(picture.bytes(), place);
    return new Shot(startFrames[index], still, motion, transition);
  }

  /**
   * Whether next to nothing is cut off when the picture fills the canvas. A clip that was filmed
   * for this canvas fills it even where a still with writing on it would be shown whole.
   */
  private boolean shapedAlike(PictureFacts facts) {
    long across = (long) facts.width() * variant.height();
    long down = (long) facts.height() * variant.width();
    return 1000 * Math.min(across, down) >= ALIKE_PERMILLE * Math.max(across, down);
  }

  /**
   * The next part of a clip, so that a clip that comes again shows more. One that is too short for
   * its shot is slowed within what looks natural, else it begins again.
   */
  private Playback playback(Storyboard.Picture picture, Storyboard.Clip clip, int frames) {
    if (clip.followsUs() != null) {
      // Lips keep their pace; at the end they are closed.
      return Playback.of(clip.inUs(), clip.outUs());
    }
    long neededUs = Playback.spanUs(frames, frameRate, clip.speedPermille());
    long lengthUs = clip.outUs() - clip.inUs();
    if (lengthUs < neededUs) {
      long slowed = clip.speedPermille() * lengthUs / neededUs;
      boolean slow = !clip.loop() && slowed >= Math.max(250, clip.speedPermille() * SLOWEST / 1000);
      return new Playback(
          clip.inUs(),
          clip.outUs(),
          !slow,
          slow ? (int) slowed : clip.speedPermille(),
          clip.soundPercent());
    }
    int use = uses.merge(picture.index(), 1, Integer::sum) - 1;
    long fromUs = parts(picture, clip).get(use);
    return new Playback(
        fromUs, fromUs + neededUs, false, clip.speedPermille(), clip.soundPercent());
  }

  /** Where each part of a clip begins, in the order of the shots that show one. */
  private List<Long> parts(Storyboard.Picture picture, Storyboard.Clip clip) {
    return parts.computeIfAbsent(
        picture.index(),
        index -> {
          List<Long> needed = new ArrayList<>();
          for (int i = 0; i < storyboard.shots().size(); i++) {
            Storyboard.Shot shot = storyboard.shots().get(i);
            long spanUs = Playback.spanUs(visibleFrames(i), frameRate, clip.speedPermille());
            if (shot.kind() == ShotKind.PICTURE && spanUs <= clip.outUs() - clip.inUs()) {
              Stream.of(shot.picture(), shot.inset())
                  .filter(shown -> shown != null && shown.index() == index)
                  .forEach(shown -> needed.add(spanUs));
            }
          }
          return ClipParts.starts(
              clip.inUs(), clip.outUs(), needed, content.kind() == ContentKind.CLIP);
        });
  }

  /**
   * To the upper right, in the shape of what it shows: in a portrait under the labels and above the
   * captions, and across the edge of a picture that is shown whole, so that little of it is hidden.
   */
  private PictureInPicture inset(
      int index, Storyboard.Picture picture, Shot under, PictureFacts underFacts) {
    boolean covered = under.still().fit() == Fit.COVER;
    int width = INSET_LANDSCAPE_WIDTH_PERMILLE;
    if (variant.vertical()) {
      width = covered ? INSET_WIDTH_PERMILLE : INSET_ON_WHOLE_WIDTH_PERMILLE;
    }
    long shape = 1000L * picture.facts().height() / picture.facts().width();
    long height = width * Math.max(500, Math.min(1333, shape)) / 1000;
    int heightPermille =
        (int) Math.max(50, Math.min(450, height * variant.width() / variant.height()));
    int top = INSET_LANDSCAPE_TOP_PERMILLE;
    if (variant.vertical()) {
      int edge = covered ? 0 : under.still().focusYPermille() - containedHeight(underFacts) / 2;
      top = Math.max(INSET_HIGHEST_PERMILLE, edge - heightPermille * 2 / 3);
    }
    int right = variant.vertical() ? INSET_RIGHT_PERMILLE : INSET_LANDSCAPE_RIGHT_PERMILLE;
    Storyboard.Clip clip = picture.clip();
    MediaRef shown = clip == null ? picture.bytes() : clip.bytes();
    return new PictureInPicture(
        Still.cover(shown, picture.facts().focusXPermille(), picture.facts().focusYPermille()),
        clip == null ? null : playback(picture, clip, visibleFrames(index)),
        right - width / 2,
        top + heightPermille / 2,
        width,
        heightPermille);
  }

  /** A photo so wide that, shown whole, it would be a strip: the camera walks along it instead. */
  private boolean panorama(PictureFacts facts) {
    return variant.vertical()
        && facts.kind() == PictureKind.PHOTO
        && !facts.hasText()
        && facts.width() >= 2 * facts.height()
        && facts.height() >= 480;
  }

  /** Sideways around the focus, at a pace that can be watched. */
  private Motion pan(int index, int move) {
    double seconds = (double) visibleFrames(index) / frameRate;
    int permyriad = (int) Math.min(3000, PAN_PX_PER_SECOND * seconds / 1080 * 10_000);
    View left = new View(5000 - permyriad / 2, 5000, 1040);
    View right = new View(5000 + permyriad / 2, 5000, 1040);
    return move % 2 == 0 ? new Motion(left, right) : new Motion(right, left);
  }

  /** Clear of the captions below, or of the hook above, whichever is on screen. */
  private int containedPlace(int index, PictureFacts facts) {
    if (!variant.vertical()) {
      return variant.captions() ? CONTAINED_PLACE_PERMILLE : 500;
    }
    boolean underHook =
        index == 0
            && storyboard.labels().stream()
                .anyMatch(label -> label.kind() == Storyboard.LabelKind.HOOK);
    if (underHook) {
      return CONTAINED_UNDER_HOOK_PERMILLE;
    }
    int place = CAPTIONS_TOP_PERMILLE - containedHeight(facts) / 2;
    return Math.max(HIGHEST_PLACE_PERMILLE, Math.min(CONTAINED_PLACE_PERMILLE, place));
  }

  /** Of a picture that takes 92 % of the width, as the compositor shows it. */
  private int containedHeight(PictureFacts facts) {
    return (int) (920L * variant.width() * facts.height() / facts.width() / variant.height());
  }

  /** From points of the picture to points of the base frame that covers the canvas. */
  private Motion coverMotion(PictureFacts facts, FramingChoice choice) {
    double scale =
        Math.max(
            (double) variant.width() / facts.width(), (double) variant.height() / facts.height());
    double baseWidth = variant.width() / scale;
    double baseHeight = variant.height() / scale;
    double centerX = center(choice.focusXPermille(), facts.width(), baseWidth);
    double centerY = center(choice.focusYPermille(), facts.height(), baseHeight);
    CameraMove move = choice.move();
    return new Motion(
        view(
            move.fromXPermille() / 1000.0 * facts.width(),
            move.fromYPermille() / 1000.0 * facts.height(),
            move.fromZoomPermille(),
            centerX,
            centerY,
            baseWidth,
            baseHeight),
        view(
            move.toXPermille() / 1000.0 * facts.width(),
            move.toYPermille() / 1000.0 * facts.height(),
            move.toZoomPermille(),
            centerX,
            centerY,
            baseWidth,
            baseHeight));
  }

  private static double center(int focusPermille, int size, double base) {
    double focus = focusPermille / 1000.0 * size;
    return Math.max(base / 2, Math.min(size - base / 2, focus));
  }

  private static View view(
      double x, double y, int zoom, double centerX, double centerY, double width, double height) {
    return new View(
        permyriad((x - centerX) / width + 0.5),
        permyriad((y - centerY) / height + 0.5),
        Math.max(1000, Math.min(4000, zoom)));
  }

  private static int permyriad(double share) {
    return (int) Math.max(-30_000, Math.min(40_000, Math.round(share * 10_000)));
  }

  // ---- cards -------------------------------------------------------------------------------

  /** Everything of the brand and the canvas that changes how text looks. */
  private List<Object> look() {
    return List.of(
        brand.name(),
        brand.background(),
        brand.surface(),
        brand.text(),
        brand.accent(),
        brand.highlight(),
        brand.headingFont(),
        brand.bodyFont(),
        brand.monoFont(),
        Optional.ofNullable(brand.logo()).map(MediaRef::sha256).orElse(""),
        brand.fallbackFonts(),
        variant.width(),
        variant.height());
  }

  private @Nullable BufferedImage logo() {
    return brand.logo() == null ? null : rasters.load(brand.logo(), LOGO_PX);
  }

  private Drawings.Drawing card(Storyboard.Shot shot) throws StageException {
    Storyboard.Picture picture = shot.picture();
    int chapter = shot.kind() == ShotKind.CHAPTER ? ++chapters : 0;
    List<Object> seen =
        List.of(
            look(),
            variant.captions(),
            shot.kind().name(),
            shot.text(),
            shot.detail(),
            shot.items(),
            Objects.requireNonNullElse(shot.language(), ""),
            picture == null ? "" : picture.bytes().sha256(),
            picture == null ? 0 : picture.facts().focusXPermille(),
            picture == null ? 0 : picture.facts().focusYPermille(),
            chapter,
            chapter == 0 ? 0 : chapterCount(),
            shot.kind() == ShotKind.PRICE ? price() : "");
    return drawings.find(
        "card",
        seen,
        () -> {
          Card card = draw(shot, chapter);
          List<Drawings.Part> parts = new ArrayList<>();
          for (CardLayer layer : card.layers()) {
            parts.add(
                new Drawings.Part(
                    rasters.store(layer.image()), layer.x(), layer.y(), layer.index()));
          }
          return new Drawings.Drawing(rasters.store(card.background()), parts);
        });
  }

  private Card draw(Storyboard.Shot shot, int chapter) throws StageException {
    CardRenderer cards =
        new CardRenderer(
            fonts, brand, logo(), variant.width(), variant.height(), variant.captions());
    Storyboard.Picture picture = shot.picture();
    BufferedImage nearest = picture == null ? null : rasters.load(picture.bytes(), 720);
    double focusX = picture == null ? 0.5 : picture.facts().focusXPermille() / 1000.0;
    double focusY = picture == null ? 0.5 : picture.facts().focusYPermille() / 1000.0;
    return switch (shot.kind()) {
      case OPENING, PICTURE -> cards.title(shot.text(), shot.detail(), nearest, focusX, focusY);
      case STATEMENT -> cards.statement(shot.text(), nearest);
      case QUOTE -> cards.quote(shot.text(), shot.detail(), nearest);
      case NUMBER ->
          cards.number(
              shot.text(),
              shot.detail(),
              variant.captions() ? "" : String.join(" ", shot.items()),
              nearest);
      case LIST -> cards.list(shot.text(), shot.items(), false, nearest);
      case CODE -> cards.code(shot.text(), shot.language(), shot.detail(), List.of());
      case TABLE -> table(cards, shot);
      case CHAPTER -> cards.chapter(chapter, chapterCount(), shot.text(), nearest);
      case PRICE ->
          cards.price(shot.text(), price(), shot.detail(), fullPicture(picture), focusX, focusY);
      case END -> cards.end(shot.text(), shot.detail());
    };
  }

  private @Nullable BufferedImage fullPicture(Storyboard.@Nullable Picture picture) {
    return picture == null
        ? null
        : rasters.load(picture.bytes(), Math.max(variant.width(), variant.height()));
  }

  private int chapterCount() {
    return (int)
        storyboard.shots().stream().filter(shot -> shot.kind() == ShotKind.CHAPTER).count();
  }

  private static Card table(CardRenderer cards, Storyboard.Shot shot) {
    List<List<String>> rows =
        shot.items().stream().map(row -> Arrays.asList(row.split("\\s\\|\\s", -1))).toList();
    return cards.table(shot.text(), rows.get(0), rows.subList(1, rows.size()));
  }

  private String price() {
    Listing listing = content.listing();
    if (listing == null || listing.price() == null) {
      return "";
    }
    BigDecimal amount = new BigDecimal(listing.price());
    Locale locale =
        content.language().equals("en") ? Locale.US : Locale.forLanguageTag(content.language());
    NumberFormat format = NumberFormat.getCurrencyInstance(locale);
    if (listing.currency() != null) {
      try {
        format.setCurrency(Currency.getInstance(listing.currency().toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        // An unknown code is shown as it was written.
        return amount.toPlainString() + " " + listing.currency();
      }
    }
    if (amount.stripTrailingZeros().scale() <= 0) {
      format.setMaximumFractionDigits(0);
    }
    return format.format(amount);
  }

  private Shot cardShot(
      int index, Storyboard.Shot shot, Drawings.Drawing card, Transition transition) {
    int start = startFrames[index];
    int end = endFrame(index);
    // Type comes in when the picture has settled and is gone before the next one comes.
    int settled = Math.min(end - 2, start + transition.frames() / 2);
    for (Drawings.Part layer : card.parts()) {
      int from = settled;
      if (layer.index() != CardLayer.ALWAYS && layer.index() < shot.itemStartsUs().size()) {
        from = Math.max(from, frames(shot.itemStartsUs().get(layer.index())));
      } else if (layer.index() != CardLayer.ALWAYS) {
        from += (layer.index() + 1) * Math.max(1, frameRate / 5);
      }
      from = Math.min(from, end - 2);
      int fade = Math.min(Math.max(1, frameRate / 5), (end - from) / 2);
      boolean last = index == startFrames.length - 1;
      overlays.add(
          new Overlay(
              layer.raster(),
              layer.x(),
              layer.y(),
              from,
              end,
              fade,
              last ? 0 : Math.min(Math.max(1, frameRate / 8), (end - from) / 2),
              0,
              variant.height() / 60,
              CARD_LAYER));
    }
    Motion motion =
        inwards(shot)
            ? Motion.zoom(1000, CARD_ZOOM_PERMILLE)
            : Motion.zoom(CARD_ZOOM_PERMILLE, 1000);
    MediaRef ground = Objects.requireNonNull(card.ground());
    return new Shot(start, Still.exact(ground), motion, transition);
  }

  /** By the card's own words: a card more elsewhere turns no camera around. */
  private static boolean inwards(Storyboard.Shot shot) {
    return (shot.text().length() + shot.kind().ordinal()) % 2 == 0;
  }

  // ---- overlays ----------------------------------------------------------------------------

  private void addLabel(OverlayRenderer renderer, Storyboard.Label label) throws StageException {
    int start = frames(label.startUs());
    int end = Math.min(totalFrames, frames(label.endUs()));
    if (end - start < 2) {
      return;
    }
    Drawings.Part raster =
        single(
            "label",
            List.of(look(), label.kind().name(), label.text(), label.detail()),
            () ->
                switch (label.kind()) {
                  case HOOK -> renderer.hook(label.text());
                  case LABEL -> renderer.label(label.text());
                  case LOWER_THIRD -> renderer.lowerThird(label.text(), label.detail());
                });
    if (raster == null) {
      return;
    }
    boolean fromLeft = label.kind() == Storyboard.LabelKind.LOWER_THIRD;
    int fade = Math.min(Math.max(1, frameRate / 4), (end - start) / 2);
    overlays.add(
        new Overlay(
            raster.raster(),
            raster.x(),
            raster.y(),
            start,
            end,
            fade,
            Math.min(Math.max(1, frameRate / 6), (end - start) / 2),
            fromLeft ? -variant.width() / 40 : 0,
            fromLeft ? 0 : variant.height() / 48,
            LABEL_LAYER));
  }

  /** What is drawn in one piece; null where there is nothing to see. */
  private Drawings.@Nullable Part single(
      String kind, List<?> seen, Supplier<dev.reelbeam.media.card.@Nullable Overlay> artist)
      throws StageException {
    List<Drawings.Part> parts =
        drawings
            .find(
                kind,
                seen,
                () -> {
                  dev.reelbeam.media.card.Overlay drawn = artist.get();
                  return new Drawings.Drawing(
                      null,
                      drawn == null
                          ? List.of()
                          : List.of(
                              new Drawings.Part(
                                  rasters.store(drawn.image()), drawn.x(), drawn.y(), 0)));
                })
            .parts();
    return parts.isEmpty() ? null : parts.get(0);
  }

  private void addCaptions() throws StageException {
    String style =
        planned.settings().captionStyle() != null
            ? planned.settings().captionStyle()
            : brand.captionStyle();
    CaptionRenderer renderer =
        new CaptionRenderer(
            fonts, brand, CaptionStyle.named(style), variant.width(), variant.height(), frameRate);
    List<CaptionWord> words = CaptionWords.of(narration);
    for (CaptionPage page : renderer.pager().paginate(words)) {
      if (saidByCard(page)) {
        continue;
      }
      addCaption(renderer, style, page);
    }
  }

  private void addCaption(CaptionRenderer renderer, String style, CaptionPage page)
      throws StageException {
    List<CaptionState> states = renderer.states(page);
    if (states.isEmpty()) {
      return;
    }
    List<List<String>> words =
        page.lines().stream()
            .map(line -> line.words().stream().map(CaptionWord::text).toList())
            .toList();
    Drawings.Drawing drawing =
        drawings.find(
            "caption",
            List.of(
                brand.headingFont(),
                brand.accent(),
                brand.fallbackFonts(),
                variant.width(),
                variant.height(),
                style,
                words),
            () -> {
              List<Drawings.Part> parts = new ArrayList<>();
              for (CaptionRaster raster : renderer.draw(page)) {
                parts.add(
                    new Drawings.Part(
                        rasters.store(raster.image()), raster.x(), raster.y(), raster.spoken()));
              }
              return new Drawings.Drawing(null, parts);
            });
    for (CaptionState state : states) {
      int end = Math.min(totalFrames, state.endFrame());
      if (end > state.startFrame()) {
        Drawings.Part seen = drawing.parts().get(state.spoken() - CaptionState.NONE_SPOKEN);
        overlays.add(
            Overlay.hard(
                seen.raster(), seen.x(), seen.y(), state.startFrame(), end, CAPTION_LAYER));
      }
    }
  }

  /** A card or a hook that shows the sentence itself needs no caption of it. */
  private boolean saidByCard(CaptionPage page) {
    long middleUs = (page.startUs() + page.endUs()) / 2;
    List<Storyboard.Shot> shots = storyboard.shots();
    for (int i = shots.size() - 1; i >= 0; i--) {
      if (shots.get(i).startUs() <= middleUs) {
        if (shots.get(i).kind() == ShotKind.STATEMENT) {
          return true;
        }
        break;
      }
    }
    for (Storyboard.Label label : storyboard.labels()) {
      // The hook in big type is the caption of the first seconds.
      if (label.kind() == Storyboard.LabelKind.HOOK
          && label.startUs() <= middleUs
          && middleUs <= label.endUs()) {
        return true;
      }
    }
    return false;
  }

  private void addWatermark(OverlayRenderer renderer) throws StageException {
    Drawings.Part mark = single("watermark", List.of(look()), () -> renderer.watermark(logo()));
    if (mark != null) {
      overlays.add(
          Overlay.hard(mark.raster(), mark.x(), mark.y(), 0, totalFrames, WATERMARK_LAYER));
    }
  }

  /** The nearest whole frame. */
  private int frames(long us) {
    return FrameClock.nearest(us, frameRate);
  }
}
