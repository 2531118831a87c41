@NullMarked
package io.mora.initiator.path.io;

import org.jspecify.annotations.NullMarked;
