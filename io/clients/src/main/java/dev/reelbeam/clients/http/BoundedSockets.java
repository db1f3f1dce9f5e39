package dev.reelbeam.clients.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/** Sockets that break off when the other side has sent more than so many bytes. */
final class BoundedSockets extends SocketFactory {
  private final long mostBytes;

  BoundedSockets(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  @Override
  public Socket createSocket() {
    return new Bounded(mostBytes);
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException("OkHttp connects by itself");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
    throw new UnsupportedOperationException("OkHttp connects by itself");
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException("OkHttp connects by itself");
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
    throw new UnsupportedOperationException("OkHttp connects by itself");
  }

  private static final class Bounded extends Socket {
    private long left;

    Bounded(long mostBytes) {
      this.left = mostBytes;
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read() throws IOException {
          int one = super.read();
          count(one < 0 ? 0 : 1);
          return one;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
          int read = super.read(into, from, length);
          count(Math.max(0, read));
          return read;
        }
      };
    }

    private void count(int bytes) throws IOException {
      left -= bytes;
      if (left < 0) {
        throw new IOException("the other side sends without end");
      }
    }
  }
}
