package dev.reelbeam.media.audio;

import dev.reelbeam.media.codec.AudioLevels;
import java.nio.file.Path;

/**
 * A finished sound track and what was measured on it after decoding.
 *
 * @param file AAC-LC, 48 kHz stereo, in an MP4 container without an edit list
 * @param packets AAC packets of 1024 samples
 * @param samples length of the decoded sound, {@code packets * 1024}
 * @param levels measured on the decoded file
 * @param rounds how often it was encoded, 1 or 2
 * @param gainMilliDb constant gain on the mix
 * @param limiterReductionMilliDb strongest reduction by the limiter
 * @param voiceMilliLufs loudness of the narration alone, before the gain; {@link
 *     AudioLevels#SILENT} for none
 * @param musicMilliLufs loudness of the music alone, at its own level; {@link AudioLevels#SILENT}
 *     for none
 * @param musicGainMilliDb constant gain that set the music against the voice
 */
public record SoundTrack(
    Path file,
    int packets,
    long samples,
    AudioLevels levels,
    int rounds,
    int gainMilliDb,
    int limiterReductionMilliDb,
    int voiceMilliLufs,
    int musicMilliLufs,
    int musicGainMilliDb) {
  /** Length in microseconds, rounded down. */
  public long durationUs() {
    return samples * 1_000_000L / 48_000L;
  }
}
