package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.ReviewPolicy;
import java.io.Serializable;

/**
 * How a video is handled on its way; it says nothing about the result and stays out of its keys.
 *
 * @param epoch the project's epoch; 0: nobody keeps a ledger in this run
 * @param review how each gate decides
 * @param priority {@code high}, {@code normal} or {@code low}
 */
public record Handling(long epoch, ReviewPolicy review, String priority) implements Serializable {
  /** Nobody waits for anybody. */
  public static final Handling PLAIN = new Handling(0, ReviewPolicy.AUTO, "normal");
}
