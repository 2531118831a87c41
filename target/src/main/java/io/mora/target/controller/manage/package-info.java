/** Namespaces that hosts make, attach and delete. */
@NullMarked
package io.mora.target.controller.manage;

import org.jspecify.annotations.NullMarked;
