/** Who may manage a target, and where. */
@NullMarked
package io.mora.protocol.admin.access;

import org.jspecify.annotations.NullMarked;
