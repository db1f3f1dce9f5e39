package dev.reelbeam.stages.pool;

import dev.reelbeam.model.failure.FailureCode;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.resourcehints.ResourceHint;
import org.apache.beam.sdk.transforms.resourcehints.ResourceHints;

/**
 * A named pool of workers, for example {@code gpu}: a Beam resource hint on the transforms that
 * must run there, and the question of a worker whether it belongs there.
 *
 * <p>A runner that knows pools places the transform (see the runner of the streaming job); one that
 * does not ignores the hint, and the worker's own check then fails the task instead of letting it
 * run elsewhere. What the workers of a pool can do, an encoder for example, is another setting.
 *
 * @param name small letters, digits and dashes; {@link #ANY} for no pool at all
 */
public record WorkerPool(String name) implements Serializable {
  /** The hint's URN: Beam's own accelerator hint names a device, ours a group of workers. */
  public static final String URN = "reelbeam:resources:pool:v1";

  /** System property of a worker that names its pool. */
  public static final String PROPERTY = "reelbeam.pool";

  /** Environment variable of a worker that names its pool; the property wins. */
  public static final String VARIABLE = "REELBEAM_POOL";

  private static final Pattern NAME = Pattern.compile("|[a-z][a-z0-9-]{0,30}");

  /** Wherever the runner likes. */
  public static final WorkerPool ANY = new WorkerPool("");

  public WorkerPool {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' is no name of a pool");
    }
  }

  /** Marks the transform, and with it everything inside it, for this pool. */
  public <T extends PTransform<?, ?>> T mark(T transform) {
    if (!name.isEmpty()) {
      transform.setResourceHints(ResourceHints.create().withHint(URN, new PoolHint(name)));
    }
    return transform;
  }

  /** The pool that hints ask for, if they do. */
  public static Optional<String> of(ResourceHints hints) {
    ResourceHint hint = hints.hints().get(URN);
    return hint == null
        ? Optional.empty()
        : Optional.of(new String(hint.toBytes(), StandardCharsets.UTF_8));
  }

  /** The name of the pool that this worker belongs to; empty for none. */
  public static String here() {
    return System.getProperty(PROPERTY, Optional.ofNullable(System.getenv(VARIABLE)).orElse(""));
  }

  /**
   * Checks in a worker's set-up that the worker belongs to this pool.
   *
   * @throws IllegalStateException {@code 5036 POOL_WRONG}: the runner ignored the hint
   */
  public void requireHere() {
    String here = here();
    if (!name.isEmpty() && !name.equals(here)) {
      throw new IllegalStateException(
          FailureCode.POOL_WRONG.label()
              + ": this work belongs on the pool '"
              + name
              + "', and this worker is of "
              + (here.isEmpty() ? "none" : "'" + here + "'")
              + ". "
              + FailureCode.POOL_WRONG.remedy());
    }
  }

  private static final class PoolHint extends ResourceHint {
    private final String name;

    PoolHint(String name) {
      this.name = name;
    }

    @Override
    public byte[] toBytes() {
      return name.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof PoolHint hint && hint.name.equals(name);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }
  }
}
