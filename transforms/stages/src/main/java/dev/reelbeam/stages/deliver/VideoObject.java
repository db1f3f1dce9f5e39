package dev.reelbeam.stages.deliver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.model.content.ChapterMarker;
import dev.reelbeam.model.json.RecordJson;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A video as schema.org VideoObject in JSON-LD, as Google reads it: absolute addresses, an upload
 * time with its zone, an ISO 8601 duration, and the chapters as clips.
 */
public final class VideoObject {
  private static final int MIN_CLIPS = 2;

  private VideoObject() {}

  /**
   * What is told about a video. Addresses may be relative: they are resolved against the base.
   *
   * @param thumbnails addresses of pictures, at least one
   * @param content address of the file itself
   * @param embed address of a player, null when there is none
   * @param page address of the page that shows the video, null when it is not known: then the clips
   *     point into the file
   * @param language BCP 47 tag
   */
  public record Facts(
      String name,
      String description,
      List<String> thumbnails,
      Instant uploaded,
      long durationMs,
      String content,
      @Nullable String embed,
      @Nullable String page,
      String language,
      List<String> keywords,
      List<ChapterMarker> chapters) {}

  /**
   * Builds the object.
   *
   * @param baseUrl absolute http or https address that ends where relative ones begin
   * @throws IllegalArgumentException if an address does not become absolute
   */
  public static ObjectNode of(Facts facts, String baseUrl) {
    ObjectNode video = RecordJson.newObject();
    video.put("@context", "https://schema.org");
    video.put("@type", "VideoObject");
    video.put("name", facts.name());
    video.put("description", facts.description());
    ArrayNode thumbnails = video.putArray("thumbnailUrl");
    facts.thumbnails().forEach(url -> thumbnails.add(absolute(url, baseUrl)));
    video.put(
        "uploadDate",
        DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
            OffsetDateTime.ofInstant(
                facts.uploaded().truncatedTo(ChronoUnit.SECONDS), ZoneOffset.UTC)));
    video.put("duration", duration(facts.durationMs()));
    String content = absolute(facts.content(), baseUrl);
    video.put("contentUrl", content);
    String embed = facts.embed();
    if (embed != null) {
      video.put("embedUrl", absolute(embed, baseUrl));
    }
    video.put("inLanguage", facts.language());
    if (!facts.keywords().isEmpty()) {
      video.put("keywords", String.join(", ", facts.keywords()));
    }
    String page = facts.page();
    addClips(video, facts, page == null ? content : absolute(page, baseUrl), page != null);
    return video;
  }

  /** Why a text is no base of addresses on the web; null if it is one. */
  public static @Nullable String fault(String baseUrl) {
    try {
      String unused = absolute("a", baseUrl);
      return null;
    } catch (IllegalArgumentException e) {
      return "'" + baseUrl + "' is no absolute http or https address";
    }
  }

  private static void addClips(ObjectNode video, Facts facts, String url, boolean isPage) {
    long seconds = facts.durationMs() / 1000;
    List<ChapterMarker> clips = new ArrayList<>();
    long last = -1;
    for (ChapterMarker chapter : facts.chapters()) {
      long start = chapter.timeMs() / 1000;
      if (start > last && start < seconds && !chapter.title().isBlank()) {
        clips.add(chapter);
        last = start;
      }
    }
    if (clips.size() < MIN_CLIPS) {
      return;
    }
    ArrayNode parts = video.putArray("hasPart");
    for (int i = 0; i < clips.size(); i++) {
      long start = clips.get(i).timeMs() / 1000;
      long end = i + 1 < clips.size() ? clips.get(i + 1).timeMs() / 1000 : seconds;
      ObjectNode clip = parts.addObject();
      clip.put("@type", "Clip");
      clip.put("name", clips.get(i).title());
      clip.put("startOffset", start);
      clip.put("endOffset", end);
      clip.put("url", at(url, start, isPage));
    }
  }

  /** A page takes the time as a parameter, a file as a media fragment (W3C Media Fragments). */
  private static String at(String url, long seconds, boolean isPage) {
    if (!isPage) {
      return url + "#t=" + seconds;
    }
    int hash = url.indexOf('#');
    String path = hash < 0 ? url : url.substring(0, hash);
    return path + (path.indexOf('?') < 0 ? "?t=" : "&t=") + seconds;
  }

  /** A path below a base as an address; null when there is no base. */
  static @Nullable String address(@Nullable String baseUrl, String path) {
    return baseUrl == null ? null : absolute(path, baseUrl);
  }

  private static String absolute(String url, String baseUrl) {
    URI base = URI.create(baseUrl.endsWith("/") ? baseUrl : baseUrl + "/");
    URI resolved =
        url.matches("https?://.*") ? URI.create(url) : base.resolve("./" + encodedPath(url));
    String scheme = resolved.getScheme();
    if (resolved.getHost() == null
        || scheme == null
        || !(scheme.equals("https") || scheme.equals("http"))) {
      throw new IllegalArgumentException("not an absolute web address: " + resolved);
    }
    return resolved.toASCIIString();
  }

  /** Record ids may hold characters that mean something else in an address. */
  private static String encodedPath(String path) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = c < 128 && (Character.isLetterOrDigit(c) || "/._-~@".indexOf(c) >= 0);
      encoded.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", b & 0xff));
    }
    return encoded.toString();
  }

  /** ISO 8601, whole seconds, for example {@code PT1M33S}. */
  static String duration(long ms) {
    long seconds = Math.round(ms / 1000.0);
    StringBuilder text = new StringBuilder("PT");
    if (seconds >= 3600) {
      text.append(seconds / 3600).append('H');
    }
    if (seconds % 3600 >= 60) {
      text.append(seconds % 3600 / 60).append('M');
    }
    if (seconds % 60 > 0 || seconds == 0) {
      text.append(seconds % 60).append('S');
    }
    return text.toString();
  }

  /**
   * The object as text that may stand inside a script element: no {@code <} is left in it, so
   * nothing in a title can end the element.
   */
  public static String toScriptText(ObjectNode video) {
    return RecordJson.pretty(video)
        .replace("<", "\\u003c")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029");
  }
}
