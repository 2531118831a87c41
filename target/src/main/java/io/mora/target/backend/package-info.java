/** Storage behind a namespace, one file each. */
@NullMarked
package io.mora.target.backend;

import org.jspecify.annotations.NullMarked;
