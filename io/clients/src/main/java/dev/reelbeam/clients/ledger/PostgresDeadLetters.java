package dev.reelbeam.clients.ledger;

import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.port.DeadLetterBox;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Dead letters in Postgres. */
public final class PostgresDeadLetters implements DeadLetterBox {
  /** An index holds no more than 2,704 bytes, which are 901 characters at three bytes each. */
  private static final int MAX_RECORD_ID = 800;

  private final Database database;

  private PostgresDeadLetters(Database database) {
    this.database = database;
  }

  public static PostgresDeadLetters open(PostgresSettings settings) {
    return new PostgresDeadLetters(Database.open(settings));
  }

  @Override
  public void put(DeadLetter letter) {
    database.with(
        handle ->
            handle
                .createUpdate(
                    "insert into dead_letter (letter_id, record_id, revision, preset, stage, code,"
                        + " number, message, remedy, replayable, payload, detail) values (:id,"
                        + " :record, :revision, :preset, :stage, :code, :number, :message, :remedy,"
                        + " :replayable, :payload, :detail) on conflict (letter_id) do update set"
                        + " message = excluded.message, payload = excluded.payload,"
                        + " detail = excluded.detail, state = 'open', settled_at = null,"
                        + " attempts = dead_letter.attempts + 1, last_at = now()")
                .bind("id", letter.id())
                .bind("record", recordId(letter.recordId()))
                .bind("revision", letter.revision())
                .bind("preset", letter.preset())
                .bind("stage", letter.stage())
                .bind("code", letter.code())
                .bind("number", letter.number())
                .bind("message", text(letter.message()))
                .bind("remedy", letter.remedy())
                .bind("replayable", letter.replayable())
                .bind("payload", text(letter.payloadJson()))
                .bind("detail", letter.detail() == null ? null : text(letter.detail()))
                .execute());
  }

  /** Ids that nobody has checked: those of what could not be read may be of any length. */
  private static String recordId(String id) {
    String text = text(id);
    if (text.length() <= MAX_RECORD_ID) {
      return text;
    }
    // No half of a pair is left at the end.
    int end = Character.isHighSurrogate(text.charAt(MAX_RECORD_ID - 2)) ? 2 : 1;
    return text.substring(0, MAX_RECORD_ID - end) + "…";
  }

  /** Postgres keeps no NUL in a text; in what could not be parsed there may be one. */
  private static String text(String value) {
    return value.indexOf('\0') < 0 ? value : value.replace('\0', '\uFFFD');
  }

  @Override
  public Optional<Kept> find(String id) {
    List<Kept> found =
        database.with(
            handle ->
                handle
                    .createQuery(
                        "select * from dead_letter where letter_id = :id or (length(:id) >= 6"
                            + " and starts_with(letter_id, :id)) limit 2")
                    .bind("id", id)
                    .map((result, context) -> kept(result))
                    .list());
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }

  @Override
  public List<Kept> list(Query query) {
    return database.with(
        handle ->
            meant(handle, query, Long.MAX_VALUE, "last_at desc, id desc")
                .map((result, context) -> kept(result))
                .list());
  }

  @Override
  public <E extends Exception> void forEach(Query query, Visitor<E> visitor) throws E {
    // By their numbers, which stay when a letter comes again: the newest of them may come again
    // because of what the visitor does, and would be met without end.
    long before = Long.MAX_VALUE;
    while (true) {
      long below = before;
      List<Numbered> page =
          database.with(
              handle ->
                  meant(handle, query, below, "id desc")
                      .map((result, context) -> new Numbered(result.getLong("id"), kept(result)))
                      .list());
      if (page.isEmpty()) {
        return;
      }
      for (Numbered one : page) {
        visitor.visit(one.kept());
        before = one.number();
      }
    }
  }

  private record Numbered(long number, Kept kept) {}

  private static org.jdbi.v3.core.statement.Query meant(
      Handle handle, Query query, long before, String order) {
    return handle
        .createQuery(
            "select * from dead_letter where id < :before"
                + " and (:state::text is null or state = :state)"
                + " and (:record::text is null or record_id = :record)"
                + " and (:stage::text is null or stage = :stage)"
                + " and (:number::int is null or number = :number)"
                + " order by "
                + order
                + " limit :limit")
        .bind("before", before)
        .bind("state", query.state() == null ? null : query.state().name().toLowerCase(Locale.ROOT))
        .bind("record", query.recordId() == null ? null : recordId(query.recordId()))
        .bind("stage", query.stage())
        .bind("number", query.number())
        .bind("limit", query.limit());
  }

  @Override
  public void settle(String id, State state) {
    database.with(
        handle ->
            handle.execute(
                "update dead_letter set state = ?, settled_at = now() where letter_id = ?",
                state.name().toLowerCase(Locale.ROOT),
                id));
  }

  private static Kept kept(ResultSet result) throws SQLException {
    return new Kept(
        new DeadLetter(
            result.getString("letter_id"),
            result.getString("record_id"),
            result.getInt("revision"),
            result.getString("preset"),
            result.getString("stage"),
            result.getString("code"),
            result.getInt("number"),
            result.getString("message"),
            result.getString("remedy"),
            result.getBoolean("replayable"),
            result.getString("payload"),
            result.getString("detail")),
        State.valueOf(result.getString("state").toUpperCase(Locale.ROOT)),
        result.getInt("attempts"),
        result.getTimestamp("last_at").getTime());
  }

  @Override
  public void close() {
    database.close();
  }
}
