package dev.reelbeam.model.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.VideoFacts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of snapshots and of the facts about videos, one object each:
 *
 * <pre>{@code
 * {"video_id":"7b1e…","platform":"youtube","site_id":"acme","fetched_at":"2026-11-01T12:00:00Z",
 *  "views":1200,"likes":80,"comments":4,"shares":null,"watch_time_seconds":31200,
 *  "impressions":9000,"clicks":410,"avg_view_duration_ms":26000,"revenue_micros":1840000,
 *  "raw_ref":"sha256/…","removed":false}
 * }</pre>
 *
 * <p>Strict where a mistake would become a wrong figure: counters are whole JSON numbers or null,
 * times are ISO 8601 with an offset or whole ms. Unknown fields are ignored. Read token by token,
 * because a busy topic carries millions of them.
 */
public final class EngagementJson {
  /** The longest id or name, in UTF-8: they are the keys of rows. */
  public static final int MAX_TEXT_BYTES = 512;

  private static final JsonFactory FACTORY = new JsonFactory();

  private EngagementJson() {}

  /** One line of JSON, UTF-8, without a line break. */
  public static byte[] write(EngagementSnapshot snapshot) {
    return write(
        json -> {
          json.writeStringField("video_id", snapshot.videoId());
          json.writeStringField("platform", snapshot.platform());
          optional(json, "site_id", snapshot.siteId());
          json.writeStringField("fetched_at", iso(snapshot.fetchedAtMs()));
          optional(json, "views", snapshot.views());
          optional(json, "likes", snapshot.likes());
          optional(json, "comments", snapshot.comments());
          optional(json, "shares", snapshot.shares());
          optional(json, "watch_time_seconds", snapshot.watchTimeSeconds());
          optional(json, "impressions", snapshot.impressions());
          optional(json, "clicks", snapshot.clicks());
          optional(json, "avg_view_duration_ms", snapshot.avgViewDurationMs());
          optional(json, "revenue_micros", snapshot.revenueMicros());
          optional(json, "raw_ref", snapshot.rawRef());
          if (snapshot.removed()) {
            json.writeBooleanField("removed", true);
          }
        });
  }

