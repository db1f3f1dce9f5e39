package dev.reelbeam.model.port;

import dev.reelbeam.model.store.MediaRef;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Addresses under which stored bytes can be had from outside. Thread-safe. */
public interface MediaAddresses {
  /** An address for whoever is given it, for a while; empty where the store cannot make one. */
  Optional<URI> signed(MediaRef ref, Duration time);

  /** An address for everybody, for ever; empty where the store is not public. */
  Optional<URI> unsigned(MediaRef ref);
}
