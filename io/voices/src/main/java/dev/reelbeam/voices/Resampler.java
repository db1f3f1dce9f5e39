package dev.reelbeam.voices;

/** Brings speech to the rate that a listener takes: a windowed sinc, computed per sample. */
final class Resampler {
  /** Zero crossings on each side; enough for speech, which is all that passes here. */
  private static final int CROSSINGS = 16;

  /** What lies above is taken away before it folds back. */
  private static final double PASS = 0.94;

  private Resampler() {}

  /** Samples from -1 to 1 at another rate. */
  static float[] to(int rate, Utterance said) {
    int from = said.sampleRate();
    int count = (int) ((long) said.sampleCount() * rate / from);
    float[] samples = new float[count];
    // Cycles per sample of the source that may pass, times two.
    double cutoff = from == rate ? 1 : PASS * Math.min(1, (double) rate / from);
    double reach = CROSSINGS / cutoff;
    for (int i = 0; i < count; i++) {
      double centre = (double) i * from / rate;
      int first = Math.max(0, (int) Math.ceil(centre - reach));
      int last = Math.min(said.sampleCount() - 1, (int) Math.floor(centre + reach));
      double sum = 0;
      for (int at = first; at <= last; at++) {
        double distance = at - centre;
        double window = 0.5 + 0.5 * Math.cos(Math.PI * distance / reach);
        sum += said.samples()[at] * window * sinc(distance * cutoff);
      }
      samples[i] = (float) (sum * cutoff / 32_768);
    }
    return samples;
  }

  private static double sinc(double x) {
    return Math.abs(x) < 1e-9 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
  }
}
