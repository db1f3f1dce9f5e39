package dev.reelbeam.media.audio.music;

import dev.reelbeam.media.audio.music.Effects.Biquad;
import dev.reelbeam.media.audio.music.Harmony.Chord;
import java.util.ArrayList;
import java.util.List;

/**
 * The three pieces. Each is a whole number of bars and a ring, and each leaves the range between 1
 * and 4 kHz, where speech is understood, to the voice.
 */
final class Pieces {
  private static final int RATE = 48_000;

  /** A piece being written: its grid, its harmony, its instruments. */
  private static final class Sheet {
    final int beat;
    final int bars;
    final List<Chord> chords = new ArrayList<>();
    final Synth synth = new Synth();
    private long humanState = 42;

    Sheet(int beatsPerMinute, String... barChords) {
      if (RATE * 60 % beatsPerMinute != 0) {
        throw new IllegalArgumentException("a beat must be a whole number of samples");
      }
      beat = RATE * 60 / beatsPerMinute;
      bars = barChords.length;
      for (String name : barChords) {
        chords.add(Harmony.chord(name));
      }
    }

    Stem stem() {
      return new Stem(beat * 4 * bars);
    }

    /** The sample of a place in a bar, in beats, give or take the few ms of a player. */
    long at(int bar, double beats, double loosenessMs) {
      humanState = humanState * 6364136223846793005L + 1442695040888963407L;
      double human = (humanState >> 11) / (double) (1L << 52);
      return Math.round((bar * 4 + beats) * beat + human * loosenessMs * RATE / 1000);
    }
  }

  private Pieces() {}

  /** 75 beats a minute, 12 bars, F major: a warm pad, an electric piano that thinks aloud. */
  static Stem calm() {
    Sheet sheet =
        new Sheet(
            75, "Fmaj9", "Am7", "Dm9", "Bbmaj7", "Fmaj9", "C/E", "Dm7", "Bbmaj9", "Gm9", "Am7",
            "Bbmaj7", "Csus");
    List<int[]> high = Harmony.voiceLead(sheet.chords, 53, 72);
    Stem pad = sheet.stem();
    Stem keys = sheet.stem();
    Stem bass = sheet.stem();
    Stem drums = sheet.stem();
    int bar = 4 * sheet.beat;
    for (int b = 0; b < sheet.bars; b++) {
      int[] notes = high.get(b);
      for (int note : notes) {
        sheet.synth.pad(pad, sheet.at(b, 0, 0), bar, note, 0.5, 0.42);
      }
      int root = Harmony.above(sheet.chords.get(b).bass(), 36);
      sheet.synth.bass(bass, sheet.at(b, 0, 3), (int) (2.3 * sheet.beat), root, 0.8);
      if (b % 2 == 1) {
        sheet.synth.bass(bass, sheet.at(b, 2.5, 3), sheet.beat, root, 0.55);
        sheet.synth.bass(bass, sheet.at(b, 3.5, 3), sheet.beat / 3, root + 7, 0.35);
      } else {
        sheet.synth.bass(bass, sheet.at(b, 2.5, 3), (int) (1.3 * sheet.beat), root, 0.55);
      }
      double[] places = b % 2 == 0 ? new double[] {0, 1.5, 2, 3.5} : new double[] {0, 1, 2.5, 3};
      int[] order = b % 2 == 0 ? new int[] {0, 2, 1, 3} : new int[] {1, 3, 2, 0};
      for (int i = 0; i < places.length; i++) {
        double pan = (i % 2 == 0 ? -0.3 : 0.3);
        sheet.synth.electricPiano(
            keys, sheet.at(b, places[i], 8), notes[order[i] % notes.length], 0.55 - 0.06 * i, pan);
      }
      for (int eighth = 1; eighth < 8; eighth += 2) {
        double level = eighth % 4 == 3 ? 1 : 0.55;
        if (b >= 4) {
          sheet.synth.shaker(drums, sheet.at(b, eighth / 2.0, 5), level, 0.35, 18, 26);
        }
      }
    }
    // Three short phrases, with rests for the voice between them.
    double[][] melody = {
      {2, 0.5, 69}, {2, 1.0, 72}, {2, 2.0, 74}, {3, 0.5, 72}, {3, 2.0, 69}, {6, 0.5, 77},
      {6, 1.5, 76}, {6, 2.0, 72}, {7, 0.5, 74}, {7, 2.5, 69}, {10, 0.5, 70}, {10, 1.0, 74},
      {10, 2.0, 77}, {11, 0.0, 74}, {11, 2.0, 72}
    };
    for (double[] note : melody) {
      sheet.synth.electricPiano(
          keys, sheet.at((int) note[0], note[1], 10), (int) note[2], 0.42, 0.1);
    }
    Stem wide = Biquad.lowPass(1900, 0.6).run(Effects.chorus(pad, 1.6, 9)).leveled(-25.5);
    Stem piano = Biquad.lowPass(7000, 0.6).run(keys).leveled(-21);
    Stem mix = sheet.stem();
    mix.mixIn(wide, 0);
    mix.mixIn(piano, 0);
    mix.mixIn(Biquad.lowPass(900, 0.7).run(bass).leveled(-26), 0);
    mix.mixIn(Biquad.highPass(4500, 0.7).run(drums).leveled(-49), 0);
    Stem send = piano.copy();
    send.mixIn(wide, -6);
    mix.mixIn(Biquad.highPass(220, 0.7).run(Effects.reverb(send, 0.86, 0.45)).leveled(-31), 0);
    return master(mix, -3);
  }

