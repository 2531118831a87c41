/** Any bytes at all, found by coverage: regression inputs in a build, new ones in a long run. */
@NullMarked
package io.mora.protocol.fuzz;

import org.jspecify.annotations.NullMarked;
