package dev.reelbeam.clients.visual;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.http.ErrorReader;
import dev.reelbeam.clients.http.Repeatable;
import dev.reelbeam.clients.http.Reply;
import dev.reelbeam.clients.http.ServerCalls;
import dev.reelbeam.clients.visual.VisualSettings.PictureSize;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.LostCallException;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.port.Uninterrupted;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.model.visual.Shape;
import dev.reelbeam.model.visual.VisualFile;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;

/**
 * Pictures by Runware. Every task has a number of ours, which is kept before it is sent; when a
 * call is cut off, or a process ends in the middle of one, the picture is asked for by that number
 * before anybody thinks of paying for it twice. It is sent again only if Runware says that there is
 * no such task; one that it says nothing of is ordered under another number after an hour.
 */
final class RunwareImages implements PictureMaker {
  private static final String TAKES_THE_KEY = "it answers, and takes the key";
  private static final int MAX_PROMPT_CHARS = 2_000;

  /** The kind of task that asks what became of another; it costs nothing. */
  private static final String LOOK = "getResponse";

  /** Looks at a task, a pause apart, before it is left to whoever comes again. */
  private static final int MOST_LOOKS = 18;

  /** So long a task may be on its way: nobody draws for an hour. */
  private static final Duration OPEN_FOR = Duration.ofHours(1);

  private final VisualSettings settings;
  private final ServerCalls calls;
  private final ObjectStore store;
  private final Clock clock;
  private final Duration between;

  /**
   * Pictures of an entry.
   *
   * @param kept where the numbers of tasks lie, and the clock for them
   * @param between two looks at a task that is not done yet
   */
  RunwareImages(VisualSettings settings, ServerCalls calls, SearchCache kept, Duration between) {
    this.settings = settings;
    this.calls = calls;
    this.store = kept.store();
    this.clock = kept.clock();
    this.between = between;
  }

  /**
   * The number of a task that was sent, perhaps.
   *
   * @param atMs when, as time of the epoch; 0 of one that an earlier release sent
   */
  record Task(String uuid, long atMs) implements Serializable {}

  @Override
  public PictureSize size(Shape shape) {
    return settings.size(shape, 64);
  }

  @Override
  public String manner() {
    return settings.steps() + "/" + settings.style() + "/" + settings.avoid();
  }

  @Override
  public List<Charge> price() {
    return List.of(new Charge(settings.name(), settings.model(), Charge.Unit.PICTURE, 1));
  }

  @Override
  public int maxPromptChars() {
    return MAX_PROMPT_CHARS;
  }

  @Override
  public VisualFile make(String prompt, PictureSize size, long seed) throws StageException {
    for (int number = 1; ; number++) {
      StepKey key = key(prompt, size, seed, number);
      Optional<MediaRef> before = store.find(key);
      if (before.isEmpty()) {
        Task task = new Task(UUID.randomUUID().toString(), clock.millis());
        MediaRef kept =
            store.putIfAbsent(key, store.put(RecordJson.canonicalBytes(task), "application/json"));
        return sent(RecordJson.read(store.read(kept), Task.class).uuid(), prompt, size, seed);
      }
      Task task = RecordJson.read(store.read(before.get()), Task.class);
      String known = task.uuid();
      boolean old = clock.millis() - task.atMs() >= OPEN_FOR.toMillis();
      try {
        Optional<VisualFile> made = looked(known, old ? 1 : MOST_LOOKS);
        if (made.isEmpty() && old) {
          continue; // It will not come any more.
        }
        VisualFile file = made.orElseThrow(() -> notYet(known));
        return store.find(booked(known)).isPresent()
            ? new VisualFile(file.bytes(), List.of())
            : file;
      } catch (StageException e) {
        if (e.code() == FailureCode.PROVIDER_REQUEST_INVALID) {
          // It never arrived, or was forgotten since.
          return sent(known, prompt, size, seed);
        }
        // Nobody knows more than before; nothing was ordered just now.
        if (store.find(booked(known)).isPresent()) {
          throw e.withCharges(List.of());
        }
        throw unknown(known, e);
      }
    }
  }

