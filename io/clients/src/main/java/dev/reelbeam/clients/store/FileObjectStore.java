package dev.reelbeam.clients.store;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.Lease;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An object store in a local folder.
 *
 * <p>Layout: {@code blobs/ab/<sha256>} holds bytes, {@code keys/ab/<step key>} holds the reference
 * of a result. Files appear under their final name only when they are whole: they are written to
 * {@code tmp/} and then linked or moved, so that a reader, a second process and a run that was
 * interrupted never see half of one. Insert-if-absent is a hard link, which fails when the name is
 * taken.
 *
 * <p>A lease is an exclusive lock on {@code leases/<step key>}: the kernel lets go of it when the
 * process ends, so a crash leaves a file without content at most.
 *
 * <p>Thread-safe, also between processes on one machine.
 */
public final class FileObjectStore implements ObjectStore {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  /**
   * The longest paid step, a video's clips by a card of one's own, ends sooner; who holds a lease
   * for longer is stuck.
   */
  private static final Duration LEASE_PATIENCE = Duration.ofMinutes(45);

  private static final long FIRST_PAUSE_MS = 10;
  private static final long LONGEST_PAUSE_MS = 200;
  private static final long LARGEST_MARK = 1L << 30;

  /**
   * Leases of this process, of all its stores: the locks of the kernel belong to whole processes,
   * and are lost when any of its channels to the file is closed.
   */
  private static final Set<Path> LEASED_HERE = ConcurrentHashMap.newKeySet();

  private final Path blobs;
  private final Path keys;
  private final Path leases;
  private final Path temporary;

  /** Opens the store in this folder and makes it if needed. */
  public FileObjectStore(Path root) {
    this.blobs = root.resolve("blobs");
    this.keys = root.resolve("keys");
    this.leases = root.toAbsolutePath().normalize().resolve("leases");
    this.temporary = root.resolve("tmp");
    try {
      Files.createDirectories(blobs);
      Files.createDirectories(keys);
      Files.createDirectories(leases);
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
    } catch (NoSuchFileException e) {
      // A folder that is away altogether is another matter.
      FailureCode code =
          Files.isDirectory(blobs) ? FailureCode.CONTENT_MISSING : FailureCode.STORAGE_UNAVAILABLE;
      throw new StoreException(code, "there is no " + ref.sha256(), e);
    } catch (IOException e) {
      throw failure("cannot read " + ref.sha256(), e);
    }
  }

  @Override
  public Path localFile(MediaRef ref) {
    return blob(ref.sha256());
  }

  @Override
  public boolean holds(MediaRef ref) {
    // What came as JSON may lack any part.
    return ref.sha256() != null
        && HEX.matcher(ref.sha256()).matches()
        && sizeMatches(blob(ref.sha256()), ref.sizeBytes());
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
  public Map<StepKey, MediaRef> findAll(Collection<StepKey> all) {
    Map<StepKey, MediaRef> found = new HashMap<>();
    for (StepKey key : all) {
      find(key).ifPresent(ref -> found.put(key, ref));
    }
    return found;
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
  public Lease lease(StepKey key) {
    Path file = leases.resolve(checked(key.hex()));
    long beganNs = System.nanoTime();
    long pauseMs = FIRST_PAUSE_MS;
    while (true) {
      Lease lease = tryLease(file);
      if (lease != null) {
        return lease;
      }
      if (System.nanoTime() - beganNs > LEASE_PATIENCE.toNanos()) {
        return Lease.NONE;
      }
      try {
        Thread.sleep(pauseMs);
      } catch (InterruptedException e) {
        // The work that follows sees it and ends.
        Thread.currentThread().interrupt();
        return Lease.NONE;
      }
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    }
  }

  private static @Nullable Lease tryLease(Path file) {
    if (!LEASED_HERE.add(file)) {
      return null;
    }
    FileChannel channel = null;
    boolean taken = false;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      taken = channel.tryLock() != null && stillNamed(channel, file);
      FileChannel held = channel;
      AtomicBoolean open = new AtomicBoolean(true);
      return taken ? () -> release(held, file, open) : null;
    } catch (IOException e) {
      throw failure("cannot take a lease", e);
    } finally {
      if (!taken) {
        closeQuietly(channel);
        LEASED_HERE.remove(file);
      }
    }
  }

  /**
   * Whether the locked file still has its name: its last holder may have removed it meanwhile. The
   * file gets a size that nobody else would choose (it is sparse), and the name is asked for it:
   * opening the file once more and closing it would end the lock.
   */
  private static boolean stillNamed(FileChannel channel, Path file) throws IOException {
    long size = 1 + ThreadLocalRandom.current().nextLong(LARGEST_MARK);
    channel.truncate(0).write(ByteBuffer.wrap(new byte[1]), size - 1);
    try {
      return Files.size(file) == size;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static void release(FileChannel channel, Path file, AtomicBoolean open) {
    if (open.getAndSet(false)) {
      // Removed while the lock is held: who locks the file without a name looks again.
      deleteQuietly(file);
      closeQuietly(channel);
      LEASED_HERE.remove(file);
    }
  }

  private static void closeQuietly(@Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // The lock goes with the process at the latest.
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
    FailureCode code = full ? FailureCode.STORAGE_FULL : FailureCode.STORAGE_UNAVAILABLE;
    return new StoreException(code, message + ": " + reason, e);
  }
}
