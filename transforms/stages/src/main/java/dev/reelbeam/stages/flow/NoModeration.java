package dev.reelbeam.stages.flow;

import dev.reelbeam.model.moderation.ModerationReport;
import dev.reelbeam.model.moderation.ModerationRequest;
import dev.reelbeam.model.port.Moderator;

/** Nobody looks. */
public final class NoModeration implements Moderator {
  @Override
  public String identity() {
    return "nobody";
  }

  @Override
  public ModerationReport review(ModerationRequest request) {
    return ModerationReport.CLEAN;
  }
}
