package dev.reelbeam.stages.visuals;

import dev.reelbeam.media.footage.ClipMotion;
import dev.reelbeam.media.picture.PictureFacts;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.FallbackPolicy;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.CostItem;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.LostCallException;
import dev.reelbeam.model.port.Uninterrupted;
import dev.reelbeam.model.port.VisualFinder;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Visual;
import dev.reelbeam.model.visual.VisualFile;
import dev.reelbeam.stages.flow.Artifacts;
import dev.reelbeam.stages.flow.Cashier;
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.guard.PictureGuard;
import dev.reelbeam.stages.step.SideBySide;
import java.io.Serializable;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has visuals found and fetched for the scenes of one video, all of them side by side, each from
 * the first provider that can.
 *
 * <p>What was fetched is stored under the provider and the visual: another preset of the same
 * shape, an edit elsewhere, a retry find it. Between asking and fetching, the scenes choose one
 * after the other, so that no visual is seen in two of them; who chooses first does not depend on
 * who answers first. A provider that is down, or whose account is empty, is asked for nothing more
 * in this video; one that declines a scene is asked for the others. One that makes clips steps down
 * for a scene that fails, a still picture in the end, while the other scenes go on. Who stood in
 * for whom, and what was given up, is told. What a record shows for a scene is kept ({@link
 * Choices}).
 */
final class SceneVisuals {
  private static final Logger log = LoggerFactory.getLogger(SceneVisuals.class);

  private static final int FETCH_VERSION = 1;

  /** Offers of one provider that are tried for one scene. */
  private static final int MOST_TRIES = 3;

  private static final int LEAST_SIDE_PX = 320;
  private static final int MOST_ASPECT_PERMILLE = 150;

  /** A clip that is a little too short is slowed where it is shown. */
  private static final int LEAST_LENGTH_PERMILLE = 600;

  /** Nobody is served by such a provider for a while. */
  private static final Set<FailureCode> AWAY =
      Set.of(
          FailureCode.PROVIDER_UNAUTHORIZED,
          FailureCode.PROVIDER_QUOTA,
          FailureCode.PROVIDER_BUSY,
          FailureCode.PROVIDER_UNREACHABLE,
          FailureCode.PROVIDER_TIMEOUT,
          FailureCode.PROVIDER_DOWN,
          FailureCode.BUDGET_SPENT);

  private final Artifacts artifacts;
  private final Intakes intakes;
  private final Progress progress;
  private final Cashier cashier;
  private final NarratedVideo narrated;
  private final SceneAudio audio;
  private final PictureGuard guard;
  private final ContentRecord content;
  private final Choices choices;
  private final boolean again;

  /**
   * @param again whether the preferred providers are asked once more where somebody stood in, also
   *     for what came to nothing lately
   */
  SceneVisuals(
      Artifacts artifacts,
      Intakes intakes,
      PictureGuard guard,
      Progress progress,
      Cashier cashier,
      NarratedVideo narrated,
      ContentRecord content,
      SceneAudio audio,
      boolean again) {
    this.artifacts = artifacts;
    this.intakes = intakes;
    this.progress = progress;
    this.cashier = cashier;
    this.narrated = narrated;
    this.audio = audio;
    this.guard = guard;
    this.content = content;
    this.choices = new Choices(artifacts);
    this.again = again;
  }

  /** The scene as this provider wants it. */
  private Scene sceneFor(VisualFinder finder, Scenes.Needed needed) throws StageException {
    return finder.narrated()
        ? audio.of(needed).map(SceneAudio.Heard::scene).orElse(needed.scene())
        : needed.scene();
  }

  /** What is stored about a visual that was fetched; one of the two is there. */
  record Fetched(
      Intakes.@Nullable Intake picture, Intakes.@Nullable Footage clip, List<Charge> charges)
      implements Serializable {}

  /** A scene on its way through the providers. */
  private static final class Slot {
    private final int index;
    private final Scenes.Needed needed;
    private final List<String> failures = new ArrayList<>();

    /** Whether nobody may stand in, and nothing may be given up. */
    private final boolean alone;

