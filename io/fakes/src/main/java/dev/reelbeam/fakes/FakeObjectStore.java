package dev.reelbeam.fakes;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.Lease;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A store in memory; files for {@link #localFile} appear in a given folder. Thread-safe. */
public class FakeObjectStore implements ObjectStore {
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final Map<StepKey, MediaRef> keys = new ConcurrentHashMap<>();
  private final Map<StepKey, Integer> lost = new ConcurrentHashMap<>();
  private final Path folder;

  public FakeObjectStore(Path folder) {
    this.folder = folder;
  }

  @Override
  public MediaRef put(byte[] bytes, String contentType) {
    String sha256 = RecordJson.sha256(bytes);
    blobs.putIfAbsent(sha256, bytes.clone());
    return new MediaRef(sha256, bytes.length, contentType);
  }

  @Override
  public MediaRef put(Path file, String contentType) {
    try {
      return put(Files.readAllBytes(file), contentType);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public InputStream open(MediaRef ref) {
    return new ByteArrayInputStream(read(ref));
  }

  @Override
  public byte[] read(MediaRef ref) {
    byte[] bytes = blobs.get(ref.sha256());
    if (bytes == null) {
      throw new StoreException(
          FailureCode.CONTENT_MISSING, ref.sha256() + " is not there", new IOException());
    }
    return bytes.clone();
  }

  /** From now on the step's lease says that so many workers ended with it. */
  public void lost(StepKey key, int workers) {
    lost.put(key, workers);
  }

  @Override
  public Lease lease(StepKey key) {
    int workers = lost.getOrDefault(key, 0);
    return new Lease() {
      @Override
      public int lost() {
        return workers;
      }

      @Override
      public void close() {}
    };
  }

  /** Loses bytes, as a bucket does whose objects somebody deletes. */
  public void lose(MediaRef ref) {
    blobs.remove(ref.sha256());
  }

  @Override
  public Path localFile(MediaRef ref) {
    Path file = folder.resolve(ref.sha256());
    try {
      if (!Files.exists(file)) {
        // Another thread may look for it meanwhile: it must be whole when it is there.
        Path draft = Files.createTempFile(folder, "draft", "");
        Files.write(draft, read(ref));
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean holds(MediaRef ref) {
    byte[] bytes = ref.sha256() == null ? null : blobs.get(ref.sha256());
    return bytes != null && bytes.length == ref.sizeBytes();
  }

  @Override
  public Optional<MediaRef> find(StepKey key) {
    // A result whose bytes are not there counts as never made.
    return Optional.ofNullable(keys.get(key)).filter(ref -> blobs.containsKey(ref.sha256()));
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
    return keys.merge(
        key, ref, (there, wanted) -> blobs.containsKey(there.sha256()) ? there : wanted);
  }

  @Override
  public void close() {
    // The bytes stay: a test opens the same store again.
  }
}
