package dev.reelbeam.clients.visual;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.visual.ComfyServer.OutFile;
import dev.reelbeam.clients.visual.ComfyWorkflows.Order;
import dev.reelbeam.clients.visual.VisualSettings.PictureSize;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.LostCallException;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.port.VisualFinder;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Visual;
import dev.reelbeam.model.visual.VisualFile;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clips and pictures that a ComfyUI server makes.
 *
 * <p>It offers what was asked for, twice, the second from another angle; and then, for a scene that
 * fails, less and less: a simpler description, a simplified workflow, fewer pixels, a frame that an
 * unfinished job of this scene had already put out, a still picture. Each of these is a visual of
 * its own that says what it gives up, so none is ever stored, or shown, as if it were the clip.
 */
final class ComfyFinder implements VisualFinder {
  /** Raised whenever the same scene would be made otherwise. */
  private static final int VERSION = 1;

  private static final Logger log = LoggerFactory.getLogger(ComfyFinder.class);
  private static final String LICENCE = "generated";
  private static final String ANGLE = "Seen from another angle.";
  private static final int MAX_PROMPT_CHARS = 1_500;
  private static final int ID_LETTERS = 20;
  private static final long SEEDS = 2_147_483_647;

  /** Models take sizes in steps of 32 and lengths of eight frames and one. */
  private static final int STEP = 32;

  private static final int FRAMES_STEP = 8;

  /** Below this a picture is too coarse to be shown. */
  private static final int LEAST_LONG_SIDE = 576;

  private static final int USUAL_STEPS = 25;
  private static final Duration LEAST_DEADLINE = Duration.ofSeconds(120);
  private static final int PATIENCE = 5;

  /** What is made, and what is given up with it. */
  private enum Rung {
    FULL("full", null),
    TEMPLATE("template", "the template instead of a workflow of its own"),
    SIMPLE_WORDS("words", "a simpler description"),
    SIMPLE_GRAPH("simple", "a simplified workflow"),
    SMALL("small", "fewer pixels"),
    KEPT("kept", "a frame of an unfinished clip"),
    STILL("still", "a still picture");

    private final String id;
    private final @Nullable String concession;

    Rung(String id, @Nullable String concession) {
      this.id = id;
      this.concession = concession;
    }

    /** With all that the template asks for: no fewer steps, no smaller picture. */
    boolean whole() {
      return this == FULL || this == TEMPLATE || this == SIMPLE_WORDS;
    }

    static Rung of(Visual visual) {
      for (Rung rung : values()) {
        if (visual.id().startsWith(rung.id + "-")) {
          return rung;
        }
      }
      throw new IllegalArgumentException("not offered here: " + visual.id());
    }
  }

  private final VisualSettings settings;
  private final WorkflowSettings workflow;
  private final ComfyServer server;
  private final ObjectStore store;
  private final GpuTimes times;
  private final @Nullable ComfyWriter writer;
  private final Purse purse;

  ComfyFinder(
      VisualSettings settings,
      WorkflowSettings workflow,
      ComfyServer server,
      ObjectStore store,
      GpuTimes times,
      @Nullable ComfyWriter writer) {
    this(settings, workflow, server, store, times, writer, Purse.OPEN);
  }

  private ComfyFinder(
      VisualSettings settings,
      WorkflowSettings workflow,
      ComfyServer server,
      ObjectStore store,
      GpuTimes times,
      @Nullable ComfyWriter writer,
      Purse purse) {
    this.settings = settings;
    this.workflow = workflow;
    this.server = server;
    this.store = store;
    this.times = times;
    this.writer = writer;
    this.purse = purse;
  }

  @Override
  public VisualFinder paying(Purse from) {
    return new ComfyFinder(settings, workflow, server, store, times, writer, from);
  }

  @Override
  public String identity() {
    return workflowOf(settings, workflow)
        + "/"
        + settings.style()
        + "/"
        + settings.avoid()
        + "/"
        + settings.media()
        + "/"
        + settings.longSide()
        + "px/"
        + workflow.seconds()
        + "s"
        + (writer == null ? "" : "/" + writer.identity())
        + "/comfy-"
        + VERSION;
  }