  /** 100 beats a minute, 16 bars, D major: plucked eighths, a light step, a hopeful turn. */
  static Stem bright() {
    Sheet sheet =
        new Sheet(
            100, "Dadd9", "A/Db", "Bm7", "Gadd9", "Dadd9", "A/Db", "Bm7", "Gmaj7", "Em7", "Gadd9",
            "D/Gb", "A", "Bm7", "Gadd9", "Em7", "Asus");
    List<int[]> mid = Harmony.voiceLead(sheet.chords, 57, 76);
    Stem pad = sheet.stem();
    Stem plucks = sheet.stem();
    Stem bass = sheet.stem();
    Stem kick = sheet.stem();
    Stem tops = sheet.stem();
    Stem claps = sheet.stem();
    int[][] patterns = {
      {0, 2, 1, 3, 2, 1, 3, 2}, {1, 3, 2, 0, 3, 1, 2, 3}, {0, 1, 3, 2, 1, 3, 0, 2}
    };
    int bar = 4 * sheet.beat;
    for (int b = 0; b < sheet.bars; b++) {
      int[] notes = mid.get(b);
      for (int note : notes) {
        sheet.synth.pad(pad, sheet.at(b, 0, 0), bar, note - 12, 0.4, 0.5);
      }
      int[] pattern = patterns[b / 4 % 3];
      for (int eighth = 0; eighth < 8; eighth++) {
        boolean rest = (b % 4 == 3 && eighth == 5) || (b % 2 == 1 && eighth == 1);
        if (!rest) {
          double accent = eighth == 0 || eighth == 3 || eighth == 6 ? 0.62 : 0.42;
          int note = notes[pattern[eighth] % notes.length];
          sheet.synth.pluck(
              plucks,
              sheet.at(b, eighth / 2.0, 4),
              note,
              accent,
              eighth % 2 == 0 ? -0.4 : 0.4,
              0.34);
        }
      }
      int root = Harmony.above(sheet.chords.get(b).bass(), 36);
      double[] steps = b % 2 == 0 ? new double[] {0, 1.5, 2.5} : new double[] {0, 1.5, 3, 3.5};
      for (int i = 0; i < steps.length; i++) {
        int note = i == steps.length - 1 && b % 2 == 1 ? root + 7 : root;
        sheet.synth.bass(
            bass, sheet.at(b, steps[i], 2), (int) (0.8 * sheet.beat), note, i == 0 ? 0.8 : 0.6);
      }
      sheet.synth.kick(kick, sheet.at(b, 0, 1), 0.9);
      sheet.synth.kick(kick, sheet.at(b, 2.5, 1), 0.6);
      if (b % 4 == 3) {
        sheet.synth.kick(kick, sheet.at(b, 3.5, 1), 0.5);
      }
      if (b >= 4) {
        sheet.synth.clap(claps, sheet.at(b, 1, 2), 0.8);
        sheet.synth.clap(claps, sheet.at(b, 3, 2), 0.9);
      }
      for (int eighth = 0; eighth < 8; eighth++) {
        double level = eighth % 2 == 1 ? 0.9 : 0.5;
        sheet.synth.shaker(tops, sheet.at(b, eighth / 2.0, 4), level, -0.3, 9, 18);
      }
    }
    double[][] melody = {
      {3, 1.5, 74}, {3, 2.0, 78}, {3, 3.0, 76}, {7, 0.5, 81}, {7, 1.5, 78}, {7, 2.0, 76},
      {7, 3.0, 74}, {11, 1.0, 76}, {11, 1.5, 78}, {11, 2.5, 81}, {15, 0.5, 79}, {15, 1.5, 78},
      {15, 2.0, 76}, {15, 3.0, 74}
    };
    for (double[] note : melody) {
      long at = sheet.at((int) note[0], note[1], 5);
      sheet.synth.pluck(plucks, at, (int) note[2], 0.5, 0.05, 0.6);
    }
    Stem pluck = Biquad.lowPass(6500, 0.6).run(plucks).leveled(-21.5);
    Stem mix = sheet.stem();
    Stem wide = Biquad.lowPass(2000, 0.6).run(Effects.chorus(pad, 1.4, 13)).leveled(-27);
    mix.mixIn(wide, 0);
    mix.mixIn(pluck, 0);
    mix.mixIn(Biquad.lowPass(1000, 0.7).run(bass).leveled(-26), 0);
    mix.mixIn(Biquad.lowPass(3000, 0.7).run(kick).leveled(-29), 0);
    mix.mixIn(Biquad.highPass(6000, 0.7).run(tops).leveled(-46), 0);
    Biquad.highPass(700, 0.8).run(claps);
    mix.mixIn(Biquad.bell(2500, 0.8, -8).run(claps).leveled(-43), 0);
    mix.mixIn(
        Biquad.lowPass(2200, 0.7).run(Effects.echo(pluck, sheet.beat * 3 / 4, 0.45)).leveled(-34),
        0);
    Stem send = pluck.copy();
    send.mixIn(wide, -8);
    send.mixIn(claps, 4);
    mix.mixIn(Biquad.highPass(250, 0.7).run(Effects.reverb(send, 0.80, 0.4)).leveled(-32), 0);
    return master(mix, -4.5);
  }

