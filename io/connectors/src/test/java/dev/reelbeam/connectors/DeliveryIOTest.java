package dev.reelbeam.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.clients.store.FileObjectStore;
import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.store.MediaRef;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestPipelineExtension.class)
class DeliveryIOTest {
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

  @TempDir Path folder;

  private Path out;
  private ObjectStore store;

  @BeforeEach
  void openStore() {
    out = folder.resolve("out");
    store = new FileObjectStore(folder.resolve("store"));
  }

  @Test
  void deliveriesBecomeFoldersOfFilesAndArePassedOn(TestPipeline pipeline) throws IOException {
    Delivery tiktok = delivery("howto", "tiktok", "video one");
    Delivery reel = delivery("howto", "instagram_reel", "video one");
    String storePath = folder.resolve("store").toString();
    PCollection<Delivery> written =
        pipeline
            .apply(Create.of(tiktok, reel).withCoder(SerializableCoder.of(Delivery.class)))
            .apply(DeliveryIO.write(out, () -> new FileObjectStore(Path.of(storePath))));
    PAssert.that(written)
        .satisfies(
            all -> {
              assertThat(all).containsExactlyInAnyOrder(tiktok, reel);
              return null;
            });
    pipeline.run().waitUntilFinish();

    assertThat(out.resolve("howto/tiktok/video.mp4")).hasContent("video one");
    assertThat(out.resolve("howto/instagram_reel/metadata.json")).exists();
    assertThat(files(out)).noneMatch(file -> file.endsWith(".part")).hasSize(4);
  }

  @Test
  void aFileThatIsThereIsLeftAloneAndOneThatWasChangedIsWrittenAgain() throws IOException {
    Delivery delivery = delivery("howto", "tiktok", "video one");
    DeliveryIO.writeFiles(out, delivery, store);
    Path video = out.resolve("howto/tiktok/video.mp4");
    Path metadata = out.resolve("howto/tiktok/metadata.json");
    Files.setLastModifiedTime(video, LONG_AGO);
    Files.writeString(metadata, "edited by hand");

    DeliveryIO.writeFiles(out, delivery, store);

    assertThat(Files.getLastModifiedTime(video)).isEqualTo(LONG_AGO);
    assertThat(metadata).hasContent("{}");
  }

  @Test
  void anotherDeliveryIsNotCompleteBeforeItsLastFile() {
    DeliveryIO.writeFiles(out, delivery("howto", "tiktok", "video one"), store);
    MediaRef missing = new MediaRef("0".repeat(64), 5, "video/mp4");
    Delivery next =
        new Delivery(
            new RecordKey("howto", 2),
            "tiktok",
            "variant",
            "Title",
            1_000,
            0,
            1,
            Map.of(
                "video.mp4",
                missing,
                "metadata.json",
                store.put("{\"revision\":2}".getBytes(StandardCharsets.UTF_8), "x/y")));

    assertThatThrownBy(() -> DeliveryIO.writeFiles(out, next, store))
        .isInstanceOf(StoreException.class)
        .isNotInstanceOf(TargetException.class);

    assertThat(out.resolve("howto/tiktok/metadata.json")).doesNotExist();
  }

  @Test
  void whatANewerDeliveryLacksGoesAndWhatIsSomebodyElsesStays() throws IOException {
    Delivery first =
        with(delivery("howto", "tiktok", "video one"), "captions.srt", "videoobject.jsonld");
    DeliveryIO.writeFiles(out, first, store);
    Files.writeString(out.resolve("howto/tiktok/notes.txt"), "mine");

    DeliveryIO.writeFiles(
        out, with(delivery("howto", "tiktok", "video two"), "captions.srt"), store);

    assertThat(out.resolve("howto/tiktok/videoobject.jsonld")).doesNotExist();
    assertThat(out.resolve("howto/tiktok/captions.srt")).exists();
    assertThat(out.resolve("howto/tiktok/metadata.json")).exists();
    assertThat(out.resolve("howto/tiktok/notes.txt")).hasContent("mine");
    assertThat(out.resolve("howto/tiktok/video.mp4")).hasContent("video two");
  }

  /** The last file goes first, and whoever comes next finds what is left of the other delivery. */
  @Test
  void whoeverIsStoppedWhileFilesGoDoesItAgain() throws IOException {
    Delivery next = delivery("howto", "tiktok", "video two");
    DeliveryIO.writeFiles(out, with(next, "captions.srt"), store);
    Path captions = out.resolve("howto/tiktok/captions.srt");
    // In the way, and no file of ours: here it stops, after the last file went.
    Files.delete(out.resolve("howto/tiktok/video.mp4"));
    Path inTheWay = Files.createDirectories(out.resolve("howto/tiktok/video.mp4/full"));

    assertThatThrownBy(() -> DeliveryIO.writeFiles(out, next, store))
        .isInstanceOf(TargetException.class);
    assertThat(out.resolve("howto/tiktok/metadata.json")).doesNotExist();

    Files.writeString(captions, "of a run that was stopped earlier");
    Files.delete(inTheWay);
    Files.delete(out.resolve("howto/tiktok/video.mp4"));
    DeliveryIO.writeFiles(out, next, store);
    assertThat(captions).doesNotExist();
    assertThat(out.resolve("howto/tiktok/metadata.json")).exists();
  }