    private int finder;
    private @Nullable StageException failure;
    private int tries;
    private @Nullable List<Visual> offers;
    private @Nullable Visual chosen;
    private @Nullable Fetched fetched;

    /** Whether the chosen one is there and could only not be edited. */
    private boolean unedited;

    /** Whether the provider is away, and what it has kept of the scene is all that is tried. */
    private boolean leftover;

    Slot(int index, Scenes.Needed needed, boolean alone) {
      this.index = index;
      this.needed = needed;
      this.alone = alone;
    }

    /** Who was to serve it: who serves fewer scenes than this had not promised anything for it. */
    int planned(List<VisualFinder> finders) {
      int planned = 0;
      while (planned < finders.size() - 1 && index >= finders.get(planned).scenes()) {
        planned++;
      }
      return planned;
    }

    boolean asPlanned(List<VisualFinder> finders) {
      Visual seen = fetched == null ? null : chosen;
      return seen != null && finder == planned(finders) && seen.concession() == null;
    }

    void nextFinder() {
      finder++;
      tries = 0;
      offers = null;
      chosen = null;
      unedited = false;
      leftover = false;
    }

    boolean open(int finders) {
      return fetched == null && finder < finders;
    }

    /** Whether the provider offers less and less, rather than others of the same worth. */
    boolean stepsDown() {
      return offers != null
          && offers.stream()
              .anyMatch(offer -> offer.insteadOf() == null && offer.concession() != null);
    }

    /** Whether something stands in for an offer that cannot be edited. */
    boolean hasSpare(Visual visual) {
      return offers != null
          && offers.stream().anyMatch(offer -> visual.id().equals(offer.insteadOf()));
    }

    /** Whether it stands in for what was chosen and could not be edited: nothing else is wanted. */
    boolean takes(Visual offer) {
      if (alone && offer.concession() != null) {
        return false;
      }
      return unedited
          ? chosen != null && chosen.id().equals(offer.insteadOf())
          : offer.insteadOf() == null && tries < mostTries() && !skips(offer);
    }

    /**
     * What failed is not tried again in another guise while there is something easier, and nobody
     * steps up again.
     */
    boolean skips(Visual offer) {
      return chosen != null
          && offers != null
          && stepsDown()
          && (Objects.equals(chosen.concession(), offer.concession())
              || offers.indexOf(offer) < offers.indexOf(chosen));
    }

    int mostTries() {
      return stepsDown() ? Integer.MAX_VALUE : MOST_TRIES;
    }
  }

  /**
   * The visuals, in the order of their scenes.
   *
   * @param own pictures of the record, which are seen, too
   * @param firstIndex number of the first of them
   * @param fallbacks gets a line for each scene that is not served by the first provider
   * @throws StageException the provider's own where nobody may stand in for it
   */
  List<Storyboard.Picture> find(
      List<Scenes.Needed> scenes,
      VisualFinder chain,
      List<Storyboard.Picture> own,
      int firstIndex,
      List<String> fallbacks)
      throws StageException {
    List<VisualFinder> finders = chain.alternatives();
    FallbackPolicy policy = narrated.planned().settings().standIns();
    boolean cards = policy == FallbackPolicy.ANY;
    List<Slot> slots = new ArrayList<>();
    for (Scenes.Needed needed : scenes) {
      slots.add(new Slot(slots.size(), needed, policy == FallbackPolicy.NONE));
    }
    Set<Integer> away = new HashSet<>();
    Set<String> taken = new HashSet<>();
    // All of them before anybody chooses: what was seen in a scene stays there.
    for (Slot slot : slots) {
      recall(slot, finders, cards, taken);
    }
    List<PictureFacts> looks = new ArrayList<>();
    own.forEach(picture -> looks.add(picture.facts()));
    for (Slot slot : slots) {
      if (slot.fetched != null) {
        looks.add(still(slot.fetched).facts());
      }
    }
    int threads = Math.max(1, Math.min(scenes.size(), chain.parallel()));
    ExecutorService pool = SideBySide.pool(threads, "reelbeam-visuals");
    try {
      for (List<Slot> open = slots; !open.isEmpty(); open = open(slots, finders, away)) {
        ask(open(open, finders, away), finders, away, pool);
        List<Slot> ready = choose(open(open, finders, away), taken);
        fetch(ready, finders, away, looks, pool);
      }
    } finally {
      pool.shutdownNow();
    }
    List<Storyboard.Picture> pictures = new ArrayList<>();
    for (Slot slot : slots) {
      if (slot.fetched != null) {
        pictures.add(picture(firstIndex + pictures.size(), slot, finders.get(slot.finder)));
      }
      Optional<String> fallback = fallback(slot, finders);
      if (fallback.isPresent() && ((slot.fetched == null && !cards) || slot.alone)) {
        throw new StageException(
            slot.failure == null ? FailureCode.VISUAL_MISSING : slot.failure.code(),
            fallback.get(),
            slot.failure);
      }
      fallback.ifPresent(fallbacks::add);
    }
    for (Slot slot : slots) {
      keep(slot, finders);
    }
    return pictures;
  }

