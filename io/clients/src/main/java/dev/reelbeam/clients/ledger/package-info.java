/**
 * What is known about projects, leases, costs and dead letters: in Postgres, and as twins in files
 * for runs on one machine.
 */
@NullMarked
package dev.reelbeam.clients.ledger;

import org.jspecify.annotations.NullMarked;
