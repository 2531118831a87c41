/** Where a thread runs: topology, pinning, the current CPU. */
@NullMarked
package io.mora.qos.locality;

import org.jspecify.annotations.NullMarked;
