package dev.reelbeam.media.probe;

import java.util.ArrayList;
import java.util.List;

/** Finds stretches of at least 500 ms in which no sample reaches -50 dBFS. */
final class SilenceWatch {
  private static final float QUIET = 0.003162f;
  private static final long SHORTEST_US = 500_000;

  private final int sampleRate;
  private final List<Stretch> silent = new ArrayList<>();
  private long at;
  private long silentSince;

  SilenceWatch(int sampleRate) {
    this.sampleRate = sampleRate;
  }

  void add(float[][] planes, int count) {
    float[] left = planes[0];
    float[] right = planes[planes.length - 1];
    for (int i = 0; i < count; i++) {
      if (Math.abs(left[i]) >= QUIET || Math.abs(right[i]) >= QUIET) {
        close(at + i);
        silentSince = at + i + 1;
      }
    }
    at += count;
  }

  private void close(long end) {
    long startUs = silentSince * 1_000_000 / sampleRate;
    long endUs = end * 1_000_000 / sampleRate;
    if (endUs - startUs >= SHORTEST_US) {
      silent.add(new Stretch(startUs, endUs));
    }
  }

  List<Stretch> end() {
    close(at);
    silentSince = at;
    return List.copyOf(silent);
  }
}
