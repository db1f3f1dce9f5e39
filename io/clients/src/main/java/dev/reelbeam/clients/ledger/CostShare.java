package dev.reelbeam.clients.ledger;

/**
 * What one published video bears of its project's costs: what its revision had cost when it was
 * published, an equal part for each of the revision's planned videos. All of it is over when the
 * video is published, so whoever asks later is told the same.
 */
final class CostShare {
  /**
   * A lateral {@code c (cost_micros, credits)} beside {@code published_video v}, {@code
   * rendered_video r} and {@code video_project p}.
   */
  static final String SQL =
      " cross join lateral (select e.money / n.videos as cost_micros,"
          + " e.credits / n.videos as credits from"
          + " (select coalesce(sum(b.money_micros), 0)::bigint as money,"
          + " coalesce(sum(b.credits), 0)::bigint as credits from cost_entry b"
          + " where b.project_id = p.id and b.state = 'charged' and b.at <= v.published_at"
          // Revisions follow each other: each begins when its deliveries are planned.
          + " and b.at >= coalesce((select min(d.created_at) from delivery d"
          + " where d.project_id = p.id and d.revision = r.revision and exists (select 1"
          + " from delivery o where o.project_id = p.id and o.revision < r.revision)), '-infinity')"
          + " and b.at < coalesce((select min(d.created_at) from delivery d"
          + " where d.project_id = p.id and d.revision > r.revision), 'infinity')) e,"
          + " (select count(*) as videos from rendered_video y where y.project_id = p.id"
          + " and y.revision = r.revision) n) c";

  private CostShare() {}
}
