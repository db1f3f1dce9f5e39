package dev.reelbeam.media.text;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.font.FontRenderContext;
import java.awt.font.TextAttribute;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.AttributedString;
import java.text.Bidi;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The fonts that can be drawn with, and how a text is set in them.
 *
 * <p>Every text is shaped by {@link java.awt.font.TextLayout}: ligatures and kerning on, right to
 * left where its script asks for it, with fallback to other families word by word, so that joined
 * scripts stay joined. Only fonts of the class path and given files are used, never those of the
 * machine; the same text therefore gives the same outlines everywhere.
 *
 * <p>Safe for use by several threads.
 */
public final class FontBook {
  /** Outlines are taken unhinted at fractional positions, independent of any device. */
  static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

  /** The family taken when the wanted one is not there. */
  public static final String DEFAULT_FAMILY = "Inter";

  private static final List<String> FALLBACK_FAMILIES =
      List.of("Inter", "Open Sans", "DejaVu Sans");
  private static final long MAX_FONT_FILE_BYTES = 64L << 20;

  /** Share of a text's letters that may be missing before it counts as not drawable. */
  private static final double MAX_MISSING_SHARE = 0.25;

  private static final FontBook BUNDLED = new FontBook(List.of());

  private final Map<String, Map<FontWeight, Font>> families = new ConcurrentHashMap<>();
  private final List<Font> extraFonts;

  private FontBook(List<Font> extraFonts) {
    this.extraFonts = extraFonts;
    for (Font font : extraFonts) {
      families
          .computeIfAbsent(key(font.getFamily(Locale.ROOT)), k -> new ConcurrentHashMap<>())
          .putIfAbsent(weightOf(font), font);
    }
  }

  /** The fonts that travel with this library: Latin, Greek, Cyrillic, Arabic, Hebrew and more. */
  public static FontBook bundled() {
    return BUNDLED;
  }

  /**
   * These fonts and those of further TrueType or OpenType files, which are asked before the bundled
   * fallbacks.
   *
   * @throws StageException GLYPHS_MISSING when a file is not a font that can be read
   */
  public FontBook withFiles(List<Path> files) throws StageException {
    HeadlessFonts.prepare();
    List<Font> fonts = new ArrayList<>(extraFonts);
    for (Path file : files) {
      try {
        if (Files.size(file) > MAX_FONT_FILE_BYTES) {
          throw new IOException("larger than 64 MB");
        }
        fonts.addAll(List.of(Font.createFonts(file.toFile())));
      } catch (IOException | FontFormatException e) {
        throw new StageException(
            FailureCode.GLYPHS_MISSING,
            "not a font that can be read: " + file.getFileName() + " (" + e.getMessage() + ")",
            e);
      }
    }
    return new FontBook(List.copyOf(fonts));
  }

  /** The names of all families, sorted. */
  public Set<String> families() {
    Set<String> names = new TreeSet<>();
    BundledFonts.FACES.forEach(face -> names.add(face.family()));
    extraFonts.forEach(font -> names.add(font.getFamily(Locale.ROOT)));
    return names;
  }

  /** Whether there is a family of this name; case does not matter. */
  public boolean hasFamily(String family) {
    return families().stream().anyMatch(name -> name.equalsIgnoreCase(family.strip()));
  }

  /**
   * The code points of a text that no font covers; controls, joiners and variation selectors do not
   * count.
   */
  public Set<Integer> coverage(String text) {
    Set<Integer> missing = new LinkedHashSet<>();
    List<Font> chain = chain(DEFAULT_FAMILY, FontWeight.BOLD);
    text.codePoints()
        .filter(cp -> !isInvisible(cp) && chain.stream().noneMatch(font -> font.canDisplay(cp)))
        .forEach(missing::add);
    return missing;
  }

  /**
   * The text as it can be drawn: normalised, without controls; code points that no font covers are
   * replaced by their compatibility form where that helps and removed where not (most emoji).
   *
   * @throws StageException GLYPHS_MISSING when more than a quarter of its letters would be lost; it
   *     names the first missing ones
   */
  public String drawable(String text) throws StageException {
    int letters = 0;
    int lost = 0;
    Set<Integer> missing = coverage(text);
    if (!missing.isEmpty()) {
      for (int cp : text.codePoints().toArray()) {
        if (Character.isLetterOrDigit(cp)) {
          letters++;
          if (missing.contains(cp) && compatible(cp).isEmpty()) {
            lost++;
          }
        }
      }
      if (lost > MAX_MISSING_SHARE * letters) {
        throw new StageException(FailureCode.GLYPHS_MISSING, describe(missing));
      }
    }
    return clean(text);
  }

