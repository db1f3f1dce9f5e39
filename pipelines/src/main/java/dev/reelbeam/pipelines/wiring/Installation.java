package dev.reelbeam.pipelines.wiring;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where the parts of this installation lie. */
public final class Installation {
  /**
   * System property that the launcher sets: the folder that holds {@code lib} and {@code voices}.
   */
  public static final String HOME_PROPERTY = "reelbeam.home";

  /** System property that the build sets for tests: the root of the sources. */
  private static final String ROOT_PROPERTY = "reelbeam.root";

  private Installation() {}

  /**
   * The folder with the jars of the speech engines.
   *
   * <p>They have a class path of their own, because they run in a process of their own under their
   * own licences. Looked for in the installation, then in the build folder of a clone.
   */
  public static Optional<Path> voices() {
    String home = System.getProperty(HOME_PROPERTY);
    if (home != null && holdsJars(Path.of(home, "voices"))) {
      return Optional.of(Path.of(home, "voices"));
    }
    String root = System.getProperty(ROOT_PROPERTY);
    if (root != null && holdsJars(built(Path.of(root)))) {
      return Optional.of(built(Path.of(root)));
    }
    for (Path folder = codeFolder(); folder != null; folder = folder.getParent()) {
      if (holdsJars(built(folder))) {
        return Optional.of(built(folder));
      }
    }
    return Optional.empty();
  }

  /** The folder that holds {@code lib} and beside it the parts of a cluster, if they were built. */
  public static Path home() {
    String home = System.getProperty(HOME_PROPERTY);
    if (home != null) {
      return Path.of(home);
    }
    String root = System.getProperty(ROOT_PROPERTY);
    return Path.of(root == null ? "" : root).resolve("pipelines/target/reelbeam");
  }

  private static Path built(Path root) {
    return root.resolve("io/voices/target/lib");
  }

  private static @Nullable Path codeFolder() {
    CodeSource source = Installation.class.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return null;
    }
    try {
      return Path.of(source.getLocation().toURI()).getParent();
    } catch (URISyntaxException | IllegalArgumentException e) {
      return null;
    }
  }

  private static boolean holdsJars(Path folder) {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> file.toString().endsWith(".jar"));
    } catch (IOException e) {
      return false;
    }
  }
}
