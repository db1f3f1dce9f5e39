package dev.reelbeam.embedded.script;

import dev.reelbeam.model.content.ChapterMarker;
import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.SectionRole;
import dev.reelbeam.model.content.SeoMetadata;
import dev.reelbeam.model.content.TitleStyle;
import dev.reelbeam.model.video.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Titles, descriptions, tags and categories within the limits of the platforms, and chapter lists.
 *
 * <p>Stateless except for the text at hand.
 */
public final class SeoTexts {
  /** Shortest chapter that YouTube accepts. */
  public static final int MIN_CHAPTER_MS = 10_000;

  /** Fewest chapters that YouTube accepts. */
  public static final int MIN_CHAPTERS = 3;

  private static final int MIN_TITLE_CHARS = 15;
  private static final int MAX_TAGS = 15;
  private static final int MAX_HASHTAG_CHARS = 30;
  private static final int MAX_CHAPTER_TITLE_CHARS = 80;

  private static final Map<String, String> CATEGORIES =
      Map.ofEntries(
          Map.entry("howto", "Howto & Style"),
          Map.entry("technology", "Science & Technology"),
          Map.entry("autos", "Autos & Vehicles"),
          Map.entry("travel", "Travel & Events"),
          Map.entry("sports", "Sports"),
          Map.entry("music", "Music"),
          Map.entry("pets", "Pets & Animals"),
          Map.entry("news", "News & Politics"),
          Map.entry("gaming", "Gaming"),
          Map.entry("film", "Film & Animation"),
          Map.entry("education", "Education"));

  private static final Map<String, Pattern> EVIDENCE = evidence();

  private static final Map<Platform, Integer> HASHTAGS =
      Map.of(
          Platform.YOUTUBE, 3,
          Platform.INSTAGRAM, 5,
          Platform.TIKTOK, 4,
          Platform.FACEBOOK, 2,
          Platform.X, 2,
          Platform.LINKEDIN, 3,
          Platform.SITE, 0);

  private final ContentRecord record;
  private final Script script;
  private final Platform platform;
  private final SourceText source;

  SeoTexts(ContentRecord record, Script script, Platform platform) {
    this.record = record;
    this.script = script;
    this.platform = platform;
    this.source = SourceText.of(record);
  }

  SeoMetadata metadata() {
    List<String> tags = tags();
    return new SeoMetadata(title(), description(tags), tags, category());
  }

  /** The title in the script's form, which fits everywhere. */
  private String title() {
    TitleStyle style = script.titleStyle();
    String made = style == null ? null : new Titles(record).made(style);
    return made == null ? ownTitle() : plain(made);
  }

  /** The record's title; a long one is cut to its telling part, then at a word. */
  private String ownTitle() {
    String title = plain(record.title());
    if (title.isEmpty()) {
      title = plain(spokenOf(SectionRole.HOOK));
    }
    int good = Math.min(Titles.GOOD_CHARS, platform.titleLimit());
    if (title.length() > good) {
      for (String part : title.split("\\s*[:|–—]\\s+", -1)) {
        if (part.length() >= MIN_TITLE_CHARS && part.length() <= good) {
          return part;
        }
      }
    }
    return cut(title, platform.titleLimit());
  }

  private String spokenOf(SectionRole role) {
    return script.sections().stream()
        .filter(section -> section.role() == role)
        .findFirst()
        .map(ScriptSection::text)
        .orElse("");
  }

  /** The hook first: it is what shows above "more". */
  private String description(List<String> tags) {
    String hook = plain(spokenOf(SectionRole.HOOK));
    String summary = plain(Objects.requireNonNullElse(record.description(), ""));
    if (summary.isEmpty()) {
      summary = plain(spokenOf(SectionRole.INTRO));
    }
    if (summary.isEmpty()) {
      summary =
          plain(
              script.sections().stream()
                  .filter(section -> section.role() == SectionRole.POINT)
                  .findFirst()
                  .map(ScriptSection::text)
                  .orElse(record.title()));
    }
    if (saysTheSame(hook, summary) || hook.equals(title())) {
      hook = "";
    }
    List<String> hashtags = hashtags(tags);
    if (platform == Platform.X) {
      return post(hook.isEmpty() ? summary : hook, hook.isEmpty() ? "" : summary, hashtags);
    }
    StringBuilder text = new StringBuilder(hook);
    text.append(text.length() == 0 ? "" : "\n").append(SpokenText.finished(summary));
    boolean roomy = platform == Platform.YOUTUBE || platform == Platform.LINKEDIN;
    if (roomy) {
      String contents = contents();
      text.append(contents.isEmpty() ? "" : "\n\n" + contents);
    }
    String ending = hashtags.isEmpty() ? "" : "\n\n" + String.join(" ", hashtags);
    return cut(text.toString(), platform.descriptionLimit() - ending.length()) + ending;
  }

