package dev.reelbeam.clients.visual;

import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Visual;
import java.util.List;

/** Searches one provider's stock. */
interface StockSearch {
  /**
   * The first page of what fits the words, in the provider's order.
   *
   * @param clips whether clips are searched for, else pictures
   * @throws StageException {@code PROVIDER_*}
   */
  List<Visual> search(String query, boolean clips, Scene scene) throws StageException;
}
