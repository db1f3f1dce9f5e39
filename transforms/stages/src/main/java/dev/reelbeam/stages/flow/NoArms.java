package dev.reelbeam.stages.flow;

import dev.reelbeam.model.learning.ArmChoice;
import dev.reelbeam.model.learning.ArmQuestion;
import dev.reelbeam.model.learning.LearningSettings;
import dev.reelbeam.model.port.ArmChooser;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Nothing is tried out: writers open as they find best, at the variant's own length. */
public final class NoArms implements ArmChooser {
  @Override
  public @Nullable LearningSettings settings() {
    return null;
  }

  @Override
  public Optional<ArmChoice> choose(ArmQuestion question) {
    return Optional.empty();
  }

  @Override
  public void keep(ArmChoice choice) {
    // Nobody asks for it.
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