  private Delivery with(Delivery delivery, String... names) {
    Map<String, MediaRef> files = new TreeMap<>(delivery.files());
    for (String name : names) {
      files.put(name, store.put(name.getBytes(StandardCharsets.UTF_8), "x/y"));
    }
    return new Delivery(
        delivery.key(), delivery.preset(), delivery.variantId(), delivery.title(), 1, 0, 1, files);
  }

  /** As `make --stop-after script` has it, after a run that went to the end. */
  @Test
  void whatHasNoLastFileLeavesThatOfTheVideo() {
    DeliveryIO.writeFiles(out, delivery("howto", "tiktok", "video one"), store);
    MediaRef script = store.put("{}".getBytes(StandardCharsets.UTF_8), "application/json");
    Delivery stopped =
        new Delivery(
            new RecordKey("howto", 1),
            "tiktok",
            "variant",
            "Title",
            1_000,
            0,
            0,
            Map.of("script.json", script));

    DeliveryIO.writeFiles(out, stopped, store);

    assertThat(out.resolve("howto/tiktok/script.json")).exists();
    assertThat(out.resolve("howto/tiktok/metadata.json")).exists();
  }

  /** A store may be far, and a video large: what lies there is known by its own bytes. */
  @Test
  void forAFileThatIsThereTheStoreIsNotAsked() throws IOException {
    Delivery delivery = delivery("howto", "tiktok", "video one");
    DeliveryIO.writeFiles(out, delivery, store);
    ObjectStore away =
        (ObjectStore)
            Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(),
                new Class<?>[] {ObjectStore.class},
                (proxy, method, arguments) -> {
                  throw new AssertionError(method.getName());
                });
    DeliveryIO.writeFiles(out, delivery, away);
    assertThat(out.resolve("howto/tiktok/video.mp4")).hasContent("video one");
  }

  @Test
  void whatIsDoneToAFileNeverReachesTheStore() throws IOException {
    Delivery delivery = delivery("howto", "tiktok", "video one");
    DeliveryIO.writeFiles(out, delivery, store);
    Files.writeString(out.resolve("howto/tiktok/video.mp4"), "VIDEO TWO");
    assertThat(store.read(delivery.files().get("video.mp4")))
        .isEqualTo("video one".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aMissingBlobFailsTheBundleAndLeavesNothingHalf() throws IOException {
    MediaRef missing = new MediaRef("0".repeat(64), 5, "video/mp4");
    Delivery delivery =
        new Delivery(
            new RecordKey("a", 1), "tiktok", "v", "T", 1, 0, 0, Map.of("video.mp4", missing));
    assertThatThrownBy(() -> DeliveryIO.writeFiles(out, delivery, store))
        .isInstanceOf(StoreException.class);
    assertThat(files(out)).isEmpty();
  }

  @Test
  void noFileLeavesTheFolderOfItsDelivery() {
    MediaRef bytes = store.put(new byte[1], "x/y");
    for (String name : List.of("../evil", "/etc/evil", "a/../../evil", "", ".")) {
      Delivery delivery =
          new Delivery(new RecordKey("a", 1), "tiktok", "v", "T", 1, 0, 0, Map.of(name, bytes));
      assertThatThrownBy(() -> DeliveryIO.writeFiles(out, delivery, store))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(folder.resolve("evil")).doesNotExist();
  }

  @Test
  void everyIdHasAFolderOfItsOwn() {
    assertThat(FolderNames.of("blog-42")).isEqualTo("blog-42");
    assertThat(FolderNames.of("Über-uns_2")).isEqualTo("Über-uns_2");
    assertThat(FolderNames.of("../../etc/passwd")).matches("etc-passwd-[0-9a-f]{8}");
    assertThat(FolderNames.of("a/b")).isNotEqualTo(FolderNames.of("a:b"));
    assertThat(FolderNames.of(".hidden")).matches("hidden-[0-9a-f]{8}");
    assertThat(FolderNames.of("..")).matches("record-[0-9a-f]{8}");
    assertThat(FolderNames.of("dead-letters")).matches("dead-letters-[0-9a-f]{8}");
    assertThat(FolderNames.of("長".repeat(500)).getBytes(StandardCharsets.UTF_8).length)
        .isLessThan(128);
  }

  private Delivery delivery(String record, String preset, String video) {
    return new Delivery(
        new RecordKey(record, 1),
        preset,
        "variant",
        "Title",
        1_000,
        0,
        1,
        Map.of(
            "video.mp4", store.put(video.getBytes(StandardCharsets.UTF_8), "video/mp4"),
            "metadata.json", store.put("{}".getBytes(StandardCharsets.UTF_8), "application/json")));
  }

  private static List<String> files(Path root) throws IOException {
    if (!Files.exists(root)) {
      return List.of();
    }
    try (Stream<Path> walk = Files.walk(root)) {
      return walk.filter(Files::isRegularFile).map(Path::toString).toList();
    }
  }
}
