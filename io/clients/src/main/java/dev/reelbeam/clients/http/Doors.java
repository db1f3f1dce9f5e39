package dev.reelbeam.clients.http;

import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.security.spec.InvalidKeySpecException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import okhttp3.HttpUrl;

/**
 * Names for what is counted together: one provider, one key, one kind of what is asked for. All
 * workers name it alike, whatever the settings call it.
 *
 * <p>Of the key there is a hash, salted with who and what it is for, and made so slowly that a
 * short password of a server of one's own is not found by trying either. The names lie in tables.
 */
public final class Doors {
  private static final int ROUNDS = 5_000;
  private static final int BITS = 96;

  private record Of(String origin, String kind, String owner) {
    /** Without the key. */
    @Override
    public String toString() {
      return origin + " " + kind;
    }
  }

  private static final Map<Of, String> DOORS = new ConcurrentHashMap<>();

  private Doors() {}

  /**
   * The name of a door.
   *
   * @param endpoint an address of the provider, of which scheme, host and port count
   * @param kind as the policy says
   */
  static String door(String endpoint, String kind, Secret secret) {
    return DOORS.computeIfAbsent(of(endpoint, kind, secret), Doors::name);
  }

  /** The same for this process alone: equal where the names are. */
  public static Object whose(String endpoint, String kind, Secret secret) {
    return of(endpoint, kind, secret);
  }

  private static Of of(String endpoint, String kind, Secret secret) {
    HttpUrl url = HttpUrl.parse(endpoint);
    String origin =
        url == null
            ? endpoint
            : url.scheme() + "://" + url.host().toLowerCase(Locale.ROOT) + ":" + url.port();
    return new Of(origin, kind, secret.owner());
  }

  private static String name(Of of) {
    String whose = of.origin() + (of.kind().isEmpty() ? "" : " " + of.kind());
    return of.owner().isEmpty() ? whose : whose + " " + hash("reelbeam door " + whose, of.owner());
  }

  private static String hash(String salt, String owner) {
    PBEKeySpec slow =
        new PBEKeySpec(owner.toCharArray(), salt.getBytes(StandardCharsets.UTF_8), ROUNDS, BITS);
    try {
      return HexFormat.of()
          .formatHex(
              SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                  .generateSecret(slow)
                  .getEncoded());
    } catch (NoSuchAlgorithmException | InvalidKeySpecException e) {
      throw new IllegalStateException("every JDK has PBKDF2", e);
    } finally {
      slow.clearPassword();
    }
  }
}
