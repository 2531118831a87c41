/** Recorders per shard, merged when read. */
@NullMarked
package io.mora.target.metrics;

import org.jspecify.annotations.NullMarked;
