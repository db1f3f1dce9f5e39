package dev.reelbeam.bench;

import dev.reelbeam.media.codec.PlainC;
import dev.reelbeam.pipelines.Reelbeam;

/** The command line on a machine whose FFmpeg knows no special instructions. */
public final class MakePlain {
  private MakePlain() {}

  public static void main(String[] args) {
    PlainC.ffmpeg();
    Reelbeam.main(args);
  }
}
