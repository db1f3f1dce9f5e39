package dev.reelbeam.clients.topic;

import dev.reelbeam.clients.config.KafkaSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.port.StoreException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.FileSystemException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What Kafka's clients throw, as numbered failures. */
final class KafkaFailures {
  private static final int CONNECT_MS = 2_000;

  private KafkaFailures() {}

  static StoreException of(String what, KafkaSettings settings, Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && isWrapping(cause)) {
      cause = cause.getCause();
    }
    String told = String.valueOf(cause.getMessage());
    FailureCode code = FailureCode.KAFKA_UNAVAILABLE;
    if (cause instanceof SslAuthenticationException) {
      code = FailureCode.TLS_REFUSED;
      told += cause.getCause() == null ? "" : " (" + cause.getCause().getMessage() + ")";
    } else if (cause instanceof AuthenticationException
        || cause instanceof AuthorizationException) {
      code = FailureCode.KAFKA_REFUSED;
    } else if (cause instanceof ConfigException
        || cause instanceof InvalidConfigurationException
        || cause instanceof FileSystemException) {
      code = FailureCode.SETTING_INVALID;
    } else if (cause instanceof UnknownTopicOrPartitionException) {
      code = FailureCode.TOPIC_MISSING;
    } else if (cause instanceof RecordTooLargeException) {
      code = FailureCode.MESSAGE_TOO_LARGE;
    } else if (cause instanceof TimeoutException
        && settings.client().get(KafkaSettings.PROTOCOL) == null
        && !told.contains("in metadata") // A topic that is missing, or a broker that went away.
        && somebodyListens(settings.bootstrapServers())) {
      // A broker that wants TLS hangs up on who does not speak it, without a word.
      told += "; somebody listens there: perhaps it wants kafka.security.protocol=SASL_SSL";
    }
    return new StoreException(
        code, "cannot " + what + " at " + settings.bootstrapServers() + ": " + told, cause);
  }

  /** A client that could not be made says why in its cause. */
  private static boolean isWrapping(Throwable failure) {
    return failure instanceof ExecutionException || failure.getClass() == KafkaException.class;
  }

  private static boolean somebodyListens(String bootstrapServers) {
    String first = bootstrapServers.split(",", 2)[0].strip();
    int colon = first.lastIndexOf(':');
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(
              first.substring(0, Math.max(0, colon)), Integer.parseInt(first.substring(colon + 1))),
          CONNECT_MS);
      return true;
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }
}
