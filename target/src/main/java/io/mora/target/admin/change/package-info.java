/** The one way in which the configuration changes. */
@NullMarked
package io.mora.target.admin.change;

import org.jspecify.annotations.NullMarked;
