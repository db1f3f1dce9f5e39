package dev.reelbeam.clients.store;

import dev.reelbeam.clients.config.S3Settings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.store.MediaRef;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A bounded folder of local copies, one per JVM and settings: the copy that was used longest ago
 * goes first, never one that was asked for within the last ten minutes.
 *
 * <p>Removing a file that somebody reads is harmless here: an open file keeps its bytes.
 */
final class LocalCopies {
  /** A path that was given out is opened within this time. */
  private static final long SAFE_NS = 600L * 1_000_000_000L;

  private static final Map<String, LocalCopies> OPEN = new HashMap<>();

  private final Path folder;
  private final long maxBytes;
  private final LinkedHashMap<String, Copy> copies = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, Object> underWay = new HashMap<>();
  private long bytes;

  private LocalCopies(Path folder, long maxBytes) {
    this.folder = folder;
    this.maxBytes = maxBytes;
  }

  /** Gets the bytes into a draft. */
  @FunctionalInterface
  interface Download {
    void into(Path draft) throws IOException;
  }

  private record Copy(long sizeBytes, long usedNs) {}

  static LocalCopies of(S3Settings settings) {
    String id = RecordJson.sha256(java.util.List.of(settings.toString())).substring(0, 16);
    synchronized (OPEN) {
      return OPEN.computeIfAbsent(
          id,
          unused -> {
            String root = settings.cacheFolder();
            try {
              if (root == null) {
                Path own = Files.createTempDirectory("reelbeam-copies-");
                own.toFile().deleteOnExit();
                return new LocalCopies(own, settings.cacheBytes());
              }
              // A folder of its own for each process: what another one removes is not missed here.
              Path own = Path.of(root, id + "-" + ProcessHandle.current().pid());
              Files.createDirectories(own);
              return new LocalCopies(own, settings.cacheBytes());
            } catch (IOException e) {
              throw failure("cannot make the folder of local copies", e);
            }
          });
    }
  }

  /** The copy, if there is one. */
  @Nullable Path find(MediaRef ref) {
    Path file = folder.resolve(ref.sha256());
    synchronized (copies) {
      if (!copies.containsKey(ref.sha256()) || !Files.exists(file)) {
        return null;
      }
      copies.put(ref.sha256(), new Copy(ref.sizeBytes(), System.nanoTime()));
    }
    return file;
  }

  /** The copy; made when it is not there, once however many ask. */
  Path get(MediaRef ref, Download download) {
    Object turn;
    synchronized (copies) {
      turn = underWay.computeIfAbsent(ref.sha256(), unused -> new Object());
    }
    synchronized (turn) {
      Path there = find(ref);
      if (there != null) {
        return there;
      }
      Path draft = folder.resolve("." + UUID.randomUUID());
      try {
        download.into(draft);
        Path file = add(draft, ref);
        return file;
      } catch (IOException e) {
        throw failure("cannot keep a local copy", e);
      } finally {
        deleteQuietly(draft);
        synchronized (copies) {
          underWay.remove(ref.sha256());
        }
      }
    }
  }

  /** Keeps a copy of a file that was just stored: the next stage reads it. */
  void keep(Path file, MediaRef ref) {
    if (find(ref) != null) {
      return;
    }
    Path draft = folder.resolve("." + UUID.randomUUID());
    try {
      Files.copy(file, draft);
      add(draft, ref);
    } catch (IOException e) {
      // It is in the bucket.
      deleteQuietly(draft);
    }
  }

  private Path add(Path draft, MediaRef ref) throws IOException {
    Path file = folder.resolve(ref.sha256());
    synchronized (copies) {
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      file.toFile().deleteOnExit();
      Copy before = copies.put(ref.sha256(), new Copy(ref.sizeBytes(), System.nanoTime()));
      bytes += ref.sizeBytes() - (before == null ? 0 : before.sizeBytes());
      makeRoom();
    }
    return file;
  }

  private void makeRoom() throws IOException {
    long nowNs = System.nanoTime();
    Iterator<Map.Entry<String, Copy>> eldest = copies.entrySet().iterator();
    while (bytes > maxBytes && eldest.hasNext()) {
      Map.Entry<String, Copy> entry = eldest.next();
      if (nowNs - entry.getValue().usedNs() < SAFE_NS) {
        // In order of use: those behind it were used later.
        return;
      }
      Files.deleteIfExists(folder.resolve(entry.getKey()));
      bytes -= entry.getValue().sizeBytes();
      eldest.remove();
    }
  }

  static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void deleteQuietly(Path draft) {
    try {
      Files.deleteIfExists(draft);
    } catch (NoSuchFileException e) {
      // It became the copy.
    } catch (IOException e) {
      draft.toFile().deleteOnExit();
    }
  }

  private static StoreException failure(String message, IOException e) {
    boolean full = String.valueOf(e.getMessage()).contains("No space left");
    return new StoreException(
        full ? FailureCode.STORAGE_FULL : FailureCode.STORAGE_UNAVAILABLE,
        message + ": " + e.getMessage(),
        e);
  }
}
