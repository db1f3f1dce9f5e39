package dev.reelbeam.clients.visual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.VisualFinder;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Shape;
import dev.reelbeam.model.visual.Visual;
import dev.reelbeam.model.visual.VisualFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** What every provider of visuals promises, whatever protocol it speaks. */
abstract class VisualFinderContract {
  abstract VisualFinder finder();

  static Scene scene() {
    return VisualTests.scene("coffee beans in a grinder", Shape.PORTRAIT);
  }

  /** As the finder wants it. */
  Scene scene(String cue, Shape shape) {
    return VisualTests.scene(cue, shape);
  }

  /** Of the same scene for two places; a clip that is dear is offered once. */
  int leastOffers() {
    return 2;
  }

  @Test
  void whatIsOfferedCanBeFetchedAndHasTheShapeOfTheScene() throws Exception {
    for (Shape shape : List.of(Shape.PORTRAIT, Shape.LANDSCAPE)) {
      Scene scene = scene("coffee beans in a grinder", shape);

      Visual best = finder().find(scene).get(0);
      VisualFile file = finder().fetch(best, scene);

      if (best.clip()) {
        assertThat(new String(file.bytes(), 4, 4, java.nio.charset.StandardCharsets.US_ASCII))
            .isEqualTo("ftyp");
        assertThat(best.durationMs()).isPositive();
      } else {
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(file.bytes()));
        assertThat(Shape.of(picture.getWidth(), picture.getHeight())).isEqualTo(shape);
        assertThat(Math.min(picture.getWidth(), picture.getHeight())).isGreaterThan(500);
      }
      // Who gives the shape of a portrait of its own says none.
      if (best.width() > 0) {
        assertThat(Shape.of(best.width(), best.height())).isEqualTo(shape);
      }
    }
  }

  @Test
  void everyOfferSaysWhereItComesFromAndIsOfferedOnce() throws StageException {
    List<Visual> offers = finder().find(scene("coffee beans in a grinder", Shape.PORTRAIT));

    assertThat(offers).hasSizeGreaterThanOrEqualTo(leastOffers());
    assertThat(offers).extracting(Visual::id).doesNotHaveDuplicates();
    assertThat(offers)
        .allSatisfy(
            offer -> {
              assertThat(offer.provider()).isEqualTo(finder().provider());
              assertThat(offer.source()).matches("stock_pexels|stock_pixabay|ai_generated");
              assertThat(offer.licence()).isNotEmpty();
              assertThat(offer.author()).isNotEmpty();
              assertThat(offer.words()).isNotEmpty();
              if (offer.generated()) {
                assertThat(offer.prompt()).isNotEmpty();
              } else {
                assertThat(offer.page()).startsWith("https://");
              }
            });
  }

  @Test
  void equalScenesGetEqualOffersAndOthersGetOthers() throws StageException {
    Scene scene = scene("coffee beans in a grinder", Shape.PORTRAIT);
    List<Visual> offers = finder().find(scene);

    assertThat(finder().find(scene)).isEqualTo(offers);
    assertThat(finder().find(scene("a mountain lake", Shape.PORTRAIT)).get(0).id())
        .isNotEqualTo(offers.get(0).id());
  }

  @Test
  void anOfferIsStillItselfAfterItWasStored() throws StageException {
    Visual offer = finder().find(scene("coffee beans in a grinder", Shape.PORTRAIT)).get(0);

    assertThat(RecordJson.read(RecordJson.canonicalBytes(offer), Visual.class)).isEqualTo(offer);
  }

  @Test
  void manyScenesMayBeServedAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      List<Future<VisualFile>> all = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        Scene scene = scene("landscape number " + "abcdef".charAt(i), Shape.PORTRAIT);
        all.add(threads.submit(() -> finder().fetch(finder().find(scene).get(0), scene)));
      }
      for (Future<VisualFile> one : all) {
        assertThat(one.get().bytes()).isNotEmpty();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void anAddressOfAPrivateNetworkIsNotFetchedFrom() throws StageException {
    Visual offer = finder().find(scene("coffee beans in a grinder", Shape.PORTRAIT)).get(0);
    if (offer.generated()) {
      assertThat(offer.address()).isEmpty();
      return;
    }
    for (String address :
        List.of(
            "http://169.254.169.254/latest/meta-data/",
            "http://127.0.0.1:9/a.jpg",
            "http://[::1]/a.jpg",
            "http://intranet/a.jpg",
            "file:///etc/passwd")) {
      Visual evil =
          new Visual(
              offer.provider(),
              offer.source(),
              offer.id(),
              offer.clip(),
              address,
              offer.page(),
              offer.author(),
              offer.licence(),
              offer.prompt(),
              offer.words(),
              offer.width(),
              offer.height(),
              offer.durationMs(),
              offer.price());

      assertThat(failure(() -> finder().fetch(evil, scene())).code())
          .isEqualTo(FailureCode.ADDRESS_FORBIDDEN);
    }
  }

  @Test
  void theIdentityHoldsNoSecret() throws StageException {
    assertThat(finder().identity()).isEqualTo(finder().identity()).doesNotContain("sk-right");
    assertThat(finder().find(scene("coffee beans", Shape.PORTRAIT)).toString())
        .doesNotContain("sk-right");
  }

  /** A call that fails. */
  interface Failing {
    Object call() throws StageException;
  }

  static StageException failure(Failing call) {
    return org.assertj.core.api.Assertions.catchThrowableOfType(
        StageException.class, () -> call.call());
  }
}
