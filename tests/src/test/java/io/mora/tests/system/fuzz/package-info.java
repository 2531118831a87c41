/** Hosts that say anything. */
@NullMarked
package io.mora.tests.system.fuzz;

import org.jspecify.annotations.NullMarked;
