package dev.reelbeam.clients.ledger;

import dev.reelbeam.model.cost.Budgets;
import dev.reelbeam.model.cost.Priced;
import dev.reelbeam.model.cost.Purchase;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.SpendLedger;
import dev.reelbeam.model.port.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Spending as files of a folder, for runs on one machine: a sum for each run, project, site and
 * day, and what is set aside just now.
 *
 * <p>Threads and processes take turns under one lock. A bill is booked by one file that is replaced
 * whole, the sums follow from it: who is killed, or finds no room on the disk, in the middle leaves
 * neither half a bill nor one that counts twice.
 */
public final class FileSpendLedger implements SpendLedger {
  private static final String HELD = "held.json";

  /** So many bills are remembered so that they count once; the file is read at each purchase. */
  static final int MOST_SETTLED = 500;

  private final Path folder;
  private final Clock clock;

  private FileSpendLedger(Path folder, Clock clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /** Spending of this folder; it is made when something is bought. */
  public static FileSpendLedger open(Path folder) {
    return open(folder, Clock.systemUTC());
  }

  /** The same with another clock. */
  static FileSpendLedger open(Path folder, Clock clock) {
    return new FileSpendLedger(folder, clock);
  }

  /**
   * A price that is set aside.
   *
   * @param settled whether the bill took its place: it is remembered, so that it counts once
   */
  record Hold(Purchase purchase, String day, long untilMs, boolean settled) {}

  /**
   * The one file that decides.
   *
   * @param sums what sums are since the last bill, whether or not their files say so yet
   */
  record Holds(List<Hold> holds, List<Sum> sums) {
    Holds {
      // Written by earlier releases.
      sums = sums == null ? List.of() : sums;
    }
  }

  /** The file of a sum. */
  record Sum(String budget, String subject, long microDollars) {}

  /** One of the sums that a purchase counts for. */
  private record Scope(String budget, String subject, long limit) {}

  private static List<Scope> scopes(Purchase purchase, String day, Budgets budgets) {
    List<Scope> scopes = new ArrayList<>();
    if (!purchase.run().isEmpty()) {
      scopes.add(new Scope("run", purchase.run(), budgets.run()));
    }
    scopes.add(new Scope("project", purchase.project(), budgets.project()));
    scopes.add(new Scope("site", purchase.site() + " " + day, budgets.site()));
    scopes.add(new Scope("day", day, budgets.day()));
    return scopes;
  }

  @Override
  public Optional<Full> reserve(Purchase purchase, Budgets budgets) {
    return locked(
        held -> {
          String day = today();
          Holds kept = kept(held);
          List<Hold> holds = new ArrayList<>(kept.holds());
          for (Scope scope : scopes(purchase, day, budgets)) {
            long spent = sum(scope) + setAside(holds, scope);
            if (purchase.microDollars() > scope.limit() - spent) {
              return Optional.of(new Full(scope.budget(), spent, scope.limit()));
            }
          }
          holds.add(new Hold(purchase, day, untilMs(), /* settled= */ false));
          keep(held, holds, List.of());
          return Optional.empty();
        });
  }

  private static long setAside(List<Hold> holds, Scope scope) {
    long sum = 0;
    for (Hold hold : holds) {
      for (Scope its : scopes(hold.purchase(), hold.day(), Budgets.NONE)) {
        if (!hold.settled()
            && its.budget().equals(scope.budget())
            && its.subject().equals(scope.subject())) {
          sum += hold.purchase().microDollars();
        }
      }
    }
    return sum;
  }

  @Override
  public void settle(Purchase purchase, List<Priced> billed) {
    long microDollars = billed.stream().mapToLong(Priced::microDollars).sum();
    locked(
        held -> {
          List<Hold> holds = new ArrayList<>(kept(held).holds());
          String day = today();
          for (Hold hold : holds) {
            if (hold.purchase().id().equals(purchase.id())) {
              if (hold.settled()) {
                return true;
              }
              day = hold.day();
            }
          }
          List<Sum> sums = new ArrayList<>();
          if (microDollars > 0) {
            for (Scope scope : scopes(purchase, day, Budgets.NONE)) {
              sums.add(new Sum(scope.budget(), scope.subject(), sum(scope) + microDollars));
            }
          }
          holds.removeIf(hold -> hold.purchase().id().equals(purchase.id()));
          holds.add(new Hold(purchase, day, untilMs(), /* settled= */ true));
          keep(held, newest(holds), sums);
          write(sums);
          return true;
        });
  }

  @Override
  public void release(Purchase purchase) {
    locked(
        held -> {
          List<Hold> holds = new ArrayList<>(kept(held).holds());
          if (holds.removeIf(
              hold -> !hold.settled() && hold.purchase().id().equals(purchase.id()))) {
            keep(held, holds, List.of());
          }
          return true;
        });
  }

  private long untilMs() {
    return clock.millis() + SpendLedger.HELD.toMillis();
  }

  private String today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).toString();
  }

  /** Holds that have not run out; sums that were left unwritten are written first. */
  private Holds kept(Path held) throws IOException {
    Holds kept = read(held, Holds.class);
    if (kept == null) {
      return new Holds(List.of(), List.of());
    }
    write(kept.sums());
    return new Holds(
        kept.holds().stream().filter(hold -> hold.untilMs() > clock.millis()).toList(), List.of());
  }

  /** Each as it stands, so that it may be written again. */
  private void write(List<Sum> sums) throws IOException {
    for (Sum sum : sums) {
      Path file = file(sum.budget(), sum.subject());
      if (!sum.equals(read(file, Sum.class))) {
        FileLocks.replace(file, RecordJson.canonical(sum));
      }
    }
  }

  /** All that is set aside, and the newest of what is settled. */
  private static List<Hold> newest(List<Hold> holds) {
    long forgotten = holds.stream().filter(Hold::settled).count() - MOST_SETTLED;
    List<Hold> newest = new ArrayList<>();
    for (Hold hold : holds) {
      if (hold.settled() && forgotten > 0) {
        forgotten--;
      } else {
        newest.add(hold);
      }
    }
    return newest;
  }

  private static void keep(Path held, List<Hold> holds, List<Sum> sums) throws IOException {
    FileLocks.replace(held, RecordJson.canonical(new Holds(holds, sums)));
  }

  private long sum(Scope scope) throws IOException {
    Sum sum = read(file(scope.budget(), scope.subject()), Sum.class);
    return sum == null ? 0 : sum.microDollars();
  }

  private Path file(String budget, String subject) {
    return folder.resolve(
        String.format(
            Locale.ROOT, "%s-%s.json", budget, RecordJson.sha256(subject).substring(0, 24)));
  }

  private static <T> @Nullable T read(Path file, Class<T> type) throws IOException {
    return Files.exists(file) ? RecordJson.read(Files.readAllBytes(file), type) : null;
  }

  /** All of it under one lock: every purchase looks at several sums. */
  private <T> T locked(FileLocks.Work<T> work) {
    try {
      return FileLocks.locked(folder.resolve(HELD), work);
    } catch (IOException | IllegalArgumentException e) {
      // A sum that cannot be read is never taken for nothing.
      throw new StoreException(
          FailureCode.STORAGE_UNAVAILABLE,
          "cannot count what is spent in " + folder + ": " + e.getMessage(),
          e);
    }
  }

  @Override
  public void close() {
    // Nothing is held open between calls.
  }
}
