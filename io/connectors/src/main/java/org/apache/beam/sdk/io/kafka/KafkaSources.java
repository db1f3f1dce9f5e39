package org.apache.beam.sdk.io.kafka;

import org.apache.beam.sdk.io.UnboundedSource;

/**
 * What {@link KafkaIO} keeps to its package: the source behind a read. Pinned to the Beam version
 * in the parent pom, to be looked at with every upgrade.
 */
public final class KafkaSources {
  private KafkaSources() {}

  /**
   * The source that the read would be on a runner that reads sources itself, as Flink's does.
   *
   * @param read with coders of its key and value
   */
  public static <K, V> UnboundedSource<KafkaRecord<K, V>, KafkaCheckpointMark> of(
      KafkaIO.Read<K, V> read) {
    return read.makeSource();
  }
}
