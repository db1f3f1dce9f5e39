package dev.reelbeam.clients.visual;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.http.Repeatable;
import dev.reelbeam.clients.http.Reply;
import dev.reelbeam.clients.http.ServerCalls;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.Fence;
import dev.reelbeam.model.port.Lease;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.port.VisualFinder;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Visual;
import dev.reelbeam.model.visual.VisualFile;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.RequestBody;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clips of another finder, changed as an instruction says by Decart's Lucy: clip in, words, clip
 * out. A clip that could not be changed ({@code EDIT_FAILED}) is offered as it was, which it says,
 * before any other is made; it is kept, so that it is not fetched, or ordered, a second time.
 */
final class EditedFinder implements VisualFinder {
  private static final Logger log = LoggerFactory.getLogger(EditedFinder.class);

  /** Raised whenever the same clip would be edited otherwise. */
  private static final int VERSION = 1;

  private static final String EDITED = "edited-";
  private static final String LEFT_OUT = "a clip without the edit";
  private static final int ID_LETTERS = 20;
  private static final int MOST_ORDERS = 3;

  /** So long after it was told that an order may have been heard, nobody sends it again. */
  private static final Duration OPEN_FOR = Duration.ofHours(1);

  /** So long a clip whose edit was begun is offered before what a search finds by then. */
  private static final Duration BEGUN_FOR = Duration.ofDays(7);

  private static final MediaType MP4 = MediaType.get("video/mp4");

  private final VisualFinder clips;
  private final EditSettings edit;
  private final ServerCalls calls;
  private final ObjectStore store;
  private final Clock clock;
  private final Duration between;
  private final Purse purse;

  /**
   * @param kept where clips and the numbers of orders lie, and the clock for them
   * @param between looks at a clip that is edited
   */
  EditedFinder(
      VisualFinder clips,
      EditSettings edit,
      ServerCalls calls,
      SearchCache kept,
      Duration between) {
    this(clips, edit, calls, kept.store(), kept.clock(), between, Purse.OPEN);
  }

  private EditedFinder(
      VisualFinder clips,
      EditSettings edit,
      ServerCalls calls,
      ObjectStore store,
      Clock clock,
      Duration between,
      Purse purse) {
    this.clips = clips;
    this.edit = edit;
    this.calls = calls;
    this.store = store;
    this.clock = clock;
    this.between = between;
    this.purse = purse;
  }

  @Override
  public VisualFinder paying(Purse from) {
    return new EditedFinder(clips.paying(from), edit, calls, store, clock, between, from);
  }

  @Override
  public String identity() {
    return clips.identity()
        + "/"
        + edit.name()
        + ":"
        + edit.model()
        + "/"
        + RecordJson.sha256(edit.prompt()).substring(0, ID_LETTERS)
        + "/edit-"
        + VERSION;
  }

  @Override
  public String provider() {
    return clips.provider();
  }

  @Override
  public boolean probes() {
    return clips.probes();
  }

  @Override
  public int parallel() {
    return clips.parallel();
  }

  @Override
  public int scenes() {
    return clips.scenes();
  }

  @Override
  public boolean narrated() {
    return clips.narrated();
  }

  @Override
  public List<Visual> find(Scene scene) throws StageException {
    List<Visual> offers = new ArrayList<>();
    for (Visual each : clipsFor(scene)) {
      if (!each.clip()) {
        // A picture is not edited and gives up no edit.
        offers.add(each);
        continue;
      }
      Visual edited = edited(each);
      offers.add(edited);
      offers.add(each.insteadOf(edited, withoutEdit(each)));
    }
    return List.copyOf(offers);
  }

  /** A picture is not edited. */
  @Override
  public Optional<Visual> kept(Scene scene) {
    return clips.kept(scene).filter(each -> !each.clip());
  }

  /** What it gave up before, and the edit. */
  private static String withoutEdit(Visual plain) {
    String own = plain.concession();
    return own == null ? LEFT_OUT : own + ", " + LEFT_OUT;
  }

  /**
   * What there is, and before it what was begun with: another day a search finds other clips, and
   * an edit that was interrupted has been paid for.
   */
  private List<Visual> clipsFor(Scene scene) throws StageException {
    List<Visual> all = begun(scene);
    Set<String> ids = all.stream().map(Visual::id).collect(Collectors.toSet());
    try {
      for (Visual each : clips.find(scene)) {
        if (!ids.contains(each.id())) {
          all.add(each);
        }
      }
    } catch (StageException e) {
      if (all.isEmpty() || e.code() == FailureCode.NO_TURN || e.code() == FailureCode.LEASE_LOST) {
        throw e;
      }
      log.warn("{}: {}; an edit that was begun goes on", provider(), e.describe());
    }
    return all;
  }

