package dev.reelbeam.media.codec;

import static org.bytedeco.ffmpeg.global.avutil.AV_FRAME_CROP_UNALIGNED;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_apply_cropping;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_clone;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;

import dev.reelbeam.media.frame.Plane;
import dev.reelbeam.media.frame.Window;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;

/**
 * Scales areas of a clip's frames and turns them upright. Keeps the scalers that it needed last: a
 * clip asks for the same one or two areas frame after frame. For one thread.
 */
final class ClipScaler implements AutoCloseable {
  private static final int MOST_KEPT = 3;

  /** What a scaler was made for. */
  private record Key(Scaler.Colours colours, int format, int[] sizes, Orientation orientation) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key
          && colours.equals(key.colours)
          && format == key.format
          && orientation.equals(key.orientation)
          && java.util.Arrays.equals(sizes, key.sizes);
    }

    @Override
    public int hashCode() {
      return java.util.Arrays.hashCode(sizes) * 31 + format;
    }
  }

  private record Kept(SwsContext context, AVFrame scaled) {}

  private final Map<Key, Kept> kept = new LinkedHashMap<>(8, 0.75f, true);

  /**
   * @param width of the whole frame, upright, in square pixels
   * @param height the same
   * @param area of it
   */
  void scale(
      AVFrame frame, Orientation orientation, int width, int height, Window area, YuvFrame target)
      throws StageException {
    // Of the whole frame: how large it is decides what an untagged one is taken for.
    Scaler.Colours colours = Scaler.coloursOfClip(frame);
    Window stored = stored(area, orientation, width, height);
    boolean turned = orientation.sideways();
    // From upright square pixels to the pixels that are stored.
    double scaleX = (double) frame.width() / (turned ? height : width);
    double scaleY = (double) frame.height() / (turned ? width : height);
    // Even edges, so that colour is cut where light is.
    int left = even(stored.left() * scaleX, frame.width() - 2);
    int top = even(stored.top() * scaleY, frame.height() - 2);
    int cutWidth = length(stored.width() * scaleX, frame.width() - left);
    int cutHeight = length(stored.height() * scaleY, frame.height() - top);
    AVFrame cut = Av.allocated(av_frame_clone(frame), "a frame");
    try {
      cut.crop_left(left).crop_top(top);
      cut.crop_right(frame.width() - left - cutWidth);
      cut.crop_bottom(frame.height() - top - cutHeight);
      Av.check(
          av_frame_apply_cropping(cut, AV_FRAME_CROP_UNALIGNED),
          FailureCode.CLIP_UNDECODABLE,
          "cutting a frame");
      Kept scaler = scaler(cut, colours, orientation, target);
      Av.check(
          sws_scale_frame(scaler.context(), scaler.scaled(), cut),
          FailureCode.CLIP_UNDECODABLE,
          "scaling a frame");
      for (int plane = 0; plane < 3; plane++) {
        AVFrame scaled = scaler.scaled();
        upright(scaled.data(plane), scaled.linesize(plane), orientation, target.plane(plane));
      }
    } finally {
      av_frame_free(cut);
    }
  }

  /** The same area in the picture as it is stored. */
  private static Window stored(Window area, Orientation orientation, int width, int height) {
    double right = width - area.left() - area.width();
    double bottom = height - area.top() - area.height();
    Window turned =
        switch (orientation.clockwise()) {
          case 90 -> new Window(area.top(), right, area.height(), area.width());
          case 180 -> new Window(right, bottom, area.width(), area.height());
          case 270 -> new Window(bottom, area.left(), area.height(), area.width());
          default -> area;
        };
    if (!orientation.mirrored()) {
      return turned;
    }
    double storedWidth = orientation.sideways() ? height : width;
    return new Window(
        storedWidth - turned.left() - turned.width(),
        turned.top(),
        turned.width(),
        turned.height());
  }

  private static int even(double position, int most) {
    return Math.max(0, Math.min(most, (int) Math.rint(position / 2) * 2)) & ~1;
  }

  /** An even length where there is room, else all there is. */
  private static int length(double wanted, int room) {
    int length = Math.max(2, (int) Math.rint(wanted / 2) * 2);
    return Math.min(length, room);
  }

  private Kept scaler(AVFrame cut, Scaler.Colours colours, Orientation orientation, YuvFrame target)
      throws StageException {
    boolean turned = orientation.sideways();
    int width = turned ? target.height() : target.width();
    int height = turned ? target.width() : target.height();
    Key key =
        new Key(
            colours,
            cut.format(),
            new int[] {cut.width(), cut.height(), width, height},
            orientation);
    Kept known = kept.get(key);
    if (known != null) {
      return known;
    }
    if (kept.size() >= MOST_KEPT) {
      Key oldest = kept.keySet().iterator().next();
      free(java.util.Objects.requireNonNull(kept.remove(oldest)));
    }
    AVFrame scaled = Av.allocated(av_frame_alloc(), "a frame");
    SwsContext context = null;
    try {
      scaled.width(width).height(height).format(AV_PIX_FMT_YUV420P);
      Av.check(av_frame_get_buffer(scaled, 0), FailureCode.MEMORY_SHORT, "a frame's pixels");
      context = Scaler.forClip(cut, scaled, colours, orientation);
      Kept made = new Kept(context, scaled);
      kept.put(key, made);
      return made;
    } finally {
      if (context == null) {
        av_frame_free(scaled);
      }
    }
  }

  /** Copies a plane, mirrored where that is wanted, and turned. */
  private static void upright(
      BytePointer source, int lineSize, Orientation orientation, Plane target) {
    if (orientation.equals(Orientation.UPRIGHT)) {
      Scaler.copy(source, lineSize, target);
      return;
    }
    boolean turned = orientation.sideways();
    boolean mirrored = orientation.mirrored();
    int rotation = orientation.clockwise();
    int width = turned ? target.height() : target.width();
    int height = turned ? target.width() : target.height();
    byte[] row = new byte[width];
    byte[] bytes = target.bytes();
    BytePointer rows = new BytePointer(source);
    for (int y = 0; y < height; y++) {
      rows.position((long) y * lineSize).get(row, 0, width);
      int at;
      int step;
      if (rotation == 0) {
        at = y * target.stride();
        step = 1;
      } else if (rotation == 90) {
        at = height - 1 - y;
        step = target.stride();
      } else if (rotation == 180) {
        at = (height - 1 - y) * target.stride() + width - 1;
        step = -1;
      } else {
        at = (width - 1) * target.stride() + y;
        step = -target.stride();
      }
      for (int x = 0; x < width; x++) {
        bytes[at] = row[mirrored ? width - 1 - x : x];
        at += step;
      }
    }
  }

  private static void free(Kept scaler) {
    sws_freeContext(scaler.context());
    av_frame_free(scaler.scaled());
  }

  @Override
  public void close() {
    kept.values().forEach(ClipScaler::free);
    kept.clear();
  }
}
