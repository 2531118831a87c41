/** Reads under way that are given another intent. */
@NullMarked
package io.mora.tests.system.conformance.intent.haste;

import org.jspecify.annotations.NullMarked;
