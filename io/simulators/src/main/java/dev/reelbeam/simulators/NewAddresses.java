package dev.reelbeam.simulators;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ServerSocketFactory;

/**
 * Gives each server an address of this machine that no server of this JVM had before.
 *
 * <p>The system gives a port away again as soon as its server is closed. What a client remembers of
 * an address, that it wants to be left alone for an hour or is down, would then hold for the server
 * of another test.
 *
 * <p>What a server says leaves at once. Else the body of an answer would wait for the client's word
 * that it has the head, which Linux holds back for 40 ms: most of the time of a test that calls.
 */
public final class NewAddresses extends ServerSocketFactory {
  private static final Set<Integer> USED = ConcurrentHashMap.newKeySet();

  @Override
  public ServerSocket createServerSocket() throws IOException {
    List<ServerSocket> usedBefore = new ArrayList<>();
    try {
      while (true) {
        ServerSocket socket = new Bound();
        if (USED.add(socket.getLocalPort())) {
          return socket;
        }
        // Held, so that it is not given out once more.
        usedBefore.add(socket);
      }
    } finally {
      for (ServerSocket socket : usedBefore) {
        socket.close();
      }
    }
  }

  @Override
  public ServerSocket createServerSocket(int port) throws IOException {
    throw new UnsupportedOperationException("it chooses the port itself");
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog) throws IOException {
    return createServerSocket(port);
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
      throws IOException {
    return createServerSocket(port);
  }

  /** Has its address already when a server binds it. */
  private static final class Bound extends ServerSocket {
    private static final int BACKLOG = 50;

    Bound() throws IOException {
      super(0, BACKLOG, InetAddress.getLoopbackAddress());
    }

    @Override
    public void bind(SocketAddress asked, int backlog) throws IOException {
      if (!isBound()) {
        super.bind(asked, backlog);
      }
    }

    @Override
    public Socket accept() throws IOException {
      Socket accepted = super.accept();
      accepted.setTcpNoDelay(true);
      return accepted;
    }
  }
}
