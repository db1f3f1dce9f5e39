package dev.reelbeam.pipelines.cluster;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The certificate of a secured cluster's services: made once, for this machine's loopback address,
 * and its own authority. A real cluster brings the certificates of its own.
 */
final class ServerCertificate {
  /** The folder in the home that holds it. */
  static final String FOLDER = "tls";

  private static final String ALIAS = "server";
  private static final String PASSWORD_VARIABLE = "REELBEAM_KEYSTORE_PASSWORD";
  private static final int DAYS = 3650;
  private static final int PATIENCE_SECONDS = 60;
  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private final Path folder;

  ServerCertificate(Path home) {
    this.folder = home.resolve(FOLDER);
  }

  /** What clients trust. */
  Path certificate() {
    return folder.resolve("server.crt");
  }

  /** The private key alone, readable by its owner. */
  Path key() {
    return folder.resolve("server.key");
  }

  /** The private key and the certificate in one file, readable by its owner. */
  Path both() {
    return folder.resolve("server.pem");
  }

  /** The same as a key store, for servers that read no PEM. */
  Path keyStore() {
    return folder.resolve("server.p12");
  }

  /**
   * Makes what is missing.
   *
   * @param password of the key store
   */
  void make(Connections connections, String password) throws IOException, StageException {
    if (Files.exists(certificate())) {
      return;
    }
    Files.createDirectories(folder);
    Files.deleteIfExists(keyStore());
    // The JDK makes certificates by this program alone.
    keytool(password);
    try {
      KeyStore store = KeyStore.getInstance(keyStore().toFile(), password.toCharArray());
      Certificate certificate = store.getCertificate(ALIAS);
      if (!(store.getKey(ALIAS, password.toCharArray()) instanceof PrivateKey key)) {
        throw new IOException("keytool left no private key");
      }
      String keyText = pem("PRIVATE KEY", key.getEncoded());
      String certificateText = pem("CERTIFICATE", certificate.getEncoded());
      connections.writeSecret(key(), keyText);
      connections.writeSecret(both(), keyText + certificateText);
      // The last one: where it is, the others are.
      Files.writeString(certificate(), certificateText, StandardCharsets.US_ASCII);
    } catch (GeneralSecurityException e) {
      throw new IOException("keytool's key store cannot be read", e);
    }
  }

  private void keytool(String password) throws IOException, StageException {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                String.valueOf(DAYS),
                "-dname",
                "CN=reelbeam",
                "-ext",
                "san=ip:127.0.0.1,dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                keyStore().toString(),
                "-storepass:env",
                PASSWORD_VARIABLE));
    builder.environment().put(PASSWORD_VARIABLE, password);
    builder.redirectErrorStream(true);
    Path log = Files.createTempFile(folder, "keytool", ".log");
    builder.redirectOutput(log.toFile());
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new StageException(
            FailureCode.SERVICE_ENDED,
            "keytool made no certificate: "
                + String.join(" | ", new ServiceProcess(log, log).lastLines(3)));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new StageException(FailureCode.SERVICE_ENDED, "interrupted", e);
    } finally {
      Files.deleteIfExists(log);
    }
  }

  private static String pem(String kind, byte[] bytes) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(kind, LINES.encodeToString(bytes), kind);
  }
}
