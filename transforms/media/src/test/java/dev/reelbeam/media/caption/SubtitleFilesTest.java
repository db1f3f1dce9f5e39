package dev.reelbeam.media.caption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SubtitleFilesTest {
  private static final String NARRATION =
      "Good coffee starts with clean water. Heat it to 94 degrees, then wait a moment before you"
          + " pour, because boiling water draws bitter oils out of the beans and hides what the"
          + " roaster worked for. Try it.";

  @Test
  void cuesAreReadable() {
    List<SubtitleCue> cues = SubtitleFiles.cues(CaptionPagerTest.words(NARRATION), 60_000);
    assertThat(cues.get(0).text()).isEqualTo("Good coffee starts with clean water.");
    for (SubtitleCue cue : cues) {
      assertThat(cue.lines()).hasSizeBetween(1, 2);
      assertThat(cue.lines()).allMatch(line -> line.length() <= 42);
      assertThat(cue.endMs() - cue.startMs()).isBetween(1_000L, 6_500L);
      assertThat(cue.text()).doesNotEndWith(" the").doesNotEndWith(" of");
    }
  }

  @Test
  void subRipLooksLikeSubRip() {
    String file =
        SubtitleFiles.toSrt(List.of(new SubtitleCue(3_723_004, 3_725_000, List.of("Hi", "you"))));
    assertThat(file).isEqualTo("1\n01:02:03,004 --> 01:02:05,000\nHi\nyou\n\n");
  }

  @Test
  void webVttEscapesMarkup() throws Exception {
    List<SubtitleCue> cues = List.of(new SubtitleCue(0, 900, List.of("a <b> & c --> d")));
    String file = SubtitleFiles.toVtt(cues, "en");
    assertThat(file)
        .startsWith("WEBVTT\nLanguage: en\n\n")
        .contains("a &lt;b&gt; &amp; c --&gt; d");
    assertThat(SubtitleFiles.parseVtt(file)).isEqualTo(cues);
  }

  @Test
  void markupInSubRipIsShownAndNotObeyed() throws Exception {
    List<SubtitleCue> cues = List.of(new SubtitleCue(0, 900, List.of("<i>a</i> {b} --> c")));
    String file = SubtitleFiles.toSrt(cues);
    assertThat(file).doesNotContain("<i>").doesNotContain("{b}");
    assertThat(SubtitleFiles.parseSrt(file)).isEqualTo(cues);
  }

  @Test
  void aWordOfTenThousandLettersGivesOneBoundedCue() {
    List<SubtitleCue> cues =
        SubtitleFiles.cues(List.of(new CaptionWord("x".repeat(10_000), 0, 2_000_000, true)), 5_000);
    assertThat(cues).hasSize(1);
    assertThat(cues.get(0).lines()).hasSize(2).allMatch(line -> line.length() <= 42);
  }

  @Test
  void theParsersNameTheLineOfAFault() {
    assertThatThrownBy(() -> SubtitleFiles.parseSrt("2\n00:00:00,000 --> 00:00:01,000\na\n"))
        .hasMessageContaining("line 1");
    assertThatThrownBy(() -> SubtitleFiles.parseSrt("1\n00:00:00.000 --> 00:00:01.000\na\n"))
        .hasMessageContaining("line 2");
    assertThatThrownBy(() -> SubtitleFiles.parseSrt("1\n00:00:01,000 --> 00:00:01,000\na\n"))
        .hasMessageContaining("before it starts");
    assertThatThrownBy(
            () ->
                SubtitleFiles.parseSrt(
                    "1\n00:00:00,000 --> 00:00:02,000\na\n\n2\n00:00:01,000 --> 00:00:03,000\nb\n"))
        .hasMessageContaining("has ended");
    assertThatThrownBy(() -> SubtitleFiles.parseSrt("1\n00:00:00,000 --> 00:00:01,000\n\n"))
        .hasMessageContaining("without text");
    assertThatThrownBy(() -> SubtitleFiles.parseVtt("00:00.000 --> 00:01.000\na\n"))
        .hasMessageContaining("WEBVTT");
    assertThatThrownBy(
            () -> SubtitleFiles.parseVtt("WEBVTT\n\n00:00:00.000 --> 00:00:01.000\na & b\n"))
        .hasMessageContaining("ampersand");
  }

  @Property(tries = 200)
  void bothFilesReadBackWhatWasWritten(@ForAll("narrations") List<CaptionWord> words)
      throws Exception {
    long durationMs = words.isEmpty() ? 1 : words.get(words.size() - 1).endUs() / 1_000 + 500;
    List<SubtitleCue> cues = SubtitleFiles.cues(words, durationMs);
    assertThat(SubtitleFiles.parseSrt(SubtitleFiles.toSrt(cues))).isEqualTo(cues);
    assertThat(SubtitleFiles.parseVtt(SubtitleFiles.toVtt(cues, ""))).isEqualTo(cues);
    if (words.stream().allMatch(word -> word.text().length() <= 42)) {
      String spoken = String.join(" ", words.stream().map(CaptionWord::text).toList());
      assertThat(String.join(" ", cues.stream().map(SubtitleCue::text).toList())).isEqualTo(spoken);
    }
    cues.forEach(cue -> assertThat(cue.endMs()).isLessThanOrEqualTo(durationMs));
  }

  @Provide
  Arbitrary<List<CaptionWord>> narrations() {
    return new CaptionPagerTest().narrations();
  }
}
