package dev.reelbeam.pipelines.cluster;

/** The ports of a cluster on one machine, all bound to the loopback address. */
public enum ClusterPort {
  KAFKA("kafka.port", 19092, "Kafka"),
  KAFKA_CONTROLLER("kafka.controller.port", 19093, "Kafka's controller"),
  POSTGRES("postgres.port", 15432, "Postgres"),
  S3("s3.port", 19000, "the S3 server"),
  FLINK_WEB("flink.web.port", 18081, "Flink's web UI"),
  FLINK_RPC("flink.rpc.port", 16123, "Flink's JobManager"),
  JOBMANAGER_METRICS("flink.metrics.jobmanager.port", 19249, "the JobManager's metrics"),
  /** The first of as many as there are pools. */
  TASKMANAGER_METRICS("flink.metrics.taskmanager.port", 19250, "the TaskManagers' metrics");

  private final String key;
  private final int usual;
  private final String owner;

  ClusterPort(String key, int usual, String owner) {
    this.key = key;
    this.usual = usual;
    this.owner = owner;
  }

  /** Its name in {@code cluster.properties}. */
  public String key() {
    return key;
  }

  /** The number when nothing else is said. */
  public int usual() {
    return usual;
  }

  String owner() {
    return owner;
  }
}
