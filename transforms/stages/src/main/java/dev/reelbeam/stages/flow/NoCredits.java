package dev.reelbeam.stages.flow;

import dev.reelbeam.model.port.RenderCredits;
import java.util.Collection;
import java.util.Set;

/** Nobody counts tickets: everything is released at once. */
public final class NoCredits implements RenderCredits {
  @Override
  public void giveBack(String ticket) {}

  @Override
  public Set<String> givenBack(Collection<String> tickets) {
    return Set.copyOf(tickets);
  }

  @Override
  public void close() {}
}
