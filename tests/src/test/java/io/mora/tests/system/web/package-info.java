/** The page in a real browser. */
@NullMarked
package io.mora.tests.system.web;

import org.jspecify.annotations.NullMarked;
