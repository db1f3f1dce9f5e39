package dev.reelbeam.pipelines;

import dev.reelbeam.clients.http.CallLimits;
import dev.reelbeam.clients.provider.ProviderSettings;
import dev.reelbeam.clients.speech.SpeechSettings;
import dev.reelbeam.embedded.speech.EmbeddedSpeech;
import dev.reelbeam.media.audio.MusicTrack;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.model.speech.Speech;
import dev.reelbeam.model.speech.SpeechRequest;
import dev.reelbeam.model.speech.Voice;
import dev.reelbeam.pipelines.watch.Amounts;
import dev.reelbeam.pipelines.watch.TextTable;
import dev.reelbeam.pipelines.watch.TextTable.Column;
import dev.reelbeam.pipelines.wiring.Installation;
import dev.reelbeam.pipelines.wiring.LocalProviders;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Lists voices and tracks, and lets one hear a voice. */
@Command(
    name = "voices",
    header = "Lists the voices and the music, or speaks a few words.",
    abbreviateSynopsis = true,
    sortOptions = false,
    footerHeading = "%n",
    footer = {
      "Examples:",
      "  reelbeam voices --lang de",
      "  reelbeam voices --preview \"Good morning.\" --out morning.wav",
      "  reelbeam voices --lang fr --preview \"Bonjour.\" --out bonjour.wav",
      "  reelbeam voices --music",
      "  reelbeam voices --settings reelbeam.yaml    those of your providers",
      "  reelbeam voices --settings reelbeam.yaml \\",
      "      --voice openai:verse --preview \"Good morning.\"",
      "  reelbeam voices --settings reelbeam.yaml --provider elevenlabs --clone \"Ada\" \\",
      "      --samples one.mp3,two.mp3    of a person who agreed to it"
    })
final class VoicesCommand extends Subcommand {
  /** Listening costs a little, a mistake in a script a lot. */
  private static final int MAX_PREVIEW_CHARS = 200;

  @Option(names = "--lang", paramLabel = "TAG", description = "Only this language, for example de.")
  private @Nullable String language;

  @Option(names = "--music", description = "Lists the built-in tracks instead.")
  private boolean music;

  @Option(
      names = "--preview",
      paramLabel = "TEXT",
      description = "Speaks a text of at most 200 characters into a file.")
  private @Nullable String preview;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "The WAV file of --preview (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("preview.wav");

  @Option(
      names = "--voice",
      paramLabel = "ID",
      description = "The voice of --preview (default: the best of the language).")
  private String voice = "default";

  @Option(
      names = "--settings",
      paramLabel = "FILE",
      description = "Voices of the providers of this settings file instead of the embedded ones.")
  private @Nullable Path settingsFile;

  @Option(
      names = "--provider",
      paramLabel = "NAME",
      description = "Of these the one of this name alone.")
  private @Nullable String provider;

  @Option(
      names = "--clone",
      paramLabel = "NAME",
      description = "Adds a voice of this name to the provider's account; needs --samples.")
  private @Nullable String cloneName;

  @Option(
      names = "--samples",
      paramLabel = "A,B",
      split = ",",
      hideParamSyntax = true,
      description = "Recordings of the person whose voice is added.")
  private List<Path> samples = List.of();

  @Option(names = "-v", description = "Tells everything about a failure.")
  private boolean verbose;

  VoicesCommand() {}

  @Override
  public Integer call() throws StageException {
    Logs.toStandardError(verbose);
    PrintWriter console = spec.commandLine().getOut();
    if (music) {
      MusicTrack.builtInNames().forEach(console::println);
      console.println("none");
      console.println();
      console.println("Or a file of your own: reelbeam make article.html --music song.mp3");
      console.flush();
      return ExitCode.COMPLETED.number();
    }
    if (preview != null && preview.isBlank()) {
      throw new ParameterException(spec.commandLine(), "--preview has nothing to say");
    }
    if (settingsFile != null) {
      return ofProvider(settingsFile, console);
    }
    Path folder =
        Installation.voices()
            .orElseThrow(
                () ->
                    new StageException(
                        FailureCode.SPEECH_FAILED,
                        "the voices are not installed; in a clone `./mvnw package` puts them in"
                            + " place"));
    try (EmbeddedSpeech speech = EmbeddedSpeech.withVoices(folder)) {
      if (preview != null) {
        speak(speech, preview, console);
        return ExitCode.COMPLETED.number();
      }
      console.print(table(speech.voices()));
      console.flush();
      return ExitCode.COMPLETED.number();
    }
  }

  private int ofProvider(Path file, PrintWriter console) throws StageException {
    List<SpeechSettings> all = ProviderSettings.read(file, System.getenv()).speech();
    if (all.isEmpty()) {
      throw new StageException(
          FailureCode.CONFIG_INVALID, "speech: '" + file + "' names no provider of voices");
    }
    if (cloneName != null) {
      return cloneVoice(one(all, SpeechSettings::clones), cloneName, console);
    }
    if (preview != null) {
      return preview(one(all, this::speaksTheVoice), preview, console);
    }
    return list(
        provider == null ? all : List.of(one(all, named -> named.name().equals(provider))),
        console);
  }

  /** Whether {@code --voice} begins with its name, as the ids of its voices do. */
  private boolean speaksTheVoice(SpeechSettings named) {
    return voice.startsWith(named.name() + ":");
  }