  /** What is stored about a clip of a scene whose edit is ordered. */
  record Begun(long atMs, Visual clip) implements Serializable {}

  private StepKey begunKey(Scene scene, int number) {
    return StepKey.of("edit-begun", VERSION, identity(), scene, number);
  }

  private List<Visual> begun(Scene scene) {
    List<Visual> begun = new ArrayList<>();
    for (int number = 0; ; number++) {
      Optional<MediaRef> kept = store.find(begunKey(scene, number));
      if (kept.isEmpty()) {
        return begun;
      }
      Begun one = RecordJson.read(store.read(kept.get()), Begun.class);
      if (clock.millis() - one.atMs() < BEGUN_FOR.toMillis()) {
        begun.add(one.clip());
      }
    }
  }

  /** Of what a search found alone: what is made to order is offered alike for ever. */
  private void begin(Visual clip, Scene scene) {
    if (clip.generated() || begun(scene).stream().anyMatch(each -> each.id().equals(clip.id()))) {
      return;
    }
    MediaRef begun =
        store.put(RecordJson.canonicalBytes(new Begun(clock.millis(), clip)), "application/json");
    int number = 0;
    while (!store.putIfAbsent(begunKey(scene, number), begun).equals(begun)) {
      number++;
    }
  }

  private Visual edited(Visual clip) {
    List<Charge> price = new ArrayList<>(clip.price());
    price.addAll(charges(clip));
    // Whom the clip is from is still to be named, and where it was found.
    String author =
        (clip.generated() ? clip.author() : clip.found()) + ", edited by " + edit.model();
    return new Visual(
        clip.provider(),
        Visual.GENERATED,
        EDITED + clip.id(),
        clip.clip(),
        "",
        clip.page(),
        author,
        clip.licence(),
        (clip.prompt() + " " + edit.prompt()).strip(),
        clip.words(),
        clip.width(),
        clip.height(),
        clip.durationMs(),
        price,
        clip.concession());
  }

  private List<Charge> charges(Visual clip) {
    return List.of(
        new Charge(
            edit.name(),
            edit.model(),
            Charge.Unit.VIDEO_SECOND,
            Math.max(1, (clip.durationMs() + 999) / 1_000)));
  }

  @Override
  public VisualFile fetch(Visual visual, Scene scene) throws StageException {
    boolean wanted = visual.id().startsWith(EDITED);
    String id = wanted ? visual.id().substring(EDITED.length()) : visual.id();
    Visual clip =
        clipsFor(scene).stream()
            .filter(each -> each.id().equals(id))
            .findFirst()
            .orElseThrow(
                () ->
                    new StageException(
                        FailureCode.VISUAL_MISSING, provider() + " offers " + id + " no longer"));
    if (!clip.clip()) {
      return clips.fetch(clip, scene);
    }
    StepKey key = StepKey.of("clip-to-edit", VERSION, clips.identity(), clip);
    VisualFile plain = plain(key, clip, scene);
    if (!wanted) {
      return plain;
    }
    begin(clip, scene);
    VisualFile edited;
    try {
      edited = edited(plain.bytes(), charges(clip));
    } catch (StageException e) {
      if (e.code() == FailureCode.LEASE_LOST || e.code() == FailureCode.NO_TURN) {
        throw e;
      }
      // Whatever became of the edit, the clip is there: another one is not to be ordered.
      throw new StageException(
          FailureCode.EDIT_FAILED, "the clip is there, its edit is not: " + e.describe(), e);
    }
    List<Charge> charges = new ArrayList<>(plain.charges());
    charges.addAll(edited.charges());
    return new VisualFile(edited.bytes(), charges);
  }

  /** The clip as it was, paid for once. */
  private VisualFile plain(StepKey key, Visual clip, Scene scene) throws StageException {
    Optional<MediaRef> kept = store.find(key);
    if (kept.isPresent()) {
      return new VisualFile(store.read(kept.get()), List.of());
    }
    VisualFile fetched = clips.fetch(clip, scene);
    MediaRef unused = store.putIfAbsent(key, store.put(fetched.bytes(), "video/mp4"));
    return fetched;
  }

  /** What is stored about a job. */
  record Ordered(String job) implements Serializable {}

