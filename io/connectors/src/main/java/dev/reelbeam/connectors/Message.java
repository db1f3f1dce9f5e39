package dev.reelbeam.connectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.json.SchemaVersion;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What is common to the messages of all topics: bounded, UTF-8, one JSON object. */
final class Message {
  /** The largest message that is read. */
  static final int MOST_BYTES = 5_000_000;

  private static final int KEPT_CHARACTERS = 100_000;

  private Message() {}

  /** The position of a message: {@code topic-partition@offset}. */
  static String position(String topic, int partition, long offset) {
    return topic + "-" + partition + "@" + offset;
  }

  /** The object that a message holds. */
  static ObjectNode object(byte @Nullable [] bytes, String position) throws StageException {
    if (bytes == null || bytes.length == 0) {
      throw new StageException(FailureCode.RECORD_EMPTY, position + " is empty");
    }
    if (bytes.length > MOST_BYTES) {
      throw new StageException(
          FailureCode.MESSAGE_TOO_LARGE, position + " has " + bytes.length + " bytes");
    }
    JsonNode node;
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      node = RecordJson.readTree(text);
    } catch (CharacterCodingException e) {
      throw new StageException(FailureCode.RECORD_INVALID, position + " is not UTF-8", e);
    } catch (JsonProcessingException e) {
      throw new StageException(
          FailureCode.RECORD_INVALID, position + " is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!(node instanceof ObjectNode)) {
      throw new StageException(FailureCode.RECORD_INVALID, position + " is not a JSON object");
    }
    SchemaVersion.check(node, position);
    return (ObjectNode) node;
  }

  /**
   * A message as a letter keeps it: whole, so that it can be sent again, unless it is too large.
   */
  static String excerpt(byte @Nullable [] bytes) {
    if (bytes == null) {
      return "";
    }
    if (bytes.length <= MOST_BYTES) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    // Up to four bytes for a character; what is cut in the middle becomes a mark.
    String text =
        new String(bytes, 0, Math.min(bytes.length, KEPT_CHARACTERS * 4), StandardCharsets.UTF_8);
    return text.length() > KEPT_CHARACTERS ? text.substring(0, KEPT_CHARACTERS) : text;
  }
}
