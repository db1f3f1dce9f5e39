package dev.reelbeam.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Makes of a release the one that comes after it: some sources are changed, and their classes put in. */
final class NextRelease {
  private static final String ELEMENT = "transforms/stages/src/main/java/dev/reelbeam/stages/flow/CheckedVideo.java";
  private static final String JOB = "cluster/job/src/main/java/dev/reelbeam/pipelines/job/GenerateVideos.java";

  private final Path root;
  private final Path release;
  private final String added;

  /**
   * @param root of the clone whose sources are changed
   * @param release the folder that holds {@code lib} and {@code job}; its jars are replaced
   * @param added name of the transform that is added
   */
  NextRelease(Path root, Path release, String added) {
    this.root = root;
    this.release = release;
    this.added = added;
  }

  void make() throws IOException {
    Path sources = Files.createDirectories(release.resolve("changed-sources"));
    Path classes = Files.createDirectories(release.resolve("changed-classes"));
    List<Path> changed =
        List.of(
            change(
                sources,
                ELEMENT,
                "public record CheckedVideo(AssembledVideo assembled, MediaRef report) implements Tracked {",
                """
                public record CheckedVideo(
                    AssembledVideo assembled, MediaRef report, @org.jspecify.annotations.Nullable String release)
                    implements Tracked {
                  public CheckedVideo(AssembledVideo assembled, MediaRef report) {
                    this(assembled, report, "next");
                  }
                """),
            change(
                sources,
                JOB,
                "deliveries.apply(\"Tell of videos\"",
                "deliveries.apply(\"" + added + "\", new CountDeliveries()).apply(\"Tell of videos\""),
            write(sources, "CountDeliveries.java", COUNT_DELIVERIES));
    List<String> arguments =
        new ArrayList<>(
            List.of("-proc:none", "-nowarn", "-d", classes.toString(), "-cp", jarsOf(release.resolve("job"))));
    changed.forEach(file -> arguments.add(file.toString()));
    if (ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(new String[0])) != 0) {
      throw new IOException("the changed sources do not compile");
    }
    for (String part : List.of("lib", "job")) {
      try (Stream<Path> jars = Files.list(release.resolve(part))) {
        for (Path jar : jars.filter(path -> path.getFileName().toString().startsWith("reelbeam-")).toList()) {
          put(classes, jar);
        }
      }
    }
  }

  private static String jarsOf(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(Path::toString).filter(name -> name.endsWith(".jar")).collect(Collectors.joining(File.pathSeparator));
    }
  }

  private Path change(Path folder, String source, String before, String after) throws IOException {
    String text = Files.readString(root.resolve(source));
    if (!text.contains(before)) {
      throw new IOException(source + " no longer holds `" + before + "`: this bench changes it there");
    }
    return write(folder, Path.of(source).getFileName().toString(), text.replace(before, after));
  }

  private static Path write(Path folder, String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  /** Replaces what the jar holds of these classes, adds what belongs to its package of jobs, and raises its version. */
  private static void put(Path classes, Path jar) throws IOException {
    Path changed = Files.copy(jar, jar.resolveSibling("next.tmp"), StandardCopyOption.REPLACE_EXISTING);
    try (FileSystem entries = FileSystems.newFileSystem(changed, Map.of());
        Stream<Path> files = Files.walk(classes)) {
      boolean ofJob = Files.exists(entries.getPath("dev/reelbeam/pipelines/job/GenerateVideos.class"));
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path entry = entries.getPath(classes.relativize(file).toString());
        if (Files.exists(entry) || (ofJob && entry.toString().contains("CountDeliveries"))) {
          Files.copy(file, entry, StandardCopyOption.REPLACE_EXISTING);
        }
      }
      Path manifest = entries.getPath("META-INF/MANIFEST.MF");
      Files.writeString(
          manifest,
          Files.readString(manifest).replaceAll("(Implementation-Version: \\S+)", "$1-next"));
    }
    Files.move(changed, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  private static final String COUNT_DELIVERIES =
      """
      package dev.reelbeam.pipelines.job;

      import dev.reelbeam.model.content.Delivery;
      import dev.reelbeam.stages.coder.RecordCoder;
      import org.apache.beam.sdk.coders.KvCoder;
      import org.apache.beam.sdk.coders.StringUtf8Coder;
      import org.apache.beam.sdk.coders.VarLongCoder;
      import org.apache.beam.sdk.state.*;
      import org.apache.beam.sdk.transforms.*;
      import org.apache.beam.sdk.values.*;

      final class CountDeliveries extends PTransform<PCollection<Delivery>, PCollection<Delivery>> {
        private static final long serialVersionUID = 1L;

        @Override
        public PCollection<Delivery> expand(PCollection<Delivery> deliveries) {
          PCollection<KV<String, Delivery>> keyed =
              deliveries.apply(
                  "Key", WithKeys.of((Delivery delivery) -> delivery.toString().substring(0, 1)).withKeyType(TypeDescriptors.strings()));
          keyed.setCoder(KvCoder.of(StringUtf8Coder.of(), RecordCoder.of(Delivery.class)));
          return keyed.apply("Count", ParDo.of(new CountFn())).setCoder(RecordCoder.of(Delivery.class));
        }

        private static final class CountFn extends DoFn<KV<String, Delivery>, Delivery> {
          private static final long serialVersionUID = 1L;

          @StateId("count")
          private final StateSpec<ValueState<Long>> spec = StateSpecs.value(VarLongCoder.of());

          @ProcessElement
          public void process(
              @Element KV<String, Delivery> element,
              @StateId("count") ValueState<Long> count,
              OutputReceiver<Delivery> receiver) {
            Long before = count.read();
            count.write(before == null ? 1 : before + 1);
            receiver.output(element.getValue());
          }
        }
      }
      """;
}
