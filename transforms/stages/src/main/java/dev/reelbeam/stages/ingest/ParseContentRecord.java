package dev.reelbeam.stages.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.media.composition.TransitionKind;
import dev.reelbeam.model.content.BlockKind;
import dev.reelbeam.model.content.ClipUse;
import dev.reelbeam.model.content.ContentImage;
import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.FallbackPolicy;
import dev.reelbeam.model.content.Listing;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewMode;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.SourceBlock;
import dev.reelbeam.model.content.TextOverlay;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.json.SchemaVersion;
import dev.reelbeam.model.video.Presets;
import dev.reelbeam.model.video.VideoType;
import dev.reelbeam.stages.flow.ParsedRecord;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.flow.RecordOverrides;
import dev.reelbeam.stages.step.ProvidedStep;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns a record in wire form into a {@link ContentRecord}, checked and archived.
 *
 * <p>Unknown fields are ignored; a field of the wrong shape is named in the failure.
 */
public final class ParseContentRecord extends ProvidedStep<RawRecord, ParsedRecord> {
  private static final long serialVersionUID = 1L;

  private static final int MAX_EMOTION_CHARS = 60;

  /** Longest record in characters. */
  public static final int MAX_RECORD_CHARACTERS = 20_000_000;

  private static final int MAX_NAME_CHARACTERS = 200;
  private static final int MAX_TITLE_CHARACTERS = 500;
  private static final int MAX_IMAGES = 200;

  /** What {@code "sound": true} means: heard, and well under the narration. */
  private static final int DEFAULT_CLIP_SOUND_PERCENT = 30;