  /** The provider that was named; else the first that is fit, else the first. */
  private SpeechSettings one(List<SpeechSettings> all, Predicate<SpeechSettings> fit)
      throws StageException {
    if (provider == null) {
      return all.stream().filter(fit).findFirst().orElse(all.get(0));
    }
    List<String> names = all.stream().map(SpeechSettings::name).toList();
    return all.stream()
        .filter(named -> named.name().equals(provider))
        .findFirst()
        .orElseThrow(
            () ->
                new StageException(
                    FailureCode.CONFIG_INVALID,
                    "speech: no provider '" + provider + "'; there are " + names));
  }

  private int cloneVoice(SpeechSettings chosen, String name, PrintWriter console)
      throws StageException {
    SpeechSettings.Cloned cloned = chosen.cloneVoice(System.getenv(), name, samples);
    console.println(
        cloned.voice()
            + (cloned.found() ? " (a voice of that name is there; none is added beside it)" : "")
            + (cloned.verify() ? " (the provider wants the person to be verified first)" : ""));
    console.flush();
    return ExitCode.COMPLETED.number();
  }

  private int preview(SpeechSettings chosen, String text, PrintWriter console)
      throws StageException {
    if (text.length() > MAX_PREVIEW_CHARS) {
      throw new StageException(
          FailureCode.SPEECH_TEXT_TOO_LONG,
          "a preview has at most " + MAX_PREVIEW_CHARS + " characters");
    }
    try (SpeechSynthesizer speech =
        chosen.open(System.getenv(), LocalProviders.models(), CallLimits.OF_THIS_PROCESS)) {
      String tag = language == null ? spokenBy(speech) : tag();
      String id = speech.resolveVoice(voice, tag);
      write(id, speech.synthesize(new SpeechRequest(text, tag, id, 1000)), console);
    }
    return ExitCode.COMPLETED.number();
  }

  /** English, unless the voice speaks something else. */
  private String spokenBy(SpeechSynthesizer speech) throws StageException {
    if (speech.speaks(voice, tag())) {
      return tag();
    }
    return speech.voices().stream()
        .map(Voice::language)
        .filter(each -> speech.speaks(voice, each))
        .findFirst()
        .orElse(tag());
  }

  private String tag() {
    return language == null ? "en" : language.toLowerCase(Locale.ROOT);
  }

  /** The voices of all that can be asked, and what keeps the others from telling theirs. */
  private int list(List<SpeechSettings> providers, PrintWriter console) throws StageException {
    List<Voice> voices = new ArrayList<>();
    TextTable told = new TextTable(Column.left("PROVIDER"), Column.left("SPEAKS WITH"));
    int silent = 0;
    for (SpeechSettings one : providers) {
      try (SpeechSynthesizer speech =
          one.open(System.getenv(), LocalProviders.models(), CallLimits.OF_THIS_PROCESS)) {
        voices.addAll(speech.voices());
        told.row(one.name(), one.describe());
      } catch (StageException e) {
        if (providers.size() == 1) {
          throw e;
        }
        silent++;
        told.row(one.name(), e.describe() + " " + e.code().remedy());
      }
    }
    if (!voices.isEmpty()) {
      console.print(table(voices));
      console.println();
    }
    console.print(told);
    console.flush();
    return (silent == 0 ? ExitCode.COMPLETED : ExitCode.SOME_DEAD).number();
  }

  private TextTable table(List<Voice> voices) throws StageException {
    TextTable table =
        new TextTable(
            Column.left("ID"),
            Column.left("LANGUAGE"),
            Column.left("NAME"),
            Column.left("ENGINE"),
            Column.left("LICENCE"));
    voices.stream()
        .filter(one -> language == null || matches(one.language(), language))
        .sorted(Comparator.comparing(Voice::language).thenComparing(Voice::id))
        .forEach(
            one -> table.row(one.id(), one.language(), one.name(), one.engine(), one.licence()));
    if (table.isEmpty()) {
      List<String> known = voices.stream().map(Voice::language).distinct().sorted().toList();
      throw new StageException(
          FailureCode.VOICE_MISSING,
          "no voice speaks '"
              + language
              + "'"
              + Suggestions.didYouMean(String.valueOf(language), known)
              + " There are "
              + known.size()
              + " languages and dialects");
    }
    return table;
  }

  private void speak(EmbeddedSpeech speech, String text, PrintWriter console)
      throws StageException {
    String tag = tag();
    String id = speech.resolveVoice(voice, tag);
    write(id, speech.preview(new SpeechRequest(text, tag, id, 1000)), console);
  }

  private void write(String id, Speech spoken, PrintWriter console) throws StageException {
    Path target = out.toAbsolutePath();
    Path draft = target.resolveSibling("." + target.getFileName() + ".part");
    try {
      try {
        Files.write(draft, spoken.wav());
        Files.move(draft, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw new StageException(
          FailureCode.STORAGE_UNAVAILABLE, "cannot write '" + out + "': " + e.getMessage(), e);
    }
    console.println(
        out
            + ": "
            + id
            + ", "
            + Amounts.time(spoken.samples() * 1000L / spoken.sampleRate())
            + ", "
            + spoken.sampleRate()
            + " Hz");
    console.flush();
  }

  private static boolean matches(String tag, String wanted) {
    String have = tag.toLowerCase(Locale.ROOT);
    String want = wanted.toLowerCase(Locale.ROOT).replace('_', '-');
    return have.equals(want) || have.startsWith(want + "-");
  }
}