  /** What a choice depends on: whose it is, the scene, and everybody who may serve it. */
  private List<Object> key(Slot slot, List<VisualFinder> finders) throws StageException {
    List<Object> inputs = new ArrayList<>(List.of(narrated.recordKey().recordId()));
    for (VisualFinder finder : finders) {
      if (slot.index < finder.scenes()) {
        inputs.add(finder.identity());
        inputs.add(sceneFor(finder, slot.needed));
      }
    }
    return inputs;
  }

  /** Takes what the record showed for the scene before, if it is still there. */
  private void recall(Slot slot, List<VisualFinder> finders, boolean cards, Set<String> taken)
      throws StageException {
    Optional<Choices.Chosen> kept = choices.find(key(slot, finders));
    if (kept.isEmpty() || (!kept.get().asPlanned() && (again || slot.alone))) {
      return;
    }
    Visual visual = kept.get().visual();
    if (visual == null) {
      if (cards && someoneDecides()) {
        slot.failures.addAll(kept.get().failures());
        slot.finder = finders.size();
      }
      return;
    }
    for (int i = 0; i < finders.size(); i++) {
      VisualFinder finder = finders.get(i);
      if (!finder.identity().equals(kept.get().finder())) {
        continue;
      }
      Optional<MediaRef> there = artifacts.store().find(fetchKey(finder, visual));
      // Two scenes in the same words have one choice between them.
      if (there.isPresent() && taken.add(known(visual))) {
        Fetched fetched = artifacts.read(there.get(), Fetched.class);
        if (blocked(visual, fetched)) {
          return;
        }
        slot.finder = i;
        slot.chosen = visual;
        slot.fetched = fetched;
        slot.failures.addAll(kept.get().failures());
        progress.artifact(Stage.PLAN_VISUALS, kind(visual), /* found= */ true);
        return;
      }
    }
  }

  /** Rules may have become stricter since it was chosen. */
  private boolean blocked(Visual visual, Fetched fetched) throws StageException {
    try {
      guard(visual, fetched);
      return false;
    } catch (StageException e) {
      if (e.code() != FailureCode.CONTENT_BLOCKED) {
        throw e;
      }
      return true;
    }
  }

  /** Cards are kept only for those who decide about them: else who could not is asked again. */
  private void keep(Slot slot, List<VisualFinder> finders) throws StageException {
    if (slot.fetched == null && !someoneDecides()) {
      return;
    }
    choices.keep(
        key(slot, finders),
        new Choices.Chosen(
            slot.fetched == null ? "" : finders.get(slot.finder).identity(),
            slot.fetched == null ? null : slot.chosen,
            List.copyOf(slot.failures),
            slot.asPlanned(finders)));
  }

  private boolean someoneDecides() {
    return narrated.planned().handling().review().someoneDecides();
  }

