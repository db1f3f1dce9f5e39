package dev.reelbeam.clients.http;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import okhttp3.Dns;
import okhttp3.HttpUrl;

/**
 * Lets addresses that come from content lead to the public internet only, never to this machine,
 * its network or a cloud's metadata service (server-side request forgery, OWASP A10:2021).
 *
 * <p>Names are judged by what they resolve to at the moment of connecting, so a name that changes
 * its mind between check and use is caught; redirects are judged one by one.
 */
public final class SafeAddresses implements Dns {
  private final Dns resolver;

  /** Over the system's resolver. */
  public SafeAddresses() {
    this(Dns.SYSTEM);
  }

  SafeAddresses(Dns resolver) {
    this.resolver = resolver;
  }

  /**
   * Checks what a URL says without resolving anything.
   *
   * @throws StageException {@code ADDRESS_FORBIDDEN}
   */
  public static HttpUrl check(String url) throws StageException {
    HttpUrl parsed = HttpUrl.parse(url);
    if (parsed == null) {
      throw forbidden("is not an http or https address", url);
    }
    if (!parsed.username().isEmpty() || !parsed.password().isEmpty()) {
      throw forbidden("carries a user name", parsed.host());
    }
    if (parsed.port() != 80 && parsed.port() != 443 && parsed.port() < 1024) {
      throw forbidden("names a port of another service", parsed.host() + ":" + parsed.port());
    }
    String host = parsed.host();
    if (looksLikeAddress(host)) {
      try {
        // A literal is parsed, not looked up.
        if (!isPublic(InetAddress.getByName(host))) {
          throw forbidden("leads into a private network", host);
        }
      } catch (UnknownHostException e) {
        throw forbidden("is not an address", host);
      }
    } else if (!host.contains(".") || host.endsWith(".local") || host.endsWith(".internal")) {
      throw forbidden("names a host of a private network", host);
    }
    return parsed;
  }

  private static boolean looksLikeAddress(String host) {
    return host.contains(":") || host.matches("[0-9.]+");
  }

  private static StageException forbidden(String why, String what) {
    String shown = what.length() > 200 ? what.substring(0, 200) + "…" : what;
    return new StageException(FailureCode.ADDRESS_FORBIDDEN, "'" + shown + "' " + why);
  }

  @Override
  public List<InetAddress> lookup(String host) throws UnknownHostException {
    List<InetAddress> found = resolver.lookup(host);
    for (InetAddress address : found) {
      // One private address among public ones is an attack or a mistake; neither is followed.
      if (!isPublic(address)) {
        throw new PrivateAddressException(host);
      }
    }
    return found;
  }

  /** A name that leads where nothing may be fetched from; asking again changes nothing. */
  static final class PrivateAddressException extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    private PrivateAddressException(String host) {
      super("the name " + host + " leads into a private network");
    }
  }

  /** Whether an address is one of the public internet (IANA special-purpose registries). */
  public static boolean isPublic(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    byte[] bytes = address.getAddress();
    return address instanceof Inet6Address ? isPublicIpv6(bytes) : isPublicIpv4(bytes);
  }

  private static boolean isPublicIpv4(byte[] bytes) {
    int a = bytes[0] & 0xFF;
    int b = bytes[1] & 0xFF;
    int c = bytes[2] & 0xFF;
    boolean shared = a == 100 && b >= 64 && b < 128;
    boolean protocols = a == 192 && b == 0 && c == 0;
    boolean documentation =
        (a == 192 && b == 0 && c == 2)
            || (a == 198 && b == 51 && c == 100)
            || (a == 203 && b == 0 && c == 113);
    boolean benchmarks = a == 198 && (b == 18 || b == 19);
    return a != 0 && a < 224 && !shared && !protocols && !documentation && !benchmarks;
  }

  private static boolean isPublicInside(byte[] ipv4) {
    try {
      return isPublic(InetAddress.getByAddress(ipv4));
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static boolean isPublicIpv6(byte[] bytes) {
    int first = (bytes[0] & 0xFF) << 8 | (bytes[1] & 0xFF);
    // Addresses that carry an IPv4 address: 6to4 and NAT64.
    if (first == 0x2002) {
      return isPublicInside(Arrays.copyOfRange(bytes, 2, 6));
    }
    boolean nat64 = first == 0x0064 && (bytes[2] & 0xFF) == 0xFF && (bytes[3] & 0xFF) == 0x9B;
    if (nat64) {
      for (int i = 4; i < 12; i++) {
        if (bytes[i] != 0) {
          // 64:ff9b:1::/48 is for networks of one's own, and cut as they like (RFC 8215).
          return false;
        }
      }
      return isPublicInside(Arrays.copyOfRange(bytes, 12, 16));
    }
    boolean teredoOrDocumentation =
        first == 0x2001
            && ((bytes[2] == 0 && bytes[3] == 0)
                || ((bytes[2] & 0xFF) == 0x0D && (bytes[3] & 0xFF) == 0xB8));
    // 2000::/3 is all that is handed out.
    return (first & 0xE000) == 0x2000 && !teredoOrDocumentation;
  }
}
