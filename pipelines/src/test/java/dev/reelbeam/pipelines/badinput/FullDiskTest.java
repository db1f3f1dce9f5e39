package dev.reelbeam.pipelines.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.reelbeam.connectors.ContentRecordIO;
import dev.reelbeam.connectors.DeadLetterIO;
import dev.reelbeam.connectors.DeliveryIO;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.pipelines.wiring.Installation;
import dev.reelbeam.pipelines.wiring.LocalProviders;
import dev.reelbeam.stages.ProduceVideos;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.flow.RecordOverrides;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fills up while segments are rendered, and space for the next run. */
@Timeout(600)
class FullDiskTest {
  @TempDir private Path folder;

  @Test
  void aDiskThatFillsUpEndsTheRunAndTheNextOneGoesOn() throws IOException {
    Path article = folder.resolve("disk.md");
    Files.writeString(
        article,
        "# How to keep a disk empty\n\nDelete what you do not need. Look at the large files first,"
            + " because they matter most. Keep one copy elsewhere.\n");
    String store = folder.resolve("store").toString();

    Throwable failure = catchThrowable(() -> run(article, store, /* full= */ true));
    assertThat(Stream.iterate(failure, cause -> cause != null, Throwable::getCause))
        .filteredOn(StoreException.class::isInstance)
        .first()
        .satisfies(
            cause ->
                assertThat(((StoreException) cause).code()).isEqualTo(FailureCode.STORAGE_FULL));
    assertThat(files(folder.resolve("out"))).isEmpty();
    List<Path> kept = files(folder.resolve("store/keys"));
    assertThat(kept).isNotEmpty();

    run(article, store, /* full= */ false);
    assertThat(files(folder.resolve("out"))).anyMatch(file -> file.endsWith("video.mp4"));
    assertThat(files(folder.resolve("store/keys"))).containsAll(kept);
    assertThat(files(folder.resolve("store/tmp"))).isEmpty();
  }

  private void run(Path article, String store, boolean full) {
    Providers local =
        LocalProviders.of(
            Path.of(store), Installation.voices().orElse(null), Duration.ZERO, () -> Progress.NONE);
    Providers providers =
        new Providers(
            () -> {
              ObjectStore opened = local.store().open();
              return full ? new FullStore(opened) : opened;
            },
            local.assets(),
            local.scripts(),
            local.speech(),
            local.progress());
    RecordOverrides overrides =
        new RecordOverrides(
            null,
            List.of("preview"),
            null,
            VideoSettings.DEFAULT,
            false,
            Brand.DEFAULT,
            true,
            "libx264",
            "draft");
    PipelineOptions options = PipelineOptionsFactory.create();
    options.setRunner(DirectRunner.class);
    Pipeline pipeline = Pipeline.create(options);
    try (var handler =
        pipeline.registerBadRecordErrorHandler(
            DeadLetterIO.write(folder.resolve("out/dead-letters")))) {
      pipeline
          .apply(ContentRecordIO.read(List.of(article)).withDeadLetters(handler))
          .setCoder(RecordCoder.of(RawRecord.class))
          .apply(
              ProduceVideos.with(
                      providers,
                      new ProduceVideos.Options(
                          overrides,
                          /* force= */ false,
                          ProduceVideos.StopAfter.NOTHING,
                          ProduceVideos.Options.DEFAULT.mediaBaseUrl()))
                  .withDeadLetters(new DeadLetters.Lane(handler)))
          .apply(DeliveryIO.write(folder.resolve("out"), providers.store()));
    }
    pipeline.run().waitUntilFinish();
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  /** Has room for words and sounds, and none for video. */
  private record FullStore(ObjectStore store) implements ObjectStore {
    @Override
    public MediaRef put(byte[] bytes, String contentType) {
      return store.put(bytes, contentType);
    }

    @Override
    public MediaRef put(Path file, String contentType) {
      if (contentType.startsWith("video/")) {
        throw new StoreException(
            FailureCode.STORAGE_FULL,
            "cannot store " + file.getFileName(),
            new IOException("No space left on device"));
      }
      return store.put(file, contentType);
    }

    @Override
    public InputStream open(MediaRef ref) {
      return store.open(ref);
    }

    @Override
    public byte[] read(MediaRef ref) {
      return store.read(ref);
    }

    @Override
    public Path localFile(MediaRef ref) {
      return store.localFile(ref);
    }

    @Override
    public boolean holds(MediaRef ref) {
      return store.holds(ref);
    }

    @Override
    public Optional<MediaRef> find(StepKey key) {
      return store.find(key);
    }

    @Override
    public Map<StepKey, MediaRef> findAll(Collection<StepKey> keys) {
      return store.findAll(keys);
    }

    @Override
    public MediaRef putIfAbsent(StepKey key, MediaRef ref) {
      return store.putIfAbsent(key, ref);
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
