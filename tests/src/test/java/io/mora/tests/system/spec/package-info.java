/** What is offered and what is left out, and docs/SPEC.md. */
@NullMarked
package io.mora.tests.system.spec;

import org.jspecify.annotations.NullMarked;
