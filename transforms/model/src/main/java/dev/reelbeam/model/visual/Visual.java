package dev.reelbeam.model.visual;

import dev.reelbeam.model.cost.Charge;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A picture or clip that a provider has, or would make: where it comes from and whom to name for
 * it.
 *
 * @param provider name of the provider in the settings
 * @param source as the asset table names it: {@code stock_pexels}, {@code stock_pixabay}, {@code
 *     ai_generated}, {@code uploaded}
 * @param id the provider's own; of what is made, the prompt and the settings in short
 * @param clip whether it moves
 * @param address where its bytes lie; empty for what has yet to be made
 * @param page where a person finds it; empty for none
 * @param author whom to name; empty for nobody
 * @param prompt what it is made of; empty for what is found
 * @param words what it is said to show, for people and for choosing
 * @param width in pixels, 0 if nobody says
 * @param height in pixels, 0 if nobody says
 * @param durationMs of a clip, else 0
 * @param price what fetching it will be billed as, at most; empty when it costs nothing
 * @param concession what it gives up of what was asked for, in words ("a still picture"); null for
 *     what was asked for. Offers that give up more come later and are taken when those before them
 *     failed
 * @param insteadOf id of the offer that was fetched but could not be edited, which this one, as it
 *     is, stands in for; null for an offer of its own. It is taken after that failure alone
 */
public record Visual(
    String provider,
    String source,
    String id,
    boolean clip,
    String address,
    String page,
    String author,
    String licence,
    String prompt,
    String words,
    int width,
    int height,
    int durationMs,
    List<Charge> price,
    @Nullable String concession,
    @Nullable String insteadOf)
    implements Serializable {
  /** The {@link #source} of what a model made. */
  public static final String GENERATED = "ai_generated";

  /** The {@link #source} of what an editor put in the place of another. */
  public static final String UPLOADED = "uploaded";

  public Visual {
    price = List.copyOf(price);
  }

  /** An offer of its own. */
  public Visual(
      String provider,
      String source,
      String id,
      boolean clip,
      String address,
      String page,
      String author,
      String licence,
      String prompt,
      String words,
      int width,
      int height,
      int durationMs,
      List<Charge> price,
      @Nullable String concession) {
    this(
        provider,
        source,
        id,
        clip,
        address,
        page,
        author,
        licence,
        prompt,
        words,
        width,
        height,
        durationMs,
        price,
        concession,
        null);
  }

  /** What was asked for. */
  public Visual(
      String provider,
      String source,
      String id,
      boolean clip,
      String address,
      String page,
      String author,
      String licence,
      String prompt,
      String words,
      int width,
      int height,
      int durationMs,
      List<Charge> price) {
    this(
        provider,
        source,
        id,
        clip,
        address,
        page,
        author,
        licence,
        prompt,
        words,
        width,
        height,
        durationMs,
        price,
        null);
  }

  /** The same where another offer could not be edited, and what is given up then. */
  public Visual insteadOf(Visual other, String newConcession) {
    return new Visual(
        provider,
        source,
        id,
        clip,
        address,
        page,
        author,
        licence,
        prompt,
        words,
        width,
        height,
        durationMs,
        price,
        newConcession,
        other.id);
  }

  /** What an editor put in the place of another, with what that one was said to show. */
  public static Visual uploaded(String sha256, boolean clip, String words) {
    return new Visual(
        UPLOADED, UPLOADED, sha256, clip, "", "", "", "", "", words, 0, 0, 0, List.of());
  }

  /** Whether a model made it, which platforms ask to be told. */
  public boolean generated() {
    return source.equals(GENERATED);
  }
}