  private StepKey key(String prompt, PictureSize size, long seed, int number) {
    List<Object> inputs =
        new ArrayList<>(
            List.of(
                settings.name(),
                settings.model(),
                manner(),
                prompt,
                size.toString(),
                String.valueOf(seed)));
    if (number > 1) {
      inputs.add(number);
    }
    return StepKey.of("runware-task", 1, inputs.toArray());
  }

  /** Whether its price was paid when nobody knew what had become of it. */
  private StepKey booked(String uuid) {
    return StepKey.of("runware-booked", 1, settings.name(), uuid);
  }

  private void book(String uuid) {
    MediaRef unused =
        store.putIfAbsent(
            booked(uuid),
            store.put(
                RecordJson.canonicalBytes(new Task(uuid, clock.millis())), "application/json"));
  }

  @Override
  public boolean probes() {
    return true;
  }

  private VisualFile sent(String uuid, String prompt, PictureSize size, long seed)
      throws StageException {
    ObjectNode task = task("imageInference", uuid);
    task.put("model", settings.model());
    task.put("positivePrompt", prompt);
    task.put("negativePrompt", settings.avoid());
    task.put("width", size.width());
    task.put("height", size.height());
    task.put("seed", seed);
    task.put("numberResults", 1);
    // No address to follow: the picture is in the reply.
    task.put("outputType", "base64Data");
    task.put("outputFormat", "JPG");
    task.put("includeCost", true);
    if (settings.steps() > 0) {
      task.put("steps", settings.steps());
    }
    JsonNode reply;
    try {
      reply = calls.json(send(task));
    } catch (StageException e) {
      if (e.code() != FailureCode.PROVIDER_OUTCOME_UNKNOWN) {
        throw unknown(uuid, e);
      }
      try {
        return found(uuid);
      } catch (StageException | StoreException probe) {
        e.addSuppressed(probe);
        throw unknown(uuid, e);
      } catch (CancellationException cancelled) {
        throw lost(uuid, cancelled);
      }
    } catch (LostCallException cancelled) {
      throw lost(uuid, cancelled);
    }
    return unfinished(reply, uuid) ? waited(uuid) : picture(reply, uuid);
  }

  /** The picture of a task that was taken, and not made at once. */
  private VisualFile waited(String uuid) throws StageException {
    try {
      return found(uuid);
    } catch (StageException e) {
      throw unknown(uuid, e);
    } catch (CancellationException cancelled) {
      throw lost(uuid, cancelled);
    }
  }

  /** What counts as bought although nothing came of it ({@link Purse#buy}) is noted as booked. */
  private StageException unknown(String uuid, StageException e) {
    if (e.code() == FailureCode.PROVIDER_OUTCOME_UNKNOWN
        || e.code() == FailureCode.PROVIDER_REPLY_INVALID) {
      book(uuid);
    }
    return e;
  }

  /** It may be made and billed, though nobody waits any longer. */
  private LostCallException lost(String uuid, CancellationException cancelled) {
    Uninterrupted.run(() -> book(uuid));
    LostCallException lost = new LostCallException(String.valueOf(cancelled.getMessage()));
    lost.addSuppressed(cancelled);
    return lost;
  }

  /**
   * The picture of a task that was sent, waited for while it is made.
   *
   * @throws StageException {@code PROVIDER_OUTCOME_UNKNOWN} if it is still made after a while
   */
  private VisualFile found(String uuid) throws StageException {
    return looked(uuid, MOST_LOOKS).orElseThrow(() -> notYet(uuid));
  }

  private StageException notYet(String uuid) {
    return new StageException(
        FailureCode.PROVIDER_OUTCOME_UNKNOWN,
        settings.name()
            + " has not answered task "
            + uuid
            + " yet; it is looked for the next time, and ordered again after an hour");
  }

