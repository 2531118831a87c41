/** Commands on namespaces as a whole. */
@NullMarked
package io.mora.protocol.namespace;

import org.jspecify.annotations.NullMarked;
