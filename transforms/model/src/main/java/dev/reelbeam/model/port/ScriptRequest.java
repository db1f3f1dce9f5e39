package dev.reelbeam.model.port;

import dev.reelbeam.model.content.HookStyle;
import dev.reelbeam.model.content.TitleStyle;
import dev.reelbeam.model.video.Platform;
import dev.reelbeam.model.video.VideoType;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a script has to fit.
 *
 * @param type length class; it decides the pattern of hook, intro, points and call to action
 * @param targetMs wanted duration of the whole video: speech and the pauses between its parts
 * @param minMs shortest duration allowed
 * @param maxMs longest duration allowed
 * @param msPerWord pace of the voice as far as known: 400 before anything was measured
 * @param pauseMs measured or assumed sum of the pauses that are not speech, per sentence
 * @param callToAction the brand's own words for the end; empty: the writer chooses
 * @param platforms where the video goes; a writer may give their texts along with the script
 * @param hookStyle how to open; null: as the writer finds best. A writer whose source does not
 *     allow it opens otherwise and says so in {@code Script.hookStyle}
 * @param titleStyle the form of its titles; null: as the writer finds best. Likewise {@code
 *     Script.titleStyle} says which form they have
 * @param tone how it is to be said, in words: the house's manner, the mood of the video; null: as
 *     the writer finds best
 */
public record ScriptRequest(
    VideoType type,
    int targetMs,
    int minMs,
    int maxMs,
    int msPerWord,
    int pauseMs,
    String callToAction,
    List<Platform> platforms,
    @Nullable HookStyle hookStyle,
    @Nullable TitleStyle titleStyle,
    @Nullable String tone)
    implements Serializable {
  public ScriptRequest {
    platforms = List.copyOf(platforms);
  }

  /** Said as the writer finds best. */
  public ScriptRequest(
      VideoType type,
      int targetMs,
      int minMs,
      int maxMs,
      int msPerWord,
      int pauseMs,
      String callToAction,
      List<Platform> platforms,
      @Nullable HookStyle hookStyle,
      @Nullable TitleStyle titleStyle) {
    this(
        type,
        targetMs,
        minMs,
        maxMs,
        msPerWord,
        pauseMs,
        callToAction,
        platforms,
        hookStyle,
        titleStyle,
        null);
  }

  /** For no platform in particular. */
  public ScriptRequest(
      VideoType type,
      int targetMs,
      int minMs,
      int maxMs,
      int msPerWord,
      int pauseMs,
      String callToAction) {
    this(type, targetMs, minMs, maxMs, msPerWord, pauseMs, callToAction, List.of(), null, null);
  }

  /** The same with another way to open. */
  public ScriptRequest withHookStyle(@Nullable HookStyle newHookStyle) {
    return new ScriptRequest(
        type,
        targetMs,
        minMs,
        maxMs,
        msPerWord,
        pauseMs,
        callToAction,
        platforms,
        newHookStyle,
        titleStyle,
        tone);
  }

  /** The same with titles of another form. */
  public ScriptRequest withTitleStyle(@Nullable TitleStyle newTitleStyle) {
    return new ScriptRequest(
        type,
        targetMs,
        minMs,
        maxMs,
        msPerWord,
        pauseMs,
        callToAction,
        platforms,
        hookStyle,
        newTitleStyle,
        tone);
  }
}
