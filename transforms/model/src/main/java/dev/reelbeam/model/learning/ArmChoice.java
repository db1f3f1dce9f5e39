package dev.reelbeam.model.learning;

import dev.reelbeam.model.content.RecordKey;
import java.io.Serializable;
import java.util.List;

/**
 * An arm that was drawn, once and for ever for its record and variant.
 *
 * @param options what it was drawn from
 * @param probabilityPpm how probable this draw was, in millionths, holdout and posterior together:
 *     what an unbiased look back at other policies divides by
 * @param holdout whether it was drawn evenly, whatever was learned
 */
public record ArmChoice(
    ArmKind kind,
    RecordKey key,
    String variant,
    String site,
    List<String> platforms,
    List<String> options,
    String arm,
    int probabilityPpm,
    boolean holdout)
    implements Serializable {
  public ArmChoice {
    platforms = List.copyOf(platforms);
    options = List.copyOf(options);
  }
}
