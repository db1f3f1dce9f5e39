/** Postgres: connections, migrations, and SQL failures as numbered codes. */
@NullMarked
package dev.reelbeam.clients.database;

import org.jspecify.annotations.NullMarked;
