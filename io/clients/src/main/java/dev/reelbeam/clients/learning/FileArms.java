package dev.reelbeam.clients.learning;

import dev.reelbeam.clients.ledger.FileLocks;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.learning.ArmChoice;
import dev.reelbeam.model.learning.ArmEvidence;
import dev.reelbeam.model.learning.ArmKind;
import dev.reelbeam.model.learning.ArmReward;
import dev.reelbeam.model.port.ArmLedger;
import dev.reelbeam.model.port.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Arms as files of a folder, for runs on one machine: a file for each choice and for each video's
 * reward, so that what was learned can be looked at and carried elsewhere.
 */
public final class FileArms implements ArmLedger {
  private final Path folder;

  private FileArms(Path folder) {
    this.folder = folder;
  }

  /** Arms of this folder; it is made when something is to be kept in it. */
  public static FileArms open(Path folder) {
    return new FileArms(folder);
  }

  @Override
  public ArmChoice keep(ArmChoice choice) {
    Path file = choices(choice.key().recordId()).resolve(name(choice));
    return locked(
        file,
        there -> {
          ArmChoice kept = read(there, ArmChoice.class);
          if (kept == null) {
            FileLocks.replace(there, RecordJson.pretty(choice));
            kept = choice;
          }
          return kept;
        });
  }

  private Path choices(String recordId) {
    return folder.resolve("choices").resolve(hash(recordId));
  }

  private static String name(ArmChoice choice) {
    return choice.kind().id()
        + "-"
        + hash(List.of(choice.key().revision(), choice.variant()))
        + ".json";
  }

  private static String hash(Object value) {
    return RecordJson.sha256(value).substring(0, 24);
  }

  @Override
  public List<ArmChoice> choices(RecordKey key) {
    return all(choices(key.recordId()), ArmChoice.class).stream()
        .filter(choice -> choice.key().equals(key))
        .sorted(
            Comparator.comparing((ArmChoice choice) -> choice.kind().id())
                .thenComparing(ArmChoice::variant))
        .toList();
  }

  @Override
  public void reward(Collection<ArmReward> rewards) {
    for (ArmReward reward : rewards) {
      String name = hash(List.of(reward.platform(), reward.videoId()));
      locked(
          rewards(reward.kind()).resolve(name.substring(0, 2)).resolve(name + ".json"),
          there -> {
            ArmReward kept = read(there, ArmReward.class);
            if (kept == null || reward.version() > kept.version()) {
              FileLocks.replace(there, RecordJson.pretty(reward));
            }
            return true;
          });
    }
  }

  private Path rewards(ArmKind kind) {
    return folder.resolve("rewards").resolve(kind.id());
  }

  @Override
  public ArmEvidence evidence(ArmKind kind, int halfLifeDays, long nowMs) {
    return ArmEvidence.of(all(rewards(kind), ArmReward.class), halfLifeDays, nowMs);
  }

  private static <T> List<T> all(Path under, Class<T> type) {
    if (!Files.isDirectory(under)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(under)) {
      List<T> found = new ArrayList<>();
      for (Path file : files.filter(path -> path.toString().endsWith(".json")).sorted().toList()) {
        T one = read(file, type);
        if (one != null) {
          found.add(one);
        }
      }
      return found;
    } catch (IOException e) {
      throw failed(under, e);
    }
  }

  private static <T> @Nullable T read(Path file, Class<T> type) throws IOException {
    try {
      return RecordJson.read(Files.readAllBytes(file), type);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IllegalArgumentException e) {
      return null; // Damaged by a crash of the machine, or by a person.
    }
  }

  private static <T> T locked(Path file, FileLocks.Work<T> work) {
    try {
      return FileLocks.locked(file, work);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private static StoreException failed(Path file, IOException e) {
    return new StoreException(
        FailureCode.STORAGE_UNAVAILABLE, "cannot use " + file + ": " + e.getMessage(), e);
  }

  @Override
  public void close() {
    // Nothing is held open between calls.
  }
}
