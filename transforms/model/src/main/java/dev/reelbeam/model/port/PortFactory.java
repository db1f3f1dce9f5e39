package dev.reelbeam.model.port;

import java.io.Serializable;

/** Opens a port on the worker: configuration travels, clients and native objects do not. */
@FunctionalInterface
public interface PortFactory<T> extends Serializable {
  T open();
}
