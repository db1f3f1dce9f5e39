package dev.reelbeam.clients.tls;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.port.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Certificates of authorities in a PEM file, for servers that no public authority vouches for. */
public final class TrustedRoots {
  private TrustedRoots() {}

  /**
   * Trusts these authorities and no others.
   *
   * @throws StoreException {@code SETTING_INVALID} when the file holds none
   */
  public static TrustManager[] managers(Path pem) {
    try (InputStream bytes = Files.newInputStream(pem)) {
      KeyStore roots = KeyStore.getInstance("PKCS12");
      roots.load(null, null);
      int count = 0;
      for (Certificate root : CertificateFactory.getInstance("X.509").generateCertificates(bytes)) {
        roots.setCertificateEntry("root-" + count++, root);
      }
      if (count == 0) {
        throw new CertificateException("it is empty");
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(roots);
      return factory.getTrustManagers();
    } catch (IOException | GeneralSecurityException e) {
      throw new StoreException(
          FailureCode.SETTING_INVALID,
          "the authorities in " + pem + " cannot be read: " + e.getMessage(),
          e);
    }
  }

  /**
   * Whether a connection failed because the server's certificate is not trusted or is another's. A
   * handshake that broke off for any other reason may pass.
   */
  public static boolean refused(Throwable failure) {
    int depth = 0;
    for (Throwable cause = failure; cause != null && depth < 20; cause = cause.getCause()) {
      if (cause instanceof CertificateException || cause instanceof SSLPeerUnverifiedException) {
        return true;
      }
      depth++;
    }
    return false;
  }
}
