package dev.reelbeam.stages.moderation;

import dev.reelbeam.model.port.Moderator;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.step.ProvidedStep;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A look of the moderators at what passes: they are opened and closed with the step. */
abstract class ModeratingStep<InputT, OutputT> extends ProvidedStep<InputT, OutputT> {
  private static final long serialVersionUID = 1L;

  private transient @Nullable Moderator moderator;

  ModeratingStep(Providers providers) {
    super(providers);
  }

  @Override
  public void open() {
    super.open();
    moderator = providers().moderation().open();
  }

  @Override
  public void close() {
    if (moderator != null) {
      moderator.close();
    }
    super.close();
  }

  final Moderation moderation() {
    return new Moderation(
        Objects.requireNonNull(moderator, "open() first"), artifacts(), progress());
  }
}
