package dev.reelbeam.media.audio.music;

/** The instruments: each writes one note into a stem. Times in samples, pitches as MIDI notes. */
final class Synth {
  private static final int RATE = 48_000;
  private static final int TABLE = 1 << 14;
  private static final double[] SINE = new double[TABLE + 1];

  static {
    for (int i = 0; i <= TABLE; i++) {
      SINE[i] = StrictMath.sin(2 * Math.PI * i / TABLE);
    }
  }

  /** The same noise on every machine. */
  private long noiseState = 0x9E3779B97F4A7C15L;

  static double sine(double radians) {
    double turns = radians / (2 * Math.PI);
    turns -= Math.floor(turns);
    double position = turns * TABLE;
    int index = (int) position;
    double part = position - index;
    return SINE[index] + (SINE[index + 1] - SINE[index]) * part;
  }

  static double hertz(double midi) {
    return 440 * StrictMath.pow(2, (midi - 69) / 12);
  }

  /** Even noise from -1 to 1 (a 64-bit linear congruential generator). */
  double noise() {
    noiseState = noiseState * 6364136223846793005L + 1442695040888963407L;
    return (noiseState >> 11) / (double) (1L << 52);
  }

  /** A soft, wide pad: four detuned voices of a few falling harmonics, slow in and out. */
  void pad(Stem stem, long at, int length, int midi, double level, double brightness) {
    int attack = RATE * 7 / 10;
    int release = RATE * 14 / 10;
    double[] detune = {-7, -2.5, 3, 6.5};
    double[] pans = {-0.8, 0.5, -0.4, 0.8};
    for (int voice = 0; voice < 4; voice++) {
      double step = 2 * Math.PI * hertz(midi + detune[voice] / 100) / RATE;
      double start = voice * 1.9 + midi * 0.7;
      for (int i = 0; i < length + release; i++) {
        double rise = i < attack ? 0.5 - 0.5 * sine(Math.PI * (0.5 + (double) i / attack)) : 1;
        double fall =
            i < length ? 1 : 0.5 + 0.5 * sine(Math.PI * (0.5 + (double) (i - length) / release));
        double phase = start + step * i;
        double value = 0;
        double amplitude = 1;
        for (int harmonic = 1; harmonic <= 7; harmonic++) {
          value += amplitude * sine(phase * harmonic);
          amplitude *= brightness * harmonic / (harmonic + 1.0);
        }
        stem.add(at + i, 0.25 * level * rise * fall * value, pans[voice]);
      }
    }
  }

  /** An electric piano: two-operator FM, the bell fading first. */
  void electricPiano(Stem stem, long at, int midi, double level, double pan) {
    double step = 2 * Math.PI * hertz(midi) / RATE;
    int length = (int) (RATE * 3.2);
    double decay = 1.1 + (72 - midi) * 0.02;
    for (int i = 0; i < length; i++) {
      double t = i / (double) RATE;
      double attack = Math.min(1, t / 0.004);
      double tail = Math.min(1, (length - i) / (0.3 * RATE));
      double body = StrictMath.exp(-t / decay);
      double index = 2.8 * level * StrictMath.exp(-t / 0.6);
      double tine = 0.09 * level * StrictMath.exp(-t / 0.09) * sine(7 * step * i);
      double value = sine(step * i + index * sine(step * i)) + tine;
      double tremolo = 1 + 0.12 * sine(2 * Math.PI * 4.2 * t);
      stem.add(at + i, level * attack * tail * body * tremolo * value, pan);
    }
  }

  /** A plucked, kalimba-like tone: harmonics that fade the faster the higher they are. */
  void pluck(Stem stem, long at, int midi, double level, double pan, double ring) {
    double step = 2 * Math.PI * hertz(midi) / RATE;
    int length = (int) (RATE * Math.min(2.5, ring * 5));
    double[] amplitudes = {1, 0.55, 0.34, 0.2, 0.13, 0.09, 0.05};
    for (int i = 0; i < length; i++) {
      double t = i / (double) RATE;
      double attack = Math.min(1, t / 0.0025);
      double tail = Math.min(1, (length - i) / (0.05 * RATE));
      double value = 0;
      for (int harmonic = 1; harmonic <= amplitudes.length; harmonic++) {
        value +=
            amplitudes[harmonic - 1]
                * StrictMath.exp(-t * (0.45 + 0.55 * harmonic) / ring)
                * sine(step * harmonic * i);
      }
      stem.add(at + i, level * attack * tail * value, pan);
    }
  }

  /** A round bass: a sine, some octave, gently saturated. */
  void bass(Stem stem, long at, int length, int midi, double level) {
    double step = 2 * Math.PI * hertz(midi) / RATE;
    int release = RATE * 12 / 100;
    for (int i = 0; i < length + release; i++) {
      double t = i / (double) RATE;
      double attack = Math.min(1, t / 0.008);
      double fall = i < length ? 1 : 1 - (i - length) / (double) release;
      double decay = 0.45 + 0.55 * StrictMath.exp(-t / 0.5);
      double value =
          sine(step * i)
              + 0.35 * StrictMath.exp(-t / 0.35) * sine(2 * step * i)
              + 0.12 * StrictMath.exp(-t / 0.15) * sine(3 * step * i);
      stem.add(at + i, level * attack * fall * decay * StrictMath.tanh(1.2 * value), 0);
    }
  }

  /** A soft bass drum: a sine that falls from 120 to 46 Hz. */
  void kick(Stem stem, long at, double level) {
    double phase = 0;
    int length = RATE * 35 / 100;
    for (int i = 0; i < length; i++) {
      double t = i / (double) RATE;
      phase += 2 * Math.PI * (46 + 74 * StrictMath.exp(-t / 0.03)) / RATE;
      double attack = Math.min(1, t / 0.002);
      double tail = Math.min(1, (length - i) / (0.05 * RATE));
      stem.add(at + i, level * attack * tail * StrictMath.exp(-t / 0.13) * sine(phase), 0);
    }
  }

  /** A shaker or hat: high-passed noise with a soft or sharp start. */
  void shaker(Stem stem, long at, double level, double pan, double attackMs, double decayMs) {
    int length = (int) (RATE * (attackMs + 6 * decayMs) / 1000);
    double before = 0;
    double earlier = 0;
    for (int i = 0; i < length; i++) {
      double t = i * 1000.0 / RATE;
      double envelope = t < attackMs ? t / attackMs : StrictMath.exp(-(t - attackMs) / decayMs);
      double white = noise();
      // Second difference: rises 12 dB per octave, only the top is left.
      double value = 0.25 * (white - 2 * before + earlier);
      earlier = before;
      before = white;
      stem.add(at + i, level * envelope * value, pan);
    }
  }

  /** A brushed clap, kept away from the consonants of a voice by filtering its stem. */
  void clap(Stem stem, long at, double level) {
    for (int hit = 0; hit < 3; hit++) {
      int start = hit * RATE * 11 / 1000;
      int length = RATE * (hit == 2 ? 160 : 12) / 1000;
      for (int i = 0; i < length; i++) {
        double t = i / (double) RATE;
        double envelope = StrictMath.exp(-t / (hit == 2 ? 0.045 : 0.006));
        stem.add(at + start + i, level * envelope * noise(), hit * 0.2 - 0.2);
      }
    }
  }
}
