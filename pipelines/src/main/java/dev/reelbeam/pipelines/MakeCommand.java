package dev.reelbeam.pipelines;

import dev.reelbeam.clients.brand.BrandFiles;
import dev.reelbeam.clients.provider.ProviderSettings;
import dev.reelbeam.media.audio.MusicTrack;
import dev.reelbeam.media.codec.Encoders;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.composition.TransitionKind;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.model.video.Preset;
import dev.reelbeam.model.video.Presets;
import dev.reelbeam.model.video.VideoType;
import dev.reelbeam.pipelines.wiring.LocalProviders;
import dev.reelbeam.stages.ProduceVideos.StopAfter;
import dev.reelbeam.stages.deliver.VideoObject;
import dev.reelbeam.stages.flow.RecordOverrides;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Makes videos of articles, listings, or folders of them. */
@Command(
    name = "make",
    header = "Makes videos of articles and listings.",
    description = {
      "",
      "Reads .html, .md, .json and .jsonl files, and folders of them. Everything that was made once"
          + " is found again: a second run renders only what has changed.",
      ""
    },
    abbreviateSynopsis = true,
    sortOptions = false,
    footerHeading = "%n",
    footer = {
      "Examples:",
      "  reelbeam make article.html",
      "  reelbeam make posts/ --type short --presets youtube_short,tiktok --out videos",
      "  reelbeam make article.md --voice default --speed 1.05 --music bright",
      "  reelbeam make article.html --brand acme.yaml --caption-style karaoke",
      "  reelbeam make article.html --presets preview    small and quick, to look at",
      "  reelbeam make posts/ --dry-run                  only the plan",
      "",
      "Exit codes:",
      "  0    everything was completed",
      "  1    some deliveries were set aside; see out/dead-letters",
      "  2    the command line or a setting is wrong; nothing was begun",
      "  3    nothing was completed",
      "  4    the work itself failed or took too long; the message says where",
      "  65   an input cannot be used; the message says why",
      "  69   a part that is needed is missing; see `reelbeam check`",
      "  70   a defect; run again with -v and report what it says",
      "  74   the disk is full or the store is away; the same command goes on later",
      "  75   a provider failed; the message says whether to try again",
      "  130  interrupted; the same command goes on"
    })
final class MakeCommand extends Subcommand {
  private static final String NO_MUSIC = "none";
  private static final long MAX_MUSIC_BYTES = 100_000_000;
  private static final int MOST_WORKERS = 256;

