package dev.reelbeam.pipelines;

import dev.reelbeam.clients.database.Migrations;
import dev.reelbeam.model.failure.StageException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Brings the tables of the database to this release. */
@Command(
    name = "migrate",
    header = "Brings the tables of the database to this release.",
    abbreviateSynopsis = true)
final class MigrateCommand extends Subcommand {
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