  /** The same; empty after so many looks. */
  private Optional<VisualFile> looked(String uuid, int looks) throws StageException {
    for (int look = 1; ; look++) {
      JsonNode reply = calls.json(send(task(LOOK, uuid)));
      if (!unfinished(reply, uuid)) {
        return Optional.of(picture(reply, uuid));
      }
      if (look >= looks) {
        return Optional.empty();
      }
      try {
        Thread.sleep(between.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancellationException("waiting for " + settings.name() + " was cancelled");
      }
    }
  }

  /**
   * Asks for a task that there is not, which costs nothing.
   *
   * @return what is known after it
   * @throws StageException {@code PROVIDER_*}
   */
  static String probe(ServerCalls calls) throws StageException {
    ArrayNode tasks =
        JsonNodeFactory.instance.arrayNode().add(task("getResponse", UUID.randomUUID().toString()));
    JsonNode error;
    try {
      error = calls.json(calls.post("", tasks, Repeatable.YES)).path("errors").path(0);
    } catch (StageException e) {
      if (e.code() != FailureCode.PROVIDER_REQUEST_INVALID) {
        throw e;
      }
      return TAKES_THE_KEY;
    }
    ErrorReader.Meaning meaning = RunwareErrors.meaning(200, error);
    if (error.isObject() && meaning.code() != FailureCode.PROVIDER_REQUEST_INVALID) {
      throw new StageException(meaning.code(), calls.name() + ": " + meaning.message());
    }
    return TAKES_THE_KEY;
  }

  /** Neither a result nor an error is "not yet", as of a task that is still made. */
  private static boolean unfinished(JsonNode reply, String uuid) {
    for (JsonNode result : reply.path("data")) {
      if (result.path("taskUUID").asText().equals(uuid)) {
        return result.path("imageBase64Data").asText("").isEmpty()
            && !result.path("NSFWContent").asBoolean(false);
      }
    }
    return reply.path("data").isArray() && reply.path("errors").isEmpty();
  }

  private static ObjectNode task(String type, String uuid) {
    return RecordJson.newObject().put("taskType", type).put("taskUUID", uuid);
  }

  private Reply send(ObjectNode task) throws StageException {
    ArrayNode tasks = JsonNodeFactory.instance.arrayNode().add(task);
    boolean look = task.path("taskType").asText().equals(LOOK);
    return calls.post("", tasks, look ? Repeatable.YES : Repeatable.ONLY_AFTER_A_LOOK);
  }

  /** A reply may hold data and errors, each for its own task. */
  private VisualFile picture(JsonNode reply, String uuid) throws StageException {
    for (JsonNode result : reply.path("data")) {
      if (result.path("taskUUID").asText().equals(uuid)) {
        if (result.path("NSFWContent").asBoolean(false)) {
          throw new StageException(
              FailureCode.PROVIDER_REFUSED, settings.name() + ": its filter marked the picture");
        }
        byte[] bytes = Base64Pictures.decode(result.path("imageBase64Data").asText(""), calls);
        return new VisualFile(bytes, charges(result.path("cost")));
      }
    }
    JsonNode error = reply.path("errors").path(0);
    if (error.isObject()) {
      ErrorReader.Meaning meaning = RunwareErrors.meaning(200, error);
      throw new StageException(meaning.code(), settings.name() + ": " + meaning.message());
    }
    throw calls.invalid("its reply holds no result of the task");
  }

  private List<Charge> charges(JsonNode dollars) {
    if (!dollars.isNumber()) {
      return price();
    }
    BigDecimal micros = dollars.decimalValue().movePointRight(6).setScale(0, RoundingMode.UP);
    return List.of(
        new Charge(
            settings.name(), settings.model(), Charge.Unit.MICRO_DOLLAR, micros.longValue()));
  }
}
