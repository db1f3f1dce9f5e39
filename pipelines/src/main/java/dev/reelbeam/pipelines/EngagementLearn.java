package dev.reelbeam.pipelines;

import dev.reelbeam.clients.learning.FileArms;
import dev.reelbeam.clients.learning.PostgresArms;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.learning.ArmReward;
import dev.reelbeam.model.port.ArmLedger;
import dev.reelbeam.pipelines.wiring.LocalProviders;
import dev.reelbeam.stages.engagement.FirstWeek;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What videos of a list earned, for the arms of `make` or of the running job. */
@Command(
    name = "learn",
    header = "Teaches `make`, or the running job, what the videos of a list earned.",
    description = {
      "",
      "The list is that of `import`; hook_style, title_style, voice and published_at are what is"
          + " learned about. What counts is the engagement of a video's first seven days: one that"
          + " has no snapshot after them teaches nothing yet. It may come again.",
      ""
    })
final class EngagementLearn extends Subcommand {
  @Mixin private WorldOptions world = new WorldOptions();

  @Parameters(paramLabel = "FILE", description = "The list of published videos.")
  private Path file = Path.of("");

  @Option(
      names = "--snapshots",
      required = true,
      arity = "1..*",
      paramLabel = "FILE",
      description = "What platforms counted, one JSON object a line, as `replay` takes it.")
  private List<Path> snapshots = new ArrayList<>();

  @Option(
      names = "--store",
      paramLabel = "DIR",
      description = "The store of `make` that learns (default: the running job's database).")
  private @Nullable Path store;

  EngagementLearn() {}

  @Override
  public Integer call() throws StageException {
    Map<String, List<EngagementSnapshot>> counted = new HashMap<>();
    for (Path each : snapshots) {
      VideoList.snapshots(
          each,
          snapshot ->
              counted.computeIfAbsent(snapshot.videoKey(), key -> new ArrayList<>()).add(snapshot));
    }
    List<ArmReward> rewards = new ArrayList<>();
    int[] videos = new int[1];
    VideoList.videos(
        file,
        video -> {
          List<EngagementSnapshot> own = counted.remove(video.facts().videoKey());
          ArmReward.Earned earned =
              own == null ? null : ArmReward.Earned.of(FirstWeek.of(video.facts(), own));
          if (earned != null) {
            rewards.addAll(ArmReward.of(video.facts(), video.titleStyle(), earned));
            videos[0]++;
          }
        });
    try (ArmLedger arms = ledger()) {
      arms.reward(rewards);
    }
    spec.commandLine()
        .getOut()
        .println(
            videos[0]
                + " videos teach something; "
                + counted.size()
                + " that were counted are not on the list");
    return (videos[0] > 0 ? ExitCode.COMPLETED : ExitCode.NOTHING_COMPLETED).number();
  }

  private ArmLedger ledger() throws StageException {
    return store == null
        ? PostgresArms.open(world.settings().postgres())
        : FileArms.open(LocalProviders.learning(store));
  }
}
