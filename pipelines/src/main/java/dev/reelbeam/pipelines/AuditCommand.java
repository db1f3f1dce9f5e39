package dev.reelbeam.pipelines;

import dev.reelbeam.clients.ledger.PostgresAudit;
import dev.reelbeam.model.failure.StageException;
import java.io.PrintWriter;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Counts by key what became of every delivery. */
@Command(
    name = "audit",
    header = "Counts what became of every delivery, and says whether it adds up.",
    description = {
      "",
      "accepted = in progress + waiting + completed + skipped + dead + cancelled + rejected"
          + " + superseded, by key; a completed one has its video, a dead one its letter.",
      ""
    },
    abbreviateSynopsis = true,
    footerHeading = "%n",
    footer = {"Exit codes: 0 it adds up, 70 it does not, 74 a service is away."})
final class AuditCommand extends Subcommand {
  @Mixin private WorldOptions world = new WorldOptions();

  AuditCommand() {}

  @Override
  public Integer call() throws StageException {
    PostgresAudit.Books books;
    try (PostgresAudit audit = PostgresAudit.open(world.settings().postgres())) {
      books = audit.look();
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(identity(books));
    if (books.unparsed() > 0) {
      out.println("letters of input that could not be parsed: " + books.unparsed());
    }
    PrintWriter err = spec.commandLine().getErr();
    books.violations().forEach(violation -> err.println("violation: " + violation));
    out.println(books.violations().isEmpty() ? "it adds up" : "it does not add up");
    out.flush();
    err.flush();
    return (books.violations().isEmpty() ? ExitCode.COMPLETED : ExitCode.DEFECT).number();
  }

  private static String identity(PostgresAudit.Books books) {
    return "accepted "
        + books.accepted()
        + " = "
        + books.states().entrySet().stream()
            .map(entry -> entry.getKey().label().replace('_', ' ') + " " + entry.getValue())
            .collect(Collectors.joining(" + "));
  }
}
