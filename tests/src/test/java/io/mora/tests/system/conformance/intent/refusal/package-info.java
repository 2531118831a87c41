/** Reads that are refused because they would be late. */
@NullMarked
package io.mora.tests.system.conformance.intent.refusal;

import org.jspecify.annotations.NullMarked;