  /** The scenes that still want a visual, each at a provider that may serve it. */
  private List<Slot> open(List<Slot> slots, List<VisualFinder> finders, Set<Integer> away)
      throws StageException {
    List<Slot> open = new ArrayList<>();
    for (Slot slot : slots) {
      while (slot.open(finders.size()) && !serves(slot, finders.get(slot.finder), away)) {
        slot.nextFinder();
      }
      if (slot.open(finders.size()) && (!slot.alone || slot.finder == slot.planned(finders))) {
        open.add(slot);
      }
    }
    return open;
  }

  private boolean serves(Slot slot, VisualFinder finder, Set<Integer> away) throws StageException {
    if (slot.index >= finder.scenes()) {
      return false;
    }
    return !away.contains(slot.finder) || slot.leftover || takesLeftover(slot, finder);
  }

  /** Takes what a provider that is away has kept of the scene; false if that is nothing. */
  private boolean takesLeftover(Slot slot, VisualFinder away) throws StageException {
    Optional<Visual> kept = slot.alone ? Optional.empty() : away.kept(sceneFor(away, slot.needed));
    if (kept.isEmpty()) {
      return false;
    }
    slot.leftover = true;
    slot.offers = List.of(kept.get());
    slot.tries = 0;
    slot.chosen = null;
    slot.unedited = false;
    return true;
  }

  private void ask(
      List<Slot> slots, List<VisualFinder> finders, Set<Integer> away, ExecutorService pool)
      throws StageException {
    List<Slot> asking = slots.stream().filter(slot -> slot.offers == null).toList();
    List<Callable<List<Visual>>> calls = new ArrayList<>();
    for (Slot slot : asking) {
      VisualFinder finder = finders.get(slot.finder);
      // Not kept here: who searches keeps what it found for a day, and may find more after it.
      calls.add(() -> finder.find(sceneFor(finder, slot.needed)));
    }
    List<SideBySide.Result<List<Visual>>> results = SideBySide.all(calls, pool);
    for (SideBySide.Result<List<Visual>> result : results) {
      throwNobodysFault(result.failure());
    }
    for (int i = 0; i < asking.size(); i++) {
      Slot slot = asking.get(i);
      StageException failure = results.get(i).failure();
      if (failure == null) {
        slot.offers = results.get(i).value();
      } else {
        failed(slot, finders, failure, away);
        slot.nextFinder();
      }
    }
  }

  /** A visual by whoever has it, whatever the settings call them: two entries may be for one. */
  private static String known(Visual visual) {
    String whose = visual.generated() ? visual.provider() : visual.source();
    return whose + (visual.clip() ? " clip " : " picture ") + visual.id();
  }

  /** One after the other, so that each is seen once; who has nothing left goes to the next. */
  private static List<Slot> choose(List<Slot> slots, Set<String> taken) {
    List<Slot> ready = new ArrayList<>();
    for (Slot slot : slots) {
      List<Visual> offers = slot.offers == null ? List.of() : slot.offers;
      for (Visual offer : offers) {
        if (slot.takes(offer) && taken.add(known(offer))) {
          slot.chosen = offer;
          slot.unedited = false;
          slot.tries++;
          ready.add(slot);
          break;
        }
      }
      if (!ready.contains(slot) && slot.offers != null) {
        if (slot.tries == 0) {
          slot.failures.add("all that it has is seen in other scenes");
        }
        slot.nextFinder();
      }
    }
    return ready;
  }

