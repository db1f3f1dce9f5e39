package dev.reelbeam.clients.topic;

import dev.reelbeam.clients.config.KafkaSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.port.StoreException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What Kafka's clients throw, as numbered failures. */
final class KafkaFailures {
  private KafkaFailures() {}

  static StoreException of(String what, KafkaSettings settings, Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof java.util.concurrent.ExecutionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    FailureCode code = FailureCode.KAFKA_UNAVAILABLE;
    if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
      code = FailureCode.KAFKA_REFUSED;
    } else if (cause instanceof UnknownTopicOrPartitionException) {
      code = FailureCode.TOPIC_MISSING;
    } else if (cause instanceof RecordTooLargeException) {
      code = FailureCode.MESSAGE_TOO_LARGE;
    }
    return new StoreException(
        code,
        "cannot " + what + " at " + settings.bootstrapServers() + ": " + cause.getMessage(),
        cause);
  }
}
