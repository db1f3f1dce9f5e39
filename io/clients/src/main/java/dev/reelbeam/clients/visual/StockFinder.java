package dev.reelbeam.clients.visual;

import dev.reelbeam.clients.http.WebDownload;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.VisualFinder;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Visual;
import dev.reelbeam.model.visual.VisualFile;
import java.util.ArrayList;
import java.util.List;

/**
 * Pictures and clips of a provider of stock: searched for by the words of the scene, ranked,
 * fetched from where the provider says through the guard of addresses.
 */
final class StockFinder implements VisualFinder {
  /** Raised whenever the same results would be ranked differently. */
  private static final int VERSION = 1;

  private static final int MOST_OFFERS = 12;

  private final VisualSettings settings;
  private final StockSearch search;
  private final SearchCache cache;
  private final WebDownload files;

  StockFinder(VisualSettings settings, StockSearch search, SearchCache cache, WebDownload files) {
    this.settings = settings;
    this.search = search;
    this.cache = cache;
    this.files = files;
  }

  @Override
  public String identity() {
    return settings.name() + ":" + settings.kind() + "/" + settings.media() + "/rank-" + VERSION;
  }

  @Override
  public String provider() {
    return settings.name();
  }

  @Override
  public int parallel() {
    return settings.parallel();
  }

  @Override
  public int scenes() {
    return settings.scenes();
  }

  @Override
  public List<Visual> find(Scene scene) throws StageException {
    SceneWords words = SceneWords.of(scene);
    List<Visual> offers = new ArrayList<>();
    if (settings.wantsClips()) {
      offers.addAll(find(scene, words, /* clips= */ true));
    }
    if (settings.wantsPictures()) {
      offers.addAll(find(scene, words, /* clips= */ false));
    }
    if (offers.isEmpty()) {
      throw new StageException(
          FailureCode.VISUAL_MISSING,
          settings.name()
              + " has no "
              + settings.media()
              + " for '"
              + String.join(" ", words.words())
              + "'");
    }
    return List.copyOf(offers);
  }

  private List<Visual> find(Scene scene, SceneWords words, boolean clips) throws StageException {
    for (String query : words.queries()) {
      List<Visual> found =
          cache.find(
              List.of(
                  settings.kind(),
                  settings.baseUrl(),
                  clips ? "clips" : "pictures",
                  query,
                  scene.language(),
                  scene.shape().name()),
              () -> search.search(query, clips, scene));
      List<Visual> ranked = StockRanking.best(found, scene, words, MOST_OFFERS);
      if (!ranked.isEmpty()) {
        return ranked;
      }
    }
    return List.of();
  }

  @Override
  public VisualFile fetch(Visual visual, Scene scene) throws StageException {
    return new VisualFile(
        files.fetch(visual.address(), visual.clip() ? "video/" : "image/"), List.of());
  }
}
