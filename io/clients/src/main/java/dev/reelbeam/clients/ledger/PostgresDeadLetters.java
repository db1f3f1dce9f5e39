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

  /** Who types less means nothing certain. */
  private static final int LEAST_PREFIX = 6;

  private static final String BY_ID = "select * from dead_letter where letter_id = :id";

  /** By bytes, whatever the database's language; two are enough to know that it is not one. */
  static final String BY_PREFIX =
      "select * from dead_letter where letter_id ~>=~ :id and letter_id ~<~ (:id || '\uFFFF')"
          + " order by letter_id using ~<~ limit 2";

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
                    .createQuery(id.length() < LEAST_PREFIX ? BY_ID : BY_PREFIX)
                    .bind("id", id)
                    .map((result, context) -> kept(result))
                    .list());
    Optional<Kept> whole = found.stream().filter(one -> one.letter().id().equals(id)).findFirst();
    return whole.isPresent() || found.size() != 1 ? whole : Optional.of(found.get(0));
  }

  @Override
  public List<Kept> list(Query query) {
    return database.with(
        handle ->
            meant(handle, query, listSql(query)).map((result, context) -> kept(result)).list());
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
                  meant(handle, query, sql(query, " and id < :before", "id desc"))
                      .bind("before", below)
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

  static String listSql(Query query) {
    return sql(query, "", "last_at desc, id desc");
  }

  /** Only what is asked for: a condition that may be none keeps every index out of the plan. */
  private static String sql(Query query, String more, String order) {
    StringBuilder conditions = new StringBuilder(more);
    if (query.state() != null) {
      // Not bound: the indexes of the open ones say it, too.
      conditions.append(" and state = '").append(name(query.state())).append('\'');
    }
    conditions.append(query.recordId() == null ? "" : " and record_id = :record");
    conditions.append(query.stage() == null ? "" : " and stage = :stage");
    conditions.append(query.number() == null ? "" : " and number = :number");
    return "select * from dead_letter where true"
        + conditions
        + " order by "
        + order
        + " limit :limit";
  }

  private static org.jdbi.v3.core.statement.Query meant(Handle handle, Query query, String sql) {
    var select = handle.createQuery(sql).bind("limit", query.limit());
    if (query.recordId() != null) {
      select.bind("record", recordId(query.recordId()));
    }
    if (query.stage() != null) {
      select.bind("stage", query.stage());
    }
    if (query.number() != null) {
      select.bind("number", query.number());
    }
    return select;
  }

  @Override
  public void settle(String id, State state) {
    database.with(
        handle ->
            handle.execute(
                "update dead_letter set state = ?, settled_at = now() where letter_id = ?",
                name(state),
                id));
  }

  private static String name(State state) {
    return state.name().toLowerCase(Locale.ROOT);
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
