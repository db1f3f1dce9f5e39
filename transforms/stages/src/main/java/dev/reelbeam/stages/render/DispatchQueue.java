package dev.reelbeam.stages.render;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who waits and what is out: the dispatcher's state beside the orders themselves. A pure value.
 *
 * @param waiting renders with segments to release, by arrival
 * @param out tickets that were released and not given back
 * @param arrivals renders that ever arrived
 * @param sinceLow requests released since the low lane had one, counted while it waits
 */
record DispatchQueue(List<Waiting> waiting, List<Ticket> out, long arrivals, int sinceLow) {
  static final DispatchQueue EMPTY = new DispatchQueue(List.of(), List.of(), 0, 0);

  /**
   * A render in line.
   *
   * @param rank 0 high, 1 normal, 2 low
   * @param next place of the segment that is released next
   */
  record Waiting(String renderId, String project, long epoch, int rank, long arrival, int next) {}

  /** A request that is out. */
  record Ticket(String id, long releasedMs) {}

  boolean isIdle() {
    return waiting.isEmpty() && out.isEmpty();
  }

  boolean holds(String renderId) {
    return waiting.stream().anyMatch(one -> one.renderId().equals(renderId));
  }

  DispatchQueue with(String renderId, String project, long epoch, int rank) {
    List<Waiting> more = new ArrayList<>(waiting);
    more.add(new Waiting(renderId, project, epoch, rank, arrivals, 0));
    return new DispatchQueue(List.copyOf(more), out, arrivals + 1, sinceLow);
  }

  DispatchQueue without(String renderId) {
    return new DispatchQueue(
        waiting.stream().filter(one -> !one.renderId().equals(renderId)).toList(),
        out,
        arrivals,
        sinceLow);
  }

  DispatchQueue withOut(List<Ticket> stillOut) {
    return new DispatchQueue(waiting, List.copyOf(stillOut), arrivals, sinceLow);
  }

  /** How many renders go before this one. */
  int position(String renderId) {
    List<Waiting> order = new ArrayList<>(waiting);
    order.sort(Comparator.comparingInt(Waiting::rank).thenComparingLong(Waiting::arrival));
    for (int i = 0; i < order.size(); i++) {
      if (order.get(i).renderId().equals(renderId)) {
        return i;
      }
    }
    return 0;
  }

  /**
   * Whose segment goes next: high before normal before low, within a rank the first that came; but
   * when the low lane waits, every {@code lowEvery}-th request is one of its.
   */
  @Nullable Waiting next(int lowEvery) {
    Waiting first = null;
    Waiting firstLow = null;
    for (Waiting one : waiting) {
      if (first == null || one.rank() < first.rank()) {
        first = one;
      }
      if (one.rank() == 2 && firstLow == null) {
        firstLow = one;
      }
    }
    return firstLow != null && sinceLow >= lowEvery - 1 ? firstLow : first;
  }

  /** The queue after a segment of this render was released. */
  DispatchQueue released(Waiting from, boolean last, Ticket ticket) {
    List<Waiting> rest = new ArrayList<>(waiting.size());
    for (Waiting one : waiting) {
      if (!one.renderId().equals(from.renderId())) {
        rest.add(one);
      } else if (!last) {
        rest.add(
            new Waiting(
                one.renderId(),
                one.project(),
                one.epoch(),
                one.rank(),
                one.arrival(),
                one.next() + 1));
      }
    }
    List<Ticket> tickets = new ArrayList<>(out);
    tickets.add(ticket);
    boolean lowWaits = waiting.stream().anyMatch(one -> one.rank() == 2);
    return new DispatchQueue(
        List.copyOf(rest),
        List.copyOf(tickets),
        arrivals,
        from.rank() == 2 || !lowWaits ? 0 : sinceLow + 1);
  }
}
