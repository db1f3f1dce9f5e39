package dev.reelbeam.stages.visuals;

import dev.reelbeam.media.footage.ClipIntake;
import dev.reelbeam.media.text.FontBook;
import dev.reelbeam.model.content.ClipUse;
import dev.reelbeam.model.content.ContentImage;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.TextOverlay;
import dev.reelbeam.model.cost.CostItem;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.AssetReader;
import dev.reelbeam.model.port.Spending;
import dev.reelbeam.model.port.VisualFinder;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.model.visual.Shape;
import dev.reelbeam.model.visual.Visual;
import dev.reelbeam.stages.flow.Cashier;
import dev.reelbeam.stages.flow.IllustratedVideo;
import dev.reelbeam.stages.flow.LooseBills;
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.guard.PictureGuard;
import dev.reelbeam.stages.step.ProvidedStep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads and normalizes the record's pictures, looks through its clips, has pictures found or made
 * for scenes that none of them fits, and plans the storyboard.
 *
 * <p>A picture or clip that cannot be used is left out with a note; the video is made without it.
 * Scenes that no provider serves get cards.
 */
public final class PlanVisuals extends ProvidedStep<NarratedVideo, IllustratedVideo> {
  private static final long serialVersionUID = 1L;

  private static final int VERSION = 3;
  public static final long MAX_PICTURE_BYTES = 50_000_000;

  /** Largest clip: about three minutes of what a phone records in full HD. */
  public static final long MAX_CLIP_BYTES = 250_000_000;

  /** Pictures beyond this many are not looked at: no video shows more. */
  private static final int MAX_PICTURES = 60;

  private transient @Nullable AssetReader assets;
  private transient @Nullable VisualFinder finder;
  private transient @Nullable Spending spending;
  private transient @Nullable PictureGuard guard;
  private transient @Nullable Intakes intakes;

  private final boolean again;

  public PlanVisuals(Providers providers) {
    this(providers, /* again= */ false);
  }

  /**
   * @param again whether the preferred providers are asked once more where somebody stood in
   */
  public PlanVisuals(Providers providers, boolean again) {
    super(providers);
    this.again = again;
  }

  @Override
  public void open() {
    super.open();
    assets = providers().assets().open();
    finder = providers().visuals().open();
    spending = providers().spending().open();
    guard = PictureGuard.open(providers(), artifacts(), progress());
    intakes = new Intakes(artifacts());
  }

  @Override
  public void close() {
    if (finder != null) {
      finder.close();
    }
    if (spending != null) {
      spending.close();
    }
    if (guard != null) {
      guard.close();
    }
    super.close();
  }

  private Intakes intakes() {
    return Objects.requireNonNull(intakes, "open() first");
  }

  @Override
  public IllustratedVideo apply(NarratedVideo narrated) throws StageException {
    PlannedVideo planned = narrated.planned();
    ContentRecord content = artifacts().read(planned.content(), ContentRecord.class);
    List<String> notes = new ArrayList<>(narrated.fallbacks());
    List<Storyboard.Picture> pictures = pictures(narrated, content, notes);
    Script script = artifacts().read(narrated.script(), Script.class);
    List<TextOverlay> overlays = planned.texts(content);
    checkDrawable(planned, content.title(), script.scriptText());
    for (TextOverlay overlay : overlays) {
      checkDrawable(planned, overlay.text());
    }
    Narration narration = artifacts().read(narrated.narration(), Narration.class);
    List<String> fallbacks = new ArrayList<>();
    for (Storyboard.Picture found :
        provided(narrated, content, script, narration, pictures, fallbacks)) {
      pictures.add(swapped(narrated, found, notes));
    }
    for (String url : planned.assets().keySet()) {
      if (pictures.stream().noneMatch(picture -> picture.url().equals(url))
          && content.images().stream().noneMatch(image -> image.url().equals(url))) {
        tell(narrated, notes, "nothing is called '" + url + "': what was to replace it is unused");
      }
    }
    fallbacks.forEach(fallback -> progress().note(narrated, fallback));
    notes.addAll(fallbacks);
    long endCardUs = new Beats(script, narration, planned.variant()).endCardUs();
    for (TextOverlay overlay : overlays) {
      if (overlay.startMs() * 1000L >= endCardUs) {
        tell(
            narrated,
            notes,
            "text '"
                + overlay.text()
                + "' is left out: at "
                + overlay.startMs()
                + " ms the end card is seen");
      }
    }
    List<Object> inputs =
        new ArrayList<>(
            List.of(
                narrated.script(),
                narrated.narration(),
                planned.content(),
                pictures,
                planned.variant(),
                planned.brand()));
    if (planned.overlays() != null) {
      inputs.add(planned.overlays());
    }
    StepKey key = StepKey.of("plan-visuals", VERSION, inputs.toArray());
    MediaRef storyboard =
        artifacts()
            .record(
                Stage.PLAN_VISUALS,
                "storyboard",
                key,
                Storyboard.class,
                () -> {
                  Storyboard planning =
                      new VisualPlanner(
                              content,
                              script,
                              narration,
                              planned.variant(),
                              planned.brand(),
                              pictures,
                              overlays)
                          .plan();
                  keepUnseen(content, pictures, planning);
                  return planning;
                })
            .ref();
    return new IllustratedVideo(narrated, storyboard, List.copyOf(notes), List.copyOf(fallbacks));
  }

