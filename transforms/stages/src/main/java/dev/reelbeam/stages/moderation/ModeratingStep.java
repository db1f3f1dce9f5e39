package dev.reelbeam.stages.moderation;

import dev.reelbeam.model.port.Moderator;
import dev.reelbeam.model.port.Spending;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.step.ProvidedStep;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A look of the moderators at what passes: they are opened and closed with the step. */
abstract class ModeratingStep<InputT, OutputT> extends ProvidedStep<InputT, OutputT> {
  private static final long serialVersionUID = 1L;

  private transient @Nullable Moderator moderator;
  private transient @Nullable Spending spending;

  ModeratingStep(Providers providers) {
    super(providers);
  }

  @Override
  public void open() {
    super.open();
    moderator = providers().moderation().open();
    spending = providers().spending().open();
  }

  @Override
  public void close() {
    if (moderator != null) {
      moderator.close();
    }
    if (spending != null) {
      spending.close();
    }
    super.close();
  }

  /** How many pictures somebody wants to see at most. */
  final int pictures() {
    return Objects.requireNonNull(moderator, "open() first").frames();
  }

  final Moderation moderation() {
    return new Moderation(
        Objects.requireNonNull(moderator, "open() first"),
        artifacts(),
        progress(),
        Objects.requireNonNull(spending, "open() first"),
        providers().rates());
  }
}
