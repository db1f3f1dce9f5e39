package dev.reelbeam.stages.flow;

import dev.reelbeam.model.cost.RateCard;
import dev.reelbeam.model.port.ArmChooser;
import dev.reelbeam.model.port.AssetReader;
import dev.reelbeam.model.port.Moderator;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.PortFactory;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.port.RenderCredits;
import dev.reelbeam.model.port.ScriptWriter;
import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.model.port.Spending;
import dev.reelbeam.model.port.VisualFinder;
import java.io.Serializable;
import java.util.function.Consumer;

/**
 * How a worker opens what the stages need from the outside.
 *
 * @param projects the ledger of projects; {@link NoLedger} where nobody keeps one
 * @param visuals pictures for scenes without one; {@link NoVisuals} where they get cards
 * @param rates what the providers ask
 * @param credits how render tickets come back to the dispatcher; {@link NoCredits} without one
 * @param arms what scripts try out; {@link NoArms} where nothing is
 * @param spending what is paid from; {@link NoSpending} where nobody counts
 * @param moderation who looks at texts and pictures; {@link NoModeration} where nobody does
 */
public record Providers(
    PortFactory<ObjectStore> store,
    PortFactory<AssetReader> assets,
    PortFactory<ScriptWriter> scripts,
    PortFactory<SpeechSynthesizer> speech,
    Progress.Factory progress,
    PortFactory<ProjectLedger> projects,
    PortFactory<RenderCredits> credits,
    PortFactory<VisualFinder> visuals,
    RateCard rates,
    PortFactory<ArmChooser> arms,
    PortFactory<Spending> spending,
    PortFactory<Moderator> moderation)
    implements Serializable {
  /** Providers of a run that keeps no ledger and dispatches in order. */
  public Providers(
      PortFactory<ObjectStore> store,
      PortFactory<AssetReader> assets,
      PortFactory<ScriptWriter> scripts,
      PortFactory<SpeechSynthesizer> speech,
      Progress.Factory progress) {
    this(
        store,
        assets,
        scripts,
        speech,
        progress,
        NoLedger::new,
        NoCredits::new,
        NoVisuals::new,
        RateCard.NONE,
        NoArms::new,
        NoSpending::new,
        NoModeration::new);
  }

  /** The same, with what is found, made and paid told to the meter of whoever does it. */
  public Providers metered() {
    return with(
        copy -> {
          copy.progress = MeteredProgress.of(copy.progress, copy.rates);
        });
  }

  /** The same with a ledger of projects. */
  public Providers withProjects(PortFactory<ProjectLedger> newProjects) {
    return with(copy -> copy.projects = newProjects);
  }

  /** The same with a way back for render tickets. */
  public Providers withCredits(PortFactory<RenderCredits> newCredits) {
    return with(copy -> copy.credits = newCredits);
  }

  /** The same with arms to try out. */
  public Providers withArms(PortFactory<ArmChooser> newArms) {
    return with(copy -> copy.arms = newArms);
  }

  /** The same with pictures for scenes that have none. */
  public Providers withVisuals(PortFactory<VisualFinder> newVisuals) {
    return with(copy -> copy.visuals = newVisuals);
  }

  /** The same at these prices. */
  public Providers withRates(RateCard newRates) {
    return with(copy -> copy.rates = newRates);
  }

  /** The same, paying from what these hand out. */
  public Providers withSpending(PortFactory<Spending> newSpending) {
    return with(copy -> copy.spending = newSpending);
  }

  /** The same, looked at by these. */
  public Providers withModeration(PortFactory<Moderator> newModeration) {
    return with(copy -> copy.moderation = newModeration);
  }

  private Providers with(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return copy.done();
  }

  /** All of them, to change one. */
  private static final class Copy {
    private PortFactory<ObjectStore> store;
    private PortFactory<AssetReader> assets;
    private PortFactory<ScriptWriter> scripts;
    private PortFactory<SpeechSynthesizer> speech;
    private Progress.Factory progress;
    private PortFactory<ProjectLedger> projects;
    private PortFactory<RenderCredits> credits;
    private PortFactory<VisualFinder> visuals;
    private RateCard rates;
    private PortFactory<ArmChooser> arms;
    private PortFactory<Spending> spending;
    private PortFactory<Moderator> moderation;

    Copy(Providers of) {
      store = of.store;
      assets = of.assets;
      scripts = of.scripts;
      speech = of.speech;
      progress = of.progress;
      projects = of.projects;
      credits = of.credits;
      visuals = of.visuals;
      rates = of.rates;
      arms = of.arms;
      spending = of.spending;
      moderation = of.moderation;
    }

    Providers done() {
      return new Providers(
          store,
          assets,
          scripts,
          speech,
          progress,
          projects,
          credits,
          visuals,
          rates,
          arms,
          spending,
          moderation);
    }
  }
}