  /** What time on the graphics card depends on, beside size and length. */
  static String workflowOf(VisualSettings settings, WorkflowSettings workflow) {
    return String.join(
        "/",
        settings.name() + ":" + settings.model(),
        workflow.bundled()
            ? workflow.template()
            : "own-" + RecordJson.sha256(workflow.own()).substring(0, ID_LETTERS),
        workflow.textEncoder(),
        workflow.vae(),
        workflow.frameRate() + "fps",
        steps(settings) + "steps");
  }

  private static int steps(VisualSettings settings) {
    return settings.steps() == 0 ? USUAL_STEPS : settings.steps();
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
  public List<Visual> find(Scene scene) {
    boolean clips = settings.wantsClips();
    PictureSize size = settings.size(scene.shape(), STEP);
    String what = clips ? "A shot" : "A picture";
    String simple = ScenePrompt.simple(scene, settings.style(), MAX_PROMPT_CHARS);
    List<Visual> offers = new ArrayList<>();
    for (String angle : List.of("", ANGLE)) {
      String prompt = ScenePrompt.of(scene, what, settings.style(), angle, MAX_PROMPT_CHARS);
      offers.add(offer(Rung.FULL, prompt, size, scene));
    }
    if (writer != null) {
      String prompt = ScenePrompt.of(scene, what, settings.style(), "", MAX_PROMPT_CHARS);
      offers.add(offer(Rung.TEMPLATE, prompt, size, scene));
    }
    offers.add(offer(Rung.SIMPLE_WORDS, simple, size, scene));
    if (clips && workflow.bundled() && !workflow.template().equals(WorkflowSettings.PICTURE)) {
      offers.add(offer(Rung.SIMPLE_GRAPH, simple, size, scene));
    }
    int smaller = Math.max(LEAST_LONG_SIDE, settings.longSide() * 2 / 3);
    if (smaller < settings.longSide()) {
      offers.add(
          offer(Rung.SMALL, simple, VisualSettings.size(scene.shape(), smaller, STEP), scene));
    }
    if (clips) {
      offers.add(offer(Rung.KEPT, simple, size, scene));
      if (workflow.bundled()) {
        offers.add(offer(Rung.STILL, simple, size, scene));
      }
    }
    return List.copyOf(offers);
  }

  @Override
  public Optional<Visual> kept(Scene scene) {
    return store.find(keptKey(scene)).isEmpty()
        ? Optional.empty()
        : find(scene).stream().filter(offer -> Rung.of(offer) == Rung.KEPT).findFirst();
  }

  /**
   * Seconds on the card for one scene at most: every rung that runs a job, each to its deadline.
   *
   * @param expected seconds of one job at full size
   */
  static long mostSeconds(VisualSettings settings, WorkflowSettings workflow, long expected) {
    boolean clips = settings.wantsClips();
    int jobs = 3;
    jobs += workflow.writer() == null ? 0 : 1;
    jobs += clips && workflow.bundled() ? 2 : 0;
    jobs += settings.longSide() > LEAST_LONG_SIDE ? 1 : 0;
    return jobs * deadline(workflow.deadlineSeconds(), expected).toSeconds();
  }

  private Visual offer(Rung rung, String prompt, PictureSize size, Scene scene) {
    boolean clip = settings.wantsClips() && rung != Rung.KEPT && rung != Rung.STILL;
    int frames = clip ? frames(scene) : 1;
    List<Charge> price =
        rung == Rung.KEPT
            ? List.of()
            : charges(times.usualSeconds(size.width(), size.height(), frames));
    return new Visual(
        settings.name(),
        Visual.GENERATED,
        rung.id
            + "-"
            + RecordJson.sha256(List.of(identity(), prompt, size, frames)).substring(0, ID_LETTERS),
        clip,
        "",
        "",
        settings.model(),
        LICENCE,
        prompt,
        ScenePrompt.seen(scene),
        size.width(),
        size.height(),
        clip ? frames * 1_000 / workflow.frameRate() : 0,
        price,
        rung.concession);
  }

  /** As long as the scene, where the settings allow it. */
  private int frames(Scene scene) {
    int ms = Math.min(workflow.seconds() * 1_000, scene.durationMs());
    int frames = ms * workflow.frameRate() / 1_000;
    return Math.max(1, (frames + FRAMES_STEP - 1) / FRAMES_STEP) * FRAMES_STEP + 1;
  }

  private List<Charge> charges(long seconds) {
    return List.of(new Charge(settings.name(), settings.model(), Charge.Unit.GPU_SECOND, seconds));
  }

  @Override
  public VisualFile fetch(Visual visual, Scene scene) throws StageException {
    Rung rung = Rung.of(visual);
    if (rung == Rung.KEPT) {
      return new VisualFile(frame(scene), List.of());
    }
    List<Charge> charges = new ArrayList<>();
    Order order = order(visual, rung);
    ObjectNode graph;
    if (rung == Rung.FULL && writer != null) {
      graph = written(writer, scene, order, charges);
    } else {
      graph = filled(rung, visual.clip(), order);
      List<String> faults = server.nodes().faults(graph);
      if (!faults.isEmpty()) {
        throw new StageException(
            FailureCode.WORKFLOW_INVALID, settings.name() + ": " + String.join("; ", faults));
      }
    }
    ObjectNode ready = graph;
    // As long as it may run, not as long as it should: the card is paid for either way.
    long expected = times.expectedSeconds(order.width(), order.height(), order.frames());
    VisualFile file =
        purse.buy(
            settings.name(),
            charges(deadline(workflow.deadlineSeconds(), expected).toSeconds()),
            () -> made(ready, visual, order, scene),
            VisualFile::charges);
    charges.addAll(file.charges());
    return new VisualFile(file.bytes(), Charge.merged(charges));
  }

  private Order order(Visual visual, Rung rung) {
    int frames = visual.clip() ? (visual.durationMs() * workflow.frameRate() + 999) / 1_000 : 1;
    int steps = steps(settings);
    // Of the words alone, so that the same scene is drawn alike on the same card.
    long seed = Math.floorMod((long) visual.id().hashCode() * 2_654_435_761L, SEEDS);
    return new Order(
        visual.prompt(),
        settings.avoid(),
        visual.width(),
        visual.height(),
        frames,
        workflow.frameRate(),
        rung.whole() ? steps : Math.max(1, steps * 3 / 5),
        seed,
        settings.model(),
        workflow.textEncoder(),
        workflow.vae(),
        "reelbeam/scene");
  }

  private ObjectNode filled(Rung rung, boolean clip, Order order) {
    if (!workflow.bundled()) {
      return ComfyWorkflows.filled(workflow.own(), order);
    }
    String name = workflow.template();
    if (!name.equals(WorkflowSettings.PICTURE)) {
      name += !clip ? "-still" : rung == Rung.SIMPLE_GRAPH || rung == Rung.SMALL ? "-simple" : "";
    }
    return ComfyWorkflows.filled(ComfyWorkflows.bundled(name), order);
  }

  /** What the model wrote. The template, which always can run, is a step down that says so. */
  private ObjectNode written(ComfyWriter by, Scene scene, Order order, List<Charge> charges)
      throws StageException {
    ComfyNodes nodes = server.nodes();
    ObjectNode template = filled(Rung.FULL, order.frames() > 1, order);
    try {
      String json = by.write(ScenePrompt.seen(scene), order, template, nodes, purse, charges);
      return ComfyWorkflows.filled(json, order);
    } catch (StageException e) {
      if (e.code() == FailureCode.LEASE_LOST || e.code() == FailureCode.NO_TURN) {
        throw e;
      }
      // Whatever ails the writer, the server is well.
      throw new StageException(
          FailureCode.WORKFLOW_INVALID,
          settings.name() + " was given no workflow: " + e.describe(),
          e);
    }
  }

  private VisualFile made(ObjectNode graph, Visual visual, Order order, Scene scene)
      throws StageException {
    Duration deadline =
        deadline(
            workflow.deadlineSeconds(),
            times.expectedSeconds(order.width(), order.height(), order.frames()));
    ComfyServer.Done done;
    try {
      done = server.run(graph, settings.name() + " " + visual.id(), deadline, new Jobs(visual));
    } catch (ComfyServer.GivenUp e) {
      // Not the whole time that it might have run.
      LostCallException lost =
          new LostCallException(String.valueOf(e.getMessage()))
              .withCharges(e.gpuMs() == 0 ? List.of() : charges((e.gpuMs() + 999) / 1_000));
      lost.addSuppressed(e);
      throw lost;
    }
    // Whatever came of it, the card worked.
    List<Charge> worked = charges(Math.max(1, (done.gpuMs() + 999) / 1_000));
    StageException failure = done.failure();
    if (failure != null) {
      keep(done.outputs(), scene);
      throw failure.withCharges(worked);
    }
    Predicate<OutFile> wanted = visual.clip() ? OutFile::clip : OutFile::picture;
    OutFile file =
        done.outputs().stream()
            .filter(wanted)
            .filter(each -> !each.type().equals("temp"))
            .reduce((first, last) -> last)
            .orElseThrow(
                () ->
                    new StageException(
                            FailureCode.JOB_FAILED,
                            settings.name()
                                + " finished without a "
                                + (visual.clip() ? "clip" : "picture"))
                        .withCharges(worked));
    byte[] bytes;
    try {
      bytes = server.file(file);
    } catch (StageException e) {
      throw e.withCharges(worked);
    }
    if (Rung.of(visual).whole() && !done.cached()) {
      times.took(done.gpuMs(), order.width(), order.height(), order.frames());
    }
    return new VisualFile(bytes, worked);
  }

  /** The number of a job, kept before it is submitted. */
  record Job(String number) implements Serializable {}

  /** The jobs for a visual, in the store: who comes back after a restart looks for the last. */
  private final class Jobs implements ComfyServer.Numbers {
    private final Visual visual;

    Jobs(Visual visual) {
      this.visual = visual;
    }

    private StepKey key(int count) {
      return StepKey.of("comfy-job", VERSION, identity(), visual.id(), count);
    }

    private @Nullable String number(int count) {
      Optional<MediaRef> kept = store.find(key(count));
      return kept.isEmpty() ? null : RecordJson.read(store.read(kept.get()), Job.class).number();
    }

    @Override
    public Optional<String> last() {
      String last = null;
      for (int count = 0; ; count++) {
        String number = number(count);
        if (number == null) {
          return Optional.ofNullable(last);
        }
        last = number;
      }
    }

    @Override
    public String next() {
      int count = 0;
      while (number(count) != null) {
        count++;
      }
      Job job = new Job(UUID.randomUUID().toString());
      MediaRef kept =
          store.putIfAbsent(
              key(count), store.put(RecordJson.canonicalBytes(job), "application/json"));
      // Of two at once both take the number that is kept: a restart looks for no other.
      return RecordJson.read(store.read(kept), Job.class).number();
    }
  }

  /**
   * How long a job may run.
   *
   * @param said seconds of the settings, 0 for nothing
   * @param expected seconds that it should take
   */
  static Duration deadline(int said, long expected) {
    if (said > 0) {
      return Duration.ofSeconds(said);
    }
    long seconds = Math.min(expected, ComfyServer.MOST_WAIT.toSeconds()) * PATIENCE;
    return Duration.ofSeconds(
        Math.min(Math.max(seconds, LEAST_DEADLINE.toSeconds()), ComfyServer.MOST_WAIT.toSeconds()));
  }

  /** Keeps a picture that a job had put out before it failed; one of a scene is enough. */
  private void keep(List<OutFile> outputs, Scene scene) {
    for (OutFile file : outputs) {
      if (file.picture()) {
        try {
          MediaRef unused =
              store.putIfAbsent(
                  keptKey(scene), store.put(server.file(file), "application/octet-stream"));
          return;
        } catch (StageException e) {
          log.warn("{}: {}", settings.name(), e.describe());
        }
      }
    }
  }

  private byte[] frame(Scene scene) throws StageException {
    Optional<MediaRef> kept = store.find(keptKey(scene));
    if (kept.isEmpty()) {
      throw new StageException(
          FailureCode.VISUAL_MISSING,
          settings.name() + " has no frame of an unfinished clip of this scene");
    }
    return store.read(kept.get());
  }

  private StepKey keptKey(Scene scene) {
    return StepKey.of("frame-of-clip", VERSION, identity(), scene);
  }

  /** What is known of a server that answers. */
  static String probe(VisualSettings settings, WorkflowSettings workflow, ComfyServer server)
      throws StageException {
    ComfyNodes nodes = server.nodes();
    Order order =
        new Order(
            "a lake",
            "",
            512,
            512,
            9,
            24,
            1,
            1,
            settings.model(),
            workflow.textEncoder(),
            workflow.vae(),
            "reelbeam/probe");
    String template =
        workflow.bundled() ? ComfyWorkflows.bundled(workflow.template()) : workflow.own();
    List<String> faults = nodes.faults(ComfyWorkflows.filled(template, order));
    if (!faults.isEmpty()) {
      throw new StageException(FailureCode.WORKFLOW_INVALID, String.join("; ", faults));
    }
    return nodes.size() + " nodes; " + workflow.template() + " can run";
  }
}
