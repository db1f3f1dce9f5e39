package dev.reelbeam.model.port;

import dev.reelbeam.model.learning.ArmChoice;
import dev.reelbeam.model.learning.ArmQuestion;
import dev.reelbeam.model.learning.LearningSettings;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Draws arms by what earlier videos earned. It never holds a record up and never fails: with
 * nothing learned yet, or with what was learned out of reach, all options are alike. Thread-safe.
 *
 * <p>Who asks keeps the answer under the record's key before using it: the same question may be
 * answered differently once more was learned.
 */
public interface ArmChooser extends AutoCloseable {
  /** What is tried out; null when nothing is: then {@link #choose} is always empty. */
  @Nullable LearningSettings settings();

  /** An arm; empty when nothing is tried out here. */
  Optional<ArmChoice> choose(ArmQuestion question);

  /** The clock by which a site posts; UTC where nothing is known of it. */
  default ZoneId zone(String site) {
    return ZoneOffset.UTC;
  }

  /** Writes a choice down for those who evaluate; the first one of a record and variant stays. */
  void keep(ArmChoice choice);

  @Override
  void close();
}
