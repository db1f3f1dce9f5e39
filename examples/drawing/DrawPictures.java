import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Draws every picture of the examples again: {@code java examples/drawing/DrawPictures.java}.
 *
 * <p>Arguments choose pictures by a part of their path, for example {@code howto/images/cup}.
 * {@code --draft} draws the ray-traced ones with few samples. Needs a JDK 17 and nothing else.
 */
public class DrawPictures {
  public static void main(String[] args) throws Exception {
    // A source launch compiles this one file only, so the other files are compiled here.
    Path here =
        Files.isDirectory(Path.of("examples/drawing")) ? Path.of("examples/drawing") : Path.of(".");
    Path classes = Files.createTempDirectory("draw-pictures");
    try {
      List<String> command =
          new ArrayList<>(List.of("-d", classes.toString(), "-encoding", "UTF-8"));
      try (Stream<Path> files = Files.list(here)) {
        files
            .map(Path::toString)
            .filter(name -> name.endsWith(".java") && !name.endsWith("DrawPictures.java"))
            .sorted()
            .forEach(command::add);
      }
      JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
      if (compiler == null || compiler.run(null, null, null, command.toArray(String[]::new)) != 0) {
        throw new IOException("a JDK 17 is needed to compile the drawings in " + here);
      }
      System.setProperty("java.awt.headless", "true");
      try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
        loader
            .loadClass("Gallery")
            .getMethod("draw", Path.class, List.class)
            .invoke(null, here.toAbsolutePath().normalize().getParent(), List.of(args));
      }
    } finally {
      try (Stream<Path> files = Files.walk(classes)) {
        for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
