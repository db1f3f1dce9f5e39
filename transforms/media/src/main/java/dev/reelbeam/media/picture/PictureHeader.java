package dev.reelbeam.media.picture;

import org.jspecify.annotations.Nullable;

/**
 * What a file says about itself before a pixel is decoded.
 *
 * @param bytesPerPixel of the decoder's own picture, for the memory estimate
 * @param orientation EXIF orientation 1-8 that still has to be applied
 * @param iccProfile embedded colour profile that the decoder leaves unapplied, else null
 * @param decodable the bytes to hand to the decoder: the file, or a copy without what is not needed
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record PictureHeader(
    PictureFormat format,
    int widthPx,
    int heightPx,
    int bytesPerPixel,
    int orientation,
    byte @Nullable [] iccProfile,
    byte[] decodable) {
  long pixels() {
    return (long) widthPx * heightPx;
  }
}
