package dev.reelbeam.simulators;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for servers that open them themselves, later: of another process, or behind a setting.
 *
 * <p>A port that the system chooses and that is closed again may be given to anybody's connection
 * before its server comes. These lie below those that the system gives away, and none is given out
 * twice.
 */
public final class FreePorts {
  private static final int LOWEST = 10_000;

  /** Linux gives away what lies above, unless somebody told it otherwise. */
  private static final int BEHIND_HIGHEST = 32_768;

  // Other JVMs look for ports, too: each begins elsewhere.
  private static final AtomicInteger NEXT =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 64 % 1_000_000));

  private FreePorts() {}

  /**
   * A port of this machine that nobody listens on, and that nobody is given meanwhile.
   *
   * @throws IOException if there is none
   */
  public static int next() throws IOException {
    for (int tried = LOWEST; tried < BEHIND_HIGHEST; tried++) {
      int port = LOWEST + NEXT.getAndIncrement() % (BEHIND_HIGHEST - LOWEST);
      try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return free.getLocalPort();
      } catch (BindException e) {
        // Somebody listens there.
      }
    }
    throw new IOException("no port is free");
  }
}