  /**
   * Reads a snapshot.
   *
   * @throws IllegalArgumentException naming what is wrong; a number that no long holds is told as
   *     such
   */
  public static EngagementSnapshot readSnapshot(byte[] bytes) {
    String videoId = null;
    String platform = null;
    String siteId = null;
    Long fetchedAtMs = null;
    @Nullable Long[] counters = new @Nullable Long[9];
    String rawRef = null;
    boolean removed = false;
    try (JsonParser json = FACTORY.createParser(bytes)) {
      begin(json);
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        JsonToken token = json.nextToken();
        switch (name) {
          case "video_id" -> videoId = text(json, token, name);
          case "platform" -> platform = text(json, token, name);
          case "site_id" -> siteId = text(json, token, name);
          case "fetched_at" -> fetchedAtMs = time(json, token, name);
          case "views" -> counters[0] = whole(json, token, name);
          case "likes" -> counters[1] = whole(json, token, name);
          case "comments" -> counters[2] = whole(json, token, name);
          case "shares" -> counters[3] = whole(json, token, name);
          case "watch_time_seconds" -> counters[4] = whole(json, token, name);
          case "impressions" -> counters[5] = whole(json, token, name);
          case "clicks" -> counters[6] = whole(json, token, name);
          case "avg_view_duration_ms" -> counters[7] = whole(json, token, name);
          case "revenue_micros" -> counters[8] = whole(json, token, name);
          case "raw_ref" -> rawRef = text(json, token, name);
          case "removed" -> removed = token == JsonToken.VALUE_TRUE;
          default -> json.skipChildren();
        }
      }
      end(json);
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON: " + firstLine(e), e);
    }
    return new EngagementSnapshot(
        required(videoId, "video_id"),
        required(platform, "platform"),
        siteId,
        required(fetchedAtMs, "fetched_at"),
        counters[0],
        counters[1],
        counters[2],
        counters[3],
        counters[4],
        counters[5],
        counters[6],
        counters[7],
        counters[8],
        rawRef,
        removed);
  }

  /** One line of JSON, UTF-8, without a line break. */
  public static byte[] write(VideoFacts facts) {
    return write(
        json -> {
          json.writeStringField("video_id", facts.videoId());
          json.writeStringField("platform", facts.platform());
          json.writeStringField("preset", facts.preset());
          json.writeStringField("site_id", facts.siteId());
          json.writeStringField("time_zone", facts.timeZone());
          optional(json, "hook_style", facts.hookStyle());
          optional(json, "voice", facts.voice());
          optional(json, "duration_class", facts.durationClass());
          optional(json, "topic", facts.topic());
          json.writeStringField("project", facts.project());
          json.writeStringField("published_at", iso(facts.publishedAtMs()));
          json.writeNumberField("cost_micros", facts.costMicros());
          json.writeNumberField("credits", facts.credits());
        });
  }

  /**
   * Reads facts: a line of an imported list. Without a time zone the days are those of UTC.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  public static VideoFacts readFacts(byte[] bytes) {
    @Nullable String[] texts = new @Nullable String[10];
    Long publishedAtMs = null;
    Long costMicros = null;
    Long credits = null;
    try (JsonParser json = FACTORY.createParser(bytes)) {
      begin(json);
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        JsonToken token = json.nextToken();
        switch (name) {
          case "video_id" -> texts[0] = text(json, token, name);
          case "platform" -> texts[1] = text(json, token, name);
          case "preset" -> texts[2] = text(json, token, name);
          case "site_id" -> texts[3] = text(json, token, name);
          case "time_zone" -> texts[4] = text(json, token, name);
          case "hook_style" -> texts[5] = text(json, token, name);
          case "voice" -> texts[6] = text(json, token, name);
          case "duration_class" -> texts[7] = text(json, token, name);
          case "topic" -> texts[8] = text(json, token, name);
          case "project" -> texts[9] = text(json, token, name);
          case "published_at" -> publishedAtMs = time(json, token, name);
          case "cost_micros" -> costMicros = whole(json, token, name);
          case "credits" -> credits = whole(json, token, name);
          default -> json.skipChildren();
        }
      }
      end(json);
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON: " + firstLine(e), e);
    }
    return new VideoFacts(
        required(texts[0], "video_id"),
        required(texts[1], "platform"),
        required(texts[2], "preset"),
        required(texts[3], "site_id"),
        texts[4] == null ? "UTC" : texts[4],
        texts[5],
        texts[6],
        texts[7],
        texts[8],
        required(texts[9], "project"),
        required(publishedAtMs, "published_at"),
        costMicros == null ? 0 : costMicros,
        credits == null ? 0 : credits);
  }

  /**
   * Whether a text may be kept: Postgres keeps no NUL, and what it has to find by an index is below
   * 2,704 bytes, whatever else is in the row of the index.
   */
  public static boolean isText(String text) {
    return text.indexOf('\0') < 0 && bytes(text) <= MAX_TEXT_BYTES;
  }

  /** In UTF-8, without writing it: a busy topic carries millions of texts. */
  private static int bytes(String text) {
    int bytes = text.length();
    if (bytes > MAX_TEXT_BYTES) {
      return bytes;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // Each half of a surrogate pair is two of its four bytes.
      bytes += c < 0x80 ? 0 : c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
    }
    return bytes;
  }

  @FunctionalInterface
  private interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  private static byte[] write(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(320);
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      json.writeStartObject();
      body.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void optional(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  private static void optional(JsonGenerator json, String name, @Nullable Long value)
      throws IOException {
    if (value != null) {
      json.writeNumberField(name, value);
    }
  }

  private static String iso(long ms) {
    return DateTimeFormatter.ISO_INSTANT.format(Instant.ofEpochMilli(ms));
  }

  private static void begin(JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException("not a JSON object");
    }
  }

  private static void end(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
      throw new IllegalArgumentException("not one JSON object");
    }
  }

  private static @Nullable String text(JsonParser json, JsonToken token, String name)
      throws IOException {
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token != JsonToken.VALUE_STRING) {
      throw new IllegalArgumentException(name + " is not a text");
    }
    String text = json.getText();
    if (!isText(text)) {
      throw new IllegalArgumentException(
          name + " is longer than " + MAX_TEXT_BYTES + " bytes or holds a NUL");
    }
    return text;
  }

  private static @Nullable Long whole(JsonParser json, JsonToken token, String name)
      throws IOException {
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token != JsonToken.VALUE_NUMBER_INT) {
      throw new IllegalArgumentException(name + " is not a whole number");
    }
    if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      // As large as it gets: whoever checks the range says what is wrong with it.
      return json.getBigIntegerValue().signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    return json.getLongValue();
  }

  private static @Nullable Long time(JsonParser json, JsonToken token, String name)
      throws IOException {
    if (token == JsonToken.VALUE_STRING) {
      try {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME
            .parse(json.getText(), Instant::from)
            .toEpochMilli();
      } catch (DateTimeException | ArithmeticException e) {
        throw new IllegalArgumentException(name + " is not a time with an offset", e);
      }
    }
    return whole(json, token, name);
  }

  private static <T> T required(@Nullable T value, String name) {
    if (value == null || value.equals("")) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }

  private static String firstLine(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }

  /** As text, for letters. */
  public static String text(EngagementSnapshot snapshot) {
    return new String(write(snapshot), StandardCharsets.UTF_8);
  }
}
