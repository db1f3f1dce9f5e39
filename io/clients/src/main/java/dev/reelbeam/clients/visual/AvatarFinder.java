package dev.reelbeam.clients.visual;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.http.Repeatable;
import dev.reelbeam.clients.http.Reply;
import dev.reelbeam.clients.http.ServerCalls;
import dev.reelbeam.clients.http.WebDownload;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.LostCallException;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.port.StoreException;
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
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * A presenter who says a scene. The narration is heard, never the presenter: its lips follow our
 * audio where the provider takes it, and where that fails it speaks the text itself, which the
 * visual says.
 *
 * <p>A clip is paid for when it is ordered, so its number is kept in the store as soon as there is
 * one: who comes back after an interruption looks after that clip and orders no other. Before each
 * order, and after one whose answer was lost, it is looked for by its title: among the newest, and
 * behind them where it may have been sent. That an order is sent is kept before, and that it was
 * refused, or never left, after; what may be on its way, and no list shows, is not sent again for
 * an hour.
 */
final class AvatarFinder implements VisualFinder {
  /** Raised whenever the same scene would be ordered otherwise. */
  private static final int VERSION = 1;

  private static final String LICENCE = "generated";
  private static final String MUTE = "lips that do not follow the narration";
  private static final int ID_LETTERS = 20;
  private static final int MOST_ORDERS = 3;

  /** What was just ordered is among the newest. */
  private static final int NEWEST = 1;

  private static final int MOST_PAGES = 20;
  private static final int LOOKS_AFTER_A_LOSS = 3;

  /** So long an order may be on its way into a list. */
  private static final Duration OPEN_FOR = Duration.ofHours(1);

  /** How many clips of a list are asked for at once. */
  static final String PAGE = "100";

  private static final MediaType WAV = MediaType.get("audio/wav");

  private final VisualSettings settings;
  private final AvatarSettings avatar;
  private final AvatarService service;
  private final WebDownload files;
  private final ObjectStore store;
  private final Clock clock;
  private final Duration between;
  private final Purse purse;

  /**
   * @param kept where the numbers of orders lie, and the clock for them
   * @param between looks at a clip that is made
   */
  AvatarFinder(
      VisualSettings settings,
      AvatarSettings avatar,
      AvatarService service,
      WebDownload files,
      SearchCache kept,
      Duration between) {
    this(settings, avatar, service, files, kept.store(), kept.clock(), between, Purse.OPEN);
  }

  private AvatarFinder(
      VisualSettings settings,
      AvatarSettings avatar,
      AvatarService service,
      WebDownload files,
      ObjectStore store,
      Clock clock,
      Duration between,
      Purse purse) {
    this.settings = settings;
    this.avatar = avatar;
    this.service = service;
    this.files = files;
    this.store = store;
    this.clock = clock;
    this.between = between;
    this.purse = purse;
  }

  @Override
  public VisualFinder paying(Purse from) {
    return new AvatarFinder(settings, avatar, service, files, store, clock, between, from);
  }

  @Override
  public String identity() {
    return String.join(
        "/",
        settings.name() + ":" + settings.kind(),
        avatar.id(),
        avatar.voice(),
        avatar.template(),
        avatar.background(),
        avatar.test() ? "test" : "full",
        service.takesAudio() ? "audio" : "text",
        "avatar-" + VERSION);
  }

  @Override
  public String provider() {
    return settings.name();
  }

  @Override
  public boolean probes() {
    return true;
  }

  @Override
  public int parallel() {
    return settings.parallel();
  }

  @Override
  public int scenes() {
    return settings.scenes();
  }

  @Override
  public boolean narrated() {
    return true;
  }

  @Override
  public List<Visual> find(Scene scene) throws StageException {
    List<Visual> offers = new ArrayList<>();
    if (service.takesAudio()) {
      if (scene.narration() != null) {
        offers.add(offer("audio", scene, null));
      }
      if (!avatar.voice().isEmpty()) {
        offers.add(offer("text", scene, MUTE));
      }
    } else {
      offers.add(offer("text", scene, null));
    }
    if (offers.isEmpty()) {
      throw new StageException(
          FailureCode.VISUAL_MISSING,
          settings.name() + " has nothing to hear, and avatar.voice names nobody who could speak");
    }
    return List.copyOf(offers);
  }

