package dev.reelbeam.clients.visual;

import dev.reelbeam.model.port.VisualFinder;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Shape;
import dev.reelbeam.simulators.AvatarSimulator;
import dev.reelbeam.simulators.ComfySimulator;
import dev.reelbeam.simulators.OpenAiSimulator;
import dev.reelbeam.simulators.PexelsSimulator;
import dev.reelbeam.simulators.PixabaySimulator;
import dev.reelbeam.simulators.RunwareSimulator;
import dev.reelbeam.simulators.StableDiffusionSimulator;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** Every provider keeps the contract, each against a server that speaks its protocol. */
class VisualProvidersTest {
  private static PexelsSimulator pexels;
  private static PixabaySimulator pixabay;
  private static OpenAiSimulator openAi;
  private static RunwareSimulator runware;
  private static StableDiffusionSimulator webUi;
  private static ComfySimulator comfy;
  private static AvatarSimulator did;
  private static AvatarSimulator heyGen;
  private static AvatarSimulator synthesia;

  @BeforeAll
  static void start() throws IOException {
    pexels = PexelsSimulator.start("sk-right");
    pixabay = PixabaySimulator.start("sk-right");
    openAi = OpenAiSimulator.start("sk-right", OpenAiSimulator.Dialect.OPENAI);
    runware = RunwareSimulator.start("sk-right");
    webUi = StableDiffusionSimulator.start();
    comfy = ComfySimulator.start();
    did = AvatarSimulator.start(AvatarSimulator.Dialect.D_ID, "sk-right");
    heyGen = AvatarSimulator.start(AvatarSimulator.Dialect.HEYGEN, "sk-right");
    synthesia = AvatarSimulator.start(AvatarSimulator.Dialect.SYNTHESIA, "sk-right");
  }

  @AfterAll
  static void stop() {
    pexels.close();
    pixabay.close();
    openAi.close();
    runware.close();
    webUi.close();
    comfy.close();
    did.close();
    heyGen.close();
    synthesia.close();
  }

  private static VisualFinder stock(String kind, String baseUrl, String media) {
    return VisualTests.open(
        "{name: " + kind + ", base_url: '" + baseUrl + "', media: " + media + ", key: 'env:KEY'}");
  }

  @Nested
  class PexelsPictures extends VisualFinderContract {
    private final VisualFinder finder = stock("pexels", pexels.baseUrl(), "pictures");

    @Override
    VisualFinder finder() {
      return finder;
    }
  }

  @Nested
  class PexelsClips extends VisualFinderContract {
    private final VisualFinder finder = stock("pexels", pexels.baseUrl(), "clips");

    @Override
    VisualFinder finder() {
      return finder;
    }
  }

  @Nested
  class PixabayPictures extends VisualFinderContract {
    private final VisualFinder finder = stock("pixabay", pixabay.baseUrl(), "pictures");

    @Override
    VisualFinder finder() {
      return finder;
    }
  }

  @Nested
  class PixabayClipsAndPictures extends VisualFinderContract {
    private final VisualFinder finder = stock("pixabay", pixabay.baseUrl(), "both");

    @Override
    VisualFinder finder() {
      return finder;
    }
  }

  @Nested
  class OpenAi extends VisualFinderContract {
    private final VisualFinder finder =
        VisualTests.open(
            "{name: openai, base_url: '"
                + openAi.baseUrl()
                + "', model: gpt-image-1, key: 'env:KEY'}");

    @Override
    VisualFinder finder() {
      return finder;
    }
  }

  @Nested
  class OpenAiOfAnySize extends VisualFinderContract {
    private final VisualFinder finder =
        VisualTests.open(
            "{name: pictures, kind: openai, base_url: '"
                + openAi.baseUrl()
                + "', model: gpt-image-2, quality: low, key: 'env:KEY'}");

    @Override
    VisualFinder finder() {
      return finder;
    }
  }

  @Nested
  class Runware extends VisualFinderContract {
    private final VisualFinder finder =
        VisualTests.open(
            "{name: runware, base_url: '"
                + runware.baseUrl()
                + "', model: 'runware:100@1', long_side: 1280, key: 'env:KEY'}");

    @Override
    VisualFinder finder() {
      return finder;
    }
  }

  @Nested
  class WebUi extends VisualFinderContract {
    private final VisualFinder finder =
        VisualTests.open(
            "{name: local, kind: stable-diffusion-webui, base_url: '" + webUi.baseUrl() + "'}");

    @Override
    VisualFinder finder() {
      return finder;
    }
  }

  @Nested
  class ComfyClips extends VisualFinderContract {
    private final VisualFinder finder =
        VisualTests.open(
            "{name: comfyui, base_url: '"
                + comfy.baseUrl()
                + "', model: ltx-video-2b-v0.9.5.safetensors, long_side: 992, parallel: 2,"
                + " workflow: {frame_rate: 8, seconds: 1}}");

    @Override
    VisualFinder finder() {
      return finder;
    }
  }

  @Nested
  class ComfyPictures extends VisualFinderContract {
    private final VisualFinder finder =
        VisualTests.open(
            "{name: comfyui, base_url: '"
                + comfy.baseUrl()
                + "', model: sd_xl_base_1.0.safetensors, media: pictures, parallel: 2}");

    @Override
    VisualFinder finder() {
      return finder;
    }
  }

  @Nested
  class ComfyClipsByAWriter extends VisualFinderContract {
    private final VisualFinder finder =
        VisualTests.open(
            "{name: cards, kind: comfyui, base_url: '"
                + comfy.baseUrl()
                + "/', model: wan2.2_ti2v_5B_fp16.safetensors, long_side: 992,"
                + " workflow: {template: wan-video, frame_rate: 8, seconds: 1,"
                + " writer: {name: openai, base_url: '"
                + openAi.baseUrl()
                + "', model: writer-large, key: 'env:KEY'}}}");

    @Override
    VisualFinder finder() {
      return finder;
    }
  }

  /** Presenters hear their scenes, and are offered once. */
  abstract static class Presenters extends VisualFinderContract {
    private final SearchCache cache = VisualTests.cache();
    private final VisualFinder finder;

    Presenters(String kind, AvatarSimulator server, String avatar) {
      finder =
          VisualTests.open(
              "{name: "
                  + kind
                  + ", base_url: '"
                  + server.baseUrl()
                  + "', key: 'env:KEY', parallel: 6, avatar: "
                  + avatar
                  + "}",
              cache);
    }

    @Override
    VisualFinder finder() {
      return finder;
    }

    @Override
    int leastOffers() {
      return 1;
    }

    /** What is said is who it is: a cue changes nothing that a presenter does. */
    @Override
    Scene scene(String cue, Shape shape) {
      Scene plain = VisualTests.scene(cue, shape);
      return VisualTests.heard(
          new Scene(
              cue,
              "This is about " + cue + ".",
              plain.topic(),
              plain.terms(),
              plain.language(),
              shape,
              plain.durationMs()),
          cache,
          cue.hashCode());
    }
  }

  @Nested
  class DId extends Presenters {
    DId() {
      super("d-id", did, "{id: 'https://example.com/face.jpg'}");
    }
  }

  @Nested
  class HeyGen extends Presenters {
    HeyGen() {
      super("heygen", heyGen, "{id: someone, voice: hers}");
    }
  }

  @Nested
  class Synthesia extends Presenters {
    Synthesia() {
      super("synthesia", synthesia, "{id: anna_costume1_cameraA}");
    }
  }
}
