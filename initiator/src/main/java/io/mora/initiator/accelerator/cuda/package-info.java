/** NVIDIA's driver, where there is one. */
@NullMarked
package io.mora.initiator.accelerator.cuda;

import org.jspecify.annotations.NullMarked;
