package dev.reelbeam.media.render;

import dev.reelbeam.media.caption.CaptionPage;
import dev.reelbeam.media.caption.CaptionRaster;
import dev.reelbeam.media.caption.CaptionRenderer;
import dev.reelbeam.media.caption.CaptionState;
import dev.reelbeam.media.caption.CaptionStyle;
import dev.reelbeam.media.caption.CaptionWord;
import dev.reelbeam.media.card.Card;
import dev.reelbeam.media.card.CardLayer;
import dev.reelbeam.media.card.CardRenderer;
import dev.reelbeam.media.card.OverlayRenderer;
import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.Motion;
import dev.reelbeam.media.composition.Overlay;
import dev.reelbeam.media.composition.Shot;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.composition.Transition;
import dev.reelbeam.media.composition.TransitionKind;
import dev.reelbeam.media.composition.View;
import dev.reelbeam.media.effect.Direction;
import dev.reelbeam.media.text.FontBook;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.stages.layout.Rasters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the benchmarks draw: the bundled pictures, moved, captioned and labelled as videos are. */
final class BenchTimelines {
  private static final String TEXT =
      "Good coffee is mostly patience. Weigh the beans, warm the cup, and let the water rest for"
          + " half a minute after it has boiled. Pour slowly, in circles, from the middle to the"
          + " rim. The grounds will rise and breathe: that is the bloom, and it tells you how fresh"
          + " they are.";

  private final Canvas canvas;
  private final ObjectStore store;
  private final Rasters rasters;
  private final Path examples;
  private final FontBook fonts = FontBook.bundled();
  private final Brand brand;
  private final List<Shot> shots = new ArrayList<>();
  private final List<Overlay> overlays = new ArrayList<>();

  private BenchTimelines(ObjectStore store, Path examples, int width) {
    this.canvas = new Canvas(width, width * 16 / 9, 30);
    this.store = store;
    this.rasters = new Rasters(store);
    this.examples = examples;
    this.brand = Brand.DEFAULT;
  }

  /**
   * Six photos, so many frames each, with slow and quick moves, dissolves, captions that follow the
   * word, a label in every shot and a watermark throughout.
   */
  static Timeline sixPhotos(ObjectStore store, Path examples, int width, int shotFrames)
      throws Exception {
    BenchTimelines bench = new BenchTimelines(store, examples, width);
    Motion[] motions = {
      Motion.zoom(1000, 1150),
      pan(4600, 5400, 1080),
      Motion.zoom(1200, 1000),
      pan(3500, 6500, 1040),
      Motion.zoom(1000, 1090),
      Motion.zoom(1250, 1050)
    };
    String[] names = {"hero-dripper", "kettle", "pour", "bloom", "scale", "cup"};
    for (int i = 0; i < names.length; i++) {
      bench.photo("howto/images/" + names[i] + ".jpg", i * shotFrames, shotFrames, motions[i]);
    }
    int frames = names.length * shotFrames;
    bench.captions(0, frames);
    bench.watermark(frames);
    return new Timeline(bench.canvas, bench.shots, bench.overlays, frames);
  }

  /**
   * Fourteen seconds of everything that a video is made of, each a segment of its own: photos with
   * fine texture and with smooth tones, a diagram and a screenshot shown whole, two cards of text;
   * a dissolve, a slide, captions.
   */
  static Timeline everything(ObjectStore store, Path examples, int width) throws Exception {
    BenchTimelines bench = new BenchTimelines(store, examples, width);
    bench.photo("deutsch/images/wald-morgen.jpg", 0, 60, Motion.zoom(1000, 1100));
    bench.photo("howto/images/kettle.jpg", 60, 60, pan(4700, 5300, 1080));
    bench.whole("technical/images/architecture.png", 120, 60);
    bench.card(180, 60, 0);
    bench.photo("listing/images/exterior.jpg", 240, 60, Motion.zoom(1150, 1000));
    bench.whole("technical/images/terminal.png", 300, 60);
    bench.card(360, 60, 1);
    bench.captions(0, 240);
    bench.captions(240, 360);
    bench.watermark(420);
    return new Timeline(bench.canvas, bench.shots, bench.overlays, 420);
  }