  private Visual offer(String way, Scene scene, @Nullable String concession) {
    MediaRef narration = scene.narration();
    String spoken = way.equals("audio") && narration != null ? narration.sha256() : scene.text();
    boolean shapes = service.shapes();
    return new Visual(
        settings.name(),
        Visual.GENERATED,
        way
            + "-"
            + RecordJson.sha256(List.of(identity(), spoken, scene.language(), scene.shape()))
                .substring(0, ID_LETTERS),
        /* clip= */ true,
        "",
        "",
        settings.kind(),
        LICENCE,
        scene.text(),
        scene.text(),
        shapes ? scene.shape().width() : 0,
        shapes ? scene.shape().height() : 0,
        scene.durationMs(),
        avatar.test() ? List.of() : charges((scene.durationMs() + 999) / 1_000),
        concession);
  }

  private List<Charge> charges(long seconds) {
    return List.of(
        new Charge(settings.name(), settings.model(), Charge.Unit.VIDEO_SECOND, seconds));
  }

  /** What is stored about an order. */
  record Ordered(String id) implements Serializable {}

  @Override
  public VisualFile fetch(Visual visual, Scene scene) throws StageException {
    StageException failure = null;
    for (int number = 1; number <= MOST_ORDERS; number++) {
      StepKey key = StepKey.of("avatar-order", VERSION, identity(), visual.id(), number);
      String title = "reelbeam " + visual.id() + (number == 1 ? "" : "-" + number);
      OrderNotes notes = new OrderNotes(store, clock, "avatar", key);
      Optional<String> known = known(key, title, notes);
      if (known.isEmpty()) {
        OptionalInt attempt = notes.next(OPEN_FOR);
        if (attempt.isEmpty()) {
          throw new StageException(
              FailureCode.PROVIDER_OUTCOME_UNKNOWN,
              settings.name()
                  + " may have been sent the order "
                  + title
                  + ", and lists it not; it is not sent again within "
                  + OPEN_FOR.toMinutes()
                  + " minutes, and after them by make --retry");
        }
        String audio = uploaded(visual, scene);
        // Paid for as soon as it is ordered, whatever becomes of it.
        String id =
            purse.buy(
                settings.name(),
                visual.price(),
                () -> notes.order(attempt.getAsInt(), () -> ordered(title, audio, scene)),
                unused -> visual.price());
        keep(key, id);
        try {
          return made(id, visual);
        } catch (StageException e) {
          throw ordered(e, id);
        }
      }
      try {
        // Paid for by whoever ordered it.
        return new VisualFile(made(known.get(), visual).bytes(), List.of());
      } catch (StageException e) {
        if (!orderAnew(e)) {
          throw ordered(e, known.get());
        }
        failure = e;
      }
    }
    throw java.util.Objects.requireNonNull(failure, "ordered more than once");
  }

  /**
   * Whether a job that was ordered before is beyond hope: it failed, or the provider has it no
   * longer. For a look at a number that it gave itself there is no other reason to call the request
   * wrong.
   */
  static boolean orderAnew(StageException failure) {
    return failure.code() == FailureCode.JOB_FAILED
        || failure.code() == FailureCode.PROVIDER_REQUEST_INVALID;
  }

  /** A look that nobody understands, or a file that is none, says nothing against the order. */
  private StageException ordered(StageException e, String id) {
    return e.code() == FailureCode.PROVIDER_REPLY_INVALID
        ? new StageException(
            FailureCode.PROVIDER_OUTCOME_UNKNOWN,
            settings.name() + " has clip " + id + ", which cannot be had now: " + e.getMessage(),
            e)
        : e;
  }

  /** The number of an order that was kept, or whose answer nobody heard. */
  private Optional<String> known(StepKey key, String title, OrderNotes notes)
      throws StageException {
    Optional<MediaRef> kept = store.find(key);
    if (kept.isPresent()) {
      return Optional.of(RecordJson.read(store.read(kept.get()), Ordered.class).id());
    }
    Optional<String> found = service.find(title, notes.begun() ? MOST_PAGES : NEWEST);
    found.ifPresent(id -> keep(key, id));
    return found;
  }

  private void keep(StepKey key, String id) {
    MediaRef unused =
        store.putIfAbsent(
            key, store.put(RecordJson.canonicalBytes(new Ordered(id)), "application/json"));
  }

  private String uploaded(Visual visual, Scene scene) throws StageException {
    MediaRef narration = scene.narration();
    return visual.id().startsWith("audio-") && narration != null
        ? service.upload(store.read(narration))
        : "";
  }

