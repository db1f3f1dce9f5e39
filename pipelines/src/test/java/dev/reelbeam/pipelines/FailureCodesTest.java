package dev.reelbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.failure.FailureCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every number that users may see is raised somewhere, and seen by a test. */
class FailureCodesTest {
  private static final Path ROOT = Path.of(System.getProperty("reelbeam.root", ".."));
  private static final Pattern WORD = Pattern.compile("\\b(?:[A-Z][A-Z0-9_]{5,}|[1-9]\\d{3})\\b");

  /** What takes a whole cluster, another machine, or a platform: this list only grows shorter. */
  private static final Set<FailureCode> NOT_YET =
      EnumSet.of(
          FailureCode.EDIT_UNREADABLE,
          FailureCode.NATIVE_MISSING,
          FailureCode.METRIC_UNSUPPORTED,
          FailureCode.POST_MISSING,
          FailureCode.SERVICE_ENDED,
          FailureCode.SERVICE_SLOW,
          FailureCode.SCHEDULER_UNSUITABLE,
          FailureCode.SUBMIT_FAILED,
          FailureCode.SAVEPOINT_FAILED,
          FailureCode.STATE_LEFT_BEHIND);

  @Test
  void everyCodeIsRaisedByTheProduct() throws IOException {
    Set<String> words = words("src/main");
    assertThat(FailureCode.values()).allMatch(code -> words.contains(code.name()));
  }

  @Test
  void everyCodeIsSeenByATest() throws IOException {
    Set<String> words = words("src/test");
    Set<FailureCode> unseen = EnumSet.noneOf(FailureCode.class);
    for (FailureCode code : FailureCode.values()) {
      if (!words.contains(code.name()) && !words.contains(String.valueOf(code.number()))) {
        unseen.add(code);
      }
    }
    assertThat(unseen).isSubsetOf(NOT_YET);
  }

  /** Names and numbers in the sources, but for those that only list the codes. */
  private static Set<String> words(String part) throws IOException {
    Set<String> lists = Set.of("FailureCode.java", "ExitCode.java", "FailureCodesTest.java");
    Set<String> words = new HashSet<>();
    for (String folder : new String[] {"transforms", "io", "pipelines", "cluster"}) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
        for (Path file :
            files
                .filter(each -> each.toString().endsWith(".java"))
                .filter(each -> each.toString().contains("/" + part + "/"))
                .filter(each -> !lists.contains(each.getFileName().toString()))
                .toList()) {
          Matcher matcher = WORD.matcher(Files.readString(file, StandardCharsets.UTF_8));
          while (matcher.find()) {
            words.add(matcher.group());
          }
        }
      }
    }
    return words;
  }
}
