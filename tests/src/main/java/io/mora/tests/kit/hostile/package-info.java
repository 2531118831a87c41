/** Hosts that mean harm, in every way there is, at once. */
@NullMarked
package io.mora.tests.kit.hostile;

import org.jspecify.annotations.NullMarked;
