/** Kafka without a dataflow: writing messages, looking after topics. */
@NullMarked
package dev.reelbeam.clients.topic;

import org.jspecify.annotations.NullMarked;
