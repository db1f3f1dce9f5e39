package dev.reelbeam.pipelines.wiring;

import dev.reelbeam.clients.asset.FolderAssetReader;
import dev.reelbeam.clients.http.CallLimits;
import dev.reelbeam.clients.learning.FileArms;
import dev.reelbeam.clients.learning.LearnedArms;
import dev.reelbeam.clients.ledger.FileProjectLedger;
import dev.reelbeam.clients.ledger.FileSpendLedger;
import dev.reelbeam.clients.moderation.ModerationSettings;
import dev.reelbeam.clients.moderation.ModeratorPanel;
import dev.reelbeam.clients.provider.BudgetedSpending;
import dev.reelbeam.clients.provider.ProviderSettings;
import dev.reelbeam.clients.script.ScriptWriterChain;
import dev.reelbeam.clients.script.WriterSettings;
import dev.reelbeam.clients.speech.SpeechChain;
import dev.reelbeam.clients.speech.SpeechSettings;
import dev.reelbeam.clients.store.FileObjectStore;
import dev.reelbeam.clients.visual.SearchCache;
import dev.reelbeam.clients.visual.VisualChain;
import dev.reelbeam.clients.visual.VisualSettings;
import dev.reelbeam.embedded.moderation.ListModerator;
import dev.reelbeam.embedded.script.ExtractiveScriptWriter;
import dev.reelbeam.embedded.script.RankedPoints;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.learning.LearningSettings;
import dev.reelbeam.model.port.ArmChooser;
import dev.reelbeam.model.port.AssetReader;
import dev.reelbeam.model.port.Moderator;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.PortFactory;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.port.ScriptWriter;
import dev.reelbeam.model.port.SpeechModels;
import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.model.port.SpendLedger;
import dev.reelbeam.model.port.Spending;
import dev.reelbeam.model.port.VisualFinder;
import dev.reelbeam.stages.flow.NoSpending;
import dev.reelbeam.stages.flow.NoVisuals;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The embedded providers over local folders: no account, no key, no network. */
public final class LocalProviders {
  /** How long a store that is away is asked again before a run gives up. */
  public static final Duration USUAL_PATIENCE = PatientStore.PATIENCE;

  /** A run on one machine: nobody else is known to use its keys. */
  private static final PortFactory<CallLimits> ALONE = () -> CallLimits.OF_THIS_PROCESS;

  private static volatile Consumer<String> listener = message -> {};

  private LocalProviders() {}

  /**
   * Providers of a local run.
   *
   * @param store folder of the object store; made when it is not there
   * @param voices class path folder of the speech engines, null when they are not installed
   * @param patience how long a store that is away is asked again
   * @param progress listens to the run
   */
  public static Providers of(
      Path store, @Nullable Path voices, Duration patience, Progress.Factory progress) {
    return of(store, voices, patience, progress, ProviderSettings.EMBEDDED);
  }

  /**
   * The same with providers before the embedded ones.
   *
   * @param settings each port's in the order in which they are asked
   */
  public static Providers of(
      Path store,
      @Nullable Path voices,
      Duration patience,
      Progress.Factory progress,
      ProviderSettings settings) {
    Providers providers =
        new Providers(
                store(store, patience),
                assets(),
                scripts(settings, ALONE),
                speech(settings, speech(voices), ALONE),
                progress)
            .withProjects(projects(store))
            .withVisuals(visuals(settings.visuals(), store(store, patience), ALONE))
            .withRates(settings.rates())
            .withSpending(spending(settings, ledger(store)))
            .withModeration(moderation(settings.moderation(), ALONE));
    return settings.learning() == null
        ? providers
        : providers.withArms(arms(store, settings.learning()));
  }

  /** Decisions and what waits for them, kept beside the results. */
  public static PortFactory<ProjectLedger> projects(Path store) {
    String path = store.toAbsolutePath().normalize().resolve("projects").toString();
    return () -> FileProjectLedger.open(Path.of(path));
  }

  /** Where a store keeps what was chosen and learned. */
  public static Path learning(Path store) {
    return store.toAbsolutePath().normalize().resolve("learning");
  }

  /** Arms by what was learned in the store's folder. */
  private static PortFactory<ArmChooser> arms(Path store, LearningSettings settings) {
    String path = learning(store).toString();
    return () -> new LearnedArms(FileArms.open(Path.of(path)), settings);
  }

  /** The object store in a folder, asked again for a while when it is away. */
  public static PortFactory<ObjectStore> store(Path folder, Duration patience) {
    String path = folder.toAbsolutePath().normalize().toString();
    return () ->
        PatientStore.open(
            () -> new FileObjectStore(Path.of(path)),
            patience,
            PatientStore.REAL,
            LocalProviders::tell);
  }

