/** The initiator in programs of others. */
@NullMarked
package io.mora.tests.system.embed;

import org.jspecify.annotations.NullMarked;
