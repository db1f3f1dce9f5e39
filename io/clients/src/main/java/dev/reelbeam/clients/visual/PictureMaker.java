package dev.reelbeam.clients.visual;

import dev.reelbeam.clients.visual.VisualSettings.PictureSize;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.visual.Shape;
import dev.reelbeam.model.visual.VisualFile;
import java.util.List;

/** Makes one picture out of words. */
interface PictureMaker {
  /** The size in which it makes pictures of a shape. */
  PictureSize size(Shape shape);

  /** Every setting besides the prompt that changes the picture. */
  String manner();

  /** What a picture will be billed as. */
  List<Charge> price();

  /**
   * What is set aside for a picture: its price in every unit in which it may be billed. The dearest
   * counts.
   */
  default List<Charge> held(PictureSize size) {
    return price();
  }

  /** Whether a picture whose order was cut off is looked for when the same is made again. */
  default boolean probes() {
    return false;
  }

  /** The longest prompt that is sent. */
  int maxPromptChars();

  /**
   * Makes a picture.
   *
   * @param seed for providers that draw the same picture for the same number, not negative
   * @throws StageException {@code PROVIDER_REFUSED} if the provider declines the prompt or the
   *     picture, {@code PROVIDER_*}
   */
  VisualFile make(String prompt, PictureSize size, long seed) throws StageException;
}
