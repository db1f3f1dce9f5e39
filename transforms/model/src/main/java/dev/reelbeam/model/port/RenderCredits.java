package dev.reelbeam.model.port;

import java.util.Collection;
import java.util.Set;

/**
 * How the dispatcher learns that a render slot is free again. Thread-safe.
 *
 * <p>A graph has no cycles, so a worker gives its ticket back here and the dispatcher, which holds
 * the tickets that are out in its state, asks for them. Both sides may repeat themselves. A ticket
 * that is lost is taken as given back after a while, so this needs no more than to be shared by the
 * workers and to outlive a few minutes.
 */
public interface RenderCredits extends AutoCloseable {
  /** Gives a ticket back; a repeated one changes nothing. */
  void giveBack(String ticket);

  /** Of these tickets, those that were given back. */
  Set<String> givenBack(Collection<String> tickets);

  @Override
  void close();
}