  /** The bills of what was bought and fits no shot, each once. */
  private void keepUnseen(
      ContentRecord content, List<Storyboard.Picture> pictures, Storyboard storyboard) {
    Set<String> seen =
        storyboard.shots().stream()
            .map(Storyboard.Shot::picture)
            .filter(Objects::nonNull)
            .map(Storyboard.Picture::url)
            .collect(Collectors.toSet());
    LooseBills bills = new LooseBills(artifacts());
    for (Storyboard.Picture picture : pictures) {
      if (picture.origin() != null && !seen.contains(picture.url())) {
        bills.keepOnce(content.key(), CostItem.VISUALS, picture.url(), picture.origin().charges());
      }
    }
  }

  /** Pictures of providers for the scenes that no picture of the record fits. */
  private List<Storyboard.Picture> provided(
      NarratedVideo narrated,
      ContentRecord content,
      Script script,
      Narration narration,
      List<Storyboard.Picture> own,
      List<String> fallbacks)
      throws StageException {
    VisualFinder chain = Objects.requireNonNull(finder, "open() first");
    if (chain.alternatives().isEmpty()) {
      return List.of();
    }
    PlannedVideo planned = narrated.planned();
    List<Integer> bare =
        new VisualPlanner(content, script, narration, planned.variant(), planned.brand(), own)
            .bareSections();
    Variant variant = planned.variant();
    List<Scenes.Needed> scenes =
        Scenes.of(
            content, script, bare, Shape.of(variant.width(), variant.height()), chain.scenes());
    return new SceneVisuals(
            artifacts(),
            intakes(),
            Objects.requireNonNull(guard, "open() first"),
            progress(),
            new Cashier(Objects.requireNonNull(spending, "open() first"), artifacts(), progress()),
            narrated,
            content,
            new SceneAudio(artifacts(), narration),
            again)
        .find(scenes, chain, own, content.images().size(), fallbacks);
  }

  /**
   * Refuses texts that would come out as gaps.
   *
   * @throws StageException GLYPHS_MISSING when no font has the letters of one of the texts
   */
  private void checkDrawable(PlannedVideo planned, String... texts) throws StageException {
    List<MediaRef> extra = planned.brand().fallbackFonts();
    @Nullable FontBook withBrand = null;
    for (String text : texts) {
      try {
        String unused = FontBook.bundled().drawable(text);
      } catch (StageException e) {
        // Fonts of a brand are large: read only where the bundled ones do not do.
        if (extra.isEmpty()) {
          throw e;
        }
        if (withBrand == null) {
          List<Path> files = extra.stream().map(store()::localFile).toList();
          withBrand = FontBook.bundled().withFiles(files);
        }
        String unused = withBrand.drawable(text);
      }
    }
  }

  private List<Storyboard.Picture> pictures(
      NarratedVideo narrated, ContentRecord content, List<String> notes) throws StageException {
    List<Storyboard.Picture> pictures = new ArrayList<>();
    AssetReader reader = Objects.requireNonNull(assets, "open() first");
    int count = Math.min(MAX_PICTURES, content.images().size());
    for (int i = 0; i < count; i++) {
      ContentImage image = content.images().get(i);
      try {
        MediaRef swapped = narrated.planned().assets().get(image.url());
        int told = notes.size();
        Storyboard.Picture picture = take(i, image, swapped, content.baseUri(), reader, notes);
        notes.subList(told, notes.size()).forEach(note -> progress().note(narrated, note));
        boolean moves = picture.clip() != null;
        if (moves
            || pictures.stream().noneMatch(known -> known.facts().duplicateOf(picture.facts()))) {
          pictures.add(picture);
        } else {
          notes.add("picture '" + image.url() + "' looks like an earlier one and is left out");
        }
      } catch (StageException e) {
        requireFinal(e);
        // The video is worth having without this picture; the note names it.
        tell(narrated, notes, what(image) + " left out: " + e.describe());
      }
    }
    return pictures;
  }