  private void fetch(
      List<Slot> slots,
      List<VisualFinder> finders,
      Set<Integer> away,
      List<PictureFacts> looks,
      ExecutorService pool)
      throws StageException {
    List<Callable<Fetched>> calls = new ArrayList<>();
    for (Slot slot : slots) {
      VisualFinder finder = finders.get(slot.finder);
      Visual visual = Objects.requireNonNull(slot.chosen);
      boolean spare = slot.hasSpare(visual);
      calls.add(() -> fetched(finder, visual, slot.needed, spare));
    }
    List<SideBySide.Result<Fetched>> results = SideBySide.all(calls, pool);
    for (SideBySide.Result<Fetched> result : results) {
      throwNobodysFault(result.failure());
    }
    for (int i = 0; i < slots.size(); i++) {
      Slot slot = slots.get(i);
      StageException failure = results.get(i).failure();
      Fetched fetched = failure == null ? results.get(i).value() : null;
      if (fetched != null && repeats(Objects.requireNonNull(slot.chosen), fetched, looks)) {
        failure =
            new StageException(
                FailureCode.VISUAL_MISSING,
                name(Objects.requireNonNull(slot.chosen)) + " looks like what is seen already");
      }
      if (failure == null && fetched != null) {
        slot.fetched = fetched;
        looks.add(still(fetched).facts());
      } else if (failure != null) {
        failed(slot, finders, failure, away);
        slot.unedited = failure.code() == FailureCode.EDIT_FAILED;
        if (slot.leftover
            || failure.code() == FailureCode.PROVIDER_REFUSED
            || failure.code() == FailureCode.PROVIDER_REQUEST_INVALID
            || perhapsBought(finders.get(slot.finder), failure.code())) {
          // Another picture of the same words is declined, too; and what may have been ordered is
          // not ordered at the same provider in another guise.
          slot.nextFinder();
        }
      }
    }
  }

  /**
   * Whether a photo of stock is seen already: a site has it twice, two sites have it, or the record
   * brings it along. What was made to order is shown in any case.
   */
  private static boolean repeats(Visual visual, Fetched fetched, List<PictureFacts> looks) {
    return !visual.generated()
        && !visual.clip()
        && looks.stream().anyMatch(still(fetched).facts()::duplicateOf);
  }

  /**
   * Throws on what says nothing against a provider: another worker has the visual ordered, so that
   * no other offer is bought beside it, or our own limits left no turn. What the other scenes were
   * given is found the next time.
   */
  private static void throwNobodysFault(@Nullable StageException failure) throws StageException {
    if (failure != null
        && (failure.code() == FailureCode.LEASE_LOST || failure.code() == FailureCode.NO_TURN)) {
      throw failure;
    }
  }

  /**
   * Whether the next offer may be a second one that is paid for. A job that is overdue, or whose
   * file cannot be had now, may yet be there at a presenter; a card of one's own has dropped it.
   */
  private static boolean perhapsBought(VisualFinder finder, FailureCode code) {
    return code == FailureCode.PROVIDER_OUTCOME_UNKNOWN
        || ((code == FailureCode.JOB_OVERDUE || code == FailureCode.FILE_UNAVAILABLE)
            && finder.narrated());
  }

  /**
   * @param spare whether the visual is an edited one that is there without the edit, too
   */
  private Fetched fetched(VisualFinder finder, Visual visual, Scenes.Needed needed, boolean spare)
      throws StageException {
    Fetched fetched = found(finder, visual, needed, spare);
    guard(visual, fetched);
    return fetched;
  }

  /**
   * Has it looked at; what is blocked stays in the store, so that nobody buys it once more.
   *
   * @throws StageException {@code CONTENT_BLOCKED}
   */
  private void guard(Visual visual, Fetched fetched) throws StageException {
    guard.check(
        Stage.PLAN_VISUALS,
        narrated,
        content,
        (visual.clip() ? "clip " : "picture ") + name(visual),
        still(fetched).bytes());
  }

  private static Intakes.Intake still(Fetched fetched) {
    Intakes.Footage footage = fetched.clip();
    return Objects.requireNonNull(footage == null ? fetched.picture() : footage.poster());
  }

  private static StepKey fetchKey(VisualFinder finder, Visual visual) {
    return StepKey.of("fetch-visual", FETCH_VERSION, finder.identity(), visual);
  }

  private static String kind(Visual visual) {
    return (visual.generated() ? "generated " : "stock ") + (visual.clip() ? "clip" : "picture");
  }

  private Fetched found(VisualFinder finder, Visual visual, Scenes.Needed needed, boolean spare)
      throws StageException {
    StepKey key = fetchKey(finder, visual);
    return artifacts
        .record(
            Stage.PLAN_VISUALS,
            kind(visual),
            key,
            Fetched.class,
            () -> {
              if (!again) {
                failAsBefore(key);
              }
              return cashier.pay(
                  narrated,
                  content.siteId(),
                  CostItem.VISUALS,
                  till -> bought(finder, visual, needed, spare, key, till));
            })
        .value();
  }

