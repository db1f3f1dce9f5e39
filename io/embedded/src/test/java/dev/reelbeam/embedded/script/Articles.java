package dev.reelbeam.embedded.script;

import dev.reelbeam.model.content.BlockKind;
import dev.reelbeam.model.content.ContentImage;
import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.Listing;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.SourceBlock;
import dev.reelbeam.model.content.VideoSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Records made of plain Markdown and plain HTML, for tests of the writer: just enough of both for
 * the example articles, so that this module needs no parser.
 */
final class Articles {
  private static final Pattern HTML_BLOCK =
      Pattern.compile(
          "<(h[1-6]|p|li|figcaption)>(.*?)</\\1>|<img ([^>]*)>|(</?[uo]l>)|(<footer>)",
          Pattern.DOTALL);

  private Articles() {}

  /** An article of the repository's examples; {@code null} when there is none. */
  static ContentRecord example(String path) {
    Path file = Path.of(System.getProperty("reelbeam.root", "../.."), "examples", path);
    try {
      String text = Files.readString(file);
      return path.endsWith(".md") ? markdown(text) : html(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An article of the test resources. */
  static ContentRecord resource(String name) {
    try (InputStream in = Articles.class.getResourceAsStream(name)) {
      return markdown(
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ContentRecord article(String language, String title, String markdown) {
    return markdown("---\ntitle: " + title + "\nlanguage: " + language + "\n---\n\n" + markdown);
  }

  static ContentRecord listing(
      String language, String title, String text, Listing listing, String... captions) {
    List<SourceBlock> blocks = new ArrayList<>();
    if (!text.isEmpty()) {
      blocks.add(block(BlockKind.PARAGRAPH, 0, text, List.of(), -1));
    }
    List<ContentImage> images = new ArrayList<>();
    for (String caption : captions) {
      images.add(new ContentImage(images.size() + ".jpg", caption, caption, null, null));
    }
    return record(ContentKind.LISTING, language, title, text, List.of(), blocks, images, listing);
  }

  static ContentRecord markdown(String text) {
    List<SourceBlock> blocks = new ArrayList<>();
    List<ContentImage> images = new ArrayList<>();
    String title = matter(text, "title");
    List<String> items = new ArrayList<>();
    String body = text.replaceFirst("(?s)^---\\n.*?\\n---\\n", "");
    for (String part : body.split("\\n\\s*\\n(?![ ]{2})")) {
      String chunk = part.strip();
      Matcher picture = Pattern.compile("!\\[(.*?)\\]\\((\\S+).*\\)").matcher(chunk);
      if (chunk.startsWith("#")) {
        int level = chunk.indexOf(' ');
        blocks.add(
            block(BlockKind.HEADING, level, plain(chunk.substring(level + 1)), List.of(), -1));
      } else if (chunk.startsWith("```") || chunk.matches("(?s)[ ]{2}.*|.*```$|.*\\}$|.*;$")) {
        blocks.add(block(BlockKind.CODE, 0, chunk, List.of(), -1));
      } else if (chunk.startsWith("|")) {
        blocks.add(block(BlockKind.TABLE, 0, "", chunk.lines().toList(), -1));
      } else if (picture.matches()) {
        images.add(new ContentImage(picture.group(2), picture.group(1), null, null, null));
        blocks.add(block(BlockKind.PICTURE, 0, picture.group(1), List.of(), images.size() - 1));
      } else if (chunk.matches("(?s)(?:[-*]|\\d+\\.) .*")) {
        items.clear();
        chunk
            .lines()
            .forEach(line -> items.add(plain(line.replaceFirst("^(?:[-*]|\\d+\\.) ", ""))));
        blocks.add(block(BlockKind.LIST, 0, "", List.copyOf(items), -1));
      } else if (!chunk.isEmpty()) {
        blocks.add(block(BlockKind.PARAGRAPH, 0, plain(chunk), List.of(), -1));
      }
    }
    String language = matter(text, "language");
    return record(
        ContentKind.ARTICLE,
        language.isEmpty() ? "en" : language,
        title,
        matter(text, "description"),
        keywords(matter(text, "keywords").replaceAll("[\\[\\]]", "")),
        blocks,
        images,
        null);
  }

  private static String plain(String text) {
    return text.replaceAll("\\*\\*?|`", "").replaceAll("\\s+", " ").strip();
  }

  private static String matter(String text, String key) {
    Matcher matcher = Pattern.compile("(?m)^" + key + ": \"?(.*?)\"?$").matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }

  static ContentRecord html(String text) {
    List<SourceBlock> blocks = new ArrayList<>();
    List<ContentImage> images = new ArrayList<>();
    List<String> items = new ArrayList<>();
    Matcher matcher = HTML_BLOCK.matcher(text);
    while (matcher.find() && matcher.group(5) == null) {
      String tag = matcher.group(1);
      if (matcher.group(4) != null) {
        if (!items.isEmpty()) {
          blocks.add(block(BlockKind.LIST, 0, "", List.copyOf(items), -1));
          items.clear();
        }
      } else if (tag == null) {
        String alt = attribute(matcher.group(3), "alt");
        images.add(new ContentImage(attribute(matcher.group(3), "src"), alt, null, null, null));
        blocks.add(block(BlockKind.PICTURE, 0, alt, List.of(), images.size() - 1));
      } else if (tag.startsWith("h")) {
        blocks.add(block(BlockKind.HEADING, tag.charAt(1) - '0', matcher.group(2), List.of(), -1));
      } else if (tag.equals("li")) {
        items.add(matcher.group(2));
      } else if (tag.equals("p")) {
        blocks.add(block(BlockKind.PARAGRAPH, 0, matcher.group(2), List.of(), -1));
      }
    }
    return record(
        ContentKind.ARTICLE,
        attribute(text, "lang"),
        between(text, "<title>", "</title>"),
        between(text, "name=\"description\" content=\"", "\""),
        keywords(between(text, "name=\"keywords\" content=\"", "\"")),
        blocks,
        images,
        null);
  }

  private static String attribute(String text, String name) {
    return between(text, name + "=\"", "\"");
  }

  private static String between(String text, String before, String after) {
    int from = text.indexOf(before);
    return from < 0
        ? ""
        : text.substring(from + before.length(), text.indexOf(after, from + before.length()));
  }

  private static List<String> keywords(String list) {
    return list.isEmpty() ? List.of() : List.of(list.split("\\s*,\\s*"));
  }

  private static SourceBlock block(
      BlockKind kind, int level, String text, List<String> items, int image) {
    return new SourceBlock(kind, level, text, items, null, image);
  }

  private static ContentRecord record(
      ContentKind kind,
      String language,
      String title,
      String description,
      List<String> keywords,
      List<SourceBlock> blocks,
      List<ContentImage> images,
      Listing listing) {
    return new ContentRecord(
        new RecordKey("test", 1),
        null,
        null,
        kind,
        language,
        title,
        description,
        keywords,
        List.copyOf(blocks),
        List.copyOf(images),
        listing,
        new ProjectRequest(
            null, List.of(), VideoSettings.DEFAULT, ReviewPolicy.AUTO, "normal", true),
        "");
  }
}
