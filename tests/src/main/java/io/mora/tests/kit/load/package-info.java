/** Loads that know what they must read. */
@NullMarked
package io.mora.tests.kit.load;

import org.jspecify.annotations.NullMarked;