  private Fetched bought(
      VisualFinder finder,
      Visual visual,
      Scenes.Needed needed,
      boolean spare,
      StepKey key,
      Cashier.Till till)
      throws StageException {
    VisualFile file;
    try {
      file = finder.paying(till).fetch(visual, sceneFor(finder, needed));
    } catch (StageException e) {
      // Who finds what was ordered looks after it; a lost edit nobody finds.
      if (visual.generated()
          && (lostEdit(e)
              || (!finder.probes() && e.code() == FailureCode.PROVIDER_OUTCOME_UNKNOWN))) {
        remember(key, e);
      }
      throw e;
    } catch (LostCallException e) {
      if (visual.generated() && !finder.probes()) {
        StageException unknown =
            new StageException(
                FailureCode.PROVIDER_OUTCOME_UNKNOWN,
                visual.provider() + " may have made it when the work was interrupted");
        Uninterrupted.run(() -> remember(key, unknown));
      }
      throw e;
    }
    try {
      return looked(visual, file.bytes(), till.bill());
    } catch (StageException e) {
      StageException told =
          spare
              ? new StageException(
                  FailureCode.EDIT_FAILED, "its edit cannot be used: " + e.describe(), e)
              : e;
      if (visual.generated()) {
        remember(key, told);
      }
      throw told;
    }
  }

  private static boolean lostEdit(StageException failure) {
    return failure.code() == FailureCode.EDIT_FAILED
        && failure.getCause() instanceof StageException cause
        && cause.code() == FailureCode.PROVIDER_OUTCOME_UNKNOWN;
  }

  /**
   * What was paid for, perhaps, and cannot be shown.
   *
   * @param code of the failure
   */
  record InVain(String code, String message) implements Serializable {}

  /**
   * What came to nothing is not ordered again for a day: an edit elsewhere, or another variant,
   * would pay for it once more. After that it is tried anew, for servers get better.
   */
  private static StepKey inVain(StepKey key, LocalDate day) {
    return StepKey.of("fetch-in-vain", 1, key, day.toString());
  }

  private void remember(StepKey key, StageException failure) {
    StepKey marker = inVain(key, LocalDate.now(ZoneOffset.UTC));
    MediaRef unused =
        artifacts
            .store()
            .putIfAbsent(
                marker,
                artifacts.putRecord(
                    new InVain(failure.code().name(), String.valueOf(failure.getMessage()))));
  }

  private void failAsBefore(StepKey key) throws StageException {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    for (LocalDate day : List.of(today, today.minusDays(1))) {
      Optional<MediaRef> marker = artifacts.store().find(inVain(key, day));
      if (marker.isPresent()) {
        InVain before = artifacts.read(marker.get(), InVain.class);
        throw new StageException(
            FailureCode.valueOf(before.code()),
            before.message() + " (on " + day + "; it is not ordered again before the day after)");
      }
    }
  }

  /** Looked at before it is kept: what cannot be shown is not found again. */
  private Fetched looked(Visual visual, byte[] file, List<Charge> bill) throws StageException {
    if (visual.clip()) {
      Intakes.Footage footage = intakes.clip(file, name(visual), 0);
      check(visual, footage.poster());
      if (visual.generated()) {
        checkMotion(visual, footage);
      }
      return new Fetched(null, footage, bill);
    }
    Intakes.Intake picture = intakes.picture(file, name(visual));
    check(visual, picture);
    return new Fetched(picture, null, bill);
  }

  private static String name(Visual visual) {
    return visual.page().isEmpty() ? visual.provider() + ":" + visual.id() : visual.page();
  }