  /**
   * What could be had at another time is not left out: the same record would come out with it on
   * one machine and without it on another.
   */
  private static void requireFinal(StageException e) throws StageException {
    if (e.code().replayable()) {
      throw e;
    }
  }

  private void tell(NarratedVideo narrated, List<String> notes, String note) {
    notes.add(note);
    progress().note(narrated, note);
  }

  /**
   * A provider's picture, or what an editor put in its place: an upload, whose maker nobody knows.
   * What the picture cost was paid all the same.
   */
  private Storyboard.Picture swapped(
      NarratedVideo narrated, Storyboard.Picture found, List<String> notes) throws StageException {
    MediaRef upload = narrated.planned().assets().get(found.url());
    Storyboard.Origin origin = found.origin();
    if (upload == null || origin == null) {
      return found;
    }
    try {
      byte[] bytes = store().read(upload);
      Intakes.Footage footage =
          ClipIntake.isClip(bytes) ? intakes().clip(bytes, found.url(), 0) : null;
      Intakes.Intake still =
          footage == null ? intakes().picture(bytes, found.url()) : footage.poster();
      return new Storyboard.Picture(
          found.index(),
          found.url(),
          still.bytes(),
          still.facts(),
          found.description(),
          null,
          null,
          footage == null
              ? null
              : new Storyboard.Clip(footage.bytes(), 0, footage.facts().usableUs(), false, 1000, 0),
          found.small(),
          new Storyboard.Origin(
              Visual.uploaded(upload.sha256(), footage != null, origin.visual().words()),
              origin.section(),
              origin.charges()));
    } catch (StageException e) {
      requireFinal(e);
      tell(narrated, notes, "'" + found.url() + "' stays: " + e.describe());
      return found;
    }
  }

  /**
   * @param swapped what an editor put in its place, null for nothing
   */
  private Storyboard.Picture take(
      int index,
      ContentImage image,
      @Nullable MediaRef swapped,
      String baseUri,
      AssetReader reader,
      List<String> notes)
      throws StageException {
    boolean named = swapped == null && ClipIntake.namedAsClip(image.url());
    // A part of a clip is named behind the address of the whole.
    String address = image.url().replaceAll("#t=.*$", "");
    byte[] bytes =
        swapped == null
            ? reader.read(baseUri, address, named ? MAX_CLIP_BYTES : MAX_PICTURE_BYTES)
            : store().read(swapped);
    boolean small = Boolean.TRUE.equals(image.inset());
    if (!named && !ClipIntake.isClip(bytes)) {
      Intakes.Intake intake = intakes().picture(bytes, image.url());
      return new Storyboard.Picture(
          index,
          image.url(),
          intake.bytes(),
          intake.facts(),
          describe(image),
          image.credit(),
          image.license(),
          null,
          small);
    }
    ClipUse asked = image.clip() == null ? ClipUse.DEFAULT : image.clip();
    // A part was chosen of the clip that stood there: another clip is another length.
    ClipUse use = swapped == null ? asked.within(image.url()) : asked.whole();
    Intakes.Footage footage = intakes().clip(bytes, image.url(), use.startMs() * 1000L);
    long outUs = footage.facts().usableUs();
    if (use.endMs() > 0) {
      outUs = Math.min(outUs, use.endMs() * 1000L);
    }
    if (!footage.facts().complete() && outUs == footage.facts().usableUs()) {
      notes.add(
          "clip '" + image.url() + "' is damaged; only its first " + outUs / 1000 + " ms are used");
    }
    if (footage.facts().highDynamicRange()) {
      notes.add(
          "clip '"
              + image.url()
              + "' is in HDR, which is not tone mapped: its colours come out dull; an SDR copy"
              + " looks as it was meant");
    }
    return new Storyboard.Picture(
        index,
        image.url(),
        footage.poster().bytes(),
        footage.poster().facts(),
        describe(image),
        image.credit(),
        image.license(),
        new Storyboard.Clip(
            footage.bytes(),
            use.startMs() * 1000L,
            outUs,
            use.loop(),
            use.speedPermille(),
            footage.facts().sound() ? use.soundPercent() : 0),
        small);
  }

  private static String what(ContentImage image) {
    return ClipIntake.namedAsClip(image.url()) ? "clip" : "picture";
  }

  private static @Nullable String describe(ContentImage image) {
    String alt = image.alt() == null ? "" : image.alt();
    String caption = image.caption() == null ? "" : image.caption();
    String both = (caption + " " + alt).strip();
    return both.isEmpty() ? null : both;
  }
}
