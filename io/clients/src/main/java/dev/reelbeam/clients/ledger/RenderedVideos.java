package dev.reelbeam.clients.ledger;

import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.project.DeliveryOutcome;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.video.Presets;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Rows of {@code rendered_video}: they follow the deliveries, in the same transaction. */
final class RenderedVideos {
  private RenderedVideos() {}

  static void complete(Handle handle, long project, long epoch, Delivery delivery) {
    MediaRef video = delivery.files().get("video.mp4");
    handle
        .createUpdate(
            "insert into rendered_video (project_id, revision, preset, variant, epoch, resolution,"
                + " duration, file_size, file_path, subtitle_file_path, thumbnail_path,"
                + " render_completed_at, status, progress) values (:project, :revision, :preset,"
                + " :variant, :epoch, :resolution, :duration, :size, :file, :subtitles, :thumbnail,"
                + " now(), 'completed', 100) on conflict (project_id, revision, preset) do update"
                + " set variant = excluded.variant, epoch = excluded.epoch,"
                + " resolution = excluded.resolution, duration = excluded.duration,"
                + " file_size = excluded.file_size, file_path = excluded.file_path,"
                + " subtitle_file_path = excluded.subtitle_file_path,"
                + " thumbnail_path = excluded.thumbnail_path,"
                // A repeated bundle, or a retry that died, tells of the same file: it was completed
                // then, not now.
                + " render_completed_at = case"
                + " when rendered_video.file_path is not distinct from excluded.file_path"
                + " then coalesce(rendered_video.render_completed_at,"
                + " excluded.render_completed_at) else excluded.render_completed_at end,"
                + " status = 'completed', progress = 100"
                + " where rendered_video.epoch <= excluded.epoch")
        .bind("project", project)
        .bind("revision", delivery.key().revision())
        .bind("preset", delivery.preset())
        .bind("variant", delivery.variantId())
        .bind("epoch", epoch)
        .bind(
            "resolution",
            Presets.find(delivery.preset())
                .map(preset -> preset.width() + "x" + preset.height())
                .orElse(null))
        .bind("duration", delivery.durationMs())
        .bind("size", video == null ? null : Long.valueOf(video.sizeBytes()))
        .bind("file", path(video))
        .bind("subtitles", path(delivery.files().get("captions.srt")))
        .bind("thumbnail", path(delivery.files().get("thumbnail.jpg")))
        .execute();
  }

  static void fail(Handle handle, long project, DeliveryOutcome outcome) {
    handle
        .createUpdate(
            "update rendered_video set status = 'failed', epoch = :epoch where"
                + " project_id = :project and revision = :revision and preset = :preset"
                + " and epoch <= :epoch")
        .bind("project", project)
        .bind("revision", outcome.key().revision())
        .bind("preset", outcome.preset())
        .bind("epoch", outcome.epoch())
        .execute();
  }

  private static @Nullable String path(@Nullable MediaRef ref) {
    return ref == null ? null : ref.sha256();
  }
}
