/** Fixtures for system tests. */
@NullMarked
package io.mora.tests.kit;

import org.jspecify.annotations.NullMarked;
