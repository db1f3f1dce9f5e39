package dev.reelbeam.media.audio.music;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chords by name, and voicings that move as little as they can. */
final class Harmony {
  private static final String[] NAMES = {
    "C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B"
  };

  private Harmony() {}

  /**
   * A chord.
   *
   * @param bass pitch class of the lowest note
   * @param tones pitch classes of the others
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Chord(int bass, int[] tones) {}

  /** Reads for example {@code Fmaj9}, {@code Dm7}, {@code C/E}, {@code Gadd9}, {@code Csus}. */
  static Chord chord(String name) {
    String[] parts = name.split("/", 2);
    int root = -1;
    String kind = "";
    for (int i = 0; i < NAMES.length; i++) {
      if (parts[0].startsWith(NAMES[i]) && (root < 0 || NAMES[i].length() == 2)) {
        root = i;
        kind = parts[0].substring(NAMES[i].length());
      }
    }
    int[] intervals =
        switch (kind) {
          case "" -> new int[] {0, 4, 7};
          case "add9" -> new int[] {0, 2, 4, 7};
          case "maj7" -> new int[] {0, 4, 7, 11};
          case "maj9" -> new int[] {2, 4, 7, 11};
          case "6" -> new int[] {0, 4, 7, 9};
          case "m" -> new int[] {0, 3, 7};
          case "m7" -> new int[] {0, 3, 7, 10};
          case "m9" -> new int[] {2, 3, 7, 10};
          case "madd9" -> new int[] {0, 2, 3, 7};
          case "sus" -> new int[] {0, 5, 7, 10};
          default -> throw new IllegalArgumentException(name);
        };
    int[] tones = new int[intervals.length];
    for (int i = 0; i < tones.length; i++) {
      tones[i] = (root + intervals[i]) % 12;
    }
    int bass = parts.length == 2 ? Arrays.asList(NAMES).indexOf(parts[1]) : root;
    return new Chord(bass, tones);
  }

  /** One voicing per chord, notes rising, each as near to its predecessor as possible. */
  static List<int[]> voiceLead(List<Chord> chords, int low, int high) {
    List<int[]> voicings = new ArrayList<>();
    int @Nullable [] before = null;
    for (Chord chord : chords) {
      int[] best = new int[0];
      double bestCost = Double.MAX_VALUE;
      for (int[] voicing : voicings(chord.tones(), low, high)) {
        double cost = cost(voicing, before, (low + high) / 2.0);
        if (cost < bestCost) {
          bestCost = cost;
          best = voicing;
        }
      }
      voicings.add(best);
      before = best;
    }
    return voicings;
  }

  private static double cost(int[] voicing, int @Nullable [] before, double center) {
    double cost = 0;
    double mean = 0;
    for (int i = 0; i < voicing.length; i++) {
      mean += voicing[i] / (double) voicing.length;
      if (before != null) {
        int nearest = Integer.MAX_VALUE;
        for (int note : before) {
          nearest = Math.min(nearest, Math.abs(note - voicing[i]));
        }
        cost += nearest;
      }
      // Seconds at the bottom sound muddy.
      if (i > 0 && voicing[i] - voicing[i - 1] < 3 && voicing[i] < 57) {
        cost += 4;
      }
    }
    return cost + 0.35 * Math.abs(mean - center) * (before == null ? 10 : 1);
  }

  private static List<int[]> voicings(int[] tones, int low, int high) {
    List<int[]> found = new ArrayList<>();
    place(tones, 0, new int[tones.length], low, high, found);
    return found;
  }

  private static void place(
      int[] tones, int index, int[] notes, int low, int high, List<int[]> found) {
    if (index == tones.length) {
      int[] sorted = notes.clone();
      Arrays.sort(sorted);
      if (sorted[sorted.length - 1] - sorted[0] <= 16) {
        found.add(sorted);
      }
      return;
    }
    for (int note = low; note <= high; note++) {
      if (note % 12 == tones[index]) {
        notes[index] = note;
        place(tones, index + 1, notes, low, high, found);
      }
    }
  }

  /** The lowest note of a pitch class at or above {@code low}. */
  static int above(int pitchClass, int low) {
    return low + Math.floorMod(pitchClass - low, 12);
  }
}