  /** Like {@link #drawable} for texts already checked: never fails, removes what is missing. */
  public String clean(String text) {
    Set<Integer> missing = coverage(text);
    StringBuilder out = new StringBuilder(text.length());
    String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
    composed
        .codePoints()
        .forEach(
            cp -> {
              if (cp == '\n' || !isInvisible(cp)) {
                if (missing.contains(cp)) {
                  out.append(compatible(cp));
                } else {
                  out.appendCodePoint(cp);
                }
              } else if (cp == '\t' || Character.isSpaceChar(cp)) {
                out.append(' ');
              } else if (isJoinControl(cp)) {
                out.appendCodePoint(cp);
              }
            });
    if (missing.isEmpty()) {
      return out.toString();
    }
    // What was removed may leave doubled or hanging spaces behind.
    return out.toString().replaceAll(" {2,}", " ").replaceAll(" +([,.;:!?])", "$1").strip();
  }

  /** Sets one line; line breaks in it become spaces. */
  public ShapedLine shape(String text, TextStyle style) {
    return shape(text, style, startsRightToLeft(text));
  }

  /** Sets one line of a paragraph whose direction is known. */
  public ShapedLine shape(String text, TextStyle style, boolean rightToLeft) {
    String line = text.replace('\n', ' ');
    if (line.isBlank()) {
      return ShapedLine.blank(style, metricsFont(style), rightToLeft);
    }
    AttributedString attributed = new AttributedString(line);
    for (FontRun run : runs(line, style)) {
      attributed.addAttribute(TextAttribute.FONT, run.font(), run.start(), run.end());
    }
    attributed.addAttribute(
        TextAttribute.RUN_DIRECTION,
        rightToLeft ? TextAttribute.RUN_DIRECTION_RTL : TextAttribute.RUN_DIRECTION_LTR);
    return ShapedLine.of(attributed, style, metricsFont(style), rightToLeft);
  }

  /** Width of one line in pixels. */
  public double width(String text, TextStyle style) {
    return shape(text, style).width();
  }

  /** Whether the first letter with a direction runs right to left. */
  public static boolean startsRightToLeft(String text) {
    return !text.isEmpty()
        && !new Bidi(text, Bidi.DIRECTION_DEFAULT_LEFT_TO_RIGHT).baseIsLeftToRight();
  }

  private record FontRun(int start, int end, Font font) {}

  private List<FontRun> runs(String line, TextStyle style) {
    List<Font> chain =
        chain(style.family(), style.weight()).stream()
            .map(font -> sized(font, style, false))
            .toList();
    Font tracked = sized(chain.get(0), style, true);
    List<FontRun> runs = new ArrayList<>();
    int start = 0;
    while (start < line.length()) {
      int end = start;
      while (end < line.length() && line.charAt(end) != ' ') {
        end++;
      }
      while (end < line.length() && line.charAt(end) == ' ') {
        end++;
      }
      addWord(line, start, end, chain, tracked, runs);
      start = end;
    }
    return merge(runs);
  }

  /** One font for a whole word where there is one, so that letters that join meet in one font. */
  private static void addWord(
      String line, int start, int end, List<Font> chain, Font tracked, List<FontRun> runs) {
    int word = end;
    while (word > start && line.charAt(word - 1) == ' ') {
      word--;
    }
    for (Font font : chain) {
      if (covers(font, line, start, word)) {
        boolean first = font.equals(chain.get(0)) && !joins(line, start, word);
        runs.add(new FontRun(start, end, first ? tracked : font));
        return;
      }
    }
    int at = start;
    while (at < end) {
      int cp = line.codePointAt(at);
      int next = at + Character.charCount(cp);
      Font chosen = chain.get(0);
      for (Font font : chain) {
        if (font.canDisplay(cp)) {
          chosen = font;
          break;
        }
      }
      runs.add(new FontRun(at, next, chosen));
      at = next;
    }
  }

  private static List<FontRun> merge(List<FontRun> runs) {
    List<FontRun> merged = new ArrayList<>();
    for (FontRun run : runs) {
      int last = merged.size() - 1;
      if (last >= 0 && merged.get(last).font().equals(run.font())) {
        merged.set(last, new FontRun(merged.get(last).start(), run.end(), run.font()));
      } else {
        merged.add(run);
      }
    }
    return merged;
  }

  private static boolean covers(Font font, String text, int start, int end) {
    for (int at = start; at < end; ) {
      int cp = text.codePointAt(at);
      if (!isInvisible(cp) && !font.canDisplay(cp)) {
        return false;
      }
      at += Character.charCount(cp);
    }
    return true;
  }

  private static boolean joins(String text, int start, int end) {
    return text.substring(start, end)
        .codePoints()
        .mapToObj(Character.UnicodeScript::of)
        .anyMatch(
            script ->
                script == Character.UnicodeScript.ARABIC
                    || script == Character.UnicodeScript.SYRIAC
                    || script == Character.UnicodeScript.DEVANAGARI);
  }

