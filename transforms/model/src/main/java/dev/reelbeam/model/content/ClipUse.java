package dev.reelbeam.model.content;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a record asks of one of its clips.
 *
 * @param startMs where its useful part begins
 * @param endMs where that ends; 0 for the clip's own end
 * @param loop whether a shot that is longer than the part shows it again instead of slower
 * @param speedPermille 1000 is its own pace; 250 to 4000
 * @param soundPercent how loud its own sound is against the narration; 0, the default, for silent
 */
public record ClipUse(int startMs, int endMs, boolean loop, int speedPermille, int soundPercent)
    implements Serializable {
  /** The whole clip, silent, at its own pace. */
  public static final ClipUse DEFAULT = new ClipUse(0, 0, false, 1000, 0);

  /** The temporal form of W3C media fragments: {@code #t=5,12.5}, in seconds. */
  private static final Pattern FRAGMENT =
      Pattern.compile(
          "#(?:.*&)?t=(?:npt:)?(\\d{0,5}(?:\\.\\d{1,6})?)(?:,(\\d{1,5}(?:\\.\\d{1,6})?))?(?:&.*)?$");

  /** The same with the part that an address names, if it names one and this does not. */
  public ClipUse within(String url) {
    Matcher matcher = FRAGMENT.matcher(url);
    if (startMs != 0 || endMs != 0 || !matcher.find()) {
      return this;
    }
    int from = millis(matcher.group(1));
    int to = millis(matcher.group(2));
    return to != 0 && to <= from ? this : new ClipUse(from, to, loop, speedPermille, soundPercent);
  }

  /** The same of a whole clip. */
  public ClipUse whole() {
    return new ClipUse(0, 0, loop, speedPermille, soundPercent);
  }

  private static int millis(@Nullable String seconds) {
    return seconds == null || seconds.isEmpty()
        ? 0
        : new BigDecimal(seconds).movePointRight(3).intValue();
  }
}