  /** Whether the summary begins with what the hook says. */
  private boolean saysTheSame(String hook, String summary) {
    LanguageProfile language = source.language();
    String first = language.sentences(summary).stream().findFirst().orElse("");
    Set<String> stems = language.stems(hook);
    return !SourceText.isQuestion(hook) && SourceText.overlap(stems, language.stems(first)) >= 0.75;
  }

  /** The headings of the points, for those who read before they watch. */
  private String contents() {
    Set<String> headings = new LinkedHashSet<>();
    for (ScriptSection section : script.sections()) {
      if (section.role() == SectionRole.POINT && !section.heading().isBlank()) {
        headings.add("• " + plain(section.heading()));
      }
    }
    return headings.size() < 3 ? "" : String.join("\n", headings);
  }

  private String post(String first, String second, List<String> hashtags) {
    int limit = platform.descriptionLimit();
    List<String> kept = new ArrayList<>(hashtags);
    while (true) {
      String ending = kept.isEmpty() ? "" : "\n\n" + String.join(" ", kept);
      String both = second.isEmpty() ? first : first + "\n" + second;
      for (String body : List.of(both, first)) {
        if (weightOnX(body + ending) <= limit) {
          return body + ending;
        }
      }
      if (kept.isEmpty()) {
        break;
      }
      kept.remove(kept.size() - 1);
    }
    String body = first;
    while (weightOnX(body) > limit && body.contains(" ")) {
      body = body.substring(0, body.lastIndexOf(' '));
      if (weightOnX(body + "…") <= limit) {
        return body + "…";
      }
    }
    while (weightOnX(body) > limit) {
      body = body.substring(0, body.offsetByCodePoints(body.length(), -1));
    }
    return body;
  }

  /**
   * The length of a post as X counts it: Latin, Greek, Cyrillic, Hebrew, Arabic and general
   * punctuation weigh one, everything else two, an emoji sequence two, an address 23.
   */
  public static int weightOnX(String post) {
    Matcher address = Pattern.compile("https?://\\S+").matcher(post);
    int weight = 0;
    int from = 0;
    while (address.find()) {
      weight += weightOfText(post.substring(from, address.start())) + 23;
      from = address.end();
    }
    return weight + weightOfText(post.substring(from));
  }

