package dev.reelbeam.clients.visual;

import dev.reelbeam.model.port.VisualFinder;
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

  @BeforeAll
  static void start() throws IOException {
    pexels = PexelsSimulator.start("sk-right");
    pixabay = PixabaySimulator.start("sk-right");
    openAi = OpenAiSimulator.start("sk-right", OpenAiSimulator.Dialect.OPENAI);
    runware = RunwareSimulator.start("sk-right");
    webUi = StableDiffusionSimulator.start();
    comfy = ComfySimulator.start();
  }

  @AfterAll
  static void stop() {
    pexels.close();
    pixabay.close();
    openAi.close();
    runware.close();
    webUi.close();
    comfy.close();
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
}
