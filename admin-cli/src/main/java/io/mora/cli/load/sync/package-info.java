/** Loads whose threads wait for each I/O themselves. */
@NullMarked
package io.mora.cli.load.sync;

import org.jspecify.annotations.NullMarked;
