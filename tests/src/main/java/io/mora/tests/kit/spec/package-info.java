/** What is claimed of the specifications, and which tests try it. */
@NullMarked
package io.mora.tests.kit.spec;

import org.jspecify.annotations.NullMarked;
