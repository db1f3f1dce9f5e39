package dev.reelbeam.media.render;

import dev.reelbeam.media.codec.Mp4Joiner;
import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Joins encoded segments and the sound into the video, without encoding anything again. */
public final class Assembler {
  private Assembler() {}

  /**
   * Writes one MP4: index first, no edit list, constant frame rate from zero, the same bytes for
   * the same inputs. It appears under its name only when it is complete.
   *
   * @param segments encoded with equal settings, in order
   * @param audio AAC in ADTS or MP4, copied so that its first packet sounds at zero; null for none
   * @return number of video frames
   * @throws StageException 3033 if a part is damaged or the parts do not belong together, 5001 if
   *     the disk is full
   */
  public static int assemble(List<Path> segments, @Nullable Path audio, Canvas canvas, Path out)
      throws StageException {
    if (segments.isEmpty()) {
      throw new IllegalArgumentException("nothing to assemble");
    }
    Path part = out.resolveSibling(out.getFileName() + ".part");
    try {
      int frames = Mp4Joiner.join(segments, audio, canvas, part);
      Files.move(part, out, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      return frames;
    } catch (IOException e) {
      throw new StageException(FailureCode.ASSEMBLE_FAILED, "cannot write " + out, e);
    } finally {
      try {
        Files.deleteIfExists(part);
      } catch (IOException e) {
        // The failure that led here is the one to tell; the next attempt replaces the file.
      }
    }
  }
}
