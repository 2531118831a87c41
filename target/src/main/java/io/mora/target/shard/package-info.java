/** One loop: buffers, turn, tasks. */
@NullMarked
package io.mora.target.shard;

import org.jspecify.annotations.NullMarked;
