package dev.reelbeam.connectors;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.commonmark.Extension;
import org.commonmark.ext.front.matter.YamlFrontMatterExtension;
import org.commonmark.ext.front.matter.YamlFrontMatterVisitor;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/**
 * Content records of one file or folder, in wire form.
 *
 * <ul>
 *   <li>{@code .json}: a record, or a list of records;
 *   <li>{@code .jsonl}: a record on each line;
 *   <li>{@code .html}: a page; its title, description, keywords and language become fields;
 *   <li>{@code .md}: Markdown with tables, and the same fields from YAML front matter;
 *   <li>a folder with {@code record.json}, {@code article.html} or {@code article.md}: one record;
 *   <li>any other folder: the records of its files and folders, by name.
 * </ul>
 *
 * <p>What cannot be read is refused by its position, and the rest is read. Nothing is read before
 * its size is known to be within {@value #MAX_RECORD_BYTES} bytes.
 */
final class RecordFiles {
  /** Largest record in bytes. */
  static final int MAX_RECORD_BYTES = 20_000_000;

  private static final int MAX_FOLDER_DEPTH = 8;
  private static final int CHARSET_SEARCH_BYTES = 4_096;
  private static final int MAX_ID_CHARS = 120;

  /** Names of the file that makes its folder one record, in the order in which they win. */
  private static final List<String> MAIN_FILES =
      List.of(
          "record.json",
          "article.html",
          "article.htm",
          "article.md",
          "index.html",
          "index.htm",
          "index.md");

  private static final Charset WINDOWS_LATIN = Charset.forName("windows-1252");

  private static final Pattern META_CHARSET =
      Pattern.compile("<meta[^>]+charset\\s*=\\s*[\"']?([A-Za-z0-9_:.-]{2,40})");

  private static final List<Extension> EXTENSIONS =
      List.of(TablesExtension.create(), YamlFrontMatterExtension.create());

  private final Path root;
  private final Consumer<RawRecord> records;
  private final BiConsumer<String, StageException> refused;
  private int found;
  private int unreadableFolders;

  private RecordFiles(
      Path root, Consumer<RawRecord> records, BiConsumer<String, StageException> refused) {
    this.root = root;
    this.records = records;
    this.refused = refused;
  }

  /**
   * Reads one file or folder.
   *
   * @param input absolute and normalized
   * @param refused hears of what gives no record: its position, and {@code INPUT_UNREADABLE},
   *     {@code RECORD_INVALID}, {@code RECORD_EMPTY}, {@code RECORD_TOO_LARGE} or {@code
   *     MARKUP_TOO_DEEP}
   */
  static void read(
      Path input, Consumer<RawRecord> records, BiConsumer<String, StageException> refused) {
    RecordFiles files = new RecordFiles(input, records, refused);
    if (Files.isDirectory(input)) {
      files.folder(input, 0);
      if (files.found == 0 && files.unreadableFolders == 0) {
        files.refuse(
            input.toString(),
            FailureCode.INPUT_UNREADABLE,
            "no .html, .md, .json or .jsonl file is in " + input);
      }
    } else if (!Files.exists(input)) {
      files.refuse(input.toString(), FailureCode.INPUT_UNREADABLE, input + " does not exist");
    } else if (format(input) == null) {
      files.refuse(
          input.toString(),
          FailureCode.INPUT_UNREADABLE,
          input + " is not a .html, .md, .json or .jsonl file");
    } else {
      files.file(input);
    }
  }

  private void folder(Path folder, int depth) {
    for (String name : MAIN_FILES) {
      Path main = folder.resolve(name);
      if (Files.isRegularFile(main)) {
        file(main);
        return;
      }
    }
    if (depth >= MAX_FOLDER_DEPTH) {
      refuse(
          folder.toString(),
          FailureCode.INPUT_UNREADABLE,
          folder + " lies more than " + MAX_FOLDER_DEPTH + " folders deep");
      return;
    }
    List<Path> children;
    try (Stream<Path> list = Files.list(folder)) {
      children =
          list.filter(child -> !String.valueOf(child.getFileName()).startsWith("."))
              .sorted()
              .toList();
    } catch (IOException e) {
      unreadableFolders++;
      refuse(folder.toString(), unreadable(folder, e));
      return;
    } catch (UncheckedIOException e) {
      unreadableFolders++;
      refuse(folder.toString(), unreadable(folder, e.getCause()));
      return;
    }
    for (Path child : children) {
      if (Files.isDirectory(child)) {
        folder(child, depth + 1);
      } else if (format(child) != null) {
        file(child);
      }
    }
  }

