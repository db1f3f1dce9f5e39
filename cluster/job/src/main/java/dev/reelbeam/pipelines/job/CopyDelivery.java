package dev.reelbeam.pipelines.job;

import dev.reelbeam.connectors.DeliveryIO;
import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.PortFactory;
import dev.reelbeam.stages.step.Step;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Lays a delivery's files into a folder; a step, because a task would wait for large ones. */
final class CopyDelivery implements Step<Delivery, Delivery> {
  private static final long serialVersionUID = 1L;

  private final String folder;
  private final PortFactory<ObjectStore> factory;
  private transient @Nullable ObjectStore store;

  CopyDelivery(Path folder, PortFactory<ObjectStore> factory) {
    this.folder = folder.toAbsolutePath().normalize().toString();
    this.factory = factory;
  }

  @Override
  public void open() {
    store = factory.open();
  }

  @Override
  public void close() {
    if (store != null) {
      store.close();
    }
  }

  @Override
  public Delivery apply(Delivery delivery) {
    DeliveryIO.writeFiles(Path.of(folder), delivery, Objects.requireNonNull(store, "open() first"));
    return delivery;
  }
}
