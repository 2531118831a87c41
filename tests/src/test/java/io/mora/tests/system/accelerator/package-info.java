/** Data on a real device. */
@NullMarked
package io.mora.tests.system.accelerator;

import org.jspecify.annotations.NullMarked;
