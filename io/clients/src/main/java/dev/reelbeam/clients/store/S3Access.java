package dev.reelbeam.clients.store;

import dev.reelbeam.clients.config.S3Settings;
import dev.reelbeam.clients.config.SecretRef;
import dev.reelbeam.clients.shared.OneForAll;
import dev.reelbeam.clients.tls.TrustedRoots;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** One client of a bucket per JVM, however many workers open it. */
final class S3Access implements AutoCloseable {
  private static final OneForAll<S3Settings, S3Client, RuntimeException> ALL =
      new OneForAll<>(S3Access::connect, S3Client::close);

  private final S3Settings settings;
  private final OneForAll<S3Settings, S3Client, RuntimeException>.Share share;

  private S3Access(S3Settings settings) {
    this.settings = settings;
    this.share = ALL.share(settings);
  }

  static S3Access open(S3Settings settings) {
    return new S3Access(settings);
  }

  S3Client client() {
    return share.it();
  }

  S3Presigner presigner() {
    S3Presigner.Builder builder =
        S3Presigner.builder()
            .region(Region.of(settings.region()))
            .credentialsProvider(credentials(settings))
            .serviceConfiguration(
                S3Configuration.builder().pathStyleAccessEnabled(settings.pathStyle()).build());
    if (settings.endpoint() != null) {
      builder.endpointOverride(URI.create(settings.endpoint()));
    }
    return builder.build();
  }

  @Override
  public void close() {
    share.close();
  }

  private static S3Client connect(S3Settings settings) {
    var builder =
        S3Client.builder()
            .region(Region.of(settings.region()))
            .credentialsProvider(credentials(settings))
            .forcePathStyle(settings.pathStyle())
            // The hash is ours; servers other than Amazon's stumble over trailing checksums.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .httpClient(http(settings));
    if (settings.endpoint() != null) {
      builder.endpointOverride(URI.create(settings.endpoint()));
    }
    return builder.build();
  }

  private static SdkHttpClient http(S3Settings settings) {
    UrlConnectionHttpClient.Builder builder =
        UrlConnectionHttpClient.builder()
            .connectionTimeout(Duration.ofSeconds(5))
            .socketTimeout(Duration.ofSeconds(60));
    String root = settings.tlsRoot();
    if (root != null) {
      TrustManager[] managers = TrustedRoots.managers(Path.of(root));
      builder.tlsTrustManagersProvider(() -> managers);
    }
    return builder.build();
  }

  private static AwsCredentialsProvider credentials(S3Settings settings) {
    SecretRef access = settings.accessKey();
    SecretRef secret = settings.secretKey();
    return access == null || secret == null
        ? DefaultCredentialsProvider.builder().build()
        : StaticCredentialsProvider.create(
            AwsBasicCredentials.create(resolved(access), resolved(secret)));
  }

  private static String resolved(@Nullable SecretRef secret) {
    return secret == null ? "" : secret.resolve();
  }
}
