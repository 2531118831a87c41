/** A host made of bytes: says anything, legal or not, and judges what comes back strictly. */
@NullMarked
package io.mora.tests.kit.wire;

import org.jspecify.annotations.NullMarked;