  private static Motion pan(int from, int to, int zoom) {
    return new Motion(new View(from, 5000, zoom), new View(to, 5050, zoom + 30));
  }

  private MediaRef picture(String file) throws Exception {
    return store.put(
        Files.readAllBytes(examples.resolve(file)),
        file.endsWith(".png") ? "image/png" : "image/jpeg");
  }

  private Transition transition() {
    return shots.isEmpty() ? Transition.CUT : Transition.dissolve(12);
  }

  private void photo(String file, int start, int frames, Motion motion) throws Exception {
    shots.add(new Shot(start, Still.cover(picture(file), 500, 500), motion, transition()));
    String name = file.replaceAll(".*/|[.].*", "").replace('-', ' ');
    dev.reelbeam.media.card.Overlay label =
        new OverlayRenderer(fonts, brand, canvas.width(), canvas.height())
            .label(Character.toUpperCase(name.charAt(0)) + name.substring(1) + ", seen close");
    overlays.add(
        new Overlay(
            rasters.store(label.image()),
            label.x(),
            label.y(),
            start + Math.min(20, frames / 4),
            start + frames - Math.min(20, frames / 4),
            8,
            5,
            0,
            canvas.height() / 48,
            20));
  }

  private void whole(String file, int start, int frames) throws Exception {
    shots.add(
        new Shot(start, Still.contain(picture(file), 430), Motion.zoom(1000, 1025), transition()));
  }

  private void card(int start, int frames, int which) throws Exception {
    CardRenderer cards =
        new CardRenderer(fonts, brand, null, canvas.width(), canvas.height(), true);
    Card card =
        which == 0
            ? cards.list(
                "Before you pour",
                List.of("Weigh the beans", "Warm the cup", "Rest the water"),
                false,
                null)
            : cards.number("93 °C", "", "is warm enough for a light roast", null);
    Transition transition = Transition.of(TransitionKind.PUSH, 9, Direction.UP);
    for (CardLayer layer : card.layers()) {
      int from = start + 4 + (layer.index() + 1) * 6;
      overlays.add(
          new Overlay(
              rasters.store(layer.image()),
              layer.x(),
              layer.y(),
              from,
              start + frames,
              6,
              3,
              0,
              canvas.height() / 60,
              10));
    }
    shots.add(
        new Shot(
            start,
            Still.exact(rasters.store(card.background())),
            Motion.zoom(1000, 1045),
            transition));
  }

  /** The text again and again, three words a second. */
  private void captions(int fromFrame, int toFrame) {
    CaptionRenderer renderer =
        new CaptionRenderer(
            fonts, brand, CaptionStyle.PILL, canvas.width(), canvas.height(), canvas.frameRate());
    List<CaptionWord> words = new ArrayList<>();
    String[] text = TEXT.split(" ");
    long us = fromFrame * 1_000_000L / canvas.frameRate();
    long end = toFrame * 1_000_000L / canvas.frameRate();
    for (int i = 0; us + 400_000 < end; i++) {
      String word = text[i % text.length];
      long lasts = 180_000 + 25_000L * word.length();
      boolean last = word.endsWith(".");
      words.add(new CaptionWord(word, us, us + lasts, last));
      us += lasts + (last ? 250_000 : 0);
    }
    for (CaptionPage page : renderer.pager().paginate(words)) {
      List<CaptionRaster> drawn = renderer.draw(page);
      for (CaptionState state : renderer.states(page)) {
        int endFrame = Math.min(toFrame, state.endFrame());
        if (endFrame > state.startFrame()) {
          CaptionRaster raster = drawn.get(state.spoken() - CaptionState.NONE_SPOKEN);
          overlays.add(
              Overlay.hard(
                  rasters.store(raster.image()),
                  raster.x(),
                  raster.y(),
                  state.startFrame(),
                  endFrame,
                  30));
        }
      }
    }
  }

  private void watermark(int frames) throws Exception {
    dev.reelbeam.media.card.Overlay mark =
        new OverlayRenderer(fonts, brand, canvas.width(), canvas.height())
            .watermark(javax.imageio.ImageIO.read(examples.resolve("brand/logo.png").toFile()));
    overlays.add(Overlay.hard(rasters.store(mark.image()), mark.x(), mark.y(), 0, frames, 40));
  }
}
