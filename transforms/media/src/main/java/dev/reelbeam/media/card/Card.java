package dev.reelbeam.media.card;

import dev.reelbeam.media.text.Rasters;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.function.Predicate;

/**
 * A card: an opaque background that may move on its own, and what is written on it.
 *
 * @param background RGB, as large as the canvas
 * @param layers bottom to top
 * @param itemCount number of items that can be shown one after the other; 0 for none
 */
public record Card(BufferedImage background, List<CardLayer> layers, int itemCount) {
  public Card {
    layers = List.copyOf(layers);
  }

  /** The card before its first item. */
  public BufferedImage opening() {
    return flatten(layer -> layer.index() == CardLayer.ALWAYS);
  }

  /** The card with its items up to and including one. */
  public BufferedImage upTo(int index) {
    return flatten(layer -> layer.index() <= index);
  }

  /** The card with everything on it. */
  public BufferedImage complete() {
    return flatten(layer -> true);
  }

  /** What is there from the start, without the background, and then each item. */
  public List<CardLayer> layersOf(int index) {
    return layers.stream().filter(layer -> layer.index() == index).toList();
  }

  private BufferedImage flatten(Predicate<CardLayer> shown) {
    BufferedImage result = Rasters.opaque(background.getWidth(), background.getHeight());
    Graphics2D g = result.createGraphics();
    g.drawImage(background, 0, 0, null);
    for (CardLayer layer : layers) {
      if (shown.test(layer)) {
        g.drawImage(layer.image(), layer.x(), layer.y(), null);
      }
    }
    g.dispose();
    return result;
  }
}