  /**
   * The clip after the edit. A job is paid for when it is ordered, so its number is kept before the
   * first look: who comes back looks after that job. One that failed, or is gone, is ordered anew.
   */
  private VisualFile edited(byte[] clip, List<Charge> price) throws StageException {
    String sha256 = RecordJson.sha256(clip);
    StageException failure = null;
    for (int number = 1; number <= MOST_ORDERS; number++) {
      StepKey key =
          StepKey.of(
              "edit-order", VERSION, edit.name(), edit.model(), edit.prompt(), sha256, number);
      Optional<MediaRef> known = store.find(key);
      String job = null;
      if (known.isEmpty()) {
        // Who wants the same at the same time waits for its number.
        try (Lease alone = Fence.within(store.lease(key))) {
          known = store.find(key);
          job = known.isPresent() ? null : bought(clip, price, key);
        }
        if (job != null) {
          return new VisualFile(made(job), price);
        }
      }
      try {
        // Paid for by whoever ordered it.
        return new VisualFile(
            made(RecordJson.read(store.read(known.orElseThrow()), Ordered.class).job()), List.of());
      } catch (StageException e) {
        if (!AvatarFinder.orderAnew(e)) {
          throw e;
        }
        failure = e;
      }
    }
    throw Objects.requireNonNull(failure, "ordered more than once");
  }

  /**
   * Jobs cannot be listed: one that may have been heard is not ordered again for an hour after that
   * was told, and then by whoever asks for it anew.
   */
  private String bought(byte[] clip, List<Charge> price, StepKey order) throws StageException {
    OrderNotes notes = new OrderNotes(store, clock, "edit", order);
    OptionalInt attempt = notes.nextAfterItWasTold(OPEN_FOR);
    if (attempt.isEmpty()) {
      throw new StageException(
              FailureCode.PROVIDER_OUTCOME_UNKNOWN,
              calls.name()
                  + " may have been sent the order before; it is not sent again within "
                  + OPEN_FOR.toMinutes()
                  + " minutes, and after them by make --retry")
          .withCharges(List.of());
    }
    String job =
        purse.buy(
            edit.name(),
            price,
            () -> notes.order(attempt.getAsInt(), () -> ordered(clip)),
            unused -> price);
    MediaRef unused =
        store.putIfAbsent(
            order, store.put(RecordJson.canonicalBytes(new Ordered(job)), "application/json"));
    return job;
  }

  private String ordered(byte[] clip) throws StageException {
    MultipartBody form =
        new MultipartBody.Builder()
            .setType(MultipartBody.FORM)
            .addFormDataPart("prompt", edit.prompt())
            .addFormDataPart("data", "clip.mp4", RequestBody.create(clip, MP4))
            .build();
    // Jobs cannot be listed: one whose answer was lost is unknown, and not sent again.
    try {
      Reply reply =
          calls
              .orders()
              .call(
                  calls.request(calls.url("v1/jobs/" + edit.model()).build()).post(form).build(),
                  Repeatable.ONLY_AFTER_AN_ANSWER);
      return AvatarFinder.named(calls, calls.json(reply), "job_id");
    } catch (StageException e) {
      throw AvatarFinder.unknown(e);
    }
  }

  private byte[] made(String job) throws StageException {
    long endNs = System.nanoTime() + Duration.ofSeconds(edit.deadlineSeconds()).toNanos();
    while (true) {
      JsonNode state = calls.json(calls.get(calls.url("v1/jobs/" + job).build()));
      switch (state.path("status").asText()) {
        case "completed":
          Reply content = calls.get(calls.url("v1/jobs/" + job + "/content").build());
          if (!content.contentType().startsWith("video/")
              && !content.contentType().equals("application/octet-stream")) {
            throw calls.invalid(ServerCalls.instead(content) + " where a clip was expected");
          }
          return content.body();
        case "failed":
          throw new StageException(
              FailureCode.JOB_FAILED, calls.name() + " could not edit the clip");
        default:
          break;
      }
      if (System.nanoTime() > endNs) {
        throw new StageException(
            FailureCode.JOB_OVERDUE,
            calls.name()
                + " has not edited a clip within "
                + edit.deadlineSeconds()
                + " s; it is looked for again the next time");
      }
      try {
        Thread.sleep(between.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancellationException("waiting for " + calls.name() + " was cancelled");
      }
    }
  }

  @Override
  public void close() {
    clips.close();
  }
}
