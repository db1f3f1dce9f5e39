package dev.reelbeam.clients.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is done about a mistake in a settings file. */
@FunctionalInterface
public interface SettingsFaults {
  /** Ends with the first mistake: who wants to run needs all of the settings. */
  SettingsFaults END =
      fault -> {
        throw fault;
      };

  /**
   * A mistake was found; the message begins with its place.
   *
   * @throws StageException if that is the end of it
   */
  void found(StageException fault) throws StageException;

  /** Reads one entry of a list. */
  @FunctionalInterface
  interface EntryReader<T> {
    T read(SettingsEntry entry) throws StageException;
  }

  /** The name of what was read. */
  @FunctionalInterface
  interface NameOf<T> {
    String name(T entry);
  }

  /**
   * Reads a list whose entries have names, each once; an entry with a mistake is left out.
   *
   * @param where the key of the list
   * @param known keys of an entry
   */
  default <T> List<T> list(
      JsonNode list, String where, Set<String> known, EntryReader<T> reader, NameOf<T> nameOf)
      throws StageException {
    List<T> all = new ArrayList<>();
    if (!list.isArray() || list.isEmpty()) {
      found(
          new StageException(
              FailureCode.CONFIG_INVALID, where + ": a list of providers is expected"));
      return all;
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < list.size(); i++) {
      String place = where + "[" + i + "]";
      try {
        T one = reader.read(SettingsEntry.of(list.get(i), place, known));
        if (!names.add(nameOf.name(one))) {
          throw new StageException(
              FailureCode.CONFIG_INVALID,
              place + ".name: '" + nameOf.name(one) + "' is there twice");
        }
        all.add(one);
      } catch (StageException e) {
        found(e);
      }
    }
    return all;
  }

  /** Reads one part; nothing if it has a mistake that was found before. */
  default <T> T part(EntryPart<T> part, T otherwise) throws StageException {
    try {
      return part.read();
    } catch (StageException e) {
      found(e);
      return otherwise;
    }
  }

  /** Reads a part. */
  @FunctionalInterface
  interface EntryPart<T> {
    T read() throws StageException;
  }
}
