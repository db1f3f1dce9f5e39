package dev.reelbeam.fakes;

import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.port.VisualFinder;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Visual;
import dev.reelbeam.model.visual.VisualFile;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.imageio.ImageIO;

/**
 * Draws a picture for every scene. Its first offer is the same for all of them, so whoever uses it
 * shows that nothing is seen twice; it can be told to fail for what a scene says.
 */
public final class FakeVisualFinder implements VisualFinder {
  private static final int OFFERS = 4;

  private final String provider;
  private final boolean generates;
  private final Map<String, FailureCode> failures = new ConcurrentHashMap<>();
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> fetched = new CopyOnWriteArrayList<>();
  private volatile Runnable beforeFetch = () -> {};
  private volatile boolean probes;

  /** A provider of this name. */
  public FakeVisualFinder(String provider, boolean generates) {
    this.provider = provider;
    this.generates = generates;
  }

  /** Fails for scenes whose text contains the word. */
  public FakeVisualFinder failing(String word, FailureCode code) {
    failures.put(word, code);
    return this;
  }

  /** Sends these bytes for the first visual of scenes whose text contains the word. */
  public FakeVisualFinder sending(String word, byte[] bytes) {
    files.put(word, bytes);
    return this;
  }

  /** Finds again what was ordered and lost. */
  public FakeVisualFinder probing() {
    probes = true;
    return this;
  }

  /** Runs on the caller's thread before each file is sent. */
  public FakeVisualFinder before(Runnable action) {
    beforeFetch = action;
    return this;
  }

  /** Texts of the scenes that were asked for, in the order of asking. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  /** Ids of the visuals that were fetched. */
  public List<String> fetched() {
    return List.copyOf(fetched);
  }

  @Override
  public String identity() {
    return provider + "-fake-1";
  }

  @Override
  public String provider() {
    return provider;
  }

  @Override
  public boolean probes() {
    return probes;
  }

  @Override
  public int parallel() {
    return USUAL_SCENES;
  }

  @Override
  public VisualFinder paying(Purse purse) {
    FakeVisualFinder maker = this;
    return new VisualFinder() {
      @Override
      public String identity() {
        return maker.identity();
      }

      @Override
      public String provider() {
        return provider;
      }

      @Override
      public List<Visual> find(Scene scene) throws StageException {
        return maker.find(scene);
      }

      @Override
      public VisualFile fetch(Visual visual, Scene scene) throws StageException {
        return purse.buy(provider, price(), () -> maker.fetch(visual, scene), VisualFile::charges);
      }
    };
  }

  @Override
  public List<Visual> find(Scene scene) throws StageException {
    asked.add(scene.text());
    if (scene.text().contains("nothing")) {
      throw new StageException(FailureCode.VISUAL_MISSING, provider + " has nothing");
    }
    List<Visual> offers = new ArrayList<>();
    for (int i = 0; i < OFFERS; i++) {
      String id = i == 0 ? "for everything" : scene.text() + " " + i;
      offers.add(
          new Visual(
              provider,
              generates ? Visual.GENERATED : "stock_pexels",
              id,
              /* clip= */ false,
              generates ? "" : "https://files.example.com/" + i + ".jpg",
              generates
                  ? ""
                  : "https://www.example.com/photo/" + Integer.toHexString(id.hashCode()) + "/",
              "Ada Example",
              "Example License",
              generates ? scene.text() : "",
              scene.text(),
              scene.shape().width() / 2,
              scene.shape().height() / 2,
              0,
              price()));
    }
    return offers;
  }

  private List<Charge> price() {
    return generates ? List.of(new Charge(provider, "fake", Charge.Unit.PICTURE, 1)) : List.of();
  }

  @Override
  public VisualFile fetch(Visual visual, Scene scene) throws StageException {
    beforeFetch.run();
    fetched.add(visual.id());
    for (Map.Entry<String, FailureCode> failure : failures.entrySet()) {
      if (scene.text().contains(failure.getKey())) {
        throw new StageException(failure.getValue(), provider + " cannot");
      }
    }
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      if (scene.text().contains(file.getKey()) && visual.id().endsWith("1")) {
        return new VisualFile(file.getValue(), price());
      }
    }
    return new VisualFile(picture(visual), price());
  }

  private static byte[] picture(Visual visual) {
    Random random = new Random(visual.id().hashCode());
    BufferedImage image =
        new BufferedImage(visual.width(), visual.height(), BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = image.createGraphics();
    canvas.setPaint(
        new GradientPaint(
            0,
            0,
            Color.getHSBColor(random.nextFloat(), 0.8f, 0.9f),
            visual.width(),
            visual.height(),
            Color.getHSBColor(random.nextFloat(), 0.6f, 0.4f)));
    canvas.fillRect(0, 0, visual.width(), visual.height());
    for (int i = 0; i < 12; i++) {
      canvas.setColor(Color.getHSBColor(random.nextFloat(), 0.7f, 0.8f));
      canvas.fillOval(random.nextInt(visual.width()), random.nextInt(visual.height()), 90, 120);
    }
    canvas.dispose();
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ImageIO.write(image, "jpg", bytes);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