  /**
   * 120 beats a minute, 16 bars, A minor: a running bass, muted sixteenths, a pad that breathes.
   */
  static Stem drive() {
    Sheet sheet =
        new Sheet(
            120, "Amadd9", "Fmaj7", "C", "Gadd9", "Amadd9", "Fmaj7", "C/E", "G", "Fmaj7", "G",
            "Am7", "C/E", "Fmaj9", "G", "Am7", "Em7");
    List<int[]> mid = Harmony.voiceLead(sheet.chords, 55, 74);
    Stem pad = sheet.stem();
    Stem arp = sheet.stem();
    Stem lead = sheet.stem();
    Stem bass = sheet.stem();
    Stem kick = sheet.stem();
    Stem tops = sheet.stem();
    Stem claps = sheet.stem();
    int bar = 4 * sheet.beat;
    int[] run = {0, 2, 1, 3, 0, 2, 3, 1, 0, 2, 1, 3, 2, 3, 1, 2};
    for (int b = 0; b < sheet.bars; b++) {
      int[] notes = mid.get(b);
      for (int note : notes) {
        sheet.synth.pad(pad, sheet.at(b, 0, 0), bar, note - 12, 0.45, 0.55);
      }
      for (int sixteenth = 0; sixteenth < 16; sixteenth++) {
        boolean accent = sixteenth % 3 == 0;
        int note = notes[run[sixteenth] % notes.length];
        double open = 0.10 + 0.10 * (b % 8) / 8.0;
        sheet.synth.pluck(
            arp,
            sheet.at(b, sixteenth / 4.0, 2),
            note,
            accent ? 0.55 : 0.3,
            sixteenth % 2 == 0 ? -0.5 : 0.5,
            open);
      }
      int root = Harmony.above(sheet.chords.get(b).bass(), 36);
      for (int eighth = 0; eighth < 8; eighth++) {
        int note =
            eighth == 7 && b % 4 == 3 ? root + 12 : eighth == 5 && b % 2 == 1 ? root + 7 : root;
        sheet.synth.bass(
            bass,
            sheet.at(b, eighth / 2.0, 1),
            (int) (0.36 * sheet.beat),
            note,
            eighth % 2 == 0 ? 0.55 : 0.8);
      }
      for (int beat = 0; beat < 4; beat++) {
        sheet.synth.kick(kick, sheet.at(b, beat, 0), 0.9);
        sheet.synth.shaker(tops, sheet.at(b, beat + 0.5, 1), 1, 0.15, 1.5, 24);
        sheet.synth.shaker(tops, sheet.at(b, beat + 0.25, 3), 0.4, -0.35, 6, 12);
        sheet.synth.shaker(tops, sheet.at(b, beat + 0.75, 3), 0.5, -0.35, 6, 12);
      }
      if (b >= 4) {
        sheet.synth.clap(claps, sheet.at(b, 1, 1), 0.8);
        sheet.synth.clap(claps, sheet.at(b, 3, 1), 0.9);
      }
    }
    double[][] melody = {
      {4, 0.0, 76}, {4, 1.5, 74}, {4, 2.5, 72}, {5, 0.0, 69}, {6, 0.0, 67}, {6, 1.5, 72},
      {6, 2.5, 74}, {7, 0.0, 71}, {12, 0.0, 72}, {12, 1.5, 76}, {12, 2.5, 77}, {13, 0.0, 74},
      {14, 0.0, 76}, {14, 1.5, 74}, {14, 2.5, 72}, {15, 0.0, 71}
    };
    for (double[] note : melody) {
      long at = sheet.at((int) note[0], note[1], 4);
      sheet.synth.electricPiano(lead, at, (int) note[2], 0.5, 0.1);
    }
    Stem mix = sheet.stem();
    Stem wide =
        Effects.pump(Biquad.lowPass(2100, 0.6).run(Effects.chorus(pad, 1.5, 11)), sheet.beat, 0.6)
            .leveled(-25.5);
    Stem muted = Biquad.lowPass(5000, 0.6).run(arp).leveled(-25);
    Stem voice = Biquad.lowPass(5000, 0.6).run(lead).leveled(-27.5);
    mix.mixIn(wide, 0);
    mix.mixIn(muted, 0);
    mix.mixIn(voice, 0);
    mix.mixIn(Effects.pump(Biquad.lowPass(900, 0.7).run(bass), sheet.beat, 0.35).leveled(-25.5), 0);
    mix.mixIn(Biquad.lowPass(3500, 0.7).run(kick).leveled(-27), 0);
    mix.mixIn(Biquad.highPass(6500, 0.7).run(tops).leveled(-43.5), 0);
    Biquad.highPass(700, 0.8).run(claps);
    mix.mixIn(Biquad.bell(2500, 0.8, -8).run(claps).leveled(-41.5), 0);
    mix.mixIn(
        Biquad.lowPass(2000, 0.7).run(Effects.echo(voice, sheet.beat * 3 / 4, 0.5)).leveled(-36),
        0);
    Stem send = voice.copy();
    send.mixIn(wide, -8);
    send.mixIn(claps, 4);
    send.mixIn(muted, -5);
    mix.mixIn(Biquad.highPass(250, 0.7).run(Effects.reverb(send, 0.82, 0.4)).leveled(-32.5), 0);
    return master(mix, -4);
  }

  /** Room for the voice around 2.2 kHz, no rumble, soft peaks at -3 dBFS. */
  private static Stem master(Stem mix, double voiceRoomDecibels) {
    Biquad.highPass(32, 0.7).run(mix);
    Biquad.bell(2200, 0.6, voiceRoomDecibels).run(mix);
    Biquad.bell(300, 0.8, -1.5).run(mix);
    return Effects.finish(mix, 1.6, -3);
  }
}
