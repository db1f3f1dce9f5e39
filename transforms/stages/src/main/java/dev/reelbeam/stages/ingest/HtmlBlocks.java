package dev.reelbeam.stages.ingest;

import dev.reelbeam.model.content.BlockKind;
import dev.reelbeam.model.content.ContentImage;
import dev.reelbeam.model.content.SourceBlock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;
import org.jsoup.select.NodeTraversor;
import org.jspecify.annotations.Nullable;

/**
 * Turns HTML, from a clean fragment to the soup of a whole page, into source blocks in document
 * order.
 *
 * <p>Navigation, scripts, forms, site headers and footers are left out; pictures without a usable
 * address too. The walk is iterative, so nesting of any depth is flattened instead of overflowing
 * the stack, and linear in the size of the page. Stateless.
 */
public final class HtmlBlocks {
  private static final Set<String> SKIPPED =
      Set.of(
          "script",
          "style",
          "noscript",
          "template",
          "iframe",
          "object",
          "embed",
          "svg",
          "canvas",
          "math",
          "nav",
          "footer",
          "aside",
          "form",
          "button",
          "select",
          "textarea",
          "input",
          "dialog",
          "audio",
          "map",
          "head",
          "menu");

  private static final Set<String> BOUNDARIES =
      Set.of(
          "p",
          "div",
          "section",
          "article",
          "main",
          "header",
          "address",
          "dl",
          "dt",
          "dd",
          "hr",
          "details",
          "summary",
          "fieldset",
          "center",
          "body",
          "table",
          "tbody",
          "thead",
          "tr",
          "td",
          "th",
          "hgroup",
          "search");

  private static final Pattern CITATION = Pattern.compile("\\[?(\\d{1,3}|[a-z*†‡])\\]?");
  private static final Pattern BRACKET_CITATION =
      Pattern.compile(" ?\\[(\\d{1,3}([,–-] ?\\d{1,3})*|citation needed|note \\d+|edit)\\]");
  private static final Pattern CODE_LANGUAGE =
      Pattern.compile("(?:^|\\s)(?:language|lang|highlight-source|brush:)-?\\s*([A-Za-z0-9+#]+)");
  private static final Pattern WHITE_SPACE = Pattern.compile("[\\s\\p{Z}]+");
  private static final Pattern HIDING_STYLE =
      Pattern.compile("display\\s*:\\s*none|visibility\\s*:\\s*hidden", Pattern.CASE_INSENSITIVE);
  private static final int SMALLEST_PICTURE_PX = 48;
  private static final int TABLE_SCAN_NODES = 5_000;

  private HtmlBlocks() {}

  /**
   * How much of a page is kept; what lies beyond is dropped with a note.
   *
   * @param maxTextChars characters of text over all blocks
   * @param maxBlocks blocks, pictures included
   * @param maxImages pictures
   */
  public record Limits(int maxTextChars, int maxBlocks, int maxImages) {
    /** 200,000 characters, 500 blocks, 100 pictures. */
    public static final Limits DEFAULT = new Limits(200_000, 500, 100);
  }

  /**
   * What a page holds.
   *
   * @param blocks text, code, tables and pictures in document order
   * @param images the pictures of the page in document order without repeats, then those declared
   *     elsewhere that the page does not show
   * @param notes one line for each thing that was dropped because of a limit
   */
  public record Parsed(List<SourceBlock> blocks, List<ContentImage> images, List<String> notes) {}

  /** Parses a fragment or a page. */
  public static Parsed parse(String html, Limits limits) {
    return parse(html, List.of(), limits);
  }

  /**
   * Parses a fragment or a page and joins its pictures with those that the record declares: equal
   * addresses are one picture, and the declared words win where both have some.
   */
  public static Parsed parse(String html, List<ContentImage> declared, Limits limits) {
    Document document = Jsoup.parse(html);
    Walk walk = new Walk(limits, declared);
    NodeTraversor.filter(walk, contentRoot(document));
    walk.finish();
    return new Parsed(List.copyOf(walk.blocks), List.copyOf(walk.images), List.copyOf(walk.notes));
  }

