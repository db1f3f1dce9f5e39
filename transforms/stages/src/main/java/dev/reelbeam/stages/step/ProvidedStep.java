package dev.reelbeam.stages.step;

import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.stages.flow.Artifacts;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A step that works with the store: opens it, finds results in it, closes it. */
public abstract class ProvidedStep<InputT, OutputT> implements Step<InputT, OutputT> {
  private static final long serialVersionUID = 1L;

  private final Providers providers;
  private transient @Nullable ObjectStore store;
  private transient @Nullable Artifacts artifacts;
  private transient @Nullable Progress progress;

  protected ProvidedStep(Providers providers) {
    this.providers = providers;
  }

  @Override
  public void open() {
    ObjectStore opened = providers.store().open();
    Progress listener = providers.progress().open();
    store = opened;
    progress = listener;
    artifacts = new Artifacts(opened, listener);
  }

  @Override
  public void close() {
    if (store != null) {
      store.close();
    }
  }

  protected final Providers providers() {
    return providers;
  }

  protected final Artifacts artifacts() {
    return Objects.requireNonNull(artifacts, "open() first");
  }

  protected final ObjectStore store() {
    return Objects.requireNonNull(store, "open() first");
  }

  protected final Progress progress() {
    return Objects.requireNonNull(progress, "open() first");
  }
}
