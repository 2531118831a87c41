/** The resources of the API. */
@NullMarked
package io.mora.target.admin.api;

import org.jspecify.annotations.NullMarked;
