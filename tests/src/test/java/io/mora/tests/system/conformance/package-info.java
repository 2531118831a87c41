/** What the wire reference says, one test a statement, told by a host made of bytes. */
@NullMarked
package io.mora.tests.system.conformance;

import org.jspecify.annotations.NullMarked;
