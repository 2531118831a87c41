/** A target for the tests of programs that use one. */
@NullMarked
package io.mora.target.embedded;

import org.jspecify.annotations.NullMarked;