  private String ordered(String title, String audio, Scene scene) throws StageException {
    try {
      return service.create(
          new AvatarService.Order(title, scene.text(), scene.language(), audio, scene.shape()));
    } catch (StageException e) {
      StageException unknown = unknown(e);
      try {
        return foundSoon(title).orElseThrow(() -> unknown);
      } catch (StageException | StoreException probe) {
        if (probe != unknown) {
          unknown.addSuppressed(probe);
        }
        throw unknown;
      } catch (LostCallException cancelled) {
        throw cancelled;
      } catch (CancellationException cancelled) {
        // The look was not sent; the order was.
        LostCallException lost = new LostCallException(String.valueOf(cancelled.getMessage()));
        lost.addSuppressed(cancelled);
        throw lost;
      }
    }
  }

  /** A list may be a moment behind. */
  private Optional<String> foundSoon(String title) throws StageException {
    Optional<String> found = service.find(title, NEWEST);
    for (int look = 1; found.isEmpty() && look < LOOKS_AFTER_A_LOSS; look++) {
      rest();
      found = service.find(title, NEWEST);
    }
    return found;
  }

  private void rest() {
    try {
      Thread.sleep(between.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LostCallException("waiting for " + settings.name() + " was cancelled");
    }
  }

  /**
   * A part of a list.
   *
   * @param next names the part behind it; empty for none
   */
  record Page(JsonNode clips, String next) {}

  /** Reads a page of a list, the first for an empty name. */
  @FunctionalInterface
  interface Pages {
    Page read(String next) throws StageException;
  }

  /** The id of a clip of a list, newest first, looked for on so many pages. */
  static Optional<String> listed(Pages pages, int most, Predicate<JsonNode> wanted)
      throws StageException {
    String next = "";
    for (int page = 1; page <= most; page++) {
      Page read = pages.read(next);
      for (JsonNode clip : read.clips()) {
        if (wanted.test(clip)) {
          return Optional.of(clip.path("id").asText());
        }
      }
      next = read.next();
      if (next.isEmpty()) {
        break;
      }
    }
    return Optional.empty();
  }

  /** An answer that nobody understands may be about a clip that was ordered. */
  static StageException unknown(StageException e) throws StageException {
    return switch (e.code()) {
      case PROVIDER_OUTCOME_UNKNOWN -> e;
      case PROVIDER_REPLY_INVALID ->
          new StageException(
              FailureCode.PROVIDER_OUTCOME_UNKNOWN, String.valueOf(e.getMessage()), e);
      default -> throw e;
    };
  }

  private VisualFile made(String id, Visual visual) throws StageException {
    long endNs = System.nanoTime() + Duration.ofSeconds(avatar.deadlineSeconds()).toNanos();
    AvatarService.State state = service.look(id);
    while (state.address().isEmpty()) {
      if (System.nanoTime() > endNs) {
        throw new StageException(
            FailureCode.JOB_OVERDUE,
            settings.name()
                + " has not made clip "
                + id
                + " within "
                + avatar.deadlineSeconds()
                + " s; it is looked for again the next time");
      }
      rest();
      state = service.look(id);
    }
    byte[] bytes;
    try {
      bytes = files.fetch(state.address(), "video/");
    } catch (StageException e) {
      if (e.code() != FailureCode.PROVIDER_REPLY_INVALID) {
        throw e;
      }
      // Addresses are signed for a while: a look gives a fresh one.
      bytes = files.fetch(service.look(id).address(), "video/");
    }
    // As it was ordered: so it is booked.
    return new VisualFile(bytes, visual.price());
  }

  /** Sends a WAV file as the part of a form. Sending it twice costs nothing. */
  static Reply sent(ServerCalls calls, String path, String part, byte[] wav) throws StageException {
    MultipartBody form =
        new MultipartBody.Builder()
            .setType(MultipartBody.FORM)
            .addFormDataPart(part, "narration.wav", RequestBody.create(wav, WAV))
            .build();
    return calls
        .http()
        .call(calls.request(calls.url(path).build()).post(form).build(), Repeatable.YES);
  }

  /** A field of an answer that has to be there. */
  static String named(ServerCalls calls, JsonNode reply, String field) throws StageException {
    String value = reply.path(field).asText("");
    if (value.isEmpty() || value.length() > 2_000) {
      throw calls.invalid("its answer names no " + field);
    }
    return value;
  }
}