  /** Speech by the voices of a folder, one process per JVM. */
  public static PortFactory<SpeechSynthesizer> speech(@Nullable Path voices) {
    String path = voices == null ? null : voices.toAbsolutePath().normalize().toString();
    return () -> SharedSpeech.open(path == null ? null : Path.of(path));
  }

  /** Who runs speech models of files, one process per JVM. */
  public static PortFactory<SpeechModels> models() {
    return () -> SharedModels.open(Installation.voices().orElse(null));
  }

  /** Voices of the settings, in their order, before the embedded ones if those are wanted. */
  public static PortFactory<SpeechSynthesizer> speech(
      ProviderSettings settings,
      PortFactory<SpeechSynthesizer> embedded,
      PortFactory<CallLimits> limits) {
    List<SpeechSettings> providers = settings.speech();
    if (providers.isEmpty()) {
      return embedded;
    }
    boolean embeddedToo = settings.embedded();
    return () -> {
      List<SpeechSynthesizer> chain = new ArrayList<>();
      for (SpeechSettings provider : providers) {
        try {
          chain.add(provider.open(System.getenv(), models(), limits.open()));
        } catch (StageException e) {
          chain.forEach(SpeechSynthesizer::close);
          // The run looked for every key and file before it began: this worker's machine differs.
          throw new IllegalStateException(e.describe(), e);
        }
      }
      if (embeddedToo) {
        chain.add(embedded.open());
      }
      return new SpeechChain(chain);
    };
  }

  /** Pictures and clips of the settings, in their order. */
  public static PortFactory<VisualFinder> visuals(
      List<VisualSettings> settings,
      PortFactory<ObjectStore> store,
      PortFactory<CallLimits> limits) {
    if (settings.isEmpty()) {
      return NoVisuals::new;
    }
    List<VisualSettings> providers = List.copyOf(settings);
    return () -> {
      // Searches are kept where everything else is.
      SearchCache cache = new SearchCache(store.open(), Clock.systemUTC());
      List<VisualFinder> chain = new ArrayList<>();
      for (VisualSettings provider : providers) {
        try {
          chain.add(provider.open(System.getenv(), cache, limits.open()));
        } catch (StageException e) {
          // The run looked for every key before it began: this worker's environment differs.
          throw new IllegalStateException(e.describe(), e);
        }
      }
      return new VisualChain(chain);
    };
  }

  /** Moderators of the settings, and the bundled lists. */
  public static PortFactory<Moderator> moderation(
      ModerationSettings settings, PortFactory<CallLimits> limits) {
    return () -> {
      List<Moderator> panel = new ArrayList<>();
      panel.add(new ListModerator(settings.lists(), settings.rules()));
      for (ModerationSettings.Provider provider : settings.providers()) {
        try {
          panel.add(provider.open(System.getenv(), limits.open()));
        } catch (StageException e) {
          // The run looked for every key before it began: this worker's environment differs.
          throw new IllegalStateException(e.describe(), e);
        }
      }
      return new ModeratorPanel(panel);
    };
  }

  /** Purses of one run, within the budgets of the settings; nothing is counted if nobody bills. */
  public static PortFactory<Spending> spending(
      ProviderSettings settings, PortFactory<SpendLedger> ledger) {
    if (!settings.bills()) {
      return NoSpending::new;
    }
    String run = UUID.randomUUID().toString();
    return () -> new BudgetedSpending(ledger.open(), settings.rates(), settings.budgets(), run);
  }

  /** What was spent, kept beside the results. */
  private static PortFactory<SpendLedger> ledger(Path store) {
    String path = store.toAbsolutePath().normalize().resolve("spending").toString();
    return () -> FileSpendLedger.open(Path.of(path));
  }

  private static PortFactory<AssetReader> assets() {
    return FolderAssetReader::new;
  }

  /** Script writers of the settings, in their order, before the embedded one if it is wanted. */
  public static PortFactory<ScriptWriter> scripts(
      ProviderSettings settings, PortFactory<CallLimits> limits) {
    List<WriterSettings> writers = settings.script();
    if (writers.isEmpty()) {
      return ExtractiveScriptWriter::new;
    }
    boolean embeddedToo = settings.embedded();
    return () -> {
      List<ScriptWriter> chain = new ArrayList<>();
      for (WriterSettings writer : writers) {
        try {
          chain.add(writer.open(System.getenv(), new RankedPoints(), limits.open()));
        } catch (StageException e) {
          // The run looked for every key before it began: this worker's environment differs.
          throw new IllegalStateException(e.describe(), e);
        }
      }
      ScriptWriter embedded = new ExtractiveScriptWriter();
      if (embeddedToo) {
        chain.add(embedded);
      }
      return new ScriptWriterChain(chain, embedded);
    };
  }

  /** Where messages about the store go; the command line shows them to the user. */
  public static void tellTo(Consumer<String> messages) {
    listener = messages;
  }

  private static void tell(String message) {
    listener.accept(message);
  }
}
