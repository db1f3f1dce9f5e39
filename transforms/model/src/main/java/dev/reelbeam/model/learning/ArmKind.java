package dev.reelbeam.model.learning;

import java.util.List;
import java.util.Locale;

/** What is tried out. The options of a kind are its arms; they are learned apart from others'. */
public enum ArmKind {
  /** How the script opens; arms are the ids of {@code HookStyle}. */
  HOOK_STYLE,
  /** The length that a script aims at within its variant's range; see {@link #DURATIONS}. */
  DURATION,
  /** Who speaks, where neither record nor brand says so; arms are voice ids of the settings. */
  VOICE,
  /** The form of the titles; arms are the ids of {@code TitleStyle}. */
  TITLE_STYLE,
  /**
   * When a video is posted; arms are those of {@link PostingHours}. Each platform has its own, and
   * what counts is when the video really was published, whoever chose that.
   */
  POSTING_HOUR;

  /** Arms of {@link #DURATION}: the variant's own target, and 15 % below and 25 % above it. */
  public static final List<String> DURATIONS = List.of("shorter", "usual", "longer");

  /** The name on the wire, for example {@code hook_style}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
