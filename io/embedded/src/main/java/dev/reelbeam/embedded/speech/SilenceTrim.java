package dev.reelbeam.embedded.speech;

/**
 * Cuts what an engine says before and after the speech, so that the pauses between pieces are made
 * by the mixer alone, and ramps both ends, so that pieces join without a click.
 */
final class SilenceTrim {
  /** What is kept around the speech: a soft consonant may begin below the threshold. */
  private static final int KEPT_MS = 20;

  private static final int RAMP_MS = 5;

  /** About -46 dBFS: above the engines' own noise, below their softest consonants. */
  private static final int SILENCE_LEVEL = 160;

  private SilenceTrim() {}

  /**
   * The trimmed audio.
   *
   * @param audio new samples
   * @param cutUs how much earlier everything is now
   */
  record Trimmed(WavAudio audio, long cutUs) {}

  /** Audio without a sound above the threshold is returned as it is. */
  static Trimmed trim(WavAudio audio) {
    short[] samples = audio.samples();
    int first = 0;
    while (first < samples.length && Math.abs(samples[first]) < SILENCE_LEVEL) {
      first++;
    }
    if (first == samples.length) {
      return new Trimmed(audio, 0);
    }
    int last = samples.length;
    while (Math.abs(samples[last - 1]) < SILENCE_LEVEL) {
      last--;
    }
    int kept = audio.sampleRate() * KEPT_MS / 1000;
    int start = Math.max(0, first - kept);
    int end = Math.min(samples.length, last + kept);
    WavAudio cut = audio.slice(start, end);
    ramp(cut);
    return new Trimmed(cut, start * 1_000_000L / audio.sampleRate());
  }

  private static void ramp(WavAudio audio) {
    short[] samples = audio.samples();
    int length = Math.min(samples.length / 2, audio.sampleRate() * RAMP_MS / 1000);
    for (int i = 0; i < length; i++) {
      int mirrored = samples.length - 1 - i;
      samples[i] = (short) (samples[i] * i / length);
      samples[mirrored] = (short) (samples[mirrored] * i / length);
    }
  }
}
