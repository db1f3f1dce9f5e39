package dev.reelbeam.media.codec;

import java.io.Serializable;

/**
 * Loudness of a sound by EBU R 128 and ITU-R BS.1770.
 *
 * @param integratedMilliLufs gated loudness of the whole, in thousandths of a LUFS; {@link #SILENT}
 *     when nothing passed the gate
 * @param rangeMilliLu loudness range, in thousandths of a LU
 * @param truePeakMilliDb highest peak between the samples, in thousandths of a dBTP; {@link
 *     #SILENT} for digital silence
 */
public record AudioLevels(int integratedMilliLufs, int rangeMilliLu, int truePeakMilliDb)
    implements Serializable {
  /** Stands for "below anything audible". */
  public static final int SILENT = -120_000;
}
