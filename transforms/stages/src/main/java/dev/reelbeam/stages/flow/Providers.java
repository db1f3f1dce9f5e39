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

  /** The same with a ledger of projects. */
  public Providers withProjects(PortFactory<ProjectLedger> newProjects) {
    return new Providers(
        store,
        assets,
        scripts,
        speech,
        progress,
        newProjects,
        credits,
        visuals,
        rates,
        arms,
        spending,
        moderation);
  }

  /** The same with a way back for render tickets. */
  public Providers withCredits(PortFactory<RenderCredits> newCredits) {
    return new Providers(
        store,
        assets,
        scripts,
        speech,
        progress,
        projects,
        newCredits,
        visuals,
        rates,
        arms,
        spending,
        moderation);
  }

  /** The same with arms to try out. */
  public Providers withArms(PortFactory<ArmChooser> newArms) {
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
        newArms,
        spending,
        moderation);
  }

  /** The same with another listener. */
  public Providers withProgress(Progress.Factory newProgress) {
    return new Providers(
        store,
        assets,
        scripts,
        speech,
        newProgress,
        projects,
        credits,
        visuals,
        rates,
        arms,
        spending,
        moderation);
  }

  /** The same with pictures for scenes that have none. */
  public Providers withVisuals(PortFactory<VisualFinder> newVisuals) {
    return new Providers(
        store,
        assets,
        scripts,
        speech,
        progress,
        projects,
        credits,
        newVisuals,
        rates,
        arms,
        spending,
        moderation);
  }

  /** The same at these prices. */
  public Providers withRates(RateCard newRates) {
    return new Providers(
        store,
        assets,
        scripts,
        speech,
        progress,
        projects,
        credits,
        visuals,
        newRates,
        arms,
        spending,
        moderation);
  }

  /** The same, paying from what these hand out. */
  public Providers withSpending(PortFactory<Spending> newSpending) {
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
        newSpending,
        moderation);
  }

  /** The same, looked at by these. */
  public Providers withModeration(PortFactory<Moderator> newModeration) {
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
        newModeration);
  }
}
