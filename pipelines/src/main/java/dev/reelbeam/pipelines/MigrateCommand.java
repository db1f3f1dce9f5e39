package dev.reelbeam.pipelines;

import dev.reelbeam.clients.database.Migrations;
import dev.reelbeam.model.failure.StageException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Brings the tables of the database to this release. */
@Command(
    name = "migrate",
    header = "Brings the tables of the database to this release.",
    mixinStandardHelpOptions = true,
    abbreviateSynopsis = true,
    versionProvider = Reelbeam.Version.class,
    optionListHeading = "%nOptions:%n")
final class MigrateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private WorldOptions world = new WorldOptions();

  MigrateCommand() {}

  @Override
  public Integer call() throws StageException {
    int applied = Migrations.run(world.settings().postgres());
    spec.commandLine()
        .getOut()
        .println(applied == 0 ? "the tables are those of this release" : applied + " applied");
    return ExitCode.COMPLETED.number();
  }
}
