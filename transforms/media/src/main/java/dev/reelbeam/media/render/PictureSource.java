package dev.reelbeam.media.render;

import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.store.MediaRef;
import java.nio.file.Path;

/** Brings stored pictures within reach; may be asked by several threads at once. */
@FunctionalInterface
public interface PictureSource {
  /** A local file with exactly these bytes, which stays while the renderer reads it. */
  Path localFile(MediaRef ref) throws StageException;
}
