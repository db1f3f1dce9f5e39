package dev.reelbeam.connectors;

import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.PortFactory;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.store.MediaRef;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/** Deliveries as folders of files. */
public final class DeliveryIO {
  /** Written last: where it lies, the delivery is complete. */
  private static final String LAST_FILE = "metadata.json";

  private DeliveryIO() {}

  /**
   * Writes each delivery to {@code <folder>/<record>/<preset>/} and passes it on when all of its
   * files are there.
   *
   * <p>A file appears under its name only when it is whole; a file that is already there with the
   * same bytes is left alone, so a repeated bundle changes nothing. Files are copies: what somebody
   * does to them never reaches the store.
   *
   * @param folder where the videos go
   * @param store opens the store that holds the deliveries' bytes
   */
  public static Write write(Path folder, PortFactory<ObjectStore> store) {
    return new Write(folder.toAbsolutePath().normalize().toString(), store);
  }

  /** The folder that {@link #write} gives a record. */
  public static Path folderOf(Path folder, String recordId) {
    return folder.resolve(FolderNames.of(recordId));
  }

  /** The folder that {@link #write} gives a delivery, in that of its record. */
  public static Path folderOf(Path folder, Delivery delivery) {
    return folderOf(folder, delivery.key().recordId()).resolve(FolderNames.of(delivery.preset()));
  }

  /** Writes deliveries; see {@link DeliveryIO#write}. */
  public static final class Write extends PTransform<PCollection<Delivery>, PCollection<Delivery>> {
    private static final long serialVersionUID = 1L;

    private final String folder;
    private final PortFactory<ObjectStore> store;

    private Write(String folder, PortFactory<ObjectStore> store) {
      this.folder = folder;
      this.store = store;
    }

    @Override
    public PCollection<Delivery> expand(PCollection<Delivery> deliveries) {
      return deliveries
          .apply("Write files", ParDo.of(new WriteFn(folder, store)))
          .setCoder(deliveries.getCoder());
    }
  }

  private static final class WriteFn extends DoFn<Delivery, Delivery> {
    private static final long serialVersionUID = 1L;

    private final String folder;
    private final PortFactory<ObjectStore> factory;
    private transient @Nullable ObjectStore store;

    WriteFn(String folder, PortFactory<ObjectStore> factory) {
      this.folder = folder;
      this.factory = factory;
    }

    @Setup
    public void setup() {
      store = factory.open();
    }

    @Teardown
    public void teardown() {
      if (store != null) {
        store.close();
      }
    }

    @ProcessElement
    public void process(@Element Delivery delivery, OutputReceiver<Delivery> written) {
      writeFiles(Path.of(folder), delivery, Objects.requireNonNull(store));
      written.output(delivery);
    }
  }

  /**
   * Writes one delivery's files, as {@link #write} does on the task's thread: a job whose tasks
   * must not wait for copies of hundreds of megabytes calls it elsewhere.
   *
   * <p>What lies there of another delivery is no longer called complete once this begins, unless
   * this one does not say so of itself either: a script or a narration alone leaves the video that
   * lies there as it is. What an earlier delivery has there and this one lacks goes ({@link
   * Delivery#FILE_NAMES}); what has another name is somebody else's and stays. Whoever is stopped
   * in the middle does the same again. One delivery of a folder is written at a time: that is the
   * caller's affair.
   *
   * @param root where the videos go
   * @throws TargetException if a file cannot be written
   * @throws StoreException if the store fails, or has lost one
   */
  public static void writeFiles(Path root, Delivery delivery, ObjectStore store) {
    Path folder = folderOf(root, delivery);
    List<Map.Entry<String, MediaRef>> files =
        delivery.files().entrySet().stream()
            .sorted(
                Comparator.<Map.Entry<String, MediaRef>, Boolean>comparing(
                        file -> file.getKey().equals(LAST_FILE))
                    .thenComparing(Map.Entry::getKey))
            .toList();
    MediaRef wanted = delivery.files().get(LAST_FILE);
    if (wanted != null) {
      removeOthers(folder, wanted, delivery.files().keySet());
    }
    for (Map.Entry<String, MediaRef> file : files) {
      Path target = FolderNames.inside(folder, file.getKey());
      MediaRef ref = file.getValue();
      if (!isThere(target, ref)) {
        WholeFiles.write(
            target,
            draft -> {
              try (InputStream bytes = new OfStore(store.open(ref), ref)) {
                Files.copy(bytes, draft);
              }
            });
      }
    }
  }

  /**
   * What is of another delivery, the last file first: it would say that what is being written, or
   * what is left of the other one, is complete.
   */
  private static void removeOthers(Path folder, MediaRef wanted, Set<String> names) {
    List<Path> others =
        Delivery.FILE_NAMES.stream()
            .filter(name -> !names.contains(name))
            .sorted()
            .map(folder::resolve)
            .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
            .toList();
    Path last = folder.resolve(LAST_FILE);
    if (!others.isEmpty() || !isThere(last, wanted)) {
      remove(last);
    }
    others.forEach(DeliveryIO::remove);
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw WholeFiles.failure("cannot replace " + file, e);
    }
  }

  /** Bytes of a store: one that fails while they are read is no fault of where they go. */
  private static final class OfStore extends FilterInputStream {
    private final MediaRef ref;

    OfStore(InputStream bytes, MediaRef ref) {
      super(bytes);
      this.ref = ref;
    }

    @Override
    public int read() {
      try {
        return super.read();
      } catch (IOException e) {
        throw failure(e);
      }
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      try {
        return super.read(into, offset, length);
      } catch (IOException e) {
        throw failure(e);
      }
    }

    private StoreException failure(IOException e) {
      return new StoreException(
          FailureCode.STORAGE_UNAVAILABLE,
          "cannot read " + ref.sha256() + ": " + e.getMessage(),
          e);
    }
  }

  /** By its own bytes alone: the store, which may be far, is asked for what is missing only. */
  private static boolean isThere(Path target, MediaRef ref) {
    try {
      return Files.isRegularFile(target)
          && Files.size(target) == ref.sizeBytes()
          && sha256(target).equals(ref.sha256());
    } catch (IOException e) {
      return false; // Written anew: that tells what is wrong, if anything is.
    }
  }

  private static String sha256(Path file) throws IOException {
    try (DigestInputStream bytes =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
      bytes.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(bytes.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
