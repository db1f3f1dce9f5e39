package dev.reelbeam.clients.ledger;

import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.SectionRole;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.project.MadeVideo;
import dev.reelbeam.model.project.MadeVideo.Asset;
import dev.reelbeam.model.project.MadeVideo.Booking;
import dev.reelbeam.model.store.MediaRef;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * What videos are made of, in tables: {@code video_script}, {@code video_asset}, whose an {@code
 * artifact} is and what it cost, where a {@code rendered_video} is found, and its credits as {@code
 * cost_entry}. All of it may be written again.
 */
final class MadeVideoTables {
  private MadeVideoTables() {}

  /** A section of a script as the table tells it; its estimate is in ms. */
  private record Section(String text, int durationEst, String visualCue, String textOverlay) {}

  static void write(Handle handle, long project, @Nullable String site, MadeVideo made) {
    script(handle, project, made);
    handle.execute(
        "delete from video_asset where project_id = ? and epoch < ?", project, made.epoch());
    for (int i = 0; i < made.assets().size(); i++) {
      asset(handle, project, made.epoch(), i, made.assets().get(i));
    }
    book(handle, project, site, made.bookings());
    owned(handle, project, site, "final", made.delivered());
    owned(handle, project, site, "asset", made.assets().stream().map(Asset::file).toList());
    owned(handle, project, site, "intermediate", made.made());
    handle.execute(
        "update artifact a set cost_micros = c.money from (select step_key, sum(money_micros) as"
            + " money from cost_entry where project_id = ? and state = 'charged' and step_key is"
            + " not null group by step_key) c where a.step_key = c.step_key"
            + " and a.cost_micros is distinct from c.money",
        project);
    made.addresses()
        .forEach(
            (preset, address) ->
                handle.execute(
                    "update rendered_video set file_url = ? where project_id = ? and revision = ?"
                        + " and preset = ? and epoch <= ?",
                    address,
                    project,
                    made.key().revision(),
                    preset,
                    made.epoch()));
  }

  /** Money is booked where something is bought, by {@link PostgresSpendLedger}. */
  private static void book(
      Handle handle, long project, @Nullable String site, List<Booking> bookings) {
    if (bookings.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            "insert into cost_entry (entry_key, project_id, site_id, kind, quantity, unit,"
                + " money_micros, credits, state) values (:key, :project, :site, :item, 1,"
                + " 'operation', 0, :credits, 'charged') on conflict (entry_key) do nothing");
    for (Booking booking : bookings) {
      batch
          .bind("key", booking.key())
          .bind("project", project)
          .bind("site", site)
          .bind("item", booking.item())
          .bind("credits", booking.credits())
          .add();
    }
    batch.execute();
  }

  private static void script(Handle handle, long project, MadeVideo made) {
    Script script = made.script();
    List<Section> sections =
        script.sections().stream()
            .map(
                one ->
                    new Section(
                        one.text(), one.durationEstMs(), one.visualCue(), one.textOverlay()))
            .toList();
    handle
        .createUpdate(
            "insert into video_script (project_id, variant, script_text, sections, hook, cta,"
                + " chapter_markers, total_estimated_duration, seo_metadata, version, epoch,"
                + " language) values (:project, :variant, :text, cast(:sections as jsonb), :hook,"
                + " :cta, cast(:chapters as jsonb), :duration, cast(:seo as jsonb), :version,"
                + " :epoch, :language) on conflict (project_id, variant) do update set"
                + " script_text = excluded.script_text, sections = excluded.sections,"
                + " hook = excluded.hook, cta = excluded.cta,"
                + " chapter_markers = excluded.chapter_markers,"
                + " total_estimated_duration = excluded.total_estimated_duration,"
                + " seo_metadata = excluded.seo_metadata, version = excluded.version,"
                + " epoch = excluded.epoch, language = excluded.language, updated_at = now()")
        .bind("project", project)
        .bind("variant", made.variant())
        .bind("text", script.scriptText())
        .bind("sections", RecordJson.canonical(sections))
        .bind("hook", part(script, SectionRole.HOOK))
        .bind("cta", part(script, SectionRole.CTA))
        .bind("chapters", RecordJson.canonical(made.chapters()))
        .bind("duration", script.totalEstimatedDurationMs())
        .bind("seo", RecordJson.canonical(script.seo()))
        .bind("version", script.version())
        .bind("epoch", made.epoch())
        .bind("language", script.language())
        .execute();
  }

  private static @Nullable String part(Script script, SectionRole role) {
    return script.sections().stream()
        .filter(section -> section.role() == role)
        .map(ScriptSection::text)
        .findFirst()
        .orElse(null);
  }

  private static void asset(Handle handle, long project, long epoch, int order, Asset asset) {
    handle
        .createUpdate(
            "insert into video_asset (project_id, asset_type, source, file_path, file_url,"
                + " duration, section_index, \"order\", licence, credit, epoch) values (:project,"
                + " :type, :source, :file, :url, :duration, :section, :order, :licence, :credit,"
                + " :epoch) on conflict (project_id, asset_type, file_path) do update set"
                + " source = excluded.source, file_url = excluded.file_url,"
                + " duration = excluded.duration, section_index = excluded.section_index,"
                + " \"order\" = excluded.\"order\", licence = excluded.licence,"
                + " credit = excluded.credit, epoch = excluded.epoch")
        .bind("project", project)
        .bind("type", asset.type().name().toLowerCase(Locale.ROOT))
        .bind("source", asset.source().name().toLowerCase(Locale.ROOT))
        .bind("file", asset.file().sha256())
        .bind("url", asset.url())
        .bind("duration", asset.durationMs() == 0 ? null : Integer.valueOf(asset.durationMs()))
        .bind("section", asset.section())
        .bind("order", order)
        .bind("licence", asset.licence())
        .bind("credit", asset.credit())
        .bind("epoch", epoch)
        .execute();
  }

  /**
   * Results that this project uses. The first owner stays: others find them. What was delivered
   * once stays final. Rows that say so already are not touched: videos share pictures and music,
   * and would wait for each other's transactions.
   */
  private static void owned(
      Handle handle, long project, @Nullable String site, String kind, List<MediaRef> refs) {
    handle
        .createUpdate(
            "update artifact set class = case when class = 'final' then class else :class end,"
                + " project_id = coalesce(project_id, :project),"
                + " site_id = coalesce(site_id, :site) where sha256 = any (:refs)"
                + " and (class not in ('final', :class) or project_id is null"
                + " or (site_id is null and cast(:site as text) is not null))")
        .bind("class", kind)
        .bind("project", project)
        .bind("site", site)
        .bindArray("refs", String.class, refs.stream().map(MediaRef::sha256).toList())
        .execute();
  }
}
