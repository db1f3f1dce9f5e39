package dev.reelbeam.clients.visual;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.config.SettingsEntry;
import dev.reelbeam.clients.config.SettingsFaults;
import dev.reelbeam.clients.http.CallLimits;
import dev.reelbeam.clients.http.CallPolicy;
import dev.reelbeam.clients.http.ErrorReader;
import dev.reelbeam.clients.http.OpenAiErrors;
import dev.reelbeam.clients.http.Probed;
import dev.reelbeam.clients.http.ProviderHttp;
import dev.reelbeam.clients.http.Reply;
import dev.reelbeam.clients.http.Secret;
import dev.reelbeam.clients.http.ServerCalls;
import dev.reelbeam.clients.http.WebDownload;
import dev.reelbeam.clients.script.WriterSettings;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.RateCard;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.VisualFinder;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Shape;
import dev.reelbeam.model.visual.Visual;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * One provider of the {@code visuals} list of a settings file:
 *
 * <pre>{@code
 * visuals:
 *   - name: pexels
 *     kind: pexels
 *     media: clips
 *     key: env:PEXELS_API_KEY
 *   - name: openai
 *     kind: openai
 *     base_url: https://api.openai.com/v1
 *     model: gpt-image-2.5-flare
 *     style: cinematic, professional
 *     key: env:OPENAI_API_KEY
 * }</pre>
 *
 * <p>It travels to workers, so it names its key and never holds it.
 *
 * @param kind {@code pexels}, {@code pixabay}, {@code openai}, {@code runware}, {@code
 *     stable-diffusion-webui} or {@code comfyui}
 * @param key {@code env:NAME}, {@code file:PATH}, or empty for a server that asks for none
 * @param media of stock: {@code pictures}, {@code clips}, or {@code both}, clips first; what {@code
 *     comfyui} makes
 * @param style words about the look, for providers that make pictures
 * @param avoid what should not be seen, likewise, where the provider takes it
 * @param quality {@code low}, {@code medium} or {@code high}, of {@code openai}
 * @param longSide pixels of the longer side of what is made, where the provider takes any size
 * @param steps of the sampler, of servers of one's own; 0 for the usual
 * @param scenes at most so many scenes of one video
 * @param timeoutSeconds longest silence of the server; it says nothing until it is done
 * @param requestsPerMinute over all workers that share one key
 * @param parallel calls in flight at once, likewise
 * @param workflow of {@code comfyui}; null for all others
 * @param avatar of presenters; null for all others
 * @param edit what is changed about its clips; null for nothing
 */