  @Parameters(
      paramLabel = "INPUT",
      arity = "1..*",
      description = "Article, listing, or a folder of them.")
  private List<Path> inputs = List.of();

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "Length: teaser 15-30 s, short 30-90 s, medium 1-3 min, long 5-15 min.")
  private @Nullable VideoType type;

  @Option(
      names = "--presets",
      paramLabel = "A,B",
      split = ",",
      hideParamSyntax = true,
      description = "Where the videos go; see `reelbeam presets`.")
  private List<String> presets = List.of();

  @Option(
      names = {"-o", "--out"},
      paramLabel = "DIR",
      description = "Where the videos are written (default: ./${DEFAULT-VALUE}).")
  private Path out = Path.of("out");

  @Option(
      names = "--voice",
      paramLabel = "ID",
      description = "A voice of `reelbeam voices` (default: the best of the language).")
  private @Nullable String voice;

  @Option(names = "--speed", paramLabel = "N", description = "Speed of speech, 0.5 to 2.")
  private @Nullable BigDecimal speed;

  @Option(
      names = "--music",
      paramLabel = "TRACK",
      description = "Built-in track (calm, bright, drive), a file, or none.")
  private @Nullable String music;

  @Option(
      names = "--music-mix",
      paramLabel = "MIX",
      description = "flat: 20 %% under the voice; ducked: further down while someone speaks.")
  private @Nullable MusicMix musicMix;

  @Option(
      names = "--transition",
      paramLabel = "NAME",
      completionCandidates = TransitionNames.class,
      description = "From one thought to the next: ${COMPLETION-CANDIDATES}.")
  private @Nullable TransitionKind transition;

  @Option(
      names = "--caption-style",
      paramLabel = "NAME",
      description = "Captions: pill, outline or karaoke.")
  private @Nullable CaptionStyleName captionStyle;

  @Option(
      names = "--brand",
      paramLabel = "FILE",
      description = "Colours, fonts, logo, call to action: a small YAML file.")
  private @Nullable String brandFile;

  @Option(
      names = "--settings",
      paramLabel = "FILE",
      description =
          "YAML with the language models that write scripts, the voices that speak them and the"
              + " providers of pictures, in order; the embedded ones are the last. Keys are named"
              + " there as env:NAME or file:PATH.")
  private @Nullable Path settingsFile;

  @Option(
      names = "--lang",
      paramLabel = "TAG",
      description = "Language of the text, for example de (default: what the record says).")
  private @Nullable String language;

  @Option(
      names = "--quality",
      paramLabel = "NAME",
      description = "draft, standard or best (default: what the record says, else standard).")
  private @Nullable Quality quality;

  @Option(
      names = "--frame-rate",
      paramLabel = "N",
      description = "Frames per second: 24, 25, 30, 50 or 60 (default: the presets').")
  private @Nullable Integer frameRate;

  @Option(
      names = "--encoder",
      paramLabel = "A,B",
      split = ",",
      hideParamSyntax = true,
      description =
          "auto, libx264, libopenh264 or h264_nvenc; of several the first that works here"
              + " (default: auto, the processor's; a GPU's is used when it is named).")
  private List<String> encoders = List.of(Encoders.AUTO);

  @Option(
      names = "--stop-after",
      paramLabel = "STAGE",
      description = "Ends early: script, speech, visuals or layout.")
  private @Nullable EarlyEnd stopAfter;

  @Option(names = "--dry-run", description = "Shows what would be made and makes nothing.")
  private boolean dryRun;

  @Option(
      names = "--force",
      description =
          "Renders every segment again. Speech, pictures and scripts are still found; a new --store"
              + " makes those anew, too.")
  private boolean force;

  @Option(
      names = "--retry",
      description =
          "Asks the preferred providers once more where another one stood in for them, also for what"
              + " may have been bought and was never heard of.")
  private boolean retry;

  @Option(
      names = "--store",
      paramLabel = "DIR",
      description =
          "Where results are kept to be found again (default: .reelbeam/store beside DIR).")
  private @Nullable Path store;

  @Option(
      names = "--media-base-url",
      paramLabel = "URL",
      description =
          "Where the folders of --out will be on the web: videoobject.jsonld is written with"
              + " addresses below it, and left out without.")
  private @Nullable String mediaBaseUrl;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "How many threads work at once (default: one per core).")
  private @Nullable Integer workers;

  @Option(
      names = "--patience",
      paramLabel = "MINUTES",
      description =
          "How long a provider that is away is waited for, instead of what the settings say. A"
              + " worker waits with its records; 0: three attempts.")
  private @Nullable Integer patienceMinutes;

  @Option(names = "-v", description = "Tells what happens, and everything about a failure.")
  private boolean verbose;

  @Option(
      names = "--store-patience",
      hidden = true,
      paramLabel = "SECONDS",
      description = "How long a store that is away is asked again.")
  private int storePatienceSeconds = (int) LocalProviders.USUAL_PATIENCE.toSeconds();

  private enum MusicMix {
    FLAT,
    DUCKED
  }

  private static final class TransitionNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return TransitionKind.ids().iterator();
    }
  }

  private enum CaptionStyleName {
    PILL,
    OUTLINE,
    KARAOKE
  }

  private enum Quality {
    DRAFT,
    STANDARD,
    BEST;

    @Override
    public String toString() {
      return id(this);
    }
  }

  private enum EarlyEnd {
    SCRIPT(StopAfter.SCRIPT),
    SPEECH(StopAfter.SPEECH),
    VISUALS(StopAfter.VISUALS),
    LAYOUT(StopAfter.LAYOUT);

    private final StopAfter stage;

    EarlyEnd(StopAfter stage) {
      this.stage = stage;
    }
  }

  MakeCommand() {}

  @Override
  public Integer call() throws StageException {
    checkArguments();
    if (dryRun) {
      Logs.toStandardError(verbose);
      return DryRun.print(
          inputs,
          // No trial: a plan is the same with every encoder.
          overrides(
              VideoSettings.DEFAULT
                  .withFrameRate(frameRate)
                  .withQuality(quality == null ? null : id(quality)),
              Brand.DEFAULT,
              EncodingSettings.X264),
          providerSettings(),
          spec.commandLine().getOut(),
          spec.commandLine().getErr());
    }
    Path outFolder = out.toAbsolutePath().normalize();
    ProviderSettings asked = providerSettings();
    return new LocalRun(
            new LocalRun.Settings(
                outFolder,
                store == null
                    ? LocalRun.storeBeside(outFolder)
                    : store.toAbsolutePath().normalize(),
                asked,
                patienceMinutes == null ? asked.patienceMinutes() : patienceMinutes,
                Duration.ofSeconds(storePatienceSeconds),
                workers == null ? Runtime.getRuntime().availableProcessors() : workers,
                force,
                retry,
                stopAfter == null ? StopAfter.NOTHING : stopAfter.stage,
                mediaBaseUrl,
                verbose),
            spec.commandLine().getOut(),
            spec.commandLine().getErr())
        .ofInputs(
            inputs,
            opened -> {
              Brand brand = brand(opened);
              return overrides(settings(opened), brand, Encoders.choose(encoders));
            });
  }

  private ProviderSettings providerSettings() throws StageException {
    return settingsFile == null
        ? ProviderSettings.EMBEDDED
        : ProviderSettings.read(settingsFile, System.getenv());
  }

  private void checkArguments() {
    for (String encoder : encoders) {
      if (!encoder.equals(Encoders.AUTO) && !Encoders.KNOWN.contains(encoder)) {
        throw usage(
            "no encoder '" + encoder + "'; there are auto, " + String.join(", ", Encoders.KNOWN));
      }
    }
    for (String preset : presets) {
      if (Presets.find(preset).isEmpty()) {
        List<String> known = Presets.all().stream().map(Preset::id).toList();
        throw usage(
            FailureCode.PRESET_UNKNOWN.label()
                + ": no preset '"
                + preset
                + "'"
                + Suggestions.didYouMean(preset, known)
                + " There are "
                + String.join(", ", known)
                + ".");
      }
    }
    for (Path input : inputs) {
      if (!Files.exists(input)) {
        throw usage("'" + input + "' does not exist" + neighbours(input));
      }
    }
    if (speed != null && !VideoSettings.isSpeed(permille(speed))) {
      throw usage("--speed " + speed + " is not between 0.5 and 2");
    }
    if (workers != null && (workers < 1 || workers > MOST_WORKERS)) {
      throw usage("--workers " + workers + " is not between 1 and " + MOST_WORKERS);
    }
    if (patienceMinutes != null
        && (patienceMinutes < 0 || patienceMinutes > ProviderSettings.MOST_PATIENCE_MINUTES)) {
      throw usage(
          "--patience "
              + patienceMinutes
              + " is not between 0 and "
              + ProviderSettings.MOST_PATIENCE_MINUTES);
    }
    if (storePatienceSeconds < 0) {
      throw usage("--store-patience may not be negative");
    }
    if (language != null && !language.matches("[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")) {
      throw usage("--lang '" + language + "' is not a language tag such as en, de or pt-BR");
    }
    if (music != null && !isTrack(music) && !Files.isRegularFile(Path.of(music))) {
      List<String> known = new ArrayList<>(MusicTrack.builtInNames());
      known.add(NO_MUSIC);
      throw usage(
          FailureCode.MUSIC_UNKNOWN.label()
              + ": '"
              + music
              + "' is neither a track nor a file"
              + Suggestions.didYouMean(music, known)
              + " Tracks: "
              + String.join(", ", known)
              + ".");
    }
    String base = mediaBaseUrl == null ? null : VideoObject.fault(mediaBaseUrl);
    if (base != null) {
      throw usage("--media-base-url " + base);
    }
    if (frameRate != null && !VideoSettings.FRAME_RATES.contains(frameRate)) {
      throw usage("--frame-rate " + frameRate + " is not one of " + VideoSettings.FRAME_RATES);
    }
    if (brandFile != null && BrandFiles.find(brandFile, Path.of("")) == null) {
      throw usage("brand file '" + brandFile + "' does not exist");
    }
    if (Files.exists(out) && !Files.isDirectory(out)) {
      throw usage("--out '" + out + "' is a file");
    }
  }

  private RecordOverrides overrides(VideoSettings settings, Brand brand, String encoder) {
    return new RecordOverrides(
        type,
        List.copyOf(presets),
        language == null ? null : language.toLowerCase(Locale.ROOT),
        settings,
        speed != null,
        brand,
        /* assumeEnabled= */ true,
        encoder,
        id(Quality.STANDARD));
  }

  private VideoSettings settings(ObjectStore opened) throws StageException {
    return VideoSettings.DEFAULT
        .withVoiceId(voice)
        .withSpeedPermille(speed == null ? VideoSettings.DEFAULT.speedPermille() : permille(speed))
        .withMusicTrack(music == null ? null : track(music, opened))
        .withTransition(transition == null ? null : transition.id())
        .withCaptionStyle(captionStyle == null ? null : id(captionStyle))
        .withBrand(brandFile)
        .withMusicMix(musicMix == null ? null : id(musicMix))
        .withFrameRate(frameRate)
        .withQuality(quality == null ? null : id(quality));
  }

  private static int permille(BigDecimal speed) {
    return speed.movePointRight(3).setScale(0, RoundingMode.HALF_UP).intValue();
  }

  /** A file of the user's goes into the store: no worker reads paths outside a record's folder. */
  private static String track(String music, ObjectStore opened) throws StageException {
    if (isTrack(music)) {
      return music.toLowerCase(Locale.ROOT);
    }
    Path file = Path.of(music);
    try {
      if (Files.size(file) > MAX_MUSIC_BYTES) {
        throw new StageException(
            FailureCode.AUDIO_UNDECODABLE, "'" + music + "' is larger than 100 MB");
      }
    } catch (IOException e) {
      throw new StageException(
          FailureCode.INPUT_UNREADABLE, "'" + music + "' cannot be read: " + e.getMessage(), e);
    }
    // Decoded here once, so that a wrong file is told before minutes of rendering.
    MusicTrack.fromFile(file);
    return "store:" + RecordJson.canonical(opened.put(file, "audio/unknown"));
  }

  private static boolean isTrack(String music) {
    String name = music.toLowerCase(Locale.ROOT);
    return name.equals(NO_MUSIC) || MusicTrack.builtInNames().contains(name);
  }

  private Brand brand(ObjectStore opened) throws StageException {
    if (brandFile == null) {
      return Brand.DEFAULT;
    }
    Path file = BrandFiles.find(brandFile, Path.of(""));
    if (file == null) {
      throw new StageException(
          FailureCode.INPUT_UNREADABLE, "brand file '" + brandFile + "' does not exist");
    }
    return BrandFiles.read(file, opened);
  }

  private static String neighbours(Path input) {
    Path name = input.getFileName();
    Path parent = input.toAbsolutePath().getParent();
    if (name == null || parent == null || !Files.isDirectory(parent)) {
      return ".";
    }
    try (Stream<Path> files = Files.list(parent)) {
      List<String> names = files.limit(1000).map(file -> file.getFileName().toString()).toList();
      return Suggestions.didYouMean(name.toString(), names);
    } catch (IOException e) {
      return ".";
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static String id(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
