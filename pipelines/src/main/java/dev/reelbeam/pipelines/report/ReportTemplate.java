package dev.reelbeam.pipelines.report;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import dev.reelbeam.model.json.RecordJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * The page's template with its style and script.
 *
 * <p>Whatever a record says is escaped: the template language does so unless it is told otherwise,
 * and it is told so for our own style and script alone. Should that ever fail, the page's content
 * security policy still runs no script but this one, by its hash, and loads nothing from elsewhere.
 */
final class ReportTemplate {
  private static final String STYLE = resource("report.css");
  private static final String SCRIPT = resource("report.js");
  private static final String PAGE = resource("report.mustache");
  private static final Template TEMPLATE =
      Mustache.compiler().escapeHTML(true).emptyStringIsFalse(true).compile(PAGE);

  private ReportTemplate() {}

  private record Sheet(
      String pageStyle, String pageScript, String pageScriptHash, ReportPage page) {}

  /** Changes whenever the page would look or act differently. */
  static String version() {
    return RecordJson.sha256(List.of(STYLE, SCRIPT, PAGE));
  }

  static String render(ReportPage page) {
    return TEMPLATE.execute(new Sheet(STYLE, SCRIPT, hash(SCRIPT), page));
  }

  private static String hash(String script) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = ReportTemplate.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the class path lacks " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
