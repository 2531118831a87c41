/**
 * Another spec for a target that runs: what hosts see, what they are told, and who is not
 * concerned.
 */
@NullMarked
package io.mora.tests.system.live;

import org.jspecify.annotations.NullMarked;
