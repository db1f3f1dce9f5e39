package dev.reelbeam.fakes;

import dev.reelbeam.model.port.RenderCredits;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Tickets in memory. Thread-safe. */
public final class FakeRenderCredits implements RenderCredits {
  private final Set<String> returned = ConcurrentHashMap.newKeySet();

  @Override
  public void giveBack(String ticket) {
    returned.add(ticket);
  }

  @Override
  public Set<String> givenBack(Collection<String> tickets) {
    Set<String> found = new TreeSet<>(tickets);
    found.retainAll(returned);
    return found;
  }

  @Override
  public void close() {
    // Shared by everybody who opened it.
  }
}
