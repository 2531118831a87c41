@NullMarked
package io.mora.initiator.path.select;

import org.jspecify.annotations.NullMarked;
