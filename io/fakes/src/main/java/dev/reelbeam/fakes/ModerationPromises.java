package dev.reelbeam.fakes;

import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.moderation.Finding;
import dev.reelbeam.model.moderation.ModerationReport;
import dev.reelbeam.model.moderation.ModerationRequest;
import dev.reelbeam.model.moderation.Verdict;
import dev.reelbeam.model.port.Moderator;
import dev.reelbeam.model.video.Platform;
import java.util.ArrayList;
import java.util.List;

/** What every moderator promises, as a check that any test can make. */
public final class ModerationPromises {
  private static final String CLEAN = "A lake stays clear when its shore is left alone.";

  private ModerationPromises() {}

  /**
   * The promises that a moderator breaks, in words; empty for a good one.
   *
   * @param bad a text that it does not allow
   */
  public static List<String> broken(Moderator moderator, String bad) throws StageException {
    List<String> broken = new ArrayList<>();
    if (moderator.identity().isEmpty() || !moderator.identity().equals(moderator.identity())) {
      broken.add("it has no lasting identity");
    }
    if (!moderator.review(request()).equals(ModerationReport.CLEAN)) {
      broken.add("it finds something in nothing");
    }
    if (!moderator.review(request(CLEAN)).findings().isEmpty()) {
      broken.add("it finds something in a text about a lake");
    }
    ModerationReport report = moderator.review(request(CLEAN, bad, CLEAN));
    if (report.verdict() == Verdict.ALLOW) {
      broken.add("it allows what it should not");
    }
    for (Finding finding : report.findings()) {
      if (!finding.where().equals("text 2")) {
        broken.add("it finds something at " + finding.where() + " that stands at text 2");
      }
      if (finding.reason().isEmpty() || finding.rule().isEmpty()) {
        broken.add("it gives no reason");
      }
    }
    if (!moderator.review(request(CLEAN, bad, CLEAN)).equals(report)) {
      broken.add("it judges equal texts differently");
    }
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      many.add(i == 66 ? bad : CLEAN);
    }
    ModerationReport ofMany = moderator.review(request(many.toArray(String[]::new)));
    if (ofMany.findings().stream().noneMatch(finding -> finding.where().equals("text 67"))) {
      broken.add("it does not look at all of a long request");
    }
    return broken;
  }

  private static ModerationRequest request(String... texts) {
    List<ModerationRequest.Text> all = new ArrayList<>();
    for (String text : texts) {
      all.add(new ModerationRequest.Text("text " + (all.size() + 1), text));
    }
    return new ModerationRequest("en", "", List.of(Platform.SITE), false, all, List.of());
  }
}
