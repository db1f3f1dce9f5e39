package dev.reelbeam.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_BITEXACT;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_is_writable;

import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.frame.Plane;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.json.RecordJson;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who owns a frame, and when: the cause of videos that differed from run to run.
 *
 * <p>libx264 copies the picture inside {@code avcodec_send_frame} and keeps no reference. But while
 * a finished packet waits to be fetched, libavcodec does not call it: it keeps a reference to the
 * caller's buffer and reads the pixels at the next call. A caller that draws the next picture into
 * the same buffer, in that time or on another thread, changes a picture that counts as handed over.
 */
class FrameHandoverTest {
  private static final int FRAMES = 40;

  @TempDir Path folder;

  @Test
  void aFrameIsTheCallersAgainOnlyOnceEveryPacketWasFetched() throws Exception {
    Raw fetching = new Raw();
    Raw leaving = new Raw();
    byte[] fetched = fetching.encode(/* fetchAtOnce= */ true, /* reuse= */ true);
    byte[] left = leaving.encode(/* fetchAtOnce= */ false, /* reuse= */ true);
    byte[] fresh = new Raw().encode(/* fetchAtOnce= */ false, /* reuse= */ false);

    assertThat(fetching.held).as("frames still held after fetching").isZero();
    assertThat(leaving.held).as("frames held while a packet waited").isPositive();
    assertThat(fetched).as("one buffer, always fetched: the right pictures").isEqualTo(fresh);
    assertThat(left).as("one buffer, packets left waiting: other pictures").isNotEqualTo(fresh);
  }

  /** Each of the encoder's two precautions alone gives the right pictures. */
  @Test
  void whatTheEncoderStillHoldsIsLeftToItAndFetchingLeavesItNothing() throws Exception {
    Canvas canvas = new Canvas(102, 66, 10);
    Path usual = folder.resolve("usual");
    Path replacing = folder.resolve("replacing");
    Path single = folder.resolve("single");
    VideoEncoder.Handover leaveWaiting = new VideoEncoder.Handover(1, /* fetchAtOnce= */ false);
    VideoEncoder.Handover oneBuffer = new VideoEncoder.Handover(1, /* fetchAtOnce= */ true);

    int replacedUsually = replaced(usual, canvas, VideoEncoder.Handover.USUAL);
    int replaced = replaced(replacing, canvas, leaveWaiting);
    int replacedOfOne = replaced(single, canvas, oneBuffer);

    assertThat(replacedUsually).as("every packet fetched: nothing is held").isZero();
    assertThat(replacedOfOne).as("not even the only buffer").isZero();
    assertThat(replaced).as("packets left waiting: buffers are held").isPositive();
    assertThat(Files.mismatch(usual, replacing)).isEqualTo(-1);
    assertThat(Files.mismatch(usual, single)).isEqualTo(-1);
  }

  /** Encodes and says how many buffers had to be replaced; none is held when all is fetched. */
  private static int replaced(Path out, Canvas canvas, VideoEncoder.Handover handover)
      throws Exception {
    EncodingSettings settings = EncodingSettings.standard(10);
    try (VideoEncoder encoder = VideoEncoder.open(settings, canvas, out, "", handover)) {
      YuvFrame frame = new YuvFrame(canvas.width(), canvas.height());
      for (int number = 0; number < FRAMES; number++) {
        draw(frame, number, 0);
        encoder.encode(frame);
        assertThat(handover.fetchAtOnce() && encoder.holdsLatest())
            .as("frame %d", number)
            .isFalse();
      }
      encoder.finish();
      return encoder.replaced();
    }
  }

  @Test
  void aFrameDrawnOverAfterItWasHandedInChangesNothing() throws Exception {
    for (int width : new int[] {64, 66, 98, 102, 270}) {
      Canvas canvas = new Canvas(width, 66, 10);
      Path kept = folder.resolve("kept" + width);
      Path overdrawn = folder.resolve("overdrawn" + width);
      encode(kept, canvas, false, 0, "");
      encode(overdrawn, canvas, true, 0, "");
      assertThat(Files.mismatch(kept, overdrawn)).as("width %d", width).isEqualTo(-1);
    }
  }

  /** Row padding, of frames and of native buffers, reaches x264's wide copies; its pictures not. */
  @Test
  void whatLiesBesideThePictureIsNotSeen() throws Exception {
    for (int width : new int[] {64, 66, 98, 102, 270}) {
      Canvas canvas = new Canvas(width, 66, 10);
      Path clean = folder.resolve("clean" + width);
      Path poisoned = folder.resolve("poisoned" + width);
      encode(clean, canvas, false, 0, "");
      encode(poisoned, canvas, false, 7, "");
      assertThat(Files.mismatch(clean, poisoned)).as("width %d", width).isEqualTo(-1);
    }
  }