  /** The one article of the page, when it holds most of the text; else main; else everything. */
  private static Element contentRoot(Document document) {
    Element body = document.body();
    int whole = textLength(body);
    for (String tag : List.of("article", "main")) {
      Element best = null;
      int bestLength = 0;
      int looked = 0;
      for (Element candidate : body.getElementsByTag(tag)) {
        if (++looked > 20) {
          break;
        }
        int length = textLength(candidate);
        if (length > bestLength) {
          best = candidate;
          bestLength = length;
        }
      }
      if (best != null && bestLength * 2 >= whole) {
        return best;
      }
    }
    return body;
  }

  private static int textLength(Element element) {
    int[] length = {0};
    NodeTraversor.filter(
        (node, depth) -> {
          if (node instanceof TextNode text) {
            length[0] += text.getWholeText().length();
          }
          return node instanceof Element inner && SKIPPED.contains(inner.normalName())
              ? NodeFilter.FilterResult.SKIP_ENTIRELY
              : NodeFilter.FilterResult.CONTINUE;
        },
        element);
    return length[0];
  }

  /** Collapses white space, drops controls and invisible characters, and citation marks. */
  static String clean(String raw) {
    StringBuilder kept = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      boolean invisible =
          c == '\u200B'
              || c == '\u2060'
              || c == '\uFEFF'
              || c == '\u00AD'
              || (c >= '\u202A' && c <= '\u202E')
              || (c >= '\u2066' && c <= '\u2069')
              || (Character.isISOControl(c) && !Character.isWhitespace(c));
      // Joiners carry meaning in emoji and in Arabic and Indic scripts, never between Latin ones.
      boolean idleJoiner =
          (c == '\u200C' || c == '\u200D')
              && (i == 0
                  || i + 1 == raw.length()
                  || raw.charAt(i - 1) < '\u0300'
                  || raw.charAt(i + 1) < '\u0300');
      if (!invisible && !idleJoiner) {
        kept.append(c);
      }
    }
    String text = WHITE_SPACE.matcher(kept).replaceAll(" ").strip();
    return BRACKET_CITATION.matcher(text).replaceAll("").strip();
  }

  /** One pass over the nodes. */
  private static final class Walk implements NodeFilter {
    private final Limits limits;
    private final Map<String, ContentImage> declared = new HashMap<>();
    private final List<ContentImage> declaredInOrder;
    final List<SourceBlock> blocks = new ArrayList<>();
    final List<ContentImage> images = new ArrayList<>();
    final List<String> notes = new ArrayList<>();
    private final Map<String, Integer> imageIndex = new HashMap<>();
    private final Set<String> noted = new HashSet<>();

    private final StringBuilder line = new StringBuilder();
    private final List<Picture> waiting = new ArrayList<>();
    private final List<String> items = new ArrayList<>();
    private final StringBuilder quote = new StringBuilder();
    private final StringBuilder caption = new StringBuilder();
    private int articleDepth;
    private int listDepth;
    private int quoteDepth;
    private int figureDepth;
    private int captionDepth;
    private int headingLevel;
    private int breaks;
    private int chars;

    /** A picture that waits for the end of its paragraph or figure. */
    private record Picture(String url, @Nullable String alt, @Nullable String title) {}

    Walk(Limits limits, List<ContentImage> declared) {
      this.limits = limits;
      this.declaredInOrder = declared;
      for (ContentImage image : declared) {
        this.declared.putIfAbsent(image.url(), image);
      }
    }

    @Override
    public FilterResult head(Node node, int depth) {
      if (blocks.size() >= limits.maxBlocks()) {
        note("only the first " + limits.maxBlocks() + " blocks were read");
        return FilterResult.STOP;
      }
      if (chars >= limits.maxTextChars()) {
        note("only the first " + limits.maxTextChars() + " characters were read");
        return FilterResult.STOP;
      }
      if (node instanceof TextNode text) {
        append(text.getWholeText());
        return FilterResult.CONTINUE;
      }
      if (!(node instanceof Element element)) {
        return FilterResult.CONTINUE;
      }
      String tag = element.normalName();
      if (SKIPPED.contains(tag) || hidden(element) || (tag.equals("header") && articleDepth == 0)) {
        return FilterResult.SKIP_ENTIRELY;
      }
      switch (tag) {
        case "article", "main" -> articleDepth++;
        case "br" -> {
          line.append(' ');
          if (++breaks == 2) {
            flush();
          }
          return FilterResult.CONTINUE;
        }
        case "img" -> {
          picture(element);
          return FilterResult.CONTINUE;
        }
        case "video" -> {
          clip(element);
          return FilterResult.SKIP_ENTIRELY;
        }
        case "figure" -> {
          flush();
          figureDepth++;
        }
        case "figcaption" -> captionDepth++;
        case "h1", "h2", "h3", "h4", "h5", "h6" -> {
          flush();
          headingLevel = tag.charAt(1) - '0';
        }
        case "ul", "ol" -> {
          flush();
          listDepth++;
        }
        case "li" -> flush();
        case "blockquote" -> {
          flush();
          quoteDepth++;
        }
        case "pre" -> {
          flush();
          code(element);
          return FilterResult.SKIP_ENTIRELY;
        }
        case "table" -> {
          flush();
          if (isData(element)) {
            table(element);
            return FilterResult.SKIP_ENTIRELY;
          }
        }
        case "sup" -> {
          return superscript(element);
        }
        default -> {
          if (BOUNDARIES.contains(tag)) {
            flush();
          }
        }
      }
      return FilterResult.CONTINUE;
    }

    @Override
    public FilterResult tail(Node node, int depth) {
      if (!(node instanceof Element element)) {
        return FilterResult.CONTINUE;
      }
      String tag = element.normalName();
      switch (tag) {
        case "article", "main" -> {
          flush();
          articleDepth--;
        }
        case "figcaption" -> {
          flush();
          captionDepth--;
        }
        case "figure" -> {
          flush();
          figureDepth--;
          if (figureDepth == 0) {
            emitPictures(clean(caption.toString()));
            caption.setLength(0);
          }
        }
        case "h1", "h2", "h3", "h4", "h5", "h6" -> {
          flush();
          headingLevel = 0;
        }
        case "li" -> flush();
        case "ul", "ol" -> {
          flush();
          listDepth--;
          if (listDepth == 0) {
            emitList();
          }
        }
        case "blockquote" -> {
          flush();
          quoteDepth--;
          if (quoteDepth == 0) {
            emitQuote();
          }
        }
        default -> {
          if (BOUNDARIES.contains(tag)) {
            flush();
          }
        }
      }
      return FilterResult.CONTINUE;
    }

    void finish() {
      flush();
      emitList();
      emitQuote();
      emitPictures(clean(caption.toString()));
      for (ContentImage image : declaredInOrder) {
        addImage(image);
      }
    }

    private void append(String text) {
      int room = limits.maxTextChars() - chars - line.length();
      if (text.isBlank()) {
        line.append(' ');
        return;
      }
      breaks = 0;
      line.append(text, 0, Math.min(text.length(), Math.max(0, room)));
      if (room < text.length()) {
        note("only the first " + limits.maxTextChars() + " characters were read");
      }
    }

    private static boolean hidden(Element element) {
      return element.hasAttr("hidden")
          || element.attr("aria-hidden").equals("true")
          || element.attr("role").equals("navigation")
          || (element.hasAttr("style") && HIDING_STYLE.matcher(element.attr("style")).find());
    }

    /** Ends the running line; where it goes depends on what is open. */
    private void flush() {
      breaks = 0;
      String text = line.length() == 0 ? "" : clean(line.toString());
      line.setLength(0);
      if (!text.isEmpty()) {
        if (captionDepth > 0 && figureDepth > 0) {
          caption.append(caption.length() == 0 ? "" : " ").append(text);
        } else if (headingLevel > 0) {
          add(new SourceBlock(BlockKind.HEADING, headingLevel, text, List.of(), null, -1));
        } else if (quoteDepth > 0) {
          quote.append(quote.length() == 0 ? "" : " ").append(text);
          chars += text.length();
        } else if (listDepth > 0) {
          items.add(text);
          chars += text.length();
        } else {
          add(new SourceBlock(BlockKind.PARAGRAPH, 0, text, List.of(), null, -1));
        }
      }
      if (figureDepth == 0 && listDepth == 0 && quoteDepth == 0) {
        emitPictures("");
      }
    }

    private void add(SourceBlock block) {
      if (blocks.size() >= limits.maxBlocks()) {
        note("only the first " + limits.maxBlocks() + " blocks were read");
        return;
      }
      chars += block.text().length();
      blocks.add(block);
    }

    private void emitList() {
      if (!items.isEmpty()) {
        // Items were counted one by one, while they were read.
        int before = chars;
        add(new SourceBlock(BlockKind.LIST, 0, "", List.copyOf(items), null, -1));
        chars = before;
        items.clear();
      }
      if (figureDepth == 0) {
        emitPictures("");
      }
    }

    private void emitQuote() {
      if (quote.length() > 0) {
        int before = chars;
        add(new SourceBlock(BlockKind.QUOTE, 0, quote.toString(), List.of(), null, -1));
        chars = before;
        quote.setLength(0);
      }
      if (figureDepth == 0) {
        emitPictures("");
      }
    }

    private void emitPictures(String caption) {
      for (Picture picture : waiting) {
        ContentImage image =
            new ContentImage(
                picture.url(),
                picture.alt(),
                caption.isEmpty() ? picture.title() : caption,
                null,
                null);
        int index = addImage(image);
        if (index >= 0) {
          ContentImage merged = images.get(index);
          String words = Objects.requireNonNullElse(merged.caption(), "");
          if (words.isEmpty()) {
            words = Objects.requireNonNullElse(merged.alt(), "");
          }
          add(new SourceBlock(BlockKind.PICTURE, 0, words, List.of(), null, index));
        }
      }
      waiting.clear();
    }

    private int addImage(ContentImage found) {
      Integer known = imageIndex.get(found.url());
      if (known != null) {
        images.set(known, join(images.get(known), found));
        return known;
      }
      if (images.size() >= limits.maxImages()) {
        note("only the first " + limits.maxImages() + " pictures were read");
        return -1;
      }
      ContentImage fromRecord = declared.get(found.url());
      images.add(fromRecord == null ? found : join(fromRecord, found));
      imageIndex.put(found.url(), images.size() - 1);
      return images.size() - 1;
    }

    private static ContentImage join(ContentImage first, ContentImage second) {
      return new ContentImage(
          first.url(),
          either(first.alt(), second.alt()),
          either(first.caption(), second.caption()),
          either(first.credit(), second.credit()),
          either(first.license(), second.license()),
          first.clip() == null ? second.clip() : first.clip(),
          first.inset() == null ? second.inset() : first.inset());
    }

    private static @Nullable String either(@Nullable String first, @Nullable String second) {
      return first == null || first.isBlank() ? second : first;
    }

    private void picture(Element img) {
      String url = bestSource(img);
      if (url.isEmpty() || tiny(img.attr("width")) || tiny(img.attr("height"))) {
        return;
      }
      show(url, clean(img.attr("alt")), clean(img.attr("title")));
    }

    /** The first source of a video that can be fetched; browsers take the first that they play. */
    private void clip(Element video) {
      String url = usable(video.attr("src"));
      for (Element source : video.children()) {
        if (url.isEmpty() && source.normalName().equals("source")) {
          url = usable(source.attr("src"));
        }
      }
      if (!url.isEmpty()) {
        show(url, clean(video.attr("aria-label")), clean(video.attr("title")));
      }
    }

    private void show(String url, String alt, String title) {
      waiting.add(new Picture(url, alt.isEmpty() ? null : alt, title.isEmpty() ? null : title));
      if (listDepth == 0
          && quoteDepth == 0
          && figureDepth == 0
          && headingLevel == 0
          && line.toString().isBlank()) {
        emitPictures("");
      }
    }

    private static boolean tiny(String size) {
      Matcher digits = Pattern.compile("\\s*(\\d{1,2})(px)?\\s*").matcher(size);
      return digits.matches() && Integer.parseInt(digits.group(1)) < SMALLEST_PICTURE_PX;
    }

    /** The largest of the sources that a browser could choose from. */
    private static String bestSource(Element img) {
      String best = usable(img.attr("src"));
      if (best.isEmpty()) {
        best = usable(img.attr("data-src"));
      }
      double bestSize = 0;
      List<String> sets = new ArrayList<>();
      sets.add(img.attr("srcset"));
      sets.add(img.attr("data-srcset"));
      Element parent = img.parent();
      if (parent != null && parent.normalName().equals("picture")) {
        for (Element source : parent.children()) {
          if (source.normalName().equals("source")) {
            sets.add(source.attr("srcset"));
          }
        }
      }
      for (String set : sets) {
        for (String candidate : set.strip().split("\\s*,\\s+|,(?=https?:)", -1)) {
          String[] parts = candidate.strip().split("\\s+", -1);
          String url = usable(parts[0]);
          double size = parts.length > 1 ? size(parts[1]) : 1;
          if (!url.isEmpty() && size > bestSize && (best.isEmpty() || size > 1)) {
            best = url;
            bestSize = size;
          }
        }
      }
      return best;
    }

    private static double size(String descriptor) {
      Matcher matcher = Pattern.compile("([0-9.]{1,9})[wx]").matcher(descriptor);
      try {
        return matcher.matches() ? Double.parseDouble(matcher.group(1)) : 1;
      } catch (NumberFormatException e) {
        return 1;
      }
    }

    private static String usable(String url) {
      String stripped = url.strip();
      String lower =
          stripped.substring(0, Math.min(16, stripped.length())).toLowerCase(Locale.ROOT);
      return lower.startsWith("data:")
              || lower.startsWith("javascript:")
              || lower.startsWith("blob:")
              || lower.startsWith("about:")
              || stripped.length() > 2_000
          ? ""
          : stripped;
    }

    private void code(Element pre) {
      String text = pre.wholeText().replace("\r\n", "\n").replace('\r', '\n');
      text = text.replaceAll("^\\s*\\n|\\s+$", "");
      if (text.isBlank()) {
        return;
      }
      String language = language(pre.className());
      if (language == null) {
        Element inner = pre.selectFirst("> code");
        language = inner == null ? null : language(inner.className());
      }
      int room = limits.maxTextChars() - chars;
      add(
          new SourceBlock(
              BlockKind.CODE,
              0,
              text.substring(0, Math.min(text.length(), room)),
              List.of(),
              language,
              -1));
    }

    private static @Nullable String language(String className) {
      Matcher matcher = CODE_LANGUAGE.matcher(className);
      return matcher.find() ? matcher.group(1).toLowerCase(Locale.ROOT) : null;
    }

    /** Layout by table: pages that put their text or further tables into the cells. */
    private static boolean isData(Element table) {
      int[] seen = {0};
      boolean[] layout = {false};
      NodeTraversor.filter(
          (node, depth) -> {
            if (node instanceof Element inner && depth > 0) {
              String tag = inner.normalName();
              if (tag.equals("table")
                  || tag.equals("p")
                  || tag.equals("div")
                  || tag.equals("img")
                  || tag.equals("ul")
                  || (tag.length() == 2 && tag.charAt(0) == 'h' && tag.charAt(1) <= '6')) {
                layout[0] = true;
                return NodeFilter.FilterResult.STOP;
              }
            }
            if (++seen[0] > TABLE_SCAN_NODES) {
              layout[0] = true;
              return NodeFilter.FilterResult.STOP;
            }
            return NodeFilter.FilterResult.CONTINUE;
          },
          table);
      return !layout[0];
    }

    private void table(Element table) {
      List<String> rows = new ArrayList<>();
      String title = "";
      for (Element part : table.select("tr, caption")) {
        if (part.normalName().equals("caption")) {
          title = clean(part.text());
          continue;
        }
        List<String> cells = new ArrayList<>();
        for (Element cell : part.children()) {
          cells.add(clean(cell.text()));
        }
        if (cells.stream().anyMatch(cell -> !cell.isEmpty())) {
          String row = String.join(" | ", cells);
          chars += row.length();
          rows.add(row);
        }
      }
      if (!rows.isEmpty()) {
        add(new SourceBlock(BlockKind.TABLE, 0, title, List.copyOf(rows), null, -1));
      }
    }

    /** Footnote and citation marks go, powers stay. */
    private FilterResult superscript(Element sup) {
      String text = sup.text().strip();
      boolean afterUnit =
          line.length() > 0 && Character.isLetter(line.charAt(line.length() - 1)) && !linked(sup);
      if (afterUnit && (text.equals("2") || text.equals("3"))) {
        line.append(text.equals("2") ? '²' : '³');
        return FilterResult.SKIP_ENTIRELY;
      }
      return linked(sup) || CITATION.matcher(text).matches()
          ? FilterResult.SKIP_ENTIRELY
          : FilterResult.CONTINUE;
    }

    private static boolean linked(Element sup) {
      Element parent = sup.parent();
      return sup.selectFirst("a") != null || (parent != null && parent.normalName().equals("a"));
    }

    private void note(String words) {
      if (noted.add(words)) {
        notes.add(words);
      }
    }
  }
}
