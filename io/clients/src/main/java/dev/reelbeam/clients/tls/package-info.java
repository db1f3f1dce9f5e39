/** Whom the clients of Kafka, Postgres and S3 trust, and how a refusal shows. */
@NullMarked
package dev.reelbeam.clients.tls;

import org.jspecify.annotations.NullMarked;
