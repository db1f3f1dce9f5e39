package dev.reelbeam.clients.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who takes a lease, named so that others see whether it can still do anything under it.
 *
 * <p>A name is {@code RANDOM} or {@code RANDOM@PLACE/PID/START}. The place is a hash of what makes
 * process ids comparable: the boot of the kernel, the namespaces of ids and of times, and the
 * host's name. Whoever is in the same place looks into {@code /proc}: a process is over when its id
 * is gone, belongs to one that began at another time, or is only waited for by its parent. One that
 * is stopped, swapped out or debugged is still there, and so it holds what it holds until that runs
 * out. Whatever is not known for certain, as of another machine or another container, is taken for
 * alive, too. Copies of one running virtual machine, which kept its host's name, look like one
 * place: they must not share a store.
 */
final class LeaseOwner {
  private static final Path PROC = Path.of("/proc");

  /** State and start of {@code /proc/PID/stat}, counted behind the program's name. */
  private static final int STATE = 0;

  private static final int START = 19;

  private static final @Nullable String HERE = place();
  private static final String SUFFIX =
      HERE == null ? "" : suffix(ProcessHandle.current().pid()).orElse("");

  private LeaseOwner() {}

  /** A name of its own for a lease of this process. */
  static String next() {
    return UUID.randomUUID() + SUFFIX;
  }

  /** What the names of a process of this place end in; empty when that cannot be told. */
  static Optional<String> suffix(long pid) {
    try {
      return HERE == null
          ? Optional.empty()
          : Optional.of("@" + HERE + "/" + pid + "/" + stat(pid).get(START));
    } catch (IOException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  /** Whether it is certain that the process of this owner has ended. */
  static boolean hasEnded(String owner) {
    return hasEnded(owner, HERE);
  }

  /** The same as a process of another place would see it; null: of one that cannot tell. */
  static boolean hasEnded(String owner, @Nullable String here) {
    String[] parts = owner.substring(owner.indexOf('@') + 1).split("/", -1);
    if (here == null || owner.indexOf('@') < 0 || parts.length != 3 || !parts[0].equals(here)) {
      return false;
    }
    try {
      long pid = Long.parseLong(parts[1]);
      List<String> stat = stat(pid);
      return !stat.get(START).equals(parts[2]) || isOnlyWaitedFor(pid, stat.get(STATE));
    } catch (NoSuchFileException e) {
      // Without /proc nobody is to be seen.
      return Files.exists(PROC.resolve("self/stat"));
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
      return false;
    }
  }

  /** A leader that has ended stays visible while other threads of its process go on. */
  private static boolean isOnlyWaitedFor(long pid, String state) throws IOException {
    if (!state.equals("Z")) {
      return false;
    }
    try (Stream<Path> threads = Files.list(PROC.resolve(pid + "/task"))) {
      return threads.count() <= 1;
    }
  }

  private static List<String> stat(long pid) throws IOException {
    String line =
        Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1).strip();
    // The name of the program, in brackets, may hold anything.
    return List.of(line.substring(line.lastIndexOf(')') + 1).strip().split(" "));
  }

  /** Null where process ids cannot be compared, or not all processes are to be seen. */
  private static @Nullable String place() {
    try (Stream<String> mounts = Files.lines(PROC.resolve("mounts"));
        Stream<String> status = Files.lines(PROC.resolve("self/status"))) {
      boolean hidden = mounts.anyMatch(line -> line.contains("hidepid="));
      // More than one number: this is the /proc of a namespace around our own.
      boolean own = status.anyMatch(line -> line.matches("NSpid:\\s+\\d+"));
      if (hidden || !own) {
        return null;
      }
      String what =
          Files.readString(PROC.resolve("sys/kernel/random/boot_id"))
              + Files.readString(PROC.resolve("sys/kernel/hostname"))
              + Files.readSymbolicLink(PROC.resolve("self/ns/pid"))
              + Files.readSymbolicLink(PROC.resolve("self/ns/time"));
      return UUID.nameUUIDFromBytes(what.getBytes(StandardCharsets.UTF_8)).toString();
    } catch (IOException | RuntimeException e) {
      return null; // No Linux, or an old one.
    }
  }
}