  @Test
  void bytesDoNotDependOnTheAssemblyThatX264Chooses() throws Exception {
    for (int width : new int[] {64, 66, 98, 102, 270}) {
      Canvas canvas = new Canvas(width, 66, 10);
      Path all = folder.resolve("all" + width);
      encode(all, canvas, false, 0, "");
      for (String some :
          new String[] {"asm=0", "asm=MMX2,SSE2", "asm=MMX2,SSE2,SSSE3,SSE4.2,AVX"}) {
        Path masked = folder.resolve("masked" + width);
        encode(masked, canvas, false, 0, some);
        assertThat(Files.mismatch(all, masked)).as("width %d, %s", width, some).isEqualTo(-1);
      }
    }
  }

  private static void encode(Path out, Canvas canvas, boolean overdraw, int poison, String params)
      throws Exception {
    EncodingSettings settings = EncodingSettings.standard(10);
    try (VideoEncoder encoder = VideoEncoder.open(settings, canvas, out, params)) {
      YuvFrame frame = new YuvFrame(canvas.width(), canvas.height());
      for (int number = 0; number < FRAMES; number++) {
        if (number % 7 == 3) {
          encoder.repeat();
          continue;
        }
        draw(frame, number, poison);
        encoder.encode(frame);
        if (overdraw) {
          draw(frame, 99, 1);
        }
      }
      encoder.finish();
    }
  }

  private static void draw(YuvFrame frame, int number, int poison) {
    Random random = new Random(poison + number);
    for (int i = 0; i < 3; i++) {
      Plane plane = frame.plane(i);
      if (poison == 0) {
        Arrays.fill(plane.bytes(), (byte) 0);
      } else {
        random.nextBytes(plane.bytes());
      }
      for (int y = 0; y < plane.height(); y++) {
        for (int x = 0; x < plane.width(); x++) {
          plane.set(x, y, sample(x + number, y));
        }
      }
    }
  }

  private static int sample(int x, int y) {
    return 60 + (x * x / 64 + 3 * y + (x * 7919 ^ y * 104729) % 23 & 127);
  }

  /** The encoder without the care that {@link VideoEncoder} takes. */
  private static final class Raw {
    private static final int WIDTH = 102;
    private static final int HEIGHT = 66;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int held;

    byte[] encode(boolean fetchAtOnce, boolean reuse) throws Exception {
      Av.load();
      AVCodecContext context = avcodec_alloc_context3(avcodec_find_encoder_by_name("libx264"));
      context.width(WIDTH).height(HEIGHT).pix_fmt(AV_PIX_FMT_YUV420P).thread_count(1);
      context.flags(context.flags() | AV_CODEC_FLAG_BITEXACT);
      context.time_base().num(1).den(10);
      Av.option(context.priv_data(), "preset", "superfast");
      Av.option(context.priv_data(), "x264-params", "threads=1:rc-lookahead=4:bframes=2");
      assertThat(avcodec_open2(context, context.codec(), (PointerPointer<?>) null)).isZero();
      AVPacket packet = av_packet_alloc();
      AVFrame frame = frame();
      for (int number = 0; number < FRAMES; number++) {
        if (!reuse) {
          av_frame_free(frame);
          frame = frame();
        }
        draw(frame, number);
        frame.pts(number);
        while (avcodec_send_frame(context, frame) == AVERROR_EAGAIN()) {
          fetch(context, packet);
        }
        while (fetchAtOnce && fetch(context, packet)) {}
        held += av_frame_is_writable(frame) == 0 ? 1 : 0;
      }
      assertThat(avcodec_send_frame(context, null)).isZero();
      while (fetch(context, packet)) {}
      av_frame_free(frame);
      av_packet_free(packet);
      avcodec_free_context(context);
      return bytes.toByteArray();
    }

    private boolean fetch(AVCodecContext context, AVPacket packet) throws Exception {
      if (avcodec_receive_packet(context, packet) < 0) {
        return false;
      }
      byte[] data = new byte[packet.size()];
      packet.data().get(data);
      bytes.write(data);
      bytes.write(RecordJson.canonicalBytes(packet.pts()));
      return true;
    }

    private static AVFrame frame() {
      AVFrame frame = av_frame_alloc();
      frame.width(WIDTH).height(HEIGHT).format(AV_PIX_FMT_YUV420P);
      assertThat(av_frame_get_buffer(frame, 0)).isZero();
      return frame;
    }

    private static void draw(AVFrame frame, int number) {
      for (int i = 0; i < 3; i++) {
        int width = i == 0 ? WIDTH : WIDTH / 2;
        int height = i == 0 ? HEIGHT : HEIGHT / 2;
        BytePointer data = frame.data(i);
        byte[] row = new byte[width];
        for (int y = 0; y < height; y++) {
          for (int x = 0; x < width; x++) {
            row[x] = (byte) sample(x + number, y);
          }
          data.position((long) y * frame.linesize(i)).put(row, 0, width);
        }
      }
    }
  }
}
