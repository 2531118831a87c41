@NullMarked
package io.mora.initiator.path.hedge;

import org.jspecify.annotations.NullMarked;
