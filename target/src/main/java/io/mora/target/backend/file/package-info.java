/** Files and block devices: by each shard's ring, or by a few threads. */
@NullMarked
package io.mora.target.backend.file;

import org.jspecify.annotations.NullMarked;
