/** The settings file that names the providers of a run. */
@NullMarked
package dev.reelbeam.clients.provider;

import org.jspecify.annotations.NullMarked;