  private static int weightOfText(String text) {
    int weight = 0;
    boolean joined = false;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      boolean modifier = c == 0xFE0F || c == 0x200D || (c >= 0x1F3FB && c <= 0x1F3FF);
      if (modifier || joined) {
        joined = c == 0x200D;
        continue;
      }
      boolean light =
          c <= 4351
              || (c >= 8192 && c <= 8205)
              || (c >= 8208 && c <= 8223)
              || (c >= 8242 && c <= 8247);
      weight += light ? 1 : 2;
    }
    return weight;
  }

  private List<String> tags() {
    List<String> tags = new ArrayList<>();
    int length = 0;
    for (String phrase : new KeyPhrases(source).best(MAX_TAGS)) {
      String tag = plain(phrase).replace(",", " ").replaceAll("\\s+", " ").strip();
      // YouTube counts the quotes that it puts around a tag of several words.
      int cost = tag.length() + (tag.contains(" ") ? 2 : 0) + 1;
      if (!tag.isEmpty() && !tags.contains(tag) && length + cost <= platform.tagsLimit()) {
        tags.add(tag);
        length += cost;
      }
    }
    return List.copyOf(tags);
  }

  private List<String> hashtags(List<String> tags) {
    int wanted = HASHTAGS.getOrDefault(platform, 0);
    Set<String> hashtags = new LinkedHashSet<>();
    Set<String> seen = new LinkedHashSet<>();
    for (String tag : tags) {
      if (hashtags.size() >= wanted) {
        break;
      }
      StringBuilder word = new StringBuilder("#");
      for (String part : tag.split("[^\\p{L}\\p{M}\\p{Nd}]+", -1)) {
        if (!part.isEmpty()) {
          int first = part.offsetByCodePoints(0, 1);
          word.append(part.substring(0, first).toUpperCase(Locale.ROOT))
              .append(part.substring(first));
        }
      }
      boolean fits = word.length() > 2 && word.length() <= MAX_HASHTAG_CHARS;
      boolean letters = word.codePoints().anyMatch(Character::isLetter);
      if (fits && letters && seen.add(word.toString().toLowerCase(Locale.ROOT))) {
        hashtags.add(word.toString());
      }
    }
    return List.copyOf(hashtags);
  }

  private String category() {
    if (record.kind() == ContentKind.LISTING && record.listing() != null) {
      String named =
          Objects.requireNonNullElse(record.listing().category(), "").toLowerCase(Locale.ROOT);
      if (!named.isEmpty() && LanguageProfile.of("en").list("listing.automotive").contains(named)) {
        return "Autos & Vehicles";
      }
    }
    String head =
        (record.title() + ". " + String.join(", ", record.keywords())).toLowerCase(Locale.ROOT);
    String body =
        record.blocks().stream()
            .map(block -> block.text() + " " + String.join(" ", block.items()))
            .collect(Collectors.joining(" "))
            .toLowerCase(Locale.ROOT);
    String best = "People & Blogs";
    int most = 0;
    for (String key : CATEGORIES.keySet().stream().sorted().toList()) {
      Pattern words = EVIDENCE.getOrDefault(key, Pattern.compile("(?!)"));
      int evidence = 6 * count(words, head) + Math.min(12, count(words, body));
      if (evidence > most) {
        most = evidence;
        best = Objects.requireNonNullElse(CATEGORIES.get(key), best);
      }
    }
    return best;
  }

  private static int count(Pattern words, String text) {
    int count = 0;
    Matcher matcher = words.matcher(text);
    while (matcher.find()) {
      count++;
    }
    return count;
  }

  private static Map<String, Pattern> evidence() {
    Properties words = new Properties();
    try (InputStream in = SeoTexts.class.getResourceAsStream("categories.properties")) {
      if (in != null) {
        try (Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
          words.load(reader);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the words of the categories cannot be read", e);
    }
    return words.stringPropertyNames().stream()
        .collect(
            Collectors.toUnmodifiableMap(
                key -> key,
                key ->
                    Pattern.compile(
                        "(?<![\\p{L}\\p{Nd}])(?:"
                            + List.of(words.getProperty(key).split("\\|")).stream()
                                .map(Pattern::quote)
                                .collect(Collectors.joining("|"))
                            + ")(?![\\p{L}\\p{Nd}])")));
  }

  /** Without the angle brackets that YouTube refuses, without line breaks. */
  private static String plain(String text) {
    return text.replaceAll("[<>]", "").replaceAll("\\s+", " ").strip();
  }

  private static String cut(String text, int limit) {
    if (text.length() <= limit) {
      return text;
    }
    if (limit < 2) {
      return "";
    }
    int end = limit - 1;
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    String kept = text.substring(0, end);
    int space = Math.max(kept.lastIndexOf(' '), kept.lastIndexOf('\n'));
    if (space > limit / 2) {
      kept = kept.substring(0, space);
    }
    return kept.replaceAll("[\\s,;:–—-]+$", "") + "…";
  }

  /**
   * Markers as YouTube accepts them: the first at 0:00, ascending, each chapter at least ten
   * seconds long; markers too close to the one before are left out.
   *
   * @return empty when fewer than three chapters are left
   */
  public static List<ChapterMarker> usableChapters(List<ChapterMarker> markers) {
    List<ChapterMarker> usable = new ArrayList<>();
    for (ChapterMarker marker : markers) {
      String title = cut(plain(marker.title()), MAX_CHAPTER_TITLE_CHARS);
      if (title.isEmpty() || marker.timeMs() < 0) {
        continue;
      }
      if (usable.isEmpty()) {
        usable.add(new ChapterMarker(0, title));
      } else if (marker.timeMs() - usable.get(usable.size() - 1).timeMs() >= MIN_CHAPTER_MS) {
        usable.add(new ChapterMarker(marker.timeMs(), title));
      }
    }
    return usable.size() < MIN_CHAPTERS ? List.of() : List.copyOf(usable);
  }

  /**
   * Adds chapter times to a description, before its closing line of hashtags.
   *
   * @param limit longest description in characters; the text gives way to the chapters
   * @return the description unchanged when the markers make no chapter list
   */
  public static String withChapters(String description, List<ChapterMarker> markers, int limit) {
    List<ChapterMarker> chapters = usableChapters(markers);
    if (chapters.isEmpty()) {
      return description;
    }
    String list =
        chapters.stream()
            .map(chapter -> stamp(chapter.timeMs()) + " " + chapter.title())
            .collect(Collectors.joining("\n"));
    String body = description;
    String hashtags = "";
    int last = description.lastIndexOf("\n\n");
    if (last >= 0 && description.startsWith("#", last + 2)) {
      body = description.substring(0, last);
      hashtags = description.substring(last);
    }
    // The list of headings says the same as the chapters, without their times.
    body = body.replaceAll("\\n\\n(?:• [^\\n]*(?:\\n|$))+", "");
    int room = limit - list.length() - hashtags.length() - 2;
    if (room < 0) {
      return description;
    }
    return cut(body.strip(), room) + "\n\n" + list + hashtags;
  }

  /** 0:00, 12:05, 1:02:03. */
  static String stamp(int timeMs) {
    int seconds = timeMs / 1000;
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
}
