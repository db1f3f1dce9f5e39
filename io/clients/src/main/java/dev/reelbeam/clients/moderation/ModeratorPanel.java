package dev.reelbeam.clients.moderation;

import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.moderation.ModerationReport;
import dev.reelbeam.model.moderation.ModerationRequest;
import dev.reelbeam.model.port.Moderator;
import java.util.List;
import java.util.stream.Collectors;

/** Several moderators, all of whom are asked: the strictest decides. */
public final class ModeratorPanel implements Moderator {
  private final List<Moderator> members;

  public ModeratorPanel(List<Moderator> members) {
    this.members = List.copyOf(members);
  }

  @Override
  public String identity() {
    return members.stream().map(Moderator::identity).collect(Collectors.joining(" + "));
  }

  @Override
  public List<Moderator> members() {
    return members;
  }

  @Override
  public boolean calls() {
    return members.stream().anyMatch(Moderator::calls);
  }

  @Override
  public int frames() {
    return members.stream().mapToInt(Moderator::frames).max().orElse(0);
  }

  @Override
  public ModerationReport review(ModerationRequest request) throws StageException {
    ModerationReport report = ModerationReport.CLEAN;
    for (Moderator member : members) {
      report = report.and(member.review(request));
    }
    return report;
  }

  @Override
  public void close() {
    members.forEach(Moderator::close);
  }
}
