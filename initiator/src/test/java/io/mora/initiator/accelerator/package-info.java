/** Accelerators over a driver made for tests. */
@NullMarked
package io.mora.initiator.accelerator;

import org.jspecify.annotations.NullMarked;
