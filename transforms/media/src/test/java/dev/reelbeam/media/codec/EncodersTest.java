package dev.reelbeam.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodersTest {
  @TempDir Path folder;

  @Test
  void theFirstThatWorksIsChosenAndNoneIsTriedBehindIt() throws Exception {
    List<String> tried = new ArrayList<>();

    String chosen =
        Encoders.choose(
            List.of("h264_nvenc", "libx264", "libopenh264"),
            encoder -> {
              tried.add(encoder);
              return new Encoders.Trial(encoder, encoder.equals("libx264") ? null : "no unit");
            });

    assertThat(chosen).isEqualTo("libx264");
    assertThat(tried).containsExactly("h264_nvenc", "libx264");
  }

  @Test
  void automaticIsWhatWasMeasuredAndAGpuOnlyByItsName() throws Exception {
    Encoders.Trier everything = encoder -> new Encoders.Trial(encoder, null);
    Encoders.Trier withoutGpl =
        encoder -> new Encoders.Trial(encoder, encoder.equals("libx264") ? "not built in" : null);

    assertThat(Encoders.choose(List.of("auto"), everything)).isEqualTo("libx264");
    assertThat(Encoders.choose(List.of("auto"), withoutGpl)).isEqualTo("libopenh264");
    assertThat(Encoders.choose(List.of("h264_nvenc", "auto"), everything)).isEqualTo("h264_nvenc");
  }

  /** A trial encodes two segments and joins them: nobody finds out later that it cannot be done. */
  @ParameterizedTest
  @ValueSource(strings = {"libx264", "libopenh264"})
  void whatIsBuiltInMakesSegmentsThatJoin(String encoder) {
    assumeTrue(VideoEncoder.available(encoder), "a build without " + encoder);

    assertThat(Encoders.tryOut(encoder).problem()).isNull();
  }

  @Test
  void oneThatIsAskedForAloneIsNotReplaced() {
    assertThatThrownBy(
            () ->
                Encoders.choose(
                    List.of("h264_nvenc"), encoder -> new Encoders.Trial(encoder, "no unit")))
        .isInstanceOfSatisfying(
            StageException.class,
            e -> {
              assertThat(e.code()).isEqualTo(FailureCode.ENCODER_UNAVAILABLE);
              assertThat(e).hasMessage("h264_nvenc: no unit");
            });
  }

  @Test
  void aMachineWithoutGpuFallsBackToTheProcessor() throws Exception {
    assumeTrue(NvidiaGpus.here().driver() == null, "a machine with a GPU");

    assertThat(Encoders.tryOut("libx264").works()).isTrue();
    assertThat(Encoders.tryOut("h264_nvenc").problem()).isNotNull();
    assertThat(Encoders.choose(List.of("auto"))).isEqualTo("libx264");
    assertThatThrownBy(() -> Encoders.choose(List.of("h264_nvenc")))
        .isInstanceOf(StageException.class)
        .hasMessageStartingWith("h264_nvenc: ");
  }

  @Test
  void aWorkerWithoutGpuRefusesWhatWasPlannedForOneAndLeavesNoFile() {
    assumeTrue(NvidiaGpus.here().driver() == null, "a machine with a GPU");
    Path out = folder.resolve("gpu.mp4");

    // All options have been taken by then: only the driver is missing.
    assertThatThrownBy(
            () ->
                VideoEncoder.open(
                    EncodingSettings.standard(30).withEncoder("h264_nvenc"),
                    new Canvas(256, 256, 30),
                    out))
        .isInstanceOfSatisfying(
            StageException.class,
            e -> {
              assertThat(e.code()).isEqualTo(FailureCode.ENCODER_UNAVAILABLE);
              assertThat(e.getMessage()).startsWith("encoder h264_nvenc: ");
            });
    assertThat(out).doesNotExist();
  }

  /** It takes neither presets nor a rate factor: what it looks at must still differ. */
  @Test
  void withOpenH264ADraftIsSmallerAndTheBestIsLarger() throws Exception {
    assumeTrue(VideoEncoder.available("libopenh264"), "a build without OpenH264");
    List<Long> bytes = new ArrayList<>();
    for (EncodingSettings settings :
        List.of(
            EncodingSettings.draft(15), EncodingSettings.standard(15), EncodingSettings.best(15))) {
      Path out = folder.resolve("quality.mp4");
      EncodingSettings open = settings.withEncoder("libopenh264");
      try (VideoEncoder encoder = VideoEncoder.open(open, new Canvas(160, 240, 15), out)) {
        YuvFrame frame = new YuvFrame(160, 240);
        Random random = new Random(5);
        for (int number = 0; number < 30; number++) {
          for (int y = 0; y < 240; y++) {
            for (int x = 0; x < 160; x++) {
              int wave = 3 * x + 2 * y + 5 * number & 127;
              frame.luma().set(x, y, 40 + wave + random.nextInt(24));
            }
          }
          encoder.encode(frame);
        }
        encoder.finish();
      }
      bytes.add(Files.size(out));
    }
    assertThat(bytes.get(0)).as("draft").isLessThan(bytes.get(1) * 8 / 10);
    assertThat(bytes.get(2)).as("best").isGreaterThan(bytes.get(1) * 11 / 10);
  }

  @Test
  void whatOpenH264DoesNotLookAtDoesNotTellItsSettingsApart() {
    EncodingSettings open = EncodingSettings.standard(30).withEncoder("libopenh264");

    assertThat(EncodingSettings.preview(30).withCrf(18).withCap(12_000, 9_000))
        .extracting(settings -> settings.withEncoder("libopenh264"))
        .isEqualTo(open);
    assertThat(open.withEncoder("libopenh264")).isEqualTo(open);
    assertThat(EncodingSettings.draft(30).withEncoder("libopenh264")).isNotEqualTo(open);
    assertThat(EncodingSettings.best(30).withEncoder("libopenh264")).isNotEqualTo(open);
  }

  @Test
  void theDriverNamesItsGpus() throws Exception {
    gpus("NVIDIA L4");

    NvidiaGpus gpus = NvidiaGpus.in(folder);

    assertThat(gpus.driver()).isEqualTo("550.54.15");
    assertThat(gpus.models()).containsExactly("NVIDIA L4");
    assertThat(gpus.withoutEncoder()).isFalse();
  }

  @Test
  void gpusForComputingAreKnownToEncodeNothing() throws Exception {
    gpus("NVIDIA H100 80GB HBM3");

    assertThat(NvidiaGpus.in(folder).withoutEncoder()).isTrue();
    for (String model : List.of("NVIDIA A10", "Tesla T4", "NVIDIA L40S", "NVIDIA RTX A1000")) {
      assertThat(new NvidiaGpus("550", List.of(model)).withoutEncoder()).as(model).isFalse();
    }
  }

  @Test
  void withoutADriverThereIsNothing() {
    assertThat(NvidiaGpus.in(folder.resolve("none"))).isEqualTo(new NvidiaGpus(null, List.of()));
  }

  private void gpus(String model) throws Exception {
    Files.writeString(
        folder.resolve("version"),
        "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 22:23:56 UTC"
            + " 2024\n");
    Path gpu = Files.createDirectories(folder.resolve("gpus/0000:00:1e.0"));
    Files.writeString(gpu.resolve("information"), "Model: \t\t " + model + "\nIRQ:   \t\t 10\n");
  }
}
