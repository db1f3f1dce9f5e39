package dev.reelbeam.stages.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.store.MediaRef;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrawingsTest {
  @TempDir Path folder;

  private ObjectStore store;
  private int drawn;

  @BeforeEach
  void open() {
    store = new FakeObjectStore(folder);
  }

  @Test
  void whatIsSeenOnceIsDrawnOnce() throws Exception {
    Drawings.Drawing first = draw("card", "red");
    assertThat(draw("card", "red")).isEqualTo(first);
    assertThat(drawn).isEqualTo(1);
    assertThat(draw("card", "blue")).isNotEqualTo(first);
    assertThat(draw("label", "red")).isNotEqualTo(first);
    assertThat(drawn).isEqualTo(3);
  }

  @Test
  void nothingToSeeIsFoundAsWell() throws Exception {
    for (int i = 0; i < 2; i++) {
      Drawings.Drawing nothing =
          new Drawings(store)
              .find(
                  "watermark",
                  List.of(),
                  () -> {
                    drawn++;
                    return new Drawings.Drawing(null, List.of());
                  });
      assertThat(nothing.parts()).isEmpty();
    }
    assertThat(drawn).isEqualTo(1);
  }

  private Drawings.Drawing draw(String kind, String colour) throws Exception {
    return new Drawings(store)
        .find(
            kind,
            List.of("words", 1080, colour),
            () -> {
              drawn++;
              MediaRef raster =
                  store.put((kind + colour).getBytes(StandardCharsets.UTF_8), "image/png");
              return new Drawings.Drawing(raster, List.of(new Drawings.Part(raster, 2, 4, -1)));
            });
  }
}