  private static final Pattern RECORD_ID =
      Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._:/@-]{0,199}");

  private final RecordOverrides overrides;

  public ParseContentRecord(Providers providers, RecordOverrides overrides) {
    super(providers);
    this.overrides = overrides;
  }

  @Override
  public ParsedRecord apply(RawRecord raw) throws StageException {
    ContentRecord record = parse(raw, overrides);
    return new ParsedRecord(
        record.key(),
        artifacts().putRecord(record),
        record.project(),
        record.title(),
        raw.position(),
        record.siteId(),
        record.userId(),
        0,
        null);
  }

  /** Parses without storing; what the step does, for callers without a store. */
  public static ContentRecord parse(RawRecord raw, RecordOverrides overrides)
      throws StageException {
    if (raw.json().isBlank()) {
      throw new StageException(FailureCode.RECORD_EMPTY, raw.position() + " is empty");
    }
    if (raw.json().length() > MAX_RECORD_CHARACTERS) {
      throw new StageException(
          FailureCode.RECORD_TOO_LARGE,
          raw.position() + " has " + raw.json().length() + " characters");
    }
    JsonNode node;
    try {
      node = RecordJson.readTree(raw.json());
    } catch (JsonProcessingException e) {
      throw new StageException(
          FailureCode.RECORD_INVALID,
          raw.position() + " is not JSON: " + e.getOriginalMessage(),
          e);
    }
    if (!node.isObject()) {
      throw new StageException(
          FailureCode.RECORD_INVALID, raw.position() + " is not a JSON object");
    }
    if (node.isEmpty()) {
      throw new StageException(FailureCode.RECORD_EMPTY, raw.position() + " has no fields");
    }
    SchemaVersion.check(node, raw.position());
    String id = text(node, "record_id");
    if (id == null) {
      throw invalid("record_id", "is missing");
    }
    if (!RECORD_ID.matcher(id).matches() || id.contains("..")) {
      throw invalid("record_id", "may hold letters, digits and . _ : / @ - only: '" + id + "'");
    }
    int revision = whole(node, "revision", 1, 1, Integer.MAX_VALUE);
    ContentKind kind = kind(node);
    String title = text(node, "title");
    if (title == null) {
      throw new StageException(FailureCode.TITLE_MISSING, id + " has no title");
    }
    title = clean(title);
    if (title.length() > MAX_TITLE_CHARACTERS) {
      // Half of a pair would be no character.
      boolean pair = Character.isHighSurrogate(title.charAt(MAX_TITLE_CHARACTERS - 1));
      title = title.substring(0, MAX_TITLE_CHARACTERS - (pair ? 1 : 0)).strip();
    }
    List<ContentImage> images = assets(node);
    if (kind == ContentKind.CLIP && images.isEmpty()) {
      throw new StageException(FailureCode.RECORD_EMPTY, id + " has no clip to work on");
    }
    List<SourceBlock> blocks = new ArrayList<>();
    String html = text(node, "content_html");
    if (html != null) {
      HtmlBlocks.Parsed parsed = HtmlBlocks.parse(html, images, HtmlBlocks.Limits.DEFAULT);
      blocks.addAll(parsed.blocks());
      images = parsed.images();
    }
    String plain = text(node, "content_text");
    if (html == null && plain != null) {
      for (String paragraph : plain.split("\\n\\s*\\n", -1)) {
        if (!paragraph.isBlank()) {
          blocks.add(paragraph(clean(paragraph)));
        }
      }
    }
    String description = text(node, "meta_description");
    if (description == null) {
      description = text(node, "description");
    }
    Listing listing = null;
    if (kind == ContentKind.LISTING) {
      listing = new Listing(price(node), text(node, "currency"), text(node, "category"));
      if (blocks.isEmpty() && description != null) {
        blocks.add(paragraph(clean(description)));
      }
    } else if (blocks.stream().noneMatch(ParseContentRecord::speaks)) {
      List<String> keywords = keywords(node);
      if (description != null) {
        blocks.add(0, paragraph(clean(description)));
      } else if (kind == ContentKind.TOPIC || kind == ContentKind.PROMPT) {
        // Nothing but its title: whoever writes the script knows more.
      } else if (kind == ContentKind.CLIP && !keywords.isEmpty()) {
        blocks.add(0, new SourceBlock(BlockKind.LIST, 0, "", keywords, null, -1));
      } else {
        if (images.isEmpty()) {
          throw new StageException(FailureCode.RECORD_EMPTY, id + " has neither text nor pictures");
        }
        throw new StageException(
            FailureCode.SOURCE_TOO_THIN,
            id + " has " + images.size() + " pictures but no text to speak");
      }
    }
    String language = overrides.language() != null ? overrides.language() : text(node, "language");
    ProjectRequest project = project(node, overrides);
    return new ContentRecord(
        new RecordKey(id, revision),
        name(node, "site_id"),
        name(node, "user_id"),
        kind,
        language == null ? "en" : primaryTag(language),
        title,
        description == null ? null : clean(description),
        keywords(node),
        List.copyOf(blocks),
        List.copyOf(images),
        listing,
        project,
        raw.baseUri());
  }

  private static boolean speaks(SourceBlock block) {
    return switch (block.kind()) {
      case PARAGRAPH, LIST, QUOTE -> true;
      case HEADING, CODE, TABLE, PICTURE -> false;
    };
  }

  private static ContentKind kind(JsonNode node) throws StageException {
    String text = text(node, "kind");
    if (text == null) {
      return ContentKind.ARTICLE;
    }
    for (ContentKind kind : ContentKind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(text)) {
        if (kind == ContentKind.AUDIO) {
          throw new StageException(
              FailureCode.KIND_UNSUPPORTED, "kind '" + text + "' has no script writer");
        }
        return kind;
      }
    }
    throw invalid("kind", "'" + text + "' is not one of article, listing, clip, topic, prompt");
  }

  /** Clips first: in a record of kind clip they are what it is about. */
  private static List<ContentImage> assets(JsonNode node) throws StageException {
    List<ContentImage> assets = new ArrayList<>();
    addAssets(node, "clip", assets);
    addAssets(node, "clips", assets);
    addAssets(node, "images", assets);
    return assets;
  }

  private static void addAssets(JsonNode node, String field, List<ContentImage> assets)
      throws StageException {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return;
    }
    boolean one = field.equals("clip");
    if (one ? value.isArray() : !value.isArray()) {
      throw invalid(field, one ? "must be an address or an object" : "must be a list");
    }
    for (JsonNode asset : one ? List.of(value) : value) {
      if (assets.size() >= MAX_IMAGES) {
        break;
      }
      String url = asset.isTextual() ? asset.asText().strip() : text(asset, "url");
      if (url == null || url.isEmpty()) {
        throw invalid(field, "entry " + assets.size() + " has no url");
      }
      boolean inset = "inset".equals(text(asset, "place"));
      assets.add(
          new ContentImage(
              url,
              text(asset, "alt"),
              text(asset, "caption"),
              text(asset, "credit"),
              text(asset, "license"),
              clipUse(asset, field),
              inset ? true : null));
    }
  }

  /** What an entry asks of a clip, null for nothing in particular. */
  private static @Nullable ClipUse clipUse(JsonNode asset, String field) throws StageException {
    int start = number(asset, "start", 3, 0, 0, 86_400_000, field);
    int end = number(asset, "end", 3, 0, 0, 86_400_000, field);
    if (end != 0 && end <= start) {
      throw invalid(field, "has an entry that ends before it starts");
    }
    int speed = number(asset, "speed", 3, 1000, 250, 4000, field);
    JsonNode sound = asset.path("sound");
    int percent =
        sound.isBoolean()
            ? (sound.booleanValue() ? DEFAULT_CLIP_SOUND_PERCENT : 0)
            : number(asset, "sound", 0, 0, 0, 200, field);
    ClipUse use = new ClipUse(start, end, asset.path("loop").asBoolean(false), speed, percent);
    return use.equals(ClipUse.DEFAULT) ? null : use;
  }

  /** A decimal number of an entry, its point moved to the right. */
  private static int number(
      JsonNode asset, String name, int digits, int fallback, int min, int max, String field)
      throws StageException {
    String text = text(asset, name);
    if (text == null) {
      return fallback;
    }
    try {
      BigDecimal value = new BigDecimal(text);
      BigDecimal moved = value.precision() > 20 ? value : value.movePointRight(digits);
      if (moved.compareTo(BigDecimal.valueOf(min)) >= 0
          && moved.compareTo(BigDecimal.valueOf(max)) <= 0) {
        return moved.intValue();
      }
      throw invalid(field + "." + name, "'" + text + "' is out of range");
    } catch (NumberFormatException e) {
      throw invalid(field + "." + name, "'" + text + "' is not a number");
    }
  }

  private static ProjectRequest project(JsonNode node, RecordOverrides overrides)
      throws StageException {
    JsonNode project = node.path("project");
    JsonNode settings = project.path("settings");
    VideoType type = overrides.type();
    String typeText = text(project, "type");
    if (type == null && typeText != null) {
      for (VideoType candidate : VideoType.values()) {
        if (candidate.id().equals(typeText)) {
          type = candidate;
        }
      }
      if (type == null) {
        throw invalid("project.type", "'" + typeText + "' is not teaser, short, medium or long");
      }
    }
    List<String> presets = new ArrayList<>(overrides.presets());
    if (presets.isEmpty()) {
      for (JsonNode preset : project.path("target_platforms")) {
        presets.add(preset.asText().replace("\0", ""));
      }
    }
    if (presets.isEmpty()) {
      presets.addAll(
          type == VideoType.LONG
              ? List.of("youtube_long")
              : type == VideoType.MEDIUM ? List.of("landscape", "tiktok") : Presets.defaults());
    }
    VideoSettings given = overrides.settings();
    int speed = given.speedPermille();
    if (!overrides.speedGiven() && settings.has("speed")) {
      speed = permille(settings.path("speed"));
    }
    JsonNode review = project.path("review");
    boolean enabled = project.path("video_enabled").asBoolean(overrides.assumeEnabled());
    String priority = text(project, "priority");
    return new ProjectRequest(
        type,
        List.copyOf(presets),
        given
            .withVoiceProvider(or(given.voiceProvider(), text(settings, "voice_provider")))
            .withVoiceId(or(given.voiceId(), voice(settings)))
            .withSpeedPermille(speed)
            .withMusicTrack(or(given.musicTrack(), text(settings, "music_track")))
            .withTransition(or(given.transition(), transition(settings)))
            .withCaptionStyle(or(given.captionStyle(), text(settings, "caption_style")))
            .withBrand(or(given.brand(), text(settings, "brand")))
            .withMusicMix(or(given.musicMix(), text(settings, "music_mix")))
            .withFrameRate(given.frameRate() != null ? given.frameRate() : frameRate(settings))
            .withFallback(given.fallback() != null ? given.fallback() : fallback(settings))
            .withEmotion(emotion(settings))
            .withQuality(given.quality() != null ? given.quality() : quality(settings)),
        review.isObject()
            ? new ReviewPolicy(
                mode(review, "script"),
                mode(review, "voice"),
                mode(review, "visuals"),
                mode(review, "final"))
            : ReviewPolicy.AUTO,
        priority == null ? "normal" : priority,
        enabled,
        overlays(project.path("overlays")));
  }

  /** {@code [{"at": 12.5, "seconds": 3, "text": "Only today"}]}. */
  private static List<TextOverlay> overlays(JsonNode list) throws StageException {
    List<TextOverlay> overlays = new ArrayList<>();
    if (!list.isMissingNode() && !list.isNull() && !list.isArray()) {
      throw invalid("project.overlays", "a list of texts is expected");
    }
    if (list.size() > TextOverlay.MOST) {
      throw invalid("project.overlays", "at most " + TextOverlay.MOST + " texts");
    }
    for (JsonNode node : list) {
      String field = "project.overlays[" + overlays.size() + "]";
      String words = text(node, "text");
      if (words == null || words.isBlank() || words.strip().length() > TextOverlay.MAX_CHARS) {
        throw invalid(field + ".text", "1 to " + TextOverlay.MAX_CHARS + " characters");
      }
      int start = milliseconds(node.path("at"), field + ".at", 0, TextOverlay.LATEST_START_MS);
      int length =
          node.has("seconds")
              ? milliseconds(
                  node.path("seconds"),
                  field + ".seconds",
                  TextOverlay.SHORTEST_MS,
                  TextOverlay.LONGEST_MS)
              : TextOverlay.USUAL_MS;
      overlays.add(new TextOverlay(start, start + length, words.strip()));
    }
    return overlays;
  }

  private static int milliseconds(JsonNode seconds, String field, int leastMs, int mostMs)
      throws StageException {
    boolean fits =
        seconds.isNumber()
            && seconds.decimalValue().compareTo(BigDecimal.valueOf(leastMs, 3)) >= 0
            && seconds.decimalValue().compareTo(BigDecimal.valueOf(mostMs, 3)) <= 0;
    if (!fits) {
      throw invalid(
          field, "seconds from " + leastMs / 1000 + " to " + mostMs / 1000 + " are expected");
    }
    return seconds.decimalValue().movePointRight(3).intValue();
  }

  private static @Nullable String transition(JsonNode settings) throws StageException {
    String style = text(settings, "transition_style");
    if (style == null) {
      return null;
    }
    return TransitionKind.named(style)
        .orElseThrow(
            () ->
                invalid(
                    "project.settings.transition_style",
                    "'" + style + "' is not one of " + String.join(", ", TransitionKind.ids())))
        .id();
  }

  private static @Nullable String emotion(JsonNode settings) throws StageException {
    String emotion = text(settings, "emotion");
    if (emotion != null && emotion.length() > MAX_EMOTION_CHARS) {
      throw invalid(
          "project.settings.emotion", "at most " + MAX_EMOTION_CHARS + " characters are expected");
    }
    return emotion == null || emotion.isBlank() ? null : emotion.strip();
  }

  private static @Nullable FallbackPolicy fallback(JsonNode settings) throws StageException {
    String word = text(settings, "fallback");
    if (word == null) {
      return null;
    }
    return FallbackPolicy.find(word)
        .orElseThrow(
            () ->
                invalid(
                    "project.settings.fallback",
                    "'" + word + "' is not one of any, providers, none"));
  }

  private static @Nullable Integer frameRate(JsonNode settings) throws StageException {
    String rate = text(settings, "frame_rate");
    if (rate == null) {
      return null;
    }
    for (Integer known : VideoSettings.FRAME_RATES) {
      if (rate.equals(known.toString())) {
        return known;
      }
    }
    throw invalid(
        "project.settings.frame_rate", "'" + rate + "' is not one of " + VideoSettings.FRAME_RATES);
  }

  private static @Nullable String quality(JsonNode settings) throws StageException {
    String quality = text(settings, "quality");
    if (quality == null || VideoSettings.QUALITIES.contains(quality)) {
      return quality;
    }
    throw invalid(
        "project.settings.quality", "'" + quality + "' is not one of " + VideoSettings.QUALITIES);
  }

  private static @Nullable String voice(JsonNode settings) {
    String voice = text(settings, "voice_id");
    // The default voice is the brand's; naming it must not hide the brand.
    return "default".equals(voice) ? null : voice;
  }

  private static @Nullable String or(@Nullable String first, @Nullable String second) {
    return first != null ? first : second;
  }

  /** {@code "manual"}, {@code "manual 24h approve"} or an object that says the same. */
  private static String mode(JsonNode review, String gate) throws StageException {
    JsonNode value = review.path(gate);
    String mode = value.isObject() ? modeOf(value) : text(review, gate);
    if (mode == null) {
      return "auto";
    }
    ReviewMode known = ReviewMode.find(mode).orElse(null);
    if (known == null) {
      throw invalid(
          "project.review." + gate,
          "'" + mode + "' is not auto, manual, or like manual 24h approve (s, m, h, d; reject)");
    }
    if (known.deadlineMs() != null && known.deadlineMs() > ReviewMode.LONGEST_DEADLINE_MS) {
      throw invalid(
          "project.review." + gate,
          "'" + mode + "' gives longer than 365 days: without a deadline, manual waits for ever");
    }
    return mode;
  }

  private static String modeOf(JsonNode value) {
    String deadline = text(value, "deadline");
    String then = text(value, "then");
    return value.path("mode").asText("auto")
        + (deadline == null ? "" : " " + deadline + " " + (then == null ? "reject" : then));
  }

  private static int permille(JsonNode speed) throws StageException {
    BigDecimal value;
    try {
      value = new BigDecimal(speed.asText());
    } catch (NumberFormatException e) {
      throw invalid("project.settings.speed", "'" + speed.asText() + "' is not a number");
    }
    int permille = value.movePointRight(3).intValue();
    if (!VideoSettings.isSpeed(permille)) {
      throw invalid("project.settings.speed", value + " is not between 0.5 and 2");
    }
    return permille;
  }

  private static @Nullable String price(JsonNode node) throws StageException {
    JsonNode price = node.path("price");
    if (price.isMissingNode() || price.isNull()) {
      return null;
    }
    try {
      BigDecimal value = new BigDecimal(price.asText().strip());
      if (value.signum() < 0 || value.precision() - value.scale() > 15 || value.scale() > 6) {
        throw invalid("price", "'" + price.asText() + "' is not a price");
      }
      return value.toPlainString();
    } catch (NumberFormatException e) {
      throw invalid("price", "'" + price.asText() + "' is not a number");
    }
  }

  private static List<String> keywords(JsonNode node) {
    List<String> keywords = new ArrayList<>();
    JsonNode value = node.path("keywords");
    if (value.isTextual()) {
      for (String keyword : value.asText().split(",", -1)) {
        if (!keyword.isBlank()) {
          keywords.add(clean(keyword));
        }
      }
    }
    for (JsonNode keyword : value) {
      if (keyword.isTextual() && !keyword.asText().isBlank() && keywords.size() < 50) {
        keywords.add(clean(keyword.asText()));
      }
    }
    return List.copyOf(keywords);
  }

  private static String primaryTag(String language) {
    String tag = language.strip().toLowerCase(Locale.ROOT);
    int end = 0;
    while (end < tag.length() && Character.isLetter(tag.charAt(end))) {
      end++;
    }
    return end == 0 ? "en" : tag.substring(0, end);
  }

  private static int whole(JsonNode node, String field, int fallback, int min, int max)
      throws StageException {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return fallback;
    }
    if (!value.canConvertToInt() || value.intValue() < min || value.intValue() > max) {
      throw invalid(field, "'" + value.asText() + "' is not a whole number from " + min);
    }
    return value.intValue();
  }

  private static @Nullable String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isValueNode() || value.isNull()) {
      return null;
    }
    // No database takes this one.
    String text = value.asText().replace("\0", "");
    return text.isBlank() ? null : text.strip();
  }

  private static @Nullable String name(JsonNode node, String field) throws StageException {
    String name = text(node, field);
    if (name != null && name.length() > MAX_NAME_CHARACTERS) {
      throw invalid(field, "has " + name.length() + " characters");
    }
    return name;
  }

  private static SourceBlock paragraph(String text) {
    return new SourceBlock(BlockKind.PARAGRAPH, 0, text, List.of(), null, -1);
  }

  /** One line of text without control or zero-width characters. */
  private static String clean(String text) {
    return text.replaceAll("[\\p{Cc}\\u200B\\u2060\\uFEFF]+", " ").replaceAll("\\s+", " ").strip();
  }

  private static StageException invalid(String field, String problem) {
    return new StageException(FailureCode.RECORD_INVALID, field + " " + problem);
  }
}
