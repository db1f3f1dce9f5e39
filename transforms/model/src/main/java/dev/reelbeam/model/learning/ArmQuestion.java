package dev.reelbeam.model.learning;

import dev.reelbeam.model.content.RecordKey;
import java.io.Serializable;
import java.util.List;

/**
 * Which arm one variant of a record should take.
 *
 * @param variant id of the variant; a record's variants are tried out apart
 * @param site id of the site, empty when the record has none
 * @param platforms ids of the platforms that the variant goes to; the arm serves all of them
 * @param options arms that this record can take, at least one, in a fixed order
 */
public record ArmQuestion(
    ArmKind kind,
    RecordKey key,
    String variant,
    String site,
    List<String> platforms,
    List<String> options)
    implements Serializable {
  public ArmQuestion {
    platforms = List.copyOf(platforms);
    options = List.copyOf(options);
    if (options.isEmpty()) {
      throw new IllegalArgumentException("a question needs an option");
    }
  }
}
