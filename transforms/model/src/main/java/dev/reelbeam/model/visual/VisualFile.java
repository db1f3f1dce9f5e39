package dev.reelbeam.model.visual;

import dev.reelbeam.model.cost.Charge;
import java.util.List;

/**
 * The bytes of a visual.
 *
 * @param bytes a file of any format that claims to be a picture or a clip; nobody has decoded it
 * @param charges what was billed for it
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over once, never compared.
public record VisualFile(byte[] bytes, List<Charge> charges) {
  public VisualFile {
    charges = List.copyOf(charges);
  }
}
