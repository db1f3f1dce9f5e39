package dev.reelbeam.connectors;

import dev.reelbeam.model.json.RecordJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;

/** Folder and file names made from ids that may hold anything. */
final class FolderNames {
  private static final int MAX_BYTES = 100;
  private static final int HASH_CHARACTERS = 8;

  private FolderNames() {}

  /**
   * A name that is safe as one step of a path, on every file system in use.
   *
   * <p>Letters and digits of every script, {@code . _ -} stay; everything else becomes a hyphen. A
   * name that had to be changed gets a hash of the id, so that two ids never share a folder.
   */
  static String of(String id) {
    String plain = Normalizer.normalize(id, Normalizer.Form.NFC);
    StringBuilder name = new StringBuilder();
    plain
        .codePoints()
        .forEach(
            character -> {
              boolean kept =
                  Character.isLetterOrDigit(character)
                      || character == '_'
                      || character == '-'
                      || (character == '.' && name.length() > 0);
              if (kept) {
                name.appendCodePoint(character);
              } else if (name.length() > 0 && name.charAt(name.length() - 1) != '-') {
                name.append('-');
              }
            });
    String kept = shortened(name.toString());
    boolean reserved = kept.equals(DeadLetterIO.FOLDER);
    if (kept.equals(plain) && !reserved) {
      return kept;
    }
    String hash = RecordJson.sha256(id.getBytes(StandardCharsets.UTF_8));
    String stem = kept.replaceAll("[-.]+$", "");
    return (stem.isEmpty() ? "record" : stem) + "-" + hash.substring(0, HASH_CHARACTERS);
  }

  private static String shortened(String name) {
    StringBuilder kept = new StringBuilder();
    int bytes = 0;
    for (int i = 0; i < name.length(); ) {
      int character = name.codePointAt(i);
      bytes += Character.toString(character).getBytes(StandardCharsets.UTF_8).length;
      if (bytes > MAX_BYTES) {
        break;
      }
      kept.appendCodePoint(character);
      i += Character.charCount(character);
    }
    return kept.toString();
  }

  /** A relative file of a delivery, confined to its folder. */
  static Path inside(Path folder, String relative) {
    Path root = folder.toAbsolutePath().normalize();
    Path file = root.resolve(relative).normalize();
    if (!file.startsWith(root) || file.equals(root)) {
      throw new IllegalArgumentException("'" + relative + "' leaves the delivery's folder");
    }
    return file;
  }
}