  /** Of what was made to order, the shape; of everything, enough pixels to be seen. */
  private static void check(Visual visual, Intakes.Intake intake) throws StageException {
    int width = intake.facts().width();
    int height = intake.facts().height();
    long wanted = (long) visual.width() * height;
    long given = (long) width * visual.height();
    boolean otherShape =
        visual.generated()
            && Math.abs(wanted - given) * 1000 > MOST_ASPECT_PERMILLE * Math.max(wanted, given);
    if (Math.min(width, height) < LEAST_SIDE_PX || otherShape) {
      throw new StageException(
          FailureCode.PROVIDER_REPLY_INVALID,
          name(visual)
              + " has "
              + width
              + "x"
              + height
              + " pixels, "
              + (otherShape
                  ? "another shape than " + visual.width() + "x" + visual.height()
                  : "fewer than " + LEAST_SIDE_PX + " on a side"));
    }
  }

  /** Of a clip that was made to order: it lasts, it is lit, and something moves in it. */
  private void checkMotion(Visual visual, Intakes.Footage footage) throws StageException {
    long wantedUs = visual.durationMs() * 1000L;
    long givenUs = footage.facts().usableUs();
    if (givenUs * 1000 < wantedUs * LEAST_LENGTH_PERMILLE) {
      throw new StageException(
          FailureCode.CLIP_UNFIT,
          name(visual) + " lasts " + givenUs / 1000 + " ms instead of " + visual.durationMs());
    }
    ClipMotion.check(
        artifacts.store().localFile(footage.bytes()), name(visual), footage.facts().usableUs());
  }

  private void failed(
      Slot slot, List<VisualFinder> finders, StageException failure, Set<Integer> away) {
    slot.failure = failure;
    String line = finders.get(slot.finder).provider() + ": " + failure.describe();
    if (!slot.failures.contains(line)) {
      slot.failures.add(line);
    }
    log.warn("{}: scene {}: {}", narrated.recordKey(), slot.index + 1, line);
    if (AWAY.contains(failure.code())) {
      away.add(slot.finder);
    }
  }

  /** A promise that could not be kept, in words. */
  private static Optional<String> fallback(Slot slot, List<VisualFinder> finders) {
    if (finders.isEmpty() || slot.asPlanned(finders)) {
      return Optional.empty();
    }
    Visual chosen = slot.fetched == null ? null : slot.chosen;
    String concession = chosen == null ? null : chosen.concession();
    int planned = slot.planned(finders);
    String instead =
        chosen == null
            ? "no picture of a provider"
            : slot.finder == planned
                ? chosen.provider() + " gave " + concession
                : chosen.provider()
                    + (concession == null ? "" : ", " + concession + ",")
                    + " instead of "
                    + finders.get(planned).provider();
    String text =
        slot.needed.scene().cue().isEmpty()
            ? slot.needed.scene().text()
            : slot.needed.scene().cue();
    return Optional.of(
        "scene "
            + (slot.index + 1)
            + " '"
            + (text.length() > 60 ? text.substring(0, 60).strip() + "…" : text)
            + "': "
            + instead
            + (slot.failures.isEmpty() ? "" : " (" + String.join("; ", slot.failures) + ")"));
  }

  private Storyboard.Picture picture(int index, Slot slot, VisualFinder finder)
      throws StageException {
    Visual visual = Objects.requireNonNull(slot.chosen);
    Fetched fetched = Objects.requireNonNull(slot.fetched);
    Intakes.Footage footage = fetched.clip();
    Intakes.Intake still = still(fetched);
    Storyboard.Clip clip = null;
    if (footage != null) {
      MediaRef bytes = footage.bytes();
      // Its own sound is never heard: the narration is.
      Long followsUs =
          finder.narrated()
              ? audio.of(slot.needed).map(SceneAudio.Heard::startUs).orElse(null)
              : null;
      clip = new Storyboard.Clip(bytes, 0, footage.facts().usableUs(), false, 1000, 0, followsUs);
    }
    return new Storyboard.Picture(
        index,
        name(visual),
        still.bytes(),
        still.facts(),
        // By the words that are said meanwhile it is shown at its place.
        slot.needed.scene().text(),
        visual.credit(),
        visual.licence(),
        clip,
        /* small= */ false,
        new Storyboard.Origin(visual, slot.needed.section(), fetched.charges()));
  }
}
