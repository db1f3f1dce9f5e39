package dev.reelbeam.pipelines;

import dev.reelbeam.clients.learning.FileArms;
import dev.reelbeam.clients.learning.PostgresArms;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.learning.ArmReward;
import dev.reelbeam.model.port.ArmLedger;
import dev.reelbeam.pipelines.wiring.LocalProviders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What videos of a list earned, for the arms of `make` or of the running job. */
@Command(
    name = "learn",
    header = "Teaches `make`, or the running job, what the videos of a list earned.",
    description = {
      "",
      "The list is that of `import`; hook_style, title_style, voice and published_at are what is"
          + " learned about. The newest snapshot of a video counts, and it may come again.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Reelbeam.Version.class,
    optionListHeading = "%nOptions:%n")
final class EngagementLearn implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
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
    Map<String, EngagementSnapshot> newest = new HashMap<>();
    for (Path each : snapshots) {
      VideoList.snapshots(
          each,
          snapshot ->
              newest.merge(
                  snapshot.videoKey(),
                  snapshot,
                  (one, other) -> one.fetchedAtMs() >= other.fetchedAtMs() ? one : other));
    }
    List<ArmReward> rewards = new ArrayList<>();
    int[] videos = new int[1];
    VideoList.videos(
        file,
        video -> {
          EngagementSnapshot snapshot = newest.remove(video.facts().videoKey());
          if (snapshot != null) {
            List<ArmReward> earned = ArmReward.of(video.facts(), video.titleStyle(), snapshot);
            rewards.addAll(earned);
            videos[0] += earned.isEmpty() ? 0 : 1;
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
                + newest.size()
                + " that were counted are not on the list");
    return (videos[0] > 0 ? ExitCode.COMPLETED : ExitCode.NOTHING_COMPLETED).number();
  }

  private ArmLedger ledger() throws StageException {
    return store == null
        ? PostgresArms.open(world.settings().postgres())
        : FileArms.open(LocalProviders.learning(store));
  }
}
