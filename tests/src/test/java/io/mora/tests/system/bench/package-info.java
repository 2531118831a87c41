/** What a command costs beside time, asserted. Speed is not asserted anywhere. */
@NullMarked
package io.mora.tests.system.bench;

import org.jspecify.annotations.NullMarked;
