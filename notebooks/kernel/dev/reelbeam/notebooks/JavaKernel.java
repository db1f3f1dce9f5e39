package dev.reelbeam.notebooks;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import org.dflib.jjava.jupyter.channels.JupyterConnection;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.JupyterIO;
import org.dflib.jjava.jupyter.kernel.KernelConnectionProperties;
import org.dflib.jjava.jupyter.kernel.LanguageInfo;
import org.dflib.jjava.jupyter.kernel.ReplacementOptions;
import org.dflib.jjava.jupyter.kernel.comm.CommManager;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.magic.MagicParser;
import org.dflib.jjava.jupyter.kernel.magic.MagicsRegistry;
import org.dflib.jjava.jupyter.kernel.util.StringStyler;

/**
 * A Jupyter kernel that runs cells in the JDK's own JShell, in this JVM, so that a cell can hand a
 * chart to {@link Show}. The protocol is that of {@code org.dflib.jjava:jjava-jupyter}.
 */
public final class JavaKernel extends BaseKernel {
  private final JShell shell;

  private JavaKernel() {
    super(
        "reelbeam-java",
        "1",
        new LanguageInfo.Builder("Java")
            .version(System.getProperty("java.version"))
            .mimetype("text/x-java-source")
            .fileExtension(".jshell")
            .pygments("java")
            .codemirror("java")
            .build(),
        List.of(),
        null,
        new JupyterIO(StandardCharsets.UTF_8),
        new CommManager(),
        new Renderer(),
        new MagicParser("(?<=(?:^|=))\\s*%", "%%", null),
        new MagicsRegistry(),
        /* extensionsEnabled= */ false,
        new StringStyler.Builder().build());
    shell =
        JShell.builder()
            .executionEngine("local")
            .compilerOptions("-cp", System.getProperty("java.class.path"))
            .build();
    shell.addToClasspath(System.getProperty("java.class.path"));
  }

  /** The kernel's connection file, as Jupyter writes it. */
  public static void main(String[] args) throws Exception {
    // JShell's wrappers format numbers by the locale; notebooks look alike everywhere.
    Locale.setDefault(Locale.ROOT);
    JupyterConnection connection =
        new JupyterConnection(KernelConnectionProperties.parse(Files.readString(Path.of(args[0]))));
    JavaKernel kernel = new JavaKernel();
    kernel.becomeHandlerForConnection(connection);
    connection.connect();
    kernel.onStartup();
    connection.waitUntilClose();
  }

  /** Runs all snippets of a cell; the value of the last one, if it is an expression. */
  @Override
  public Object evalRaw(String cell) {
    BaseKernel.notebookKernel = this;
    SourceCodeAnalysis analysis = shell.sourceCodeAnalysis();
    String rest = cell;
    String value = null;
    while (!rest.isBlank()) {
      CompletionInfo info = analysis.analyzeCompletion(rest);
      if (!info.completeness().isComplete()) {
        throw new IllegalArgumentException("this is no whole statement: " + rest.strip());
      }
      for (SnippetEvent event : shell.eval(info.source())) {
        value = result(event, info.source());
      }
      rest = info.remaining();
    }
    return value == null || value.isEmpty() || value.equals("null") ? null : value;
  }

  private String result(SnippetEvent event, String source) {
    Snippet snippet = event.snippet();
    if (event.status() == Snippet.Status.REJECTED) {
      StringBuilder why = new StringBuilder(source.strip()).append('\n');
      shell
          .diagnostics(snippet)
          .forEach(each -> why.append(each.getMessage(Locale.ROOT)).append('\n'));
      throw new IllegalArgumentException(why.toString());
    }
    if (event.exception() instanceof EvalException thrown) {
      throw new IllegalStateException(
          thrown.getExceptionClassName() + ": " + thrown.getMessage(), thrown);
    }
    if (snippet instanceof DeclarationSnippet declared
        && shell.unresolvedDependencies(declared).findAny().isPresent()) {
      throw new IllegalArgumentException("not defined: " + source.strip());
    }
    return snippet.kind() == Snippet.Kind.EXPRESSION ? event.value() : null;
  }

  @Override
  public DisplayData inspect(String code, int at, boolean details) {
    return null;
  }

  @Override
  public ReplacementOptions complete(String code, int at) {
    return null;
  }

  @Override
  public String isComplete(String code) {
    return shell.sourceCodeAnalysis().analyzeCompletion(code).completeness().isComplete()
        ? IS_COMPLETE_YES
        : IS_COMPLETE_MAYBE;
  }

  @Override
  public void onShutdown(boolean restarting) {
    shell.close();
  }
}
