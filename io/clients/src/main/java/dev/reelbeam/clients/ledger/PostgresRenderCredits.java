package dev.reelbeam.clients.ledger;

import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.model.port.RenderCredits;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Render tickets on their way back, in Postgres. Those that nobody asks for go after an hour. */
public final class PostgresRenderCredits implements RenderCredits {
  private final Database database;

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

  /** Forgets tickets whose return was read, and all that were given back over an hour ago. */
  public void forget(Collection<String> tickets) {
    if (tickets.isEmpty()) {
      return;
    }
    database.with(
        handle ->
            handle
                .createUpdate(
                    "delete from render_ticket where ticket = any (:tickets)"
                        + " or given_back_at < now() - interval '1 hour'")
                .bindArray("tickets", String.class, List.copyOf(tickets))
                .execute());
  }

  @Override
  public void close() {
    database.close();
  }
}
