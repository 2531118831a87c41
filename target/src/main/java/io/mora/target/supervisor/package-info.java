/** What the daemon tells the service supervisor that started it. */
@NullMarked
package io.mora.target.supervisor;

import org.jspecify.annotations.NullMarked;
