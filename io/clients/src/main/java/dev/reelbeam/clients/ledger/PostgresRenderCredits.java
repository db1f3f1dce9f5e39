package dev.reelbeam.clients.ledger;

import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.model.port.RenderCredits;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/** Render tickets on their way back, in Postgres. Those that nobody asks for go after an hour. */
public final class PostgresRenderCredits implements RenderCredits {
  private static final Duration FORGET_EVERY = Duration.ofMinutes(10);

  private final Database database;

  /** Far enough back that the first ticket of a process makes room. */
  private final AtomicLong forgotNs = new AtomicLong(System.nanoTime() - FORGET_EVERY.toNanos());

  private PostgresRenderCredits(Database database) {
    this.database = database;
  }

  public static PostgresRenderCredits open(PostgresSettings settings) {
    return new PostgresRenderCredits(Database.open(settings));
  }

  @Override
  public void giveBack(String ticket) {
    database.with(
        handle ->
            handle.execute(
                "insert into render_ticket (ticket) values (?) on conflict do nothing", ticket));
    forgetOld();
  }

  @Override
  public Set<String> givenBack(Collection<String> tickets) {
    if (tickets.isEmpty()) {
      return Set.of();
    }
    return database.with(
        handle ->
            new TreeSet<>(
                handle
                    .createQuery("select ticket from render_ticket where ticket = any (:tickets)")
                    .bindArray("tickets", String.class, List.copyOf(tickets))
                    .mapTo(String.class)
                    .list()));
  }

  /** Those that were given back over an hour ago: the dispatcher takes them as lost by then. */
  private void forgetOld() {
    long nowNs = System.nanoTime();
    long lastNs = forgotNs.get();
    if (nowNs - lastNs < FORGET_EVERY.toNanos() || !forgotNs.compareAndSet(lastNs, nowNs)) {
      return;
    }
    database.with(
        handle ->
            handle.execute(
                "delete from render_ticket where given_back_at < now() - interval '1 hour'"));
  }

  @Override
  public void close() {
    database.close();
  }
}
