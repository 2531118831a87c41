/** Several paths to one namespace: what fails on one is done by another. */
@NullMarked
package io.mora.tests.system.path;

import org.jspecify.annotations.NullMarked;