public record VisualSettings(
    String name,
    String kind,
    String baseUrl,
    String model,
    String key,
    String media,
    String style,
    String avoid,
    String quality,
    int longSide,
    int steps,
    int scenes,
    int timeoutSeconds,
    int requestsPerMinute,
    int parallel,
    @Nullable WorkflowSettings workflow,
    @Nullable AvatarSettings avatar,
    @Nullable EditSettings edit)
    implements Serializable {
  /** A picture that cannot be used is made once more, from another angle. */
  private static final int MOST_PICTURES = 2;

  /** Pictures and clips, found or made. */
  public static final String KIND = "visuals";

  private static final int MAX_RATE = 100_000;
  private static final int MAX_SCENES = 60;
  private static final String USUAL_STYLE = "cinematic, professional";
  private static final String USUAL_AVOID = "text, letters, watermark, logo, collage, deformed";

  /** A picture as base64 in JSON, or a photograph as its camera left it. */
  private static final long MAX_PICTURE_BYTES = 50_000_000;

  private static final long MAX_CLIP_BYTES = 250_000_000;
  private static final int MAX_SEARCH_BYTES = 4_000_000;
  private static final int QUESTIONS_PER_MINUTE = 600;
  private static final Duration QUIET = Duration.ofSeconds(2);

  private static final Map<String, String> ADDRESSES =
      Map.of(
          "pexels", "https://api.pexels.com",
          "pixabay", "https://pixabay.com",
          "runware", "https://api.runware.ai/v1",
          "openai", "https://api.openai.com/v1",
          "d-id", "https://api.d-id.com",
          "heygen", "https://api.heygen.com",
          "synthesia", "https://api.synthesia.io");

  private static final Set<String> STOCK = Set.of("pexels", "pixabay");
  private static final Set<String> KINDS =
      Set.of(
          "pexels",
          "pixabay",
          "openai",
          "runware",
          "stable-diffusion-webui",
          "comfyui",
          "d-id",
          "heygen",
          "synthesia");
  private static final Set<String> KEYS =
      Set.of(
          "name",
          "kind",
          "base_url",
          "model",
          "key",
          "media",
          "style",
          "avoid",
          "quality",
          "long_side",
          "steps",
          "scenes",
          "workflow",
          "avatar",
          "edit",
          "timeout_seconds",
          "requests_per_minute",
          "parallel");

  /**
   * Reads the list and sees to it that every key it names is there.
   *
   * @param list the value of {@code visuals}
   * @param environment usually {@code System.getenv()}
   * @param folder of the settings file, for files that it names
   * @param faults what is done about an entry with a mistake
   * @throws StageException {@code CONFIG_INVALID} naming the entry
   */
  public static List<VisualSettings> list(
      JsonNode list, Map<String, String> environment, Path folder, SettingsFaults faults)
      throws StageException {
    return List.copyOf(
        faults.list(
            list,
            "visuals",
            KEYS,
            entry -> {
              VisualSettings one = entry(entry, environment, folder);
              entry.secret("key", one.key(), one.baseUrl(), environment);
              return one;
            },
            VisualSettings::name));
  }

  private static VisualSettings entry(
      SettingsEntry entry, Map<String, String> environment, Path folder) throws StageException {
    String name = entry.text("name");
    if (!name.matches("[A-Za-z0-9_.-]+")) {
      throw invalid(entry.where() + ".name: letters, digits, '-', '_' and '.'");
    }
    String kind = entry.oneOf("kind", name, KINDS);
    String known = ADDRESSES.get(kind);
    String baseUrl = known == null ? entry.text("base_url") : entry.text("base_url", known);
    if (HttpUrl.parse(baseUrl) == null) {
      throw invalid(entry.where() + ".base_url: '" + baseUrl + "' is not an http address");
    }
    boolean stock = STOCK.contains(kind);
    boolean webUi = kind.equals("stable-diffusion-webui");
    boolean comfy = kind.equals("comfyui");
    String media =
        entry.oneOf("media", comfy ? "clips" : "pictures", Set.of("pictures", "clips", "both"));
    boolean presenter = AvatarSettings.KINDS.contains(kind);
    if (!presenter && entry.node().has("avatar")) {
      throw invalid(entry.where() + ".avatar: only d-id, heygen and synthesia have one");
    }
    if (!comfy && entry.node().has("workflow")) {
      throw invalid(entry.where() + ".workflow: only comfyui has one");
    }
    return new VisualSettings(
        name,
        kind,
        baseUrl,
        // A server of one's own makes pictures with the model that it has loaded.
        stock || webUi || presenter ? entry.text("model", "") : entry.text("model"),
        stock || presenter ? entry.text("key") : entry.text("key", ""),
        media,
        entry.text("style", USUAL_STYLE),
        entry.text("avoid", USUAL_AVOID),
        entry.oneOf("quality", "medium", Set.of("low", "medium", "high")),
        entry.number(
            "long_side",
            webUi ? 1_024 : comfy ? (media.equals("pictures") ? 1_024 : 768) : 1_920,
            512,
            2_048),
        entry.number("steps", 0, 0, 150),
        // A presenter opens a video; it costs more than any picture.
        entry.number("scenes", presenter ? 1 : VisualFinder.USUAL_SCENES, 1, MAX_SCENES),
        entry.timeoutSeconds(entry.text("key", "").isEmpty()),
        entry.number("requests_per_minute", CallPolicy.DEFAULT.requestsPerMinute(), 1, MAX_RATE),
        // One graphics card draws one picture after the other.
        entry.number("parallel", webUi || comfy ? 1 : VisualFinder.USUAL_SCENES, 1, MAX_RATE),
        comfy
            ? WorkflowSettings.of(
                entry.node().path("workflow"),
                entry.where() + ".workflow",
                media.equals("pictures"),
                environment,
                folder)
            : null,
        presenter
            ? AvatarSettings.of(entry.node().path("avatar"), entry.where() + ".avatar", kind)
            : null,
        entry.node().has("edit")
            ? EditSettings.of(entry.node().path("edit"), entry.where() + ".edit", environment)
            : null);
  }

  /** The same with other limits. */
  public VisualSettings withRates(int perMinute, int inFlight) {
    return with(perMinute, inFlight, workflow);
  }

  /** The same with another language model for its workflows. */
  public VisualSettings withWorkflowWriter(WriterSettings writer) {
    return with(requestsPerMinute, parallel, workflow == null ? null : workflow.withWriter(writer));
  }

  private VisualSettings with(int perMinute, int inFlight, @Nullable WorkflowSettings newWorkflow) {
    return new VisualSettings(
        name,
        kind,
        baseUrl,
        model,
        key,
        media,
        style,
        avoid,
        quality,
        longSide,
        steps,
        scenes,
        timeoutSeconds,
        perMinute,
        inFlight,
        newWorkflow,
        avatar,
        edit);
  }

  private static StageException invalid(String message) {
    return new StageException(FailureCode.CONFIG_INVALID, message);
  }

  /** Whether it has pictures, rather than making them. */
  public boolean stock() {
    return STOCK.contains(kind);
  }

  /** Whether it sends a bill, or works on hardware whose time has a price. */
  public boolean bills() {
    return !key.isEmpty() || workflow != null || edit != null;
  }

  /** The language model that writes its workflows. */
  public Optional<WriterSettings> workflowWriter() {
    return workflow == null ? Optional.empty() : Optional.ofNullable(workflow.writer());
  }

  /** Who changes its clips, and by which key. */
  public Optional<Map.Entry<String, String>> editor() {
    return edit == null ? Optional.empty() : Optional.of(Map.entry(edit.name(), edit.key()));
  }

  /**
   * What so many scenes are billed as where each comes out at once.
   *
   * @param ms how long each is
   * @param rates whose units count, where a provider may be counted in more than one
   */
  public List<Charge> estimate(int count, int ms, RateCard rates) {
    List<Charge> charges = new ArrayList<>(plain(count, ms));
    boolean byTokens =
        kind.equals("openai") && charges.stream().noneMatch(rates::knows) && !charges.isEmpty();
    if (byTokens) {
      charges =
          new ArrayList<>(
              OpenAiImages.tokens(this, OpenAiImages.size(this, Shape.PORTRAIT), count));
    }
    charges.addAll(edited(count, ms));
    return List.copyOf(charges);
  }

  /**
   * The same where each has to be made in every way that is tried: a picture twice, a workflow from
   * its writer's first draft down to the still picture, each job as long as it may run.
   */
  public List<Charge> atMost(int count, int ms, RateCard rates) {
    WorkflowSettings made = workflow;
    if (made == null) {
      return estimate(MOST_PICTURES * count, ms, rates);
    }
    List<Charge> charges = new ArrayList<>();
    WriterSettings writer = made.writer();
    if (writer != null) {
      charges.addAll(ComfyWriter.atMost(writer, count));
    }
    charges.add(gpu(count * ComfyFinder.mostSeconds(this, made, gpuSeconds(made, ms))));
    charges.addAll(edited(MOST_PICTURES * count, ms));
    return List.copyOf(charges);
  }

  private List<Charge> edited(int count, int ms) {
    return edit == null
        ? List.of()
        : List.of(
            new Charge(
                edit.name(),
                edit.model(),
                Charge.Unit.VIDEO_SECOND,
                ((long) count * ms + 999) / 1_000));
  }

  private Charge gpu(long seconds) {
    return new Charge(name, model, Charge.Unit.GPU_SECOND, seconds);
  }

  private long gpuSeconds(WorkflowSettings made, int ms) {
    PictureSize size = size(Shape.PORTRAIT, 32);
    int frames = wantsClips() ? Math.min(made.seconds() * 1_000, ms) * made.frameRate() / 1_000 : 1;
    return GpuTimes.seconds(made.gpuMs() * 1_000L, size.width(), size.height(), frames);
  }

  private List<Charge> plain(int count, int ms) {
    if (stock() || !bills()) {
      return List.of();
    }
    if (avatar != null) {
      return avatar.test()
          ? List.of()
          : List.of(
              new Charge(name, model, Charge.Unit.VIDEO_SECOND, (long) count * (ms + 999) / 1_000));
    }
    if (workflow == null) {
      return List.of(new Charge(name, model, Charge.Unit.PICTURE, count));
    }
    List<Charge> charges = new ArrayList<>();
    WriterSettings writer = workflow.writer();
    if (writer != null) {
      charges.addAll(ComfyWriter.usual(writer, count));
    }
    charges.add(gpu(count * gpuSeconds(workflow, ms)));
    return List.copyOf(charges);
  }

  boolean wantsClips() {
    return !media.equals("pictures");
  }

  boolean wantsPictures() {
    return !media.equals("clips");
  }

  /**
   * Opens the provider on a worker.
   *
   * @param cache keeps what was searched for
   * @param limits who counts its calls for other processes, too
   * @throws StageException {@code CONFIG_INVALID} if a key is not there
   */
  public VisualFinder open(Map<String, String> environment, SearchCache cache, CallLimits limits)
      throws StageException {
    return open(
        environment,
        cache,
        CallPolicy.DEFAULT
            .withRates(requestsPerMinute, parallel)
            .withSilence(timeoutSeconds)
            .sharing(limits)
            .ofKind(KIND));
  }

  VisualFinder open(Map<String, String> environment, SearchCache cache, CallPolicy policy)
      throws StageException {
    VisualFinder finder = plain(environment, cache, policy);
    return edit == null
        ? finder
        : new EditedFinder(
            finder, edit, editor(edit, environment, policy), cache, policy.firstPause());
  }

  private ServerCalls editor(EditSettings by, Map<String, String> environment, CallPolicy policy)
      throws StageException {
    Secret secret = Secret.resolve(by.key(), environment);
    CallPolicy asking = asking(policy).withMaxReplyBytes(MAX_CLIP_BYTES);
    return new ServerCalls(
        by.name(),
        by.baseUrl(),
        secret,
        "X-API-KEY",
        "",
        new ProviderHttp(by.name(), by.baseUrl(), secret, asking, new AvatarErrors()),
        new ProviderHttp(by.name(), by.baseUrl(), secret, policy, new AvatarErrors()));
  }

  private VisualFinder plain(Map<String, String> environment, SearchCache cache, CallPolicy policy)
      throws StageException {
    Secret secret = Secret.resolve(key, environment);
    HttpUrl base = HttpUrl.parse(baseUrl);
    if (base == null) {
      throw invalid("'" + baseUrl + "' is not an http address");
    }
    CallPolicy search = policy.withMaxReplyBytes(MAX_SEARCH_BYTES);
    CallPolicy roomy = policy.withMaxReplyBytes(MAX_PICTURE_BYTES);
    WebDownload files =
        new WebDownload(name, base, policy, wantsClips() ? MAX_CLIP_BYTES : MAX_PICTURE_BYTES);
    return switch (kind) {
      case "comfyui" -> comfy(secret, policy, environment, cache);
      case "d-id", "heygen", "synthesia" ->
          new AvatarFinder(
              this,
              Objects.requireNonNull(avatar, "of presenters"),
              presenter(secret, policy),
              new WebDownload(name, base, policy, MAX_CLIP_BYTES),
              cache,
              policy.firstPause());
      case "pexels" ->
          new StockFinder(
              this,
              new PexelsSearch(
                  this, calls(secret, "Authorization", "", search, new OpenAiErrors())),
              cache,
              files);
      case "pixabay" ->
          new StockFinder(
              this,
              new PixabaySearch(this, calls(secret, "", "", search, new PixabayErrors())),
              cache,
              files);
      case "runware" ->
          new GeneratedFinder(
              this,
              new RunwareImages(
                  this,
                  calls(secret, "Authorization", "Bearer ", roomy, new RunwareErrors()),
                  cache,
                  policy.firstPause()));
      case "stable-diffusion-webui" ->
          new GeneratedFinder(
              this,
              new WebUiImages(
                  this, calls(secret, "Authorization", "Basic ", roomy, new OpenAiErrors())));
      default ->
          new GeneratedFinder(
              this,
              new OpenAiImages(
                  this, calls(secret, "Authorization", "Bearer ", roomy, new OpenAiErrors())));
    };
  }

  private VisualFinder comfy(
      Secret secret, CallPolicy policy, Map<String, String> environment, SearchCache cache)
      throws StageException {
    WorkflowSettings made = Objects.requireNonNull(workflow, "of comfyui");
    WriterSettings writer = made.writer();
    return new ComfyFinder(
        this,
        made,
        comfyServer(secret, policy),
        cache.store(),
        new GpuTimes(
            cache.store(), cache.clock(), ComfyFinder.workflowOf(this, made), made.gpuMs()),
        writer == null
            ? null
            : new ComfyWriter(writer.model(environment, policy.limits()), cache.store()));
  }

  /**
   * How often it is asked how what was ordered gets on: never less often than it is ordered, and
   * counted apart.
   */
  private CallPolicy asking(CallPolicy ordering) {
    int perMinute = Math.max(QUESTIONS_PER_MINUTE, ordering.requestsPerMinute());
    return ordering.withRates(perMinute, parallel + 2).ofKind("questions");
  }

  private AvatarService presenter(Secret secret, CallPolicy policy) {
    AvatarSettings shown = Objects.requireNonNull(avatar, "of presenters");
    CallPolicy asking = asking(policy).withMaxReplyBytes(MAX_SEARCH_BYTES);
    AvatarErrors errors = new AvatarErrors();
    return switch (kind) {
      case "d-id" ->
          new DidAvatars(shown, calls(secret, "Authorization", "Basic ", asking, policy, errors));
      case "heygen" ->
          new HeyGenAvatars(shown, calls(secret, "X-Api-Key", "", asking, policy, errors));
      default ->
          new SynthesiaAvatars(shown, calls(secret, "Authorization", "", asking, policy, errors));
    };
  }

  private ComfyServer comfyServer(Secret secret, CallPolicy policy) {
    // Its jobs are bounded by `parallel`; how they get on is asked for often.
    CallPolicy asking = asking(policy);
    return new ComfyServer(
        calls(
            secret,
            "Authorization",
            "Bearer ",
            asking.withMaxReplyBytes(MAX_SEARCH_BYTES),
            policy,
            new ComfyErrors()),
        calls(
            secret,
            "Authorization",
            "Bearer ",
            asking.withMaxReplyBytes(MAX_CLIP_BYTES).ofKind("files"),
            new ComfyErrors()),
        policy.firstPause().compareTo(QUIET) < 0 ? policy.firstPause() : QUIET);
  }

  /**
   * Asks for something that costs nothing: a search, or the list of models.
   *
   * @return what is known after it
   * @throws StageException {@code PROVIDER_*}
   */
  public Probed probe(Map<String, String> environment) throws StageException {
    Secret secret = Secret.resolve(key, environment);
    CallPolicy policy = CallPolicy.DEFAULT.withMaxReplyBytes(MAX_SEARCH_BYTES).ofKind(KIND);
    Scene scene = new Scene("forest", "forest", "forest", List.of(), "en", Shape.LANDSCAPE, 3_000);
    switch (kind) {
      case "pexels":
        return found(
            new PexelsSearch(this, calls(secret, "Authorization", "", policy, new OpenAiErrors()))
                .search("forest", wantsClips(), scene));
      case "pixabay":
        return found(
            new PixabaySearch(this, calls(secret, "", "", policy, new PixabayErrors()))
                .search("forest", wantsClips(), scene));
      case "d-id", "heygen", "synthesia":
        return Probed.of(presenter(secret, policy).probe());
      case "comfyui":
        return Probed.of(
            ComfyFinder.probe(
                this, Objects.requireNonNull(workflow, "of comfyui"), comfyServer(secret, policy)));
      case "runware":
        return Probed.of(
            RunwareImages.probe(
                calls(secret, "Authorization", "Bearer ", policy, new RunwareErrors())));
      case "stable-diffusion-webui":
        ServerCalls own = calls(secret, "Authorization", "Basic ", policy, new OpenAiErrors());
        return Probed.of(
            own.get(own.url("sdapi/v1/sd-models").build()).body().length > 2
                ? "it has models"
                : "it has no model");
      default:
        ServerCalls openAi = calls(secret, "Authorization", "Bearer ", policy, new OpenAiErrors());
        return Probed.listed(openAi.json(openAi.get(openAi.url("models").build())), model)
            .orElseThrow(
                () ->
                    new StageException(
                        FailureCode.PROVIDER_REQUEST_INVALID,
                        name + " offers no model '" + model + "'"));
    }
  }

  /**
   * Asks who edits its clips for a job that there is not, which costs nothing.
   *
   * @return what is known after it
   * @throws StageException {@code PROVIDER_*}
   */
  public String probeEditor(Map<String, String> environment) throws StageException {
    EditSettings by = Objects.requireNonNull(edit, "nobody edits its clips");
    ServerCalls calls = editor(by, environment, CallPolicy.DEFAULT.ofKind(KIND));
    try {
      Reply unused = calls.get(calls.url("v1/jobs/" + UUID.randomUUID()).build());
    } catch (StageException e) {
      if (e.code() != FailureCode.PROVIDER_REQUEST_INVALID) {
        throw e;
      }
    }
    return "it answers, and takes the key";
  }

  private static Probed found(List<Visual> visuals) {
    return Probed.of(visuals.size() + " found for 'forest'");
  }

  private ServerCalls calls(
      Secret secret, String header, String prefix, CallPolicy policy, ErrorReader errors) {
    return calls(secret, header, prefix, policy, policy, errors);
  }

  private ServerCalls calls(
      Secret secret,
      String header,
      String prefix,
      CallPolicy asking,
      CallPolicy ordering,
      ErrorReader errors) {
    return new ServerCalls(
        name,
        baseUrl,
        secret,
        header,
        prefix,
        new ProviderHttp(name, baseUrl, secret, asking, errors),
        new ProviderHttp(name, baseUrl, secret, ordering, errors));
  }

  /** Size of a picture of this shape, both sides in whole steps. */
  PictureSize size(Shape shape, int step) {
    return size(shape, longSide, step);
  }

  static PictureSize size(Shape shape, int longSide, int step) {
    int longer = Math.max(shape.width(), shape.height());
    return new PictureSize(
        rounded((long) shape.width() * longSide / longer, step),
        rounded((long) shape.height() * longSide / longer, step));
  }

  private static int rounded(long pixels, int step) {
    return (int) ((pixels + step - 1) / step * step);
  }

  /** A size in pixels. */
  record PictureSize(int width, int height) {
    @Override
    public String toString() {
      return width + "x" + height;
    }
  }
}
