package dev.reelbeam.clients.store;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * An object store in a local folder.
 *
 * <p>Layout: {@code blobs/ab/<sha256>} holds bytes, {@code keys/ab/<step key>} holds the reference
 * of a result. Files appear under their final name only when they are whole: they are written to
 * {@code tmp/} and then linked or moved, so that a reader, a second process and a run that was
 * interrupted never see half of one. Insert-if-absent is a hard link, which fails when the name is
 * taken.
 *
 * <p>Thread-safe, also between processes on one machine.
 */
public final class FileObjectStore implements ObjectStore {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  private final Path blobs;
  private final Path keys;
  private final Path temporary;

  /** Opens the store in this folder and makes it if needed. */
  public FileObjectStore(Path root) {
    this.blobs = root.resolve("blobs");
    this.keys = root.resolve("keys");
    this.temporary = root.resolve("tmp");
    try {
      Files.createDirectories(blobs);
      Files.createDirectories(keys);
      Files.createDirectories(temporary);
    } catch (IOException e) {
      throw failure("cannot make the store " + root, e);
    }
  }

  @Override
  public MediaRef put(byte[] bytes, String contentType) {
    MediaRef ref = new MediaRef(RecordJson.sha256(bytes), bytes.length, contentType);
    Path target = blob(ref.sha256());
    if (sizeMatches(target, ref.sizeBytes())) {
      return ref;
    }
    Path draft = draft();
    try {
      Files.write(draft, bytes);
      publish(draft, target);
      return ref;
    } catch (IOException e) {
      throw failure("cannot store " + ref.sizeBytes() + " bytes", e);
    } finally {
      deleteQuietly(draft);
    }
  }

  @Override
  public MediaRef put(Path file, String contentType) {
    Path draft = draft();
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      long size;
      try (InputStream in = Files.newInputStream(file);
          OutputStream out = new DigestOutputStream(Files.newOutputStream(draft), digest)) {
        size = in.transferTo(out);
      }
      MediaRef ref = new MediaRef(HexFormat.of().formatHex(digest.digest()), size, contentType);
      Path target = blob(ref.sha256());
      if (!sizeMatches(target, size)) {
        publish(draft, target);
      }
      return ref;
    } catch (IOException e) {
      throw failure("cannot store " + file.getFileName(), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    } finally {
      deleteQuietly(draft);
    }
  }

  @Override
  public InputStream open(MediaRef ref) {
    try {
      return Files.newInputStream(blob(ref.sha256()));
    } catch (IOException e) {
      throw failure("cannot open " + ref.sha256(), e);
    }
  }

  @Override
  public byte[] read(MediaRef ref) {
    try {
      return Files.readAllBytes(blob(ref.sha256()));
    } catch (IOException e) {
      throw failure("cannot read " + ref.sha256(), e);
    }
  }

  @Override
  public Path localFile(MediaRef ref) {
    return blob(ref.sha256());
  }

  @Override
  public Optional<MediaRef> find(StepKey key) {
    try {
      String json = Files.readString(keyFile(key), StandardCharsets.UTF_8);
      MediaRef ref = RecordJson.read(json, MediaRef.class);
      // A result whose bytes were removed counts as never made.
      return sizeMatches(blob(ref.sha256()), ref.sizeBytes()) ? Optional.of(ref) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // Damaged by a crash of the machine: made again and replaced.
    } catch (IOException e) {
      throw failure("cannot look up " + key.hex(), e);
    }
  }

  @Override
  public MediaRef putIfAbsent(StepKey key, MediaRef ref) {
    Path target = keyFile(key);
    Path draft = draft();
    try {
      Files.writeString(draft, RecordJson.canonical(ref), StandardCharsets.UTF_8);
      Files.createDirectories(target.getParent());
      try {
        Files.createLink(target, draft);
        return ref;
      } catch (FileAlreadyExistsException e) {
        Optional<MediaRef> winner = find(key);
        if (winner.isPresent()) {
          return winner.get();
        }
        Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
        return ref;
      } catch (UnsupportedOperationException e) {
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        return ref;
      }
    } catch (IOException e) {
      throw failure("cannot store the result " + key.hex(), e);
    } finally {
      deleteQuietly(draft);
    }
  }

  @Override
  public void close() {
    // Nothing is held open between calls.
  }

  private void publish(Path draft, Path target) throws IOException {
    Files.createDirectories(target.getParent());
    Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private Path blob(String sha256) {
    return blobs.resolve(checked(sha256).substring(0, 2)).resolve(sha256);
  }

  private Path keyFile(StepKey key) {
    return keys.resolve(checked(key.hex()).substring(0, 2)).resolve(key.hex());
  }

  private Path draft() {
    return temporary.resolve(UUID.randomUUID().toString());
  }

  private static String checked(String hex) {
    if (!HEX.matcher(hex).matches()) {
      throw new IllegalArgumentException("not a sha256: " + hex);
    }
    return hex;
  }

  private static boolean sizeMatches(Path file, long size) {
    try {
      return Files.size(file) == size;
    } catch (IOException e) {
      return false;
    }
  }

  private static void deleteQuietly(Path draft) {
    try {
      Files.deleteIfExists(draft);
    } catch (IOException e) {
      // A draft that stays behind costs space, never correctness.
      draft.toFile().deleteOnExit();
    }
  }

  private static StoreException failure(String message, IOException e) {
    String reason = String.valueOf(e.getMessage());
    String lower = reason.toLowerCase(Locale.ROOT);
    boolean full =
        lower.contains("no space left") || lower.contains("quota") || lower.contains("disk full");
    return new StoreException(
        full ? FailureCode.STORAGE_FULL : FailureCode.STORAGE_UNAVAILABLE,
        message + ": " + reason,
        e);
  }
}
