/** System tests: durability. */
@NullMarked
package io.mora.tests.system.durability;

import org.jspecify.annotations.NullMarked;
