package dev.reelbeam.clients.brand;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.video.Brand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a brand from a YAML file: {@code name, tagline, website, colors {background, surface, text,
 * accent, highlight}, fonts {heading, body, mono, fallback []}, logo, cta {text, url}, voice,
 * caption_style, watermark, music}. Everything is optional; what is missing keeps the default.
 */
public final class BrandFiles {
  private static final long MAX_BYTES = 200_000;
  private static final long MAX_ASSET_BYTES = 30_000_000;
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Set<String> KEYS =
      Set.of(
          "name",
          "tagline",
          "website",
          "colors",
          "fonts",
          "logo",
          "cta",
          "voice",
          "caption_style",
          "watermark",
          "music",
          "tone");

  private static final int MAX_TONE_CHARS = 500;

  private BrandFiles() {}

  /**
   * Reads a brand; its logo and fonts go into the store.
   *
   * @throws StageException {@code BRAND_INVALID} naming the key, {@code INPUT_UNREADABLE}
   */
  public static Brand read(Path file, ObjectStore store) throws StageException {
    JsonNode root;
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new StageException(FailureCode.BRAND_INVALID, file + " is larger than 200 kB");
      }
      root = YAML.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new StageException(
          FailureCode.BRAND_INVALID,
          file.getFileName() + " is not YAML: " + e.getOriginalMessage(),
          e);
    } catch (IOException e) {
      throw new StageException(
          FailureCode.INPUT_UNREADABLE, "brand file '" + file + "' cannot be read", e);
    }
    if (!root.isObject()) {
      throw new StageException(FailureCode.BRAND_INVALID, file.getFileName() + " holds no keys");
    }
    for (var names = root.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!KEYS.contains(name)) {
        throw new StageException(
            FailureCode.BRAND_INVALID, "unknown key '" + name + "'; known are " + sorted());
      }
    }
    Brand base = Brand.DEFAULT;
    Path folder = file.toAbsolutePath().resolveSibling(".").normalize();
    List<MediaRef> fallbackFonts = new ArrayList<>();
    for (JsonNode font : root.path("fonts").path("fallback")) {
      fallbackFonts.add(asset(folder, font.asText(), "fonts.fallback", "font/ttf", store));
    }
    String logo = text(root, "logo", "");
    return new Brand(
        text(root, "name", base.name()),
        text(root, "tagline", base.tagline()),
        text(root, "website", base.website()),
        color(root, "background", base.background()),
        color(root, "surface", base.surface()),
        color(root, "text", base.text()),
        color(root, "accent", base.accent()),
        color(root, "highlight", base.highlight()),
        text(root.path("fonts"), "heading", base.headingFont()),
        text(root.path("fonts"), "body", base.bodyFont()),
        text(root.path("fonts"), "mono", base.monoFont()),
        logo.isEmpty() ? null : asset(folder, logo, "logo", "image/png", store),
        text(root.path("cta"), "text", base.ctaText()),
        text(root.path("cta"), "url", base.ctaUrl()),
        text(root, "voice", base.voice()),
        oneOf(root, "caption_style", base.captionStyle(), List.of("pill", "outline", "karaoke")),
        root.path("watermark").asBoolean(base.watermark()),
        text(root, "music", base.music()),
        List.copyOf(fallbackFonts),
        tone(root));
  }

  private static @Nullable String tone(JsonNode root) throws StageException {
    String tone = text(root, "tone", "");
    if (tone.length() > MAX_TONE_CHARS) {
      throw new StageException(
          FailureCode.BRAND_INVALID, "tone has more than " + MAX_TONE_CHARS + " characters");
    }
    return tone.isEmpty() ? null : tone;
  }

  private static List<String> sorted() {
    return KEYS.stream().sorted().toList();
  }

  private static String text(JsonNode node, String key, String fallback) throws StageException {
    JsonNode value = node.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return fallback;
    }
    if (!value.isValueNode()) {
      throw new StageException(FailureCode.BRAND_INVALID, "'" + key + "' must be a text");
    }
    return value.asText().strip();
  }

  private static String color(JsonNode root, String key, String fallback) throws StageException {
    String value = text(root.path("colors"), key, fallback);
    if (!value.matches("#[0-9a-fA-F]{6}")) {
      throw new StageException(
          FailureCode.BRAND_INVALID, "colors." + key + " is '" + value + "', not #rrggbb");
    }
    return value;
  }

  private static String oneOf(JsonNode root, String key, String fallback, List<String> allowed)
      throws StageException {
    String value = text(root, key, fallback);
    if (!allowed.contains(value)) {
      throw new StageException(
          FailureCode.BRAND_INVALID, key + " is '" + value + "'; choose one of " + allowed);
    }
    return value;
  }

  private static MediaRef asset(
      Path folder, String path, String key, String contentType, ObjectStore store)
      throws StageException {
    Path file = folder.resolve(path).normalize();
    try {
      Path real = file.toRealPath();
      if (!real.startsWith(folder.toRealPath())) {
        throw new StageException(
            FailureCode.PATH_ESCAPES_ROOT, key + " '" + path + "' leaves the brand's folder");
      }
      if (Files.size(real) > MAX_ASSET_BYTES) {
        throw new StageException(
            FailureCode.BRAND_INVALID, key + " '" + path + "' is larger than 30 MB");
      }
      return store.put(real, contentType);
    } catch (IOException e) {
      throw new StageException(
          FailureCode.INPUT_UNREADABLE, key + " '" + path + "' cannot be read", e);
    }
  }

  /** The file of a brand given by path or by name; null when nothing is there. */
  public static @Nullable Path find(String nameOrPath, Path workingFolder) {
    for (String candidate :
        List.of(nameOrPath, nameOrPath + ".yaml", "brands/" + nameOrPath + ".yaml")) {
      Path file = workingFolder.resolve(candidate);
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    return null;
  }
}
