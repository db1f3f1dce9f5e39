package dev.reelbeam.model.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;

/** The field {@code schema_version} of what people and systems send; optional. */
public final class SchemaVersion {
  /** The newest schema that this release understands. */
  public static final int NEWEST = 1;

  private static final String FIELD = "schema_version";

  private SchemaVersion() {}

  /**
   * Checks that an object is of a schema that this release reads: of a newer one it would take what
   * it knows and leave out the rest without a word.
   *
   * @param position where it comes from, for the message
   * @throws StageException {@code SCHEMA_NEWER} if it is not
   */
  public static void check(JsonNode object, String position) throws StageException {
    JsonNode schema = object.path(FIELD);
    if (schema.isMissingNode() || schema.isNull()) {
      return;
    }
    if (!schema.canConvertToInt() || schema.intValue() > NEWEST) {
      throw new StageException(
          FailureCode.SCHEMA_NEWER,
          position + " is of schema " + schema + "; this release reads the number " + NEWEST);
    }
  }
}