  private enum Format {
    JSON,
    JSON_LINES,
    HTML,
    MARKDOWN
  }

  private static @Nullable Format format(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".json")) {
      return Format.JSON;
    }
    if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
      return Format.JSON_LINES;
    }
    if (name.endsWith(".html") || name.endsWith(".htm") || name.endsWith(".xhtml")) {
      return Format.HTML;
    }
    return name.endsWith(".md") || name.endsWith(".markdown") ? Format.MARKDOWN : null;
  }

  private void file(Path file) {
    found++;
    String position = file.toString();
    Format format = format(file);
    if (format == null) {
      return;
    }
    try {
      switch (format) {
        case JSON_LINES -> lines(file);
        case JSON -> json(file, decoded(bytes(file), StandardCharsets.UTF_8, position));
        case HTML -> page(file, html(bytes(file)));
        case MARKDOWN -> markdown(file, decoded(bytes(file), StandardCharsets.UTF_8, position));
      }
    } catch (StageException e) {
      refused.accept(position, e);
    } catch (IOException e) {
      refuse(position, unreadable(file, e));
    }
  }

  private static byte[] bytes(Path file) throws IOException, StageException {
    if (!Files.isRegularFile(file)) {
      throw new StageException(FailureCode.INPUT_UNREADABLE, file + " is not a file");
    }
    long size = Files.size(file);
    if (size > MAX_RECORD_BYTES) {
      throw tooLarge(file.toString());
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      // The file may have grown since its size was asked for.
      bytes = in.readNBytes(MAX_RECORD_BYTES + 1);
    }
    if (bytes.length > MAX_RECORD_BYTES) {
      throw tooLarge(file.toString());
    }
    if (Lines.isBlank(bytes)) {
      throw new StageException(FailureCode.RECORD_EMPTY, file + " is empty");
    }
    return bytes;
  }

  private static StageException tooLarge(String position) {
    return new StageException(
        FailureCode.RECORD_TOO_LARGE,
        position + " is larger than " + MAX_RECORD_BYTES / 1_000_000 + " MB");
  }

  private static String decoded(byte[] bytes, Charset charset, String position)
      throws StageException {
    try {
      String text = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new StageException(FailureCode.RECORD_INVALID, position + " is not UTF-8 text", e);
    }
  }

  /** Pages may be in any encoding; they are read as a browser would, with replacements. */
  private static String html(byte[] bytes) {
    if (bytes.length >= 2 && (bytes[0] & 0xff) == 0xfe && (bytes[1] & 0xff) == 0xff) {
      return new String(bytes, 2, bytes.length - 2, StandardCharsets.UTF_16BE);
    }
    if (bytes.length >= 2 && (bytes[0] & 0xff) == 0xff && (bytes[1] & 0xff) == 0xfe) {
      return new String(bytes, 2, bytes.length - 2, StandardCharsets.UTF_16LE);
    }
    String start =
        new String(
            bytes, 0, Math.min(bytes.length, CHARSET_SEARCH_BYTES), StandardCharsets.ISO_8859_1);
    Matcher matcher = META_CHARSET.matcher(start);
    Charset declared = matcher.find() ? charset(matcher.group(1)) : null;
    String text;
    if (declared != null) {
      text = new String(bytes, declared);
    } else {
      try {
        text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      } catch (CharacterCodingException e) {
        // What browsers take a page for that says nothing and is not UTF-8.
        text = new String(bytes, WINDOWS_LATIN);
      }
    }
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /** An encoding by the name that a page gives it, null when there is none of this name. */
  private static @Nullable Charset charset(String name) {
    try {
      Charset charset = Charset.forName(name);
      // Pages that say Latin-1 mean the superset with curly quotes, and browsers read it so.
      return charset.equals(StandardCharsets.ISO_8859_1) ? WINDOWS_LATIN : charset;
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return null;
    }
  }

  // ---------------------------------------------------------------- JSON

  private void json(Path file, String text) throws StageException, IOException {
    String position = file.toString();
    JsonNode node = parsed(text, position, 0);
    if (node.isArray()) {
      int index = 0;
      for (JsonNode entry : node) {
        String place = position + "[" + index++ + "]";
        if (entry.isObject()) {
          emit(place, file, (ObjectNode) entry);
        } else {
          refuse(place, FailureCode.RECORD_INVALID, place + " is not a JSON object");
        }
      }
      if (index == 0) {
        refuse(position, FailureCode.RECORD_EMPTY, position + " is an empty list");
      }
      return;
    }
    if (!node.isObject()) {
      throw new StageException(FailureCode.RECORD_INVALID, position + " is not a JSON object");
    }
    ObjectNode record = (ObjectNode) node;
    if (!record.hasNonNull("content_html") && !record.hasNonNull("content_text")) {
      attachArticle(file, record);
    }
    emit(position, file, record);
  }

  /** A record.json may leave its text to an article file beside it. */
  private void attachArticle(Path file, ObjectNode record) throws StageException, IOException {
    for (String name : MAIN_FILES) {
      Path article = file.resolveSibling(name);
      if (article.equals(file) || !Files.isRegularFile(article)) {
        continue;
      }
      ObjectNode fields =
          format(article) == Format.MARKDOWN
              ? markdownFields(decoded(bytes(article), StandardCharsets.UTF_8, article.toString()))
              : pageFields(html(bytes(article)));
      fields
          .fields()
          .forEachRemaining(
              field -> {
                if (!record.hasNonNull(field.getKey())) {
                  record.set(field.getKey(), field.getValue());
                }
              });
      return;
    }
  }

  private static JsonNode parsed(String text, String position, int line) throws StageException {
    try {
      JsonNode node = RecordJson.readTree(text);
      if (node == null || node.isMissingNode()) {
        throw new StageException(FailureCode.RECORD_EMPTY, position + " is empty");
      }
      return node;
    } catch (JsonProcessingException e) {
      JsonLocation location = e.getLocation();
      String where =
          location == null
              ? ""
              : " in line "
                  + Math.max(line, location.getLineNr())
                  + ", column "
                  + location.getColumnNr();
      throw new StageException(
          FailureCode.RECORD_INVALID,
          position + " is not JSON" + where + ": " + firstLine(e.getOriginalMessage()),
          e);
    }
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "" : message.lines().findFirst().orElse("");
  }

  /** One record on each line; a bad line does not keep the others. */
  private void lines(Path file) throws IOException {
    int[] records = new int[1];
    try (InputStream in = Files.newInputStream(file)) {
      Lines.read(
          in,
          MAX_RECORD_BYTES,
          (number, bytes, whole) -> {
            records[0]++;
            String position = file + ":" + number;
            if (whole) {
              line(file, position, number, bytes);
            } else {
              refused.accept(position, tooLarge(position));
            }
          });
    }
    if (records[0] == 0) {
      refuse(file.toString(), FailureCode.RECORD_EMPTY, file + " is empty");
    }
  }

  private void line(Path file, String position, int number, byte[] bytes) {
    try {
      JsonNode node = parsed(decoded(bytes, StandardCharsets.UTF_8, position), position, number);
      if (!node.isObject()) {
        throw new StageException(FailureCode.RECORD_INVALID, position + " is not a JSON object");
      }
      emit(position, file, (ObjectNode) node);
    } catch (StageException e) {
      refused.accept(position, e);
    }
  }

  // ---------------------------------------------------------------- pages

  private void page(Path file, String html) {
    ObjectNode record = RecordJson.newObject();
    record.put("record_id", idOf(file));
    record.setAll(pageFields(html));
    emit(file.toString(), file, record);
  }

  private static ObjectNode pageFields(String html) {
    Document document = Jsoup.parse(html);
    ObjectNode fields = RecordJson.newObject();
    fields.put("kind", "article");
    Element heading = document.selectFirst("article h1, main h1");
    if (heading == null) {
      heading = document.selectFirst("h1");
    }
    String h1 = heading == null ? "" : heading.text().strip();
    String title = document.title().strip();
    if (title.isEmpty()) {
      title = meta(document, "meta[property=og:title]");
    }
    // "Heading | Name of the site": the heading alone is the title.
    if (title.isEmpty() || (!h1.isEmpty() && title.startsWith(h1))) {
      title = h1;
    }
    put(fields, "title", title);
    String description = meta(document, "meta[name=description]");
    put(
        fields,
        "meta_description",
        description.isEmpty() ? meta(document, "meta[property=og:description]") : description);
    keywords(fields, List.of(meta(document, "meta[name=keywords]")));
    Element root = document.selectFirst("html");
    put(fields, "language", root == null ? "" : root.attr("lang").strip());
    fields.put("content_html", html);
    return fields;
  }

  private static String meta(Document document, String selector) {
    Element element = document.selectFirst(selector);
    return element == null ? "" : element.attr("content").strip();
  }

  private static void put(ObjectNode fields, String name, String value) {
    if (!value.isBlank()) {
      fields.put(name, value);
    }
  }

  private static void keywords(ObjectNode fields, List<String> values) {
    List<String> keywords = new ArrayList<>();
    for (String value : values) {
      for (String keyword : value.replaceAll("^\\[|\\]$", "").split(",", -1)) {
        String plain = keyword.strip().replaceAll("^[\"']|[\"']$", "");
        if (!plain.isBlank()) {
          keywords.add(plain);
        }
      }
    }
    if (!keywords.isEmpty()) {
      keywords.forEach(fields.putArray("keywords")::add);
    }
  }

  // ---------------------------------------------------------------- Markdown

  private void markdown(Path file, String text) throws StageException {
    ObjectNode record = RecordJson.newObject();
    record.put("record_id", idOf(file));
    record.setAll(markdownFields(text));
    emit(file.toString(), file, record);
  }

  private static ObjectNode markdownFields(String text) throws StageException {
    String html;
    Map<String, List<String>> matter;
    try {
      org.commonmark.node.Node document =
          Parser.builder().extensions(EXTENSIONS).build().parse(text);
      YamlFrontMatterVisitor visitor = new YamlFrontMatterVisitor();
      document.accept(visitor);
      matter = visitor.getData();
      html = HtmlRenderer.builder().extensions(EXTENSIONS).build().render(document);
    } catch (StackOverflowError e) {
      // Quotes and marks nest without a bound, and the renderer descends into them.
      throw new StageException(FailureCode.MARKUP_TOO_DEEP, "the Markdown is nested too deeply", e);
    }
    ObjectNode fields = RecordJson.newObject();
    fields.put("kind", "article");
    String title = first(matter, "title");
    if (title.isEmpty()) {
      Element heading = Jsoup.parseBodyFragment(html).selectFirst("h1, h2");
      title = heading == null ? "" : heading.text().strip();
    }
    put(fields, "title", title);
    put(fields, "meta_description", first(matter, "description", "summary", "excerpt"));
    put(fields, "language", first(matter, "language", "lang"));
    List<String> keywords = matter.getOrDefault("keywords", List.of());
    keywords(fields, keywords.isEmpty() ? matter.getOrDefault("tags", List.of()) : keywords);
    put(fields, "record_id", first(matter, "record_id", "id"));
    fields.put("content_html", html);
    return fields;
  }

  private static String first(Map<String, List<String>> matter, String... names) {
    for (String name : names) {
      for (String value : matter.getOrDefault(name, List.of())) {
        if (!value.isBlank()) {
          return value.strip();
        }
      }
    }
    return "";
  }

  // ---------------------------------------------------------------- results

  /** An id from the file's place below the input: stable from run to run on the same files. */
  private String idOf(Path file) {
    String name = String.valueOf(file.getFileName());
    String stem = name.substring(0, name.lastIndexOf('.'));
    Path folder = file.getParent();
    boolean main = MAIN_FILES.contains(name.toLowerCase(Locale.ROOT));
    List<String> parts = new ArrayList<>();
    if (file.equals(root) || folder == null || folder.equals(root)) {
      Path own = folder == null ? null : folder.getFileName();
      parts.add(main && own != null ? own.toString() : stem);
    } else {
      root.relativize(folder).forEach(part -> parts.add(part.toString()));
      if (!main) {
        parts.add(stem);
      }
    }
    String id =
        String.join("-", parts)
            .replaceAll("[^\\p{L}\\p{N}._-]+", "-")
            .replaceAll("\\.{2,}", ".")
            .replaceAll("^[^\\p{L}\\p{N}]+", "");
    if (id.length() > MAX_ID_CHARS) {
      id = id.substring(0, MAX_ID_CHARS);
    }
    return id.isEmpty() ? "record" : id;
  }

  private void emit(String position, Path file, ObjectNode record) {
    if (record.isEmpty()) {
      refuse(position, FailureCode.RECORD_EMPTY, position + " has no fields");
      return;
    }
    Path folder = file.toAbsolutePath().getParent();
    String base = folder == null ? file.toUri().toString() : folder.toUri().toString();
    records.accept(new RawRecord(position, base, record.toString()));
  }

  private void refuse(String position, FailureCode code, String message) {
    refuse(position, new StageException(code, message));
  }

  private void refuse(String position, StageException failure) {
    refused.accept(position, failure);
  }

  private static StageException unreadable(Path path, @Nullable IOException e) {
    String reason =
        e instanceof AccessDeniedException
            ? "may not be read"
            : e instanceof NoSuchFileException
                ? "does not exist"
                : "cannot be read: " + (e == null ? "" : e.getMessage());
    return new StageException(FailureCode.INPUT_UNREADABLE, path + " " + reason, e);
  }
}
