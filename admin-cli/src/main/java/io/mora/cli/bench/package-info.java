/** The bench command: a load with percentiles, and the floor it is held against. */
@NullMarked
package io.mora.cli.bench;

import org.jspecify.annotations.NullMarked;
