package dev.reelbeam.model.content;

import dev.reelbeam.model.cost.Charge;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is said and shown: hook, intro, points and call to action, in this order.
 *
 * @param sections at least a point; a hook comes first, an intro second, the call to action last
 * @param version raised by every edit, counted from 1
 * @param writer identity of the writer that made it
 * @param seo texts that the writer gave along with it, by platform id; empty if it gave none
 * @param charges what the writer was billed for it
 * @param hookStyle how it opens; null where that is none of the named styles, or was never told
 * @param titleStyle form of the titles that go with it; null where none was asked for
 * @param pacePermille speed at which its sentences were spoken before somebody edited it, so that
 *     those that stayed are found; null where nobody knows it
 */
public record Script(
    List<ScriptSection> sections,
    String language,
    int version,
    String writer,
    Map<String, SeoMetadata> seo,
    List<Charge> charges,
    @Nullable HookStyle hookStyle,
    @Nullable TitleStyle titleStyle,
    @Nullable Integer pacePermille)
    implements Serializable {
  public Script {
    // Scripts of earlier releases have no texts.
    seo = seo == null ? Map.of() : Map.copyOf(seo);
    charges = charges == null ? List.of() : List.copyOf(charges);
  }

  /** A script as it was written. */
  public Script(
      List<ScriptSection> sections,
      String language,
      int version,
      String writer,
      Map<String, SeoMetadata> seo,
      List<Charge> charges,
      @Nullable HookStyle hookStyle,
      @Nullable TitleStyle titleStyle) {
    this(sections, language, version, writer, seo, charges, hookStyle, titleStyle, null);
  }

  /** A script that nobody bills. */
  public Script(
      List<ScriptSection> sections,
      String language,
      int version,
      String writer,
      Map<String, SeoMetadata> seo) {
    this(sections, language, version, writer, seo, List.of(), null, null);
  }

  /** The same, billed as this. */
  public Script withCharges(List<Charge> newCharges) {
    return new Script(
        sections, language, version, writer, seo, newCharges, hookStyle, titleStyle, pacePermille);
  }

  /** The same as another version. */
  public Script withVersion(int newVersion) {
    return new Script(
        sections, language, newVersion, writer, seo, charges, hookStyle, titleStyle, pacePermille);
  }

  /** The same, spoken at this speed before. */
  public Script withPace(int newPacePermille) {
    return new Script(
        sections, language, version, writer, seo, charges, hookStyle, titleStyle, newPacePermille);
  }

  /** The same with titles of this form. */
  public Script withTitleStyle(@Nullable TitleStyle newTitleStyle) {
    return new Script(
        sections, language, version, writer, seo, charges, hookStyle, newTitleStyle, pacePermille);
  }

  /** A script that nobody bills, and how it opens. */
  public Script(
      List<ScriptSection> sections,
      String language,
      int version,
      String writer,
      Map<String, SeoMetadata> seo,
      @Nullable HookStyle hookStyle) {
    this(sections, language, version, writer, seo, List.of(), hookStyle, null);
  }

  /** A script without texts for platforms. */
  public Script(List<ScriptSection> sections, String language, int version, String writer) {
    this(sections, language, version, writer, Map.of());
  }

  /** Everything that is spoken, one section per line. */
  public String scriptText() {
    return sections.stream().map(ScriptSection::text).collect(Collectors.joining("\n"));
  }

  /** Number of words separated by white space. */
  public int wordCount() {
    return SpokenWords.count(scriptText());
  }

  /** Sum of the sections' estimates in ms. */
  public int totalEstimatedDurationMs() {
    return sections.stream().mapToInt(ScriptSection::durationEstMs).sum();
  }
}
