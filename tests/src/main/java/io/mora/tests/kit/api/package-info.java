/** A target that is managed, and who manages it. */
@NullMarked
package io.mora.tests.kit.api;

import org.jspecify.annotations.NullMarked;
