package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.store.MediaRef;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How a video is handled on its way; it says nothing about the result and stays out of its keys.
 *
 * @param epoch the project's epoch; 0: nobody keeps a ledger in this run
 * @param review how each gate decides
 * @param priority {@code high}, {@code normal} or {@code low}
 * @param moderation what moderation wants a person to look at, a {@link
 *     dev.reelbeam.model.moderation.ModerationReport} as JSON; null for nothing
 * @param pool whose workers render it; null for the usual one
 */
public record Handling(
    long epoch,
    ReviewPolicy review,
    String priority,
    @Nullable MediaRef moderation,
    @Nullable String pool)
    implements Serializable {
  /** Nobody waits for anybody. */
  public static final Handling PLAIN = new Handling(0, ReviewPolicy.AUTO, "normal");

  /** Handled as the record asks for, rendered by the usual pool. */
  public Handling(long epoch, ReviewPolicy review, String priority) {
    this(epoch, review, priority, null, null);
  }

  /** The same, rendered by the workers of this pool; null for the usual one. */
  public Handling renderedOn(@Nullable String newPool) {
    return new Handling(epoch, review, priority, moderation, newPool);
  }

  /**
   * A person decides at this gate, whatever the record asks for, and no deadline in their place.
   */
  public Handling reviewedAt(Gate gate, MediaRef report) {
    String manual = "manual";
    return new Handling(
        epoch,
        new ReviewPolicy(
            gate == Gate.SCRIPT ? manual : review.script(),
            gate == Gate.VOICE ? manual : review.voice(),
            gate == Gate.VISUALS ? manual : review.visuals(),
            gate == Gate.FINAL ? manual : review.finalVideo()),
        priority,
        report,
        pool);
  }
}