  private static Font sized(Font font, TextStyle style, boolean tracking) {
    Map<TextAttribute, Object> attributes = new HashMap<>();
    attributes.put(TextAttribute.SIZE, style.sizePx());
    attributes.put(TextAttribute.KERNING, TextAttribute.KERNING_ON);
    attributes.put(TextAttribute.LIGATURES, TextAttribute.LIGATURES_ON);
    if (tracking && style.tracking() != 0) {
      attributes.put(TextAttribute.TRACKING, style.tracking());
      // A tracked line shows its letters apart: a ligature would stand out.
      attributes.remove(TextAttribute.LIGATURES);
    }
    return font.deriveFont(attributes);
  }

  private Font metricsFont(TextStyle style) {
    return sized(chain(style.family(), style.weight()).get(0), style, false);
  }

  /**
   * The wanted family first, then given files, then the bundled fallbacks, heaviest match first.
   */
  private List<Font> chain(String family, FontWeight weight) {
    List<Font> chain = new ArrayList<>();
    chain.add(face(hasFamily(family) ? family : DEFAULT_FAMILY, weight));
    chain.addAll(extraFonts);
    for (String fallback : FALLBACK_FAMILIES) {
      chain.add(face(fallback, weight));
    }
    chain.add(face("DejaVu Sans", FontWeight.REGULAR));
    return chain;
  }

  private Font face(String family, FontWeight weight) {
    Map<FontWeight, Font> faces =
        families.computeIfAbsent(key(family), name -> new ConcurrentHashMap<>());
    return faces.computeIfAbsent(weight, wanted -> nearest(family, wanted, faces));
  }

  private static Font nearest(String family, FontWeight weight, Map<FontWeight, Font> given) {
    List<BundledFonts.Face> candidates =
        BundledFonts.FACES.stream().filter(face -> key(face.family()).equals(key(family))).toList();
    if (candidates.isEmpty()) {
      // A family given by file: its one face serves every weight that has no file of its own.
      return given.values().iterator().next();
    }
    BundledFonts.Face best = candidates.get(0);
    for (BundledFonts.Face candidate : candidates) {
      if (distance(candidate.weight(), weight) < distance(best.weight(), weight)) {
        best = candidate;
      }
    }
    return Loaded.FONTS.computeIfAbsent(best.path(), Loaded::load);
  }

  /** On a tie the heavier face wins: text over pictures can rather be too strong than too thin. */
  private static int distance(FontWeight candidate, FontWeight wanted) {
    int difference = candidate.css() - wanted.css();
    return Math.abs(difference) * 2 + (difference < 0 ? 1 : 0);
  }

  /** Faces are read once per process, whatever the number of font books. */
  private static final class Loaded {
    static final Map<String, Font> FONTS = new ConcurrentHashMap<>();

    static Font load(String path) {
      HeadlessFonts.prepare();
      try (InputStream in = BundledFonts.open(path)) {
        return Font.createFont(Font.TRUETYPE_FONT, in);
      } catch (IOException | FontFormatException e) {
        throw new IllegalStateException("bundled font cannot be read: " + path, e);
      }
    }
  }

  private static FontWeight weightOf(Font font) {
    String name = font.getFontName(Locale.ROOT).toLowerCase(Locale.ROOT);
    if (name.contains("extrabold") || name.contains("black") || name.contains("heavy")) {
      return FontWeight.EXTRABOLD;
    }
    if (name.contains("semibold") || name.contains("demi") || name.contains("medium")) {
      return FontWeight.SEMIBOLD;
    }
    return name.contains("bold") ? FontWeight.BOLD : FontWeight.REGULAR;
  }

  private static String key(String family) {
    return family.strip().toLowerCase(Locale.ROOT);
  }

  private String compatible(int codePoint) {
    String plain = Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFKC);
    if (plain.codePointAt(0) == codePoint || !coverage(plain).isEmpty()) {
      return "";
    }
    return plain;
  }

  private static String describe(Set<Integer> missing) {
    String names =
        missing.stream()
            .limit(5)
            .map(cp -> String.format(Locale.ROOT, "U+%04X %s", cp, Character.getName(cp)))
            .collect(Collectors.joining(", "));
    Set<String> scripts =
        missing.stream()
            .filter(Character::isLetter)
            .map(cp -> Character.UnicodeScript.of(cp).name())
            .collect(Collectors.toCollection(TreeSet::new));
    return "no font covers "
        + missing.size()
        + " of the text's characters ("
        + names
        + (missing.size() > 5 ? ", ..." : "")
        + "); scripts without a font: "
        + String.join(", ", scripts);
  }

  /** Joiners and direction marks shape their neighbours and must reach the shaper. */
  private static boolean isJoinControl(int cp) {
    return cp == 0x200C || cp == 0x200D || cp == 0x200E || cp == 0x200F;
  }

  static boolean isInvisible(int cp) {
    int type = Character.getType(cp);
    return Character.isWhitespace(cp)
        || Character.isSpaceChar(cp)
        || type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.SURROGATE
        || type == Character.PRIVATE_USE
        || type == Character.UNASSIGNED
        || (cp >= 0xFE00 && cp <= 0xFE0F)
        || (cp >= 0x1F3FB && cp <= 0x1F3FF)
        || cp == 0x20E3;
  }
}
